// The benchmark's files in memory, small enough for ten million people, and turned into profiles.
//
// The files are tab-separated, without a head line; README.md describes their columns. Area ids may
// be any numbers; they are renumbered densely in the order of areas.tsv.
#ifndef LEYE_TESTS_BENCH_DATASET_H_
#define LEYE_TESTS_BENCH_DATASET_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "matcher/fit.h"

namespace leye::bench {

// Distances of 5000 km and more in the files mean "anywhere".
inline constexpr double kAnywhereKm = 5000;

struct SkillEntry {
  uint16_t skill = 0;
  uint16_t level_or_weight = 0;
};

struct AreaRecord {
  uint64_t id = 0;
  matcher::GeoPoint at;
};

struct CandidateRecord {
  uint64_t id = 0;
  uint32_t area = 0;  // position in areas
  uint32_t first_skill = 0;
  int32_t wage = 0;
  float willing_km = 0;
  uint8_t skill_count = 0;
  uint8_t age = 0;
  uint8_t sex = 0;
  uint8_t education = 0;
  uint8_t priority = 0;
  bool available = false;
};

struct PostingRecord {
  uint64_t id = 0;
  matcher::GeoPoint at;
  uint8_t channel = 0;
  uint8_t age_min = 0;
  uint8_t age_max = 0;
  uint8_t education_min = 0;
  float radius_km = 0;
  int32_t wage = 0;
  uint16_t headcount = 0;
  std::vector<SkillEntry> required;
  std::vector<SkillEntry> preferred;
};

// A line of qpost.tsv or qcand.tsv: the position of what is asked about, and its class.
struct Query {
  uint32_t subject = 0;
  int query_class = 0;
};

struct Dataset {
  std::vector<AreaRecord> areas;
  std::vector<CandidateRecord> candidates;
  std::vector<SkillEntry> skills;  // of candidates, one after the other
  std::vector<PostingRecord> postings;
  std::vector<Query> posting_queries;
  std::vector<Query> candidate_queries;

  std::span<const SkillEntry> SkillsOf(const CandidateRecord& candidate) const {
    return std::span(skills).subspan(candidate.first_skill, candidate.skill_count);
  }
};

absl::StatusOr<Dataset> ReadDataset(const std::string& folder);

// The day on which benchmark people have their birthday.
matcher::Day BenchmarkDay();
matcher::AreaProfile AreaProfileOf(const Dataset& data, uint32_t area);
// Overwrites `profile`.
void MakeCandidate(const Dataset& data, const CandidateRecord& record,
                   matcher::CandidateProfile& profile);
matcher::PostingProfile PostingProfileOf(const PostingRecord& record);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_DATASET_H_
