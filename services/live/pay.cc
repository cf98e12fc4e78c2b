#include "services/live/pay.h"

#include <algorithm>
#include <cmath>

namespace leye::live {
namespace {

// How many of `unit` a month has; nullopt for a unit that is no time.
std::optional<double> UnitsPerMonth(v1::PayUnit unit, const PayPlace& place) {
  const int hours =
      std::clamp(place.max_hours_per_day.value_or(kFullHoursPerDay), 1, kFullHoursPerDay);
  switch (unit) {
    case v1::PAY_UNIT_HOUR:
      return hours * kPaidDaysPerMonth;
    case v1::PAY_UNIT_DAY:
      return kPaidDaysPerMonth;
    case v1::PAY_UNIT_MONTH:
      return 1.0;
    case v1::PAY_UNIT_YEAR:
      return 1.0 / 12;
    default:
      return std::nullopt;
  }
}

std::optional<int32_t> ToYuan(double yuan) {
  if (!(yuan > 0) || yuan > 1e9) return std::nullopt;
  return static_cast<int32_t>(std::lround(yuan));
}

MonthlyPay FromAmounts(const v1::Pay& pay, const PayPlace& place) {
  MonthlyPay monthly;
  const std::optional<double> units = UnitsPerMonth(pay.unit(), place);
  if (!units.has_value()) return monthly;
  if (pay.has_min_yuan()) monthly.min_yuan = ToYuan(pay.min_yuan() * *units);
  if (pay.has_max_yuan()) monthly.max_yuan = ToYuan(pay.max_yuan() * *units);
  return monthly;
}

}  // namespace

MonthlyPay MadeMonthly(const v1::Pay& pay, const PayPlace& place) {
  MonthlyPay monthly = FromAmounts(pay, place);
  if (monthly.min_yuan.has_value() || monthly.max_yuan.has_value()) return monthly;
  if (pay.has_monthly_estimate_yuan()) {
    monthly.min_yuan = monthly.max_yuan = ToYuan(pay.monthly_estimate_yuan());
  } else if (pay.has_minimum_wage_percent()) {
    const std::optional<int32_t> wage = MinimumWageYuan(place.division);
    if (wage.has_value()) monthly.min_yuan = ToYuan(*wage * pay.minimum_wage_percent() / 100.0);
  }
  return monthly;
}

std::optional<int32_t> MinimumWageYuan(matcher::DivisionCode division) {
  static const matcher::LintParameters& rules =
      *new matcher::LintParameters(matcher::DefaultLint());
  const matcher::MinimumWage* wage = rules.MinimumWageOf(division);
  if (wage == nullptr) return std::nullopt;
  return wage->monthly_yuan;
}

}  // namespace leye::live
