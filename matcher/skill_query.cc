#include "matcher/skill_query.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

#include "matcher/criteria.h"

namespace leye::matcher {
namespace {

SkillLevel LevelOfCode(size_t code) {
  return code == 0 ? SkillLevel::Unknown() : SkillLevel::Of(static_cast<int>(code) - 1);
}

// Sums of units fit into eight bits, whatever is rounded up.
constexpr int64_t kMostUnits = 192;
constexpr size_t kMostAsked = 63;

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
    asked.needed = enabled.Contains(RuleId::kSkillRequired);
    if (asked.needed) needed_.push_back(std::move(needed));
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
  MakeTerms();
}

// Where all that can be earned is a multiple of something not too small, that is the unit: then no
// bound is rounded up, and few planes hold the sums. Otherwise units are rounded up.
void SkillQuery::ChooseUnits() {
  int64_t unit = weights_ * Score::kMicrosPerUnit;
  const int64_t everything = unit;
  for (const Asked& asked : asked_) {
    if (asked.needed) unit = std::gcd(unit, asked.weight * Score::kMicrosPerUnit);
    for (const Credit& credit : asked.credits) {
      if (!asked.needed) unit = std::gcd(unit, asked.weight * int64_t{credit.most});
    }
  }
  units_ = static_cast<uint32_t>(std::min(everything / unit, kMostUnits));
}

uint32_t SkillQuery::UnitsOf(int64_t earned_micros) const {
  const int64_t everything = weights_ * Score::kMicrosPerUnit;
  return static_cast<uint32_t>((earned_micros * units_ + everything - 1) / everything);
}

void SkillQuery::MakeTerms() {
  if (weights_ == 0 || asked_.size() > kMostAsked) return;
  ChooseUnits();
  for (size_t i = 0; i < asked_.size(); ++i) {
    if (asked_[i].needed) {
      certain_units_ += UnitsOf(asked_[i].weight * Score::kMicrosPerUnit);
      continue;
    }
    std::map<uint32_t, std::vector<SkillId>, std::greater<>> by_units;
    for (const Credit& credit : asked_[i].credits) {
      const uint32_t units = UnitsOf(asked_[i].weight * int64_t{credit.most});
      if (units > 0) by_units[units].push_back(credit.held);
    }
    if (!by_units.empty()) term_units_ += by_units.begin()->first;
    for (auto& [units, held] : by_units) {
      terms_.push_back({.asked = i, .units = units, .held = std::move(held)});
    }
  }
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
    credit.most = *std::ranges::max_element(credit.micros);
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

Score SkillQuery::BestOfUnits(uint32_t earned) const {
  return units_ == 0 ? Score::One() : Score::FromRatio(std::min(earned, units_), units_);
}

bool SkillQuery::FindQualified(const SkillSieve& sieve, SkillSieveScratch& scratch) const {
  const auto occurs = [&](const Needed::Way& way) { return sieve.Occurs(way.held); };
  for (const Needed& needed : needed_) {
    if (std::ranges::none_of(needed.any_of, occurs)) return false;
  }
  const auto qualified = std::span(scratch.qualified).first(sieve.slots());
  const auto holders = std::span(scratch.holders).first(sieve.slots());
  if (needed_.empty()) std::ranges::fill(qualified, RowMask(ColumnTable::kMaxRows));
  for (size_t i = 0; i < needed_.size(); ++i) {
    const auto having = i == 0 ? qualified : holders;
    std::ranges::fill(having, RowMask());
    for (const Needed::Way& way : needed_[i].any_of) sieve.AddHolders(way.held, having);
    if (i == 0) continue;
    for (size_t slot = 0; slot < sieve.slots(); ++slot) qualified[slot] &= holders[slot];
  }
  return true;
}

std::span<const UnitTerm> SkillQuery::FindTerms(const SkillSieve& sieve,
                                                SkillSieveScratch& scratch) const {
  if (scratch.term_rows.size() < terms_.size()) scratch.term_rows.resize(terms_.size());
  scratch.terms.clear();
  const auto served = std::span(scratch.holders).first(sieve.slots());
  const auto occurs = [&](SkillId held) { return sieve.Occurs(held); };
  for (size_t i = 0; i < terms_.size(); ++i) {
    const bool first = i == 0 || terms_[i - 1].asked != terms_[i].asked;
    const bool last = i + 1 == terms_.size() || terms_[i + 1].asked != terms_[i].asked;
    if (first && !last) std::ranges::fill(served, RowMask());
    if (std::ranges::none_of(terms_[i].held, occurs)) continue;
    const auto holders = std::span(scratch.term_rows[i]).first(sieve.slots());
    std::ranges::fill(holders, RowMask());
    for (const SkillId held : terms_[i].held) sieve.AddHolders(held, holders);
    scratch.terms.push_back({.units = terms_[i].units, .rows = holders});
    if (first && last) continue;
    for (size_t slot = 0; slot < sieve.slots(); ++slot) {
      holders[slot].Without(served[slot]);
      served[slot] |= holders[slot];
    }
  }
  return scratch.terms;
}

void SkillQuery::Promise(const SkillSieve& sieve, SkillSieveScratch& scratch,
                         std::span<SkillPromise> promises) const {
  if (!FindQualified(sieve, scratch)) {
    std::fill_n(promises.begin(), sieve.slots(), SkillPromise{.may_hold = false, .best = {}});
    return;
  }
  const auto qualified = std::span<const RowMask>(scratch.qualified).first(sieve.slots());
  std::array<uint8_t, SkillSieve::kMaxBlocks> earned{};
  const std::span<const UnitTerm> terms = FindTerms(sieve, scratch);
  if (!terms.empty()) GreatestSums(terms, term_units_, qualified, earned);
  for (size_t slot = 0; slot < sieve.slots(); ++slot) {
    promises[slot] = {.may_hold = !qualified[slot].empty(),
                      .best = BestOfUnits(certain_units_ + earned[slot])};
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
