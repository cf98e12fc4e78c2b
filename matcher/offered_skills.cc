#include "matcher/offered_skills.h"

#include <algorithm>

#include "matcher/criteria.h"

namespace leye::matcher {
namespace {

SkillLevel LevelOfCode(size_t code) {
  return code == 0 ? SkillLevel::Unknown() : SkillLevel::Of(static_cast<int>(code) - 1);
}

// As StandingOf in rules_skill.cc.
bool MeetsLevel(SkillLevel asked, SkillLevel held, bool unknown_meets) {
  if (!asked.known()) return true;
  return held.known() ? held.value() >= asked.value() : unknown_meets;
}

void SortDistinct(std::vector<SkillId>& skills) {
  std::ranges::sort(skills);
  skills.erase(std::unique(skills.begin(), skills.end()), skills.end());
}

}  // namespace

void OfferedSkills::Start(const CandidateProfile& candidate, const FitContext& basis) {
  for (const SkillId skill : earning_) numbers_[skill.value()] = kNothing;
  held_.clear();
  meeting_.clear();
  earning_.clear();
  basis_ = &basis;
  for (const HeldSkill& held : candidate.skills) {
    if (held.expires < basis.day) continue;
    held_.push_back(held);
    earning_.push_back(held.skill);
    meeting_.push_back(held.skill);
    for (const SkillId asked : basis.catalogue.ServedBy(held.skill)) {
      earning_.push_back(asked);
      if (basis.catalogue.Covers(asked, held.skill)) meeting_.push_back(asked);
    }
  }
  SortDistinct(earning_);
  SortDistinct(meeting_);
  worths_.assign(earning_.size() + 1, Worth());
  worths_[kNothing].known = true;
  uint32_t number = kNothing;
  for (const SkillId skill : earning_) numbers_[skill.value()] = ++number;
}

bool OfferedSkills::HasOneIn(const std::vector<SkillId>& ascending, const AskSummary::Range& keys) {
  const auto at = std::ranges::lower_bound(ascending, keys.least);
  return at != ascending.end() && *at <= keys.greatest;
}

void OfferedSkills::FindOut(SkillId asked, Worth& worth) const {
  for (const HeldSkill& held : held_) AddWorth(asked, held, worth);
  worth.known = true;
}

void OfferedSkills::AddWorth(SkillId asked, const HeldSkill& held, Worth& worth) const {
  const SkillParameters& parameters = basis_->ruleset.skills;
  const Score relation = basis_->catalogue.Relation(asked, held.skill).Credit(parameters.credits);
  const bool covers = basis_->catalogue.Covers(asked, held.skill);
  for (size_t code = 0; code < kLevelCodes; ++code) {
    const SkillLevel level = LevelOfCode(code);
    const Score credit = relation * LevelCredit(level, held.level, parameters);
    worth.credit_micros[code] = std::max(worth.credit_micros[code], credit.micros());
    if (covers && MeetsLevel(level, held.level, parameters.unknown_level_meets_required)) {
      worth.met_codes |= uint32_t{1} << code;
    }
  }
}

OfferedSkills::Verdict OfferedSkills::Weigh(std::span<const uint32_t> asks) {
  Verdict verdict;
  int64_t earned = 0;
  int64_t weights = 0;
  // Of the ask or group under way.
  int64_t weight = 0;
  int32_t best = 0;
  bool met = true;
  ForEachAsk(asks, [&](const Ask& ask) {
    if (ask.role() != AskRole::kAlternative) {
      earned += weight * best;
      weights += weight;
      verdict.meets = verdict.meets && met;
      weight = ask.weight();
      best = 0;
      met = ask.role() == AskRole::kPreferred;
    }
    const Worth& worth = Of(ask.skill());
    best = std::max(best, worth.credit_micros[ask.level_code()]);
    met = met || ((worth.met_codes >> ask.level_code()) & 1) != 0;
  });
  earned += weight * best;
  weights += weight;
  verdict.meets = verdict.meets && met;
  // Mostly everything or nothing: two divisions less.
  const int64_t everything = weights * Score::kMicrosPerUnit;
  if (earned == everything) {
    verdict.value = Score::One();
  } else if (earned > 0) {
    verdict.value = Score::FromRatio(earned, everything);
  }
  return verdict;
}

}  // namespace leye::matcher
