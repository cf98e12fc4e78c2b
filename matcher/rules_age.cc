#include <algorithm>

#include "matcher/retirement.h"
#include "matcher/rules.h"

namespace leye::matcher {
namespace {

bool SpeaksOf(const AgeRange& range, const PairFacts& facts) {
  return facts.groups.ContainsAll(range.groups) &&
         (range.sex == Sex::kUnknown || range.sex == facts.candidate.sex);
}

// Ranges for a group go before those for a sex, and those before the general ones; more groups
// before fewer.
int Specificity(const AgeRange& range) {
  return 2 * range.groups.size() + (range.sex == Sex::kUnknown ? 0 : 1);
}

// Of the most specific ranges that speak of the person, one that admits, or else the last one; null
// if none speaks of the person. An unconditional verdict goes before a relaxed one.
const AgeRange* DecidingRange(const PairFacts& facts) {
  const AgeRange* deciding = nullptr;
  for (const AgeRange& range : facts.posting.age_ranges) {
    if (!SpeaksOf(range, facts)) continue;
    const bool more_specific = deciding == nullptr || Specificity(range) > Specificity(*deciding);
    const bool as_specific = !more_specific && Specificity(range) == Specificity(*deciding);
    // AgeVerdict ascends from the best verdict.
    if (more_specific || (as_specific && Judge(range.limits, facts.age_years) <
                                             Judge(deciding->limits, facts.age_years))) {
      deciding = &range;
    }
  }
  return deciding;
}

// Bars work of these hazards, or from this intensity on, to women.
void Protect(const PairFacts& facts, HazardSet hazards, int barred_intensity, Findings& findings) {
  const HazardSet barring = facts.posting.hazards & hazards;
  if (!barring.empty()) {
    findings.Fail(RuleId::kProtection, Cause::kProtectedHazard,
                  {.asked = barring.bits(), .had = {}, .subject = {}});
  }
  if (facts.posting.labour_intensity >= barred_intensity) {
    findings.Fail(
        RuleId::kProtection, Cause::kProtectedIntensity,
        {.asked = barred_intensity - 1, .had = facts.posting.labour_intensity, .subject = {}});
  }
}

}  // namespace

AgeVerdict Judge(const AgeLimits& limits, int age_years) {
  if (limits.min_years.has_value() && age_years < *limits.min_years) return AgeVerdict::kBelow;
  if (!limits.max_years.has_value() || age_years <= *limits.max_years) return AgeVerdict::kAdmitted;
  const bool relaxed =
      limits.relaxable_to_years.has_value() && age_years <= *limits.relaxable_to_years;
  return relaxed ? AgeVerdict::kRelaxed : AgeVerdict::kAbove;
}

bool IsRetired(const PairFacts& facts) {
  // Nobody retires before the earliest base age, but for a day of those born on 29 February: spares
  // most people the civil calendar.
  const RetirementParameters& parameters = facts.ruleset().retirement;
  const int earliest = std::min(
      {parameters.men.base_years, parameters.women55.base_years, parameters.women50.base_years});
  return facts.age_years + 1 >= earliest && facts.day() >= RetirementDay(facts);
}

Day RetirementDay(const PairFacts& facts) {
  return RetirementDay(facts.candidate, facts.ruleset().retirement);
}

void CheckAgeMin(const PairFacts& facts, Findings& findings) {
  const int min_years = facts.ruleset().age.min_years;
  if (facts.age_years >= min_years) return;
  findings.Fail(RuleId::kAgeMin, Cause::kUnderMinimumAge,
                {.asked = min_years, .had = facts.age_years, .subject = {}});
}

void CheckAgeMinor(const PairFacts& facts, Findings& findings) {
  const AgeParameters& parameters = facts.ruleset().age;
  if (facts.age_years >= parameters.adult_years) return;
  const HazardSet barring = facts.posting.hazards & parameters.minors_barred_hazards;
  if (!barring.empty()) {
    findings.Fail(RuleId::kAgeMinor, Cause::kMinorBarredHazard,
                  {.asked = barring.bits(), .had = facts.age_years, .subject = {}});
  }
  if (facts.posting.labour_intensity >= parameters.minors_barred_intensity) {
    findings.Fail(RuleId::kAgeMinor, Cause::kMinorBarredIntensity,
                  {.asked = parameters.minors_barred_intensity - 1,
                   .had = facts.posting.labour_intensity,
                   .subject = facts.age_years});
  }
}

void CheckAgeRange(const PairFacts& facts, Findings& findings) {
  const AgeRange* range = DecidingRange(facts);
  if (range == nullptr) return;
  const AgeLimits& limits = range->limits;
  switch (Judge(limits, facts.age_years)) {
    case AgeVerdict::kAdmitted:
      return;
    case AgeVerdict::kRelaxed:
      findings.Note(RuleId::kAgeRange, Cause::kAgeRelaxed,
                    {.asked = limits.max_years,
                     .had = facts.age_years,
                     .subject = limits.relaxable_to_years});
      return;
    case AgeVerdict::kBelow:
      findings.Fail(RuleId::kAgeRange, Cause::kBelowAgeRange,
                    {.asked = limits.min_years, .had = facts.age_years, .subject = {}});
      return;
    case AgeVerdict::kAbove:
      findings.Fail(RuleId::kAgeRange, Cause::kAboveAgeRange,
                    {.asked = limits.max_years, .had = facts.age_years, .subject = {}});
      return;
  }
}

void CheckAgeRetire(const PairFacts& facts, Findings& findings) {
  if (!IsRetired(facts)) return;
  const int64_t retirement = RetirementDay(facts).number();
  const int64_t today = facts.day().number();
  const HazardSet barring = facts.posting.hazards & facts.ruleset().age.retired_barred_hazards;
  const bool contract_barred =
      facts.IsPublicWelfare() && facts.ruleset().public_welfare.retired_barred;
  if (!barring.empty()) {
    findings.Fail(RuleId::kAgeRetire, Cause::kRetiredHazardous,
                  {.asked = retirement, .had = today, .subject = barring.bits()});
  }
  if (contract_barred) {
    findings.Fail(RuleId::kAgeRetire, Cause::kRetiredPublicWelfare,
                  {.asked = retirement, .had = today, .subject = {}});
  }
  if (barring.empty() && !contract_barred) {
    findings.Note(RuleId::kAgeRetire, Cause::kPastRetirementAge,
                  {.asked = retirement, .had = today, .subject = {}});
  }
}

void CheckProtection(const PairFacts& facts, Findings& findings) {
  if (facts.candidate.sex != Sex::kFemale) return;
  const ProtectionParameters& parameters = facts.ruleset().protection;
  HazardSet hazards = parameters.women_barred_hazards;
  int intensity = parameters.women_barred_intensity;
  if (facts.candidate.maternity_protection) {
    hazards = hazards | parameters.maternity_barred_hazards;
    intensity = std::min(intensity, parameters.maternity_barred_intensity);
  }
  Protect(facts, hazards, intensity, findings);
}

}  // namespace leye::matcher
