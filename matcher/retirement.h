// Statutory retirement in China from 2025-01-01, when the ages began to rise step by step.
//
//   RetirementAge(Day::FromCivil(1976, 9, 5), RetirementCategory::kMen, parameters);  // 63 y 0 m
//
// k = months from the start month to the month of birth; the delay is 0 if k < 0, otherwise
// min(cap, ceil((k + 1) / step)) months on top of the base age. Source:
// 国务院关于渐进式延迟法定退休 年龄的办法 (2024), with its attached tables.
#ifndef LEYE_MATCHER_RETIREMENT_H_
#define LEYE_MATCHER_RETIREMENT_H_

#include <compare>
#include <cstdint>

#include "matcher/profile.h"
#include "matcher/units.h"

namespace leye::matcher {

// How the age of one category rises.
struct RetirementSchedule {
  int base_years = 60;
  int start_year = 1965;  // month of birth from which the delay grows
  int start_month = 1;
  int step_months = 4;  // one month of delay for each so many months of birth
  int cap_months = 36;

  friend bool operator==(const RetirementSchedule&, const RetirementSchedule&) = default;
};

struct RetirementParameters {
  RetirementSchedule men{
      .base_years = 60, .start_year = 1965, .start_month = 1, .step_months = 4, .cap_months = 36};
  RetirementSchedule women55{
      .base_years = 55, .start_year = 1970, .start_month = 1, .step_months = 4, .cap_months = 36};
  RetirementSchedule women50{
      .base_years = 50, .start_year = 1975, .start_month = 1, .step_months = 2, .cap_months = 60};
  // Taken for a woman of whom the category is not recorded: the age that bars fewer people.
  RetirementCategory unrecorded_women = RetirementCategory::kWomen55;

  friend bool operator==(const RetirementParameters&, const RetirementParameters&) = default;
};

struct YearsAndMonths {
  int years = 0;
  int months = 0;  // 0..11

  friend auto operator<=>(const YearsAndMonths&, const YearsAndMonths&) = default;
};

// The category that the parameters give this person. Somebody of unknown sex counts as a man, the
// later age.
RetirementCategory CategoryOf(const CandidateProfile& candidate,
                              const RetirementParameters& parameters);

// The age at which somebody born on this day retires. REQUIRES: a known category.
YearsAndMonths RetirementAge(Day birth, RetirementCategory category,
                             const RetirementParameters& parameters);

// The first day of retirement: that age after birth, on the month's last day where the month is too
// short.
Day RetirementDay(Day birth, RetirementCategory category, const RetirementParameters& parameters);
Day RetirementDay(const CandidateProfile& candidate, const RetirementParameters& parameters);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_RETIREMENT_H_
