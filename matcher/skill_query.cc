#include "matcher/skill_query.h"

#include <algorithm>

#include "matcher/criteria.h"

namespace leye::matcher {
namespace {

SkillLevel LevelOfCode(size_t code) {
  return code == 0 ? SkillLevel::Unknown() : SkillLevel::Of(static_cast<int>(code) - 1);
}

// The level codes that meet a required level; as StandingOf in rules_skill.cc.
uint32_t LevelCodesMeeting(SkillLevel asked, size_t codes, bool unknown_meets) {
  uint32_t met = 0;
  for (size_t code = 0; code < codes; ++code) {
    const SkillLevel held = LevelOfCode(code);
    const bool meets =
        !asked.known() || (held.known() ? held.value() >= asked.value() : unknown_meets);
    if (meets) met |= uint32_t{1} << code;
  }
  return met;
}

}  // namespace

SkillQuery::SkillQuery(const PostingProfile& posting, const FitContext& basis) {
  const RuleSet enabled = basis.ruleset.enabled;
  for (const RequiredSkillGroup& group : posting.required_skills) {
    Asked& asked = asked_.emplace_back();
    Needed needed;
    asked.weight = group.weight;
    for (const AskedSkill& alternative : group.any_of) {
      AddCredits(alternative, basis, asked);
      AddWays(alternative, basis, needed);
    }
    if (enabled.Contains(RuleId::kSkillRequired)) needed_.push_back(std::move(needed));
  }
  for (const PreferredSkill& preferred : posting.preferred_skills) {
    Asked& asked = asked_.emplace_back();
    asked.weight = preferred.weight;
    AddCredits(preferred.asked, basis, asked);
  }
  for (const SkillId paper : posting.required_papers) {
    if (!enabled.Contains(RuleId::kLicence)) break;
    AddWays({.skill = paper, .min_level = SkillLevel::Unknown()}, basis, needed_.emplace_back());
  }
  for (const Asked& asked : asked_) weights_ += asked.weight;
}

void SkillQuery::AddWays(const AskedSkill& asked, const FitContext& basis, Needed& needed) const {
  const uint32_t codes = LevelCodesMeeting(asked.min_level, kLevelCodes,
                                           basis.ruleset.skills.unknown_level_meets_required);
  needed.any_of.push_back({.held = asked.skill, .level_codes = codes});
  for (const SkillId covering : basis.catalogue.CoveringOf(asked.skill)) {
    if (covering != asked.skill) needed.any_of.push_back({.held = covering, .level_codes = codes});
  }
}

void SkillQuery::AddCredits(const AskedSkill& asked, const FitContext& basis, Asked& to) const {
  const SkillParameters& parameters = basis.ruleset.skills;
  const auto add = [&](SkillId held, Score relation) {
    Credit credit{.held = held, .micros = {}};
    for (size_t code = 0; code < kLevelCodes; ++code) {
      const Score level = LevelCredit(asked.min_level, LevelOfCode(code), parameters);
      credit.micros[code] = static_cast<uint32_t>((relation * level).micros());
    }
    to.credits.push_back(credit);
  };
  if (!basis.catalogue.Has(asked.skill)) {
    add(asked.skill, basis.catalogue.Credit(asked.skill, asked.skill, parameters.credits));
    return;
  }
  for (const RelatedSkill& related : basis.catalogue.RelatedTo(asked.skill)) {
    add(related.held, related.Credit(parameters.credits));
  }
}

void SkillQuery::KeepSkilled(const SkillLists& lists, RowMask& mask) const {
  for (const Needed& needed : needed_) {
    RowMask having;
    for (const Needed::Way& way : needed.any_of) {
      for (const SkillLists::Holding holding : lists.HoldersOf(way.held)) {
        if (((way.level_codes >> holding.level_code()) & 1) != 0) having.Insert(holding.row());
      }
    }
    mask &= having;
    if (mask.empty()) return;
  }
}

void SkillQuery::Sum(const SkillLists& lists, size_t rows, SkillCredits& credits) const {
  std::fill_n(credits.earned.begin(), rows, 0);
  for (const Asked& asked : asked_) {
    const auto weight = static_cast<uint64_t>(asked.weight);
    if (asked.credits.size() == 1) {
      const Credit& credit = asked.credits.front();
      for (const SkillLists::Holding holding : lists.HoldersOf(credit.held)) {
        credits.earned[holding.row()] += weight * credit.micros[holding.level_code()];
      }
      continue;
    }
    std::fill_n(credits.best.begin(), rows, 0);
    for (const Credit& credit : asked.credits) {
      for (const SkillLists::Holding holding : lists.HoldersOf(credit.held)) {
        uint32_t& best = credits.best[holding.row()];
        best = std::max(best, credit.micros[holding.level_code()]);
      }
    }
    for (size_t row = 0; row < rows; ++row) credits.earned[row] += weight * credits.best[row];
  }
}

Score SkillQuery::ValueOf(const SkillCredits& credits, size_t row) const {
  if (weights_ == 0) return Score::One();
  return Score::FromRatio(static_cast<int64_t>(credits.earned[row]),
                          weights_ * Score::kMicrosPerUnit);
}

}  // namespace leye::matcher
