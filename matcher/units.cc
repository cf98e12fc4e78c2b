#include "matcher/units.h"

namespace leye::matcher {
namespace {

// A day of the civil calendar.
struct CivilParts {
  int64_t months = 0;  // since January of the year 0
  int day_of_month = 1;
};

// By arithmetic alone, because rules and bounds ask for every pair: years are counted from March,
// so that a leap day comes last (Richards 2013, "Calendars", in Explanatory Supplement to the
// Astronomical Almanac).
CivilParts PartsOf(Day day) {
  constexpr int64_t kDaysToEpoch = 719'468;   // from 1 March of the year 0 to 1 January 1970
  constexpr int64_t kDaysPerCycle = 146'097;  // 400 years
  constexpr int64_t kDaysPerCentury = 36'524;
  constexpr int64_t kDaysPerFourYears = 1'461;
  const int64_t days = day.number() + kDaysToEpoch;
  const int64_t cycle = (days >= 0 ? days : days - (kDaysPerCycle - 1)) / kDaysPerCycle;
  const int64_t of_cycle = days - cycle * kDaysPerCycle;
  const int64_t leap_days = of_cycle / (kDaysPerFourYears - 1) - of_cycle / kDaysPerCentury +
                            of_cycle / (kDaysPerCycle - 1);
  const int64_t year = (of_cycle - leap_days) / 365;
  const int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
  // Five months from March take 153 days, again and again.
  const int64_t month = (5 * of_year + 2) / 153;
  constexpr int kMarch = 2;
  return {.months = (cycle * 400 + year) * 12 + month + kMarch,
          .day_of_month = static_cast<int>(of_year - (153 * month + 2) / 5 + 1)};
}

int DaysInMonth(absl::CivilMonth month) {
  return static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month));
}

}  // namespace

int WholeMonthsBetween(Day from, Day to) {
  if (to <= from) return 0;
  const CivilParts start = PartsOf(from);
  const CivilParts end = PartsOf(to);
  // Where the month of `to` is too short to hold the day, the month is completed on the next 1st.
  return static_cast<int>(end.months - start.months) -
         (end.day_of_month < start.day_of_month ? 1 : 0);
}

int WholeYearsBetween(Day from, Day to) { return WholeMonthsBetween(from, to) / 12; }

Day PlusMonths(Day day, int months) {
  const absl::CivilDay civil = day.civil();
  const absl::CivilMonth month = absl::CivilMonth(civil) + months;
  const int day_of_month = std::min(civil.day(), DaysInMonth(month));
  return Day::FromCivil(absl::CivilDay(month) + (day_of_month - 1));
}

}  // namespace leye::matcher
