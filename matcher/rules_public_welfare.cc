#include <cstddef>

#include "matcher/rules.h"

namespace leye::matcher {
namespace {

// The subsidised term is used up: who may go on all the same?
void CheckUsedUpTerm(const PairFacts& facts, Findings& findings) {
  const PublicWelfareParameters& parameters = facts.ruleset().public_welfare;
  const PublicWelfareHistory& history = facts.candidate.public_welfare;
  const Day retirement = RetirementDay(facts);
  const bool near_retirement =
      facts.day() < retirement &&
      WholeMonthsBetween(facts.day(), retirement) < parameters.near_retirement_months;
  if (near_retirement) {
    findings.Note(RuleId::kPublicWelfareTerm, Cause::kTermMayRunToRetirement,
                  {.asked = retirement.number(), .had = {}, .subject = {}});
  } else if (facts.groups.Intersects(parameters.again_groups)) {
    findings.Note(RuleId::kPublicWelfareTerm, Cause::kPlacedAgain,
                  {.asked = parameters.max_placements, .had = history.placements, .subject = {}});
  } else {
    findings.Fail(RuleId::kPublicWelfareTerm, Cause::kTermUsedUp,
                  {.asked = parameters.max_term_months, .had = history.months_used, .subject = {}});
  }
}

}  // namespace

void CheckHouseholdCap(const PairFacts& facts, Findings& findings) {
  const PublicWelfareTerms& terms = facts.posting.public_welfare;
  if (!facts.IsPublicWelfare() || !terms.household_cap.has_value()) return;
  const int holders = facts.household.public_welfare_holders[static_cast<size_t>(terms.kind)];
  if (holders < *terms.household_cap) return;
  findings.Fail(
      RuleId::kHouseholdCap, Cause::kHouseholdCapReached,
      {.asked = *terms.household_cap, .had = holders, .subject = static_cast<int64_t>(terms.kind)});
}

void CheckPublicWelfareWho(const PairFacts& facts, Findings& findings) {
  if (!facts.IsPublicWelfare()) return;
  const PublicWelfareParameters& parameters = facts.ruleset().public_welfare;
  const bool urban = facts.posting.public_welfare.scheme == PublicWelfareScheme::kUrban;
  const GroupSet asked = urban ? parameters.urban_groups : parameters.rural_groups;
  if (facts.groups.Intersects(asked)) return;
  findings.Fail(RuleId::kPublicWelfareWho, Cause::kNotInScheme,
                {.asked = asked.bits(), .had = facts.groups.bits(), .subject = {}});
}

void CheckPublicWelfareTerm(const PairFacts& facts, Findings& findings) {
  if (!facts.IsPublicWelfare()) return;
  const PublicWelfareParameters& parameters = facts.ruleset().public_welfare;
  const PublicWelfareHistory& history = facts.candidate.public_welfare;
  if (facts.posting.public_welfare.first_placement_only && history.placements > 0) {
    findings.Fail(RuleId::kPublicWelfareTerm, Cause::kNotFirstPlacement,
                  {.asked = {}, .had = history.placements, .subject = {}});
  }
  if (history.placements >= parameters.max_placements) {
    findings.Fail(RuleId::kPublicWelfareTerm, Cause::kPlacementsUsedUp,
                  {.asked = parameters.max_placements, .had = history.placements, .subject = {}});
  } else if (history.months_used >= parameters.max_term_months) {
    CheckUsedUpTerm(facts, findings);
  } else if (history.months_used > 0) {
    findings.Note(
        RuleId::kPublicWelfareTerm, Cause::kTermMonthsLeft,
        {.asked = {}, .had = parameters.max_term_months - history.months_used, .subject = {}});
  }
}

void CheckPublicWelfareOne(const PairFacts& facts, Findings& findings) {
  if (!facts.IsPublicWelfare()) return;
  const Employment& employment = facts.candidate.employment;
  if (employment.state != EmploymentState::kEmployed &&
      employment.state != EmploymentState::kSelfEmployed) {
    return;
  }
  if (employment.channel == Channel::kPublicWelfare ||
      employment.public_welfare_kind != PublicWelfareKind::kNone) {
    findings.Fail(
        RuleId::kPublicWelfareOne, Cause::kHoldsPublicWelfarePost,
        {.asked = {}, .had = static_cast<int64_t>(employment.public_welfare_kind), .subject = {}});
  }
  if (employment.outside_home_county) {
    findings.Fail(RuleId::kPublicWelfareOne, Cause::kWorksOutsideCounty);
  }
}

}  // namespace leye::matcher
