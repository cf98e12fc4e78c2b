#include "matcher/units.h"

namespace leye::matcher {
namespace {

int DaysInMonth(absl::CivilMonth month) {
  return static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month));
}

}  // namespace

int WholeMonthsBetween(Day from, Day to) {
  if (to <= from) return 0;
  const absl::CivilDay start = from.civil();
  const absl::CivilDay end = to.civil();
  const auto months = absl::CivilMonth(end) - absl::CivilMonth(start);
  // Where the month of `to` is too short to hold the day, the month is completed on the next 1st.
  return static_cast<int>(months) - (end.day() < start.day() ? 1 : 0);
}

int WholeYearsBetween(Day from, Day to) { return WholeMonthsBetween(from, to) / 12; }

Day PlusMonths(Day day, int months) {
  const absl::CivilDay civil = day.civil();
  const absl::CivilMonth month = absl::CivilMonth(civil) + months;
  const int day_of_month = std::min(civil.day(), DaysInMonth(month));
  return Day::FromCivil(absl::CivilDay(month) + (day_of_month - 1));
}

}  // namespace leye::matcher
