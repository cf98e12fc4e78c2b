#include "tests/bench/plain_check.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace leye::bench {
namespace {

using matcher::Score;

double KmBetween(const matcher::GeoPoint& a, const matcher::GeoPoint& b) {
  return matcher::DistanceBetween(a, b).km();
}

uint16_t LevelOf(std::span<const SkillEntry> skills, uint16_t skill) {
  for (const SkillEntry& held : skills) {
    if (held.skill == skill) return held.level_or_weight;
  }
  return 0;
}

bool Fits(const CandidateRecord& candidate, std::span<const SkillEntry> skills,
          const PostingRecord& posting, double km) {
  if (!candidate.available || candidate.age < posting.age_min || candidate.age > posting.age_max ||
      candidate.education < posting.education_min) {
    return false;
  }
  if (candidate.willing_km < kAnywhereKm && km > candidate.willing_km) return false;
  if (posting.radius_km < kAnywhereKm && km > posting.radius_km) return false;
  return std::ranges::all_of(posting.required, [&](const SkillEntry& asked) {
    return LevelOf(skills, asked.skill) >= asked.level_or_weight;
  });
}

int32_t ScoreOf(const CandidateRecord& candidate, std::span<const SkillEntry> skills,
                const PostingRecord& posting, double km) {
  int64_t held = static_cast<int64_t>(posting.required.size());
  int64_t sum = held;
  for (const SkillEntry& preferred : posting.preferred) {
    sum += preferred.level_or_weight;
    if (LevelOf(skills, preferred.skill) != 0) held += preferred.level_or_weight;
  }
  const double exact_skills = sum == 0 ? 1 : static_cast<double>(held) / static_cast<double>(sum);
  const double exact = 0.6 * exact_skills + 0.3 * std::exp(-km / 20) + 0.1 * candidate.priority / 3;
  const Score s = sum == 0 ? Score::One() : Score::FromRatio(held, sum);
  const double half_km = 20 * std::log(2.0);
  const Score near = Score::FromUnit(std::exp2(-(km / half_km)));
  const Score need = Score::FromRatio(candidate.priority, 3);
  const int64_t micros =
      (600'000LL * s.micros() + 300'000LL * near.micros() + 100'000LL * need.micros() + 500'000) /
      1'000'000;
  if (std::abs(static_cast<double>(micros) - exact * 1e6) > 5) std::abort();
  return static_cast<int32_t>(micros);
}

std::vector<Answer::Entry> BestOf(std::vector<Answer::Entry> entries, size_t k) {
  std::sort(entries.begin(), entries.end(), [](const Answer::Entry& a, const Answer::Entry& b) {
    return a.score_micros != b.score_micros ? a.score_micros > b.score_micros : a.id < b.id;
  });
  entries.resize(std::min(k, entries.size()));
  return entries;
}

}  // namespace

std::vector<Answer::Entry> ScanCandidates(const Dataset& data, const PostingRecord& posting,
                                          size_t k) {
  std::vector<double> km;
  km.reserve(data.areas.size());
  for (const AreaRecord& area : data.areas) km.push_back(KmBetween(area.at, posting.at));
  std::vector<Answer::Entry> entries;
  for (const CandidateRecord& candidate : data.candidates) {
    const auto skills = data.SkillsOf(candidate);
    if (!Fits(candidate, skills, posting, km[candidate.area])) continue;
    entries.push_back({.id = candidate.id,
                       .score_micros = ScoreOf(candidate, skills, posting, km[candidate.area])});
  }
  return BestOf(std::move(entries), k);
}

std::vector<Answer::Entry> ScanPostings(const Dataset& data, const CandidateRecord& candidate,
                                        size_t k) {
  const auto skills = data.SkillsOf(candidate);
  std::vector<Answer::Entry> entries;
  for (const PostingRecord& posting : data.postings) {
    const double km = KmBetween(data.areas[candidate.area].at, posting.at);
    if (!Fits(candidate, skills, posting, km)) continue;
    entries.push_back({.id = posting.id, .score_micros = ScoreOf(candidate, skills, posting, km)});
  }
  return BestOf(std::move(entries), k);
}

}  // namespace leye::bench
