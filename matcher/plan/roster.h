// Who and what a plan is about, as dense numbers, and what the pins leave of it.
//
//   absl::StatusOr<Roster> roster = MakeRoster(request, side);
//   for (Applicant a = 0; a < roster->applicants.size(); ++a) ...   // in the order of being served
//
// Immutable once made; thread-safe.
#ifndef LEYE_MATCHER_PLAN_ROSTER_H_
#define LEYE_MATCHER_PLAN_ROSTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include "matcher/plan/plan.h"

namespace leye::matcher::plan {

using Applicant = uint32_t;  // position in Roster::applicants
using Job = uint32_t;        // position in Roster::jobs
using Home = uint32_t;       // position in Roster::homes
inline constexpr uint32_t kNone = ~uint32_t{0};

// Pins are not among them.
struct ApplicantFacts {
  CandidateId id;
  AreaIndex area;
  Home home = kNone;  // kNone: of no household
  GroupSet groups;    // EffectiveGroups
};

inline constexpr uint8_t kNoCap = 255;

// The part of a posting that binds a household: HH-CAP.
struct Programme {
  PublicWelfareKind kind = PublicWelfareKind::kCount;  // kCount: of no programme
  uint8_t cap = kNoCap;                                // most members of one household

  bool Counts() const { return kind != PublicWelfareKind::kCount; }

  friend bool operator==(const Programme&, const Programme&) = default;
};

struct JobFacts {
  PostingId id;
  uint16_t openings = 0;
  uint16_t reserved = 0;
  uint16_t seats = 0;       // left by the pins
  uint16_t open_seats = 0;  // of these, for people outside the reserved group
  Group reserved_for = Group::kRelocated;
  Programme programme;

  bool HasReserve() const { return open_seats < seats; }
};

struct HomeFacts {
  HouseholdId id;
  bool jobless = false;       // zero employment, and no pin for a member
  uint32_t first_member = 0;  // in Roster::members
  uint32_t member_count = 0;
  std::array<uint8_t, kEnumCount<PublicWelfareKind>> holders{};  // at present, without pins
};

struct KeptPin {
  PlanPair pair;
  Job job = kNone;
  Score score;
  HouseholdId household;
  bool first_earner = false;  // of several pins of one household, one
};

// What somebody may take.
struct Choice {
  Job job = kNone;
  int32_t score_micros = 0;
};

struct Roster {
  std::vector<ApplicantFacts> applicants;  // longest waiting first, then by id; or by place
  std::vector<JobFacts> jobs;              // ascending by id; or by place
  std::vector<HomeFacts> homes;            // ascending by id
  std::vector<Applicant> members;          // of homes, home by home
  std::vector<KeptPin> pins;               // ascending by candidate
  absl::flat_hash_map<Home, std::vector<Programme>> pinned_programmes;
  absl::flat_hash_map<PostingId, Job> job_of;
  absl::flat_hash_set<std::pair<CandidateId, PostingId>> bans;
  bool caps_hold = false;  // the rule HH-CAP is on
  // Of an area, by its index: areas of about the same number are about the same place.
  std::vector<uint32_t> place_numbers;

  std::span<const Applicant> MembersOf(Home home) const {
    return std::span(members).subspan(homes[home].first_member, homes[home].member_count);
  }
  uint32_t PlaceOf(Applicant applicant) const {
    return place_numbers[applicants[applicant].area.value()];
  }
  // Does a seat reserved by the job count for this applicant?
  bool IsReservedFor(Job job, Applicant applicant) const {
    return applicants[applicant].groups.Contains(jobs[job].reserved_for);
  }
  // Has the job a seat for this applicant, and is the pair not banned?
  bool MaySit(Applicant applicant, Job job) const;
};

// Errors: INVALID_ARGUMENT with every pin that cannot be kept.
absl::StatusOr<Roster> MakeRoster(const PlanRequest& request, Side side);

// Puts people and jobs in the order of their places, people of one area as before: neighbours, who
// want much the same jobs, then stand together in memory.
void NumberByPlace(const PlanRequest& request, Roster& roster);

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_ROSTER_H_
