#include "matcher/retirement.h"

#include <algorithm>

namespace leye::matcher {
namespace {

const RetirementSchedule& ScheduleOf(RetirementCategory category,
                                     const RetirementParameters& parameters) {
  switch (category) {
    case RetirementCategory::kWomen55:
      return parameters.women55;
    case RetirementCategory::kWomen50:
      return parameters.women50;
    case RetirementCategory::kMen:
    case RetirementCategory::kUnknown:
      break;
  }
  return parameters.men;
}

int DelayMonths(Day birth, const RetirementSchedule& schedule) {
  const Day start = FirstOfMonth(schedule.start_year, schedule.start_month);
  if (birth < start) return 0;
  const int k = WholeMonthsBetween(start, birth);
  const int steps = (k + schedule.step_months) / schedule.step_months;  // ceil((k + 1) / step)
  return std::min(schedule.cap_months, steps);
}

int RetirementAgeMonths(Day birth, RetirementCategory category,
                        const RetirementParameters& parameters) {
  const RetirementSchedule& schedule = ScheduleOf(category, parameters);
  return schedule.base_years * 12 + DelayMonths(birth, schedule);
}

}  // namespace

RetirementCategory CategoryOf(const CandidateProfile& candidate,
                              const RetirementParameters& parameters) {
  if (candidate.retirement_category != RetirementCategory::kUnknown) {
    return candidate.retirement_category;
  }
  return candidate.sex == Sex::kFemale ? parameters.unrecorded_women : RetirementCategory::kMen;
}

YearsAndMonths RetirementAge(Day birth, RetirementCategory category,
                             const RetirementParameters& parameters) {
  const int months = RetirementAgeMonths(birth, category, parameters);
  return {.years = months / 12, .months = months % 12};
}

Day RetirementDay(Day birth, RetirementCategory category, const RetirementParameters& parameters) {
  return PlusMonths(birth, RetirementAgeMonths(birth, category, parameters));
}

Day RetirementDay(const CandidateProfile& candidate, const RetirementParameters& parameters) {
  return RetirementDay(candidate.birth, CategoryOf(candidate, parameters), parameters);
}

}  // namespace leye::matcher
