#include "matcher/units.h"

namespace leye::matcher {
namespace {

// A day of the civil calendar.
struct CivilParts {
  int64_t months = 0;  // since January of the year 0
  int day_of_month = 1;
};

int64_t FloorDivide(int64_t number, int64_t by) {
  return (number >= 0 ? number : number - (by - 1)) / by;
}

constexpr int64_t kDaysToEpoch = 719'468;  // from 1 March of the year 0 to 1 January 1970
constexpr int kMarch = 2;                  // counted from January

// By arithmetic alone, because rules and bounds ask for every pair: years are counted from March,
// so that a leap day comes last (Richards 2013, "Calendars", in Explanatory Supplement to the
// Astronomical Almanac).
CivilParts PartsOf(Day day) {
  constexpr int64_t kDaysPerCycle = 146'097;  // 400 years
  constexpr int64_t kDaysPerCentury = 36'524;
  constexpr int64_t kDaysPerFourYears = 1'461;
  const int64_t days = day.number() + kDaysToEpoch;
  const int64_t cycle = FloorDivide(days, kDaysPerCycle);
  const int64_t of_cycle = days - cycle * kDaysPerCycle;
  const int64_t leap_days = of_cycle / (kDaysPerFourYears - 1) - of_cycle / kDaysPerCentury +
                            of_cycle / (kDaysPerCycle - 1);
  const int64_t year = (of_cycle - leap_days) / 365;
  const int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
  // Five months from March take 153 days, again and again.
  const int64_t month = (5 * of_year + 2) / 153;
  return {.months = (cycle * 400 + year) * 12 + month + kMarch,
          .day_of_month = static_cast<int>(of_year - (153 * month + 2) / 5 + 1)};
}

// The number of the first day of a month: PartsOf backwards.
int64_t FirstDayOf(int64_t months) {
  const int64_t from_march = months - kMarch;
  const int64_t year = FloorDivide(from_march, 12);
  const int64_t month = from_march - 12 * year;
  const int64_t leap_days = FloorDivide(year, 4) - FloorDivide(year, 100) + FloorDivide(year, 400);
  return 365 * year + leap_days + (153 * month + 2) / 5 - kDaysToEpoch;
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
  const CivilParts parts = PartsOf(day);
  const int64_t first = FirstDayOf(parts.months + months);
  const int64_t days_in_month = FirstDayOf(parts.months + months + 1) - first;
  const int64_t of_month = std::min<int64_t>(parts.day_of_month, days_in_month);
  return Day::FromNumber(static_cast<int32_t>(first + of_month - 1));
}

Day FirstOfMonth(int year, int month) {
  return Day::FromNumber(static_cast<int32_t>(FirstDayOf(int64_t{year} * 12 + month - 1)));
}

}  // namespace leye::matcher
