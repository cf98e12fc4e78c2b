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

// Each once.
std::vector<SkillId> Ascending(std::vector<SkillId> skills) {
  std::ranges::sort(skills);
  skills.erase(std::unique(skills.begin(), skills.end()), skills.end());
  return skills;
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
  for (Asked& asked : asked_) {
    std::ranges::sort(asked.credits, {}, &Credit::held);
    weights_ += asked.weight;
    credits_ += asked.credits.size();
  }
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
  for (const Needed& needed : needed_) {
    Term& term = needed_terms_.emplace_back();
    for (const Needed::Way& way : needed.any_of) term.held.push_back(way.held);
    term.or_better = Ascending(term.held);
  }
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
    std::vector<SkillId> or_better;
    for (auto& [units, held] : by_units) {
      or_better.insert(or_better.end(), held.begin(), held.end());
      or_better = Ascending(std::move(or_better));
      terms_.push_back(
          {.asked = i, .units = units, .held = std::move(held), .or_better = or_better});
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

Score SkillQuery::ValueOfStep(uint32_t step) const {
  const uint32_t earned = certain_units_ + step;
  return units_ == 0 ? Score::One() : Score::FromRatio(std::min(earned, units_), units_);
}

std::span<const SkillQuery::Term> SkillQuery::TermsFrom(size_t first) const {
  size_t end = first + 1;
  while (end < terms_.size() && terms_[end].asked == terms_[first].asked) ++end;
  return std::span(terms_).subspan(first, end - first);
}

std::span<const SkillQuery::Term> SkillQuery::WorthAtLeast(std::span<const Term> terms,
                                                           uint32_t units) {
  const auto worth = [units](const Term& term) { return term.units >= units; };
  return terms.first(static_cast<size_t>(std::ranges::find_if_not(terms, worth) - terms.begin()));
}

const HolderUnion* SkillQuery::KeptOf(const SkillSieve& sieve, const Term& term) {
  return term.or_better.size() > 1 ? sieve.KeptUnion(term.or_better) : nullptr;
}

SkillQuery::ConditionList SkillQuery::ConditionsOf(const SkillSieve& sieve, uint32_t slack) const {
  ConditionList conditions;
  const auto add = [&](std::span<const Term> any_of) {
    Condition condition{.any_of = any_of, .kept = KeptOf(sieve, any_of.back())};
    if (condition.kept != nullptr) {
      condition.holders = condition.kept->count;
    } else {
      for (const SkillId held : any_of.back().or_better) {
        condition.holders += sieve.MostHolders(held);
      }
    }
    const auto rarer = [&](const Condition& other) { return other.holders <= condition.holders; };
    conditions.insert(std::ranges::find_if_not(conditions, rarer), condition);
  };
  for (const Term& needed : needed_terms_) add({&needed, 1});
  for (size_t first = 0; first < terms_.size();) {
    const std::span<const Term> terms = TermsFrom(first);
    first += terms.size();
    if (terms.front().units > slack) add(WorthAtLeast(terms, terms.front().units - slack));
  }
  return conditions;
}

void SkillQuery::KeepWorth(const SkillSieve& sieve, uint32_t slack, SkillSieveScratch& scratch,
                           SlotRows& rows) const {
  for (const Condition& condition : ConditionsOf(sieve, slack)) {
    if (condition.holders == 0) rows.slots = 0;
    if (rows.slots == 0) return;
    KeepMeeting(sieve, condition, scratch, rows);
  }
}

void SkillQuery::KeepMeeting(const SkillSieve& sieve, const Condition& condition,
                             SkillSieveScratch& scratch, SlotRows& rows) const {
  std::span<const RowMask> holders = scratch.holders;
  if (condition.kept != nullptr) {
    holders = condition.kept->holders;
  } else {
    const auto found = std::span(scratch.holders).first(sieve.slots());
    std::ranges::fill(found, RowMask());
    for (const SkillId held : condition.any_of.back().or_better) {
      sieve.AddHolders(held, rows.slots, found);
    }
  }
  for (uint64_t left = rows.slots; left != 0; left &= left - 1) {
    const auto slot = static_cast<size_t>(std::countr_zero(left));
    rows.masks[slot] &= holders[slot];
    if (rows.masks[slot].empty()) rows.slots &= ~(uint64_t{1} << slot);
  }
}

void SkillQuery::AddTerms(const SkillSieve& sieve, std::span<const Term> terms, uint32_t sure,
                          SkillSieveScratch& scratch) const {
  std::span<const RowMask> better;  // than the term; empty: nobody
  for (size_t i = 0; i < terms.size(); ++i) {
    const uint32_t next = i + 1 < terms.size() ? terms[i + 1].units : sure;
    std::span<const RowMask> rows;
    if (const HolderUnion* kept = KeptOf(sieve, terms[i]); kept != nullptr) {
      rows = kept->holders;
    } else {
      const auto made = std::span(scratch.term_rows[scratch.terms.size()]).first(sieve.slots());
      if (better.empty()) {
        std::ranges::fill(made, RowMask());
      } else {
        std::ranges::copy(better, made.begin());
      }
      for (const SkillId held : terms[i].held) {
        sieve.AddHolders(held, scratch.qualified.slots, made);
      }
      rows = made;
    }
    scratch.terms.push_back({.units = terms[i].units - next, .rows = rows});
    better = rows;
  }
}

void SkillQuery::LeaveOutWorthMost(const SkillSieve& sieve, SkillSieveScratch& scratch) const {
  SlotRows& qualified = scratch.qualified;
  scratch.worth_most = qualified;
  KeepWorth(sieve, 0, scratch, scratch.worth_most);
  for (uint64_t left = scratch.worth_most.slots; left != 0; left &= left - 1) {
    const auto slot = static_cast<size_t>(std::countr_zero(left));
    qualified.masks[slot].Without(scratch.worth_most.masks[slot]);
    if (qualified.masks[slot].empty()) qualified.slots &= ~(uint64_t{1} << slot);
  }
}

void SkillQuery::Promise(const SkillSieve& sieve, const Steps& steps, SkillSieveScratch& scratch,
                         std::span<SkillPromise> promises) const {
  std::fill_n(promises.begin(), sieve.slots(), SkillPromise{.may_hold = false, .best = {}});
  if (steps.least > term_units_ || sieve.slots() == 0) return;
  const uint32_t slack = term_units_ - steps.least;
  SlotRows& qualified = scratch.qualified;
  std::fill_n(qualified.masks.begin(), sieve.slots(), RowMask(ColumnTable::kMaxRows));
  qualified.slots = ~uint64_t{0} >> (SkillSieve::kMaxBlocks - sieve.slots());
  KeepWorth(sieve, slack, scratch, qualified);
  if (!steps.most_too) LeaveOutWorthMost(sieve, scratch);
  if (qualified.slots == 0) return;
  std::array<uint8_t, SkillSieve::kMaxBlocks> earned{};
  const uint32_t sure = SumOpenTerms(sieve, slack, scratch, earned);
  for (uint64_t left = qualified.slots; left != 0; left &= left - 1) {
    const auto slot = static_cast<size_t>(std::countr_zero(left));
    const uint32_t step = sure + earned[slot];
    promises[slot] = {.may_hold = step >= steps.least, .best = ValueOfStep(step)};
  }
}

uint32_t SkillQuery::SumOpenTerms(const SkillSieve& sieve, uint32_t slack,
                                  SkillSieveScratch& scratch, std::span<uint8_t> earned) const {
  scratch.terms.clear();
  if (scratch.term_rows.size() < terms_.size()) scratch.term_rows.resize(terms_.size());
  uint32_t sure = 0;
  uint32_t open = 0;
  for (size_t first = 0; first < terms_.size();) {
    std::span<const Term> terms = TermsFrom(first);
    first += terms.size();
    const uint32_t most = terms.front().units;
    uint32_t met = 0;
    if (most > slack) {
      // Whoever is left has met the condition, and so earns the last of its terms at least.
      terms = WorthAtLeast(terms, most - slack);
      met = terms.back().units;
      terms = terms.first(terms.size() - 1);
    }
    sure += met;
    open += most - met;
    AddTerms(sieve, terms, met, scratch);
  }
  const SlotRows& qualified = scratch.qualified;
  const auto masks = std::span(qualified.masks).first(sieve.slots());
  if (!scratch.terms.empty()) {
    GreatestSums(scratch.terms, open, qualified.slots, masks, earned);
  }
  return sure;
}

void SkillQuery::Prefetch(const SkillSieve& sieve, SkillSieve::Ahead what) const {
  for (const auto* terms : {&needed_terms_, &terms_}) {
    for (const Term& term : *terms) {
      for (const SkillId held : term.held) sieve.Prefetch(held, what);
    }
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

void SkillQuery::Sum(const SkillLists& lists, const RowMask& rows, SkillCredits& credits) const {
  // To read all skills of a row takes about as long as to find so many lists.
  constexpr size_t kListsARow = 6;
  if (rows.size() * kListsARow < credits_) {
    SumByRow(lists, rows, credits);
  } else {
    SumByList(lists, credits);
  }
}

uint32_t SkillQuery::BestOf(std::span<const HeldSkill> held_skills, const Asked& asked) {
  uint32_t best = 0;
  for (const HeldSkill& held : held_skills) {
    const int code = held.level.value() + 1;
    auto credit = std::ranges::lower_bound(asked.credits, held.skill, {}, &Credit::held);
    for (; credit != asked.credits.end() && credit->held == held.skill; ++credit) {
      best = std::max(best, credit->micros[static_cast<size_t>(code)]);
    }
  }
  return best;
}

void SkillQuery::SumByRow(const SkillLists& lists, const RowMask& rows,
                          SkillCredits& credits) const {
  rows.ForEach([&](size_t row) {
    credits.held.clear();
    lists.AppendRow(row, credits.held);
    uint64_t& earned = credits.earned[row] = 0;
    for (const Asked& asked : asked_) {
      earned += static_cast<uint64_t>(asked.weight) * BestOf(credits.held, asked);
    }
  });
}

void SkillQuery::SumByList(const SkillLists& lists, SkillCredits& credits) const {
  credits.earned.fill(0);
  for (const Asked& asked : asked_) {
    const auto weight = static_cast<uint64_t>(asked.weight);
    if (asked.credits.size() == 1) {
      const Credit& credit = asked.credits.front();
      for (const SkillLists::Holding holding : lists.HoldersOf(credit.held)) {
        credits.earned[holding.row()] += weight * credit.micros[holding.level_code()];
      }
      continue;
    }
    credits.best.fill(0);
    for (const Credit& credit : asked.credits) {
      for (const SkillLists::Holding holding : lists.HoldersOf(credit.held)) {
        uint32_t& best = credits.best[holding.row()];
        best = std::max(best, credit.micros[holding.level_code()]);
      }
    }
    for (size_t row = 0; row < credits.best.size(); ++row) {
      credits.earned[row] += weight * credits.best[row];
    }
  }
}

Score SkillQuery::ValueOf(const SkillCredits& credits, size_t row) const {
  if (weights_ == 0) return Score::One();
  return Score::FromRatio(static_cast<int64_t>(credits.earned[row]),
                          weights_ * Score::kMicrosPerUnit);
}

}  // namespace leye::matcher
