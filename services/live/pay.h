// Pay as posted, made monthly, so that an hourly wage and a yearly one can be compared.
//
//   MonthlyPay pay = MadeMonthly(posting.pay(), {.division = ..., .max_hours_per_day = 4});
//
// A month has 21.75 paid days of 8 hours (matcher/posting_lint.h), or of fewer where the posting
// says so. Pay by piece or weight is known only by its estimate. Pure functions.
#ifndef LEYE_SERVICES_LIVE_PAY_H_
#define LEYE_SERVICES_LIVE_PAY_H_

#include <cstdint>
#include <optional>

#include "leye/v1/posting.pb.h"
#include "matcher/posting_lint.h"
#include "matcher/units.h"

namespace leye::live {

using matcher::kFullHoursPerDay;
using matcher::kPaidDaysPerMonth;

// Yuan a month; absent where it cannot be said.
struct MonthlyPay {
  std::optional<int32_t> min_yuan;
  std::optional<int32_t> max_yuan;

  friend bool operator==(const MonthlyPay&, const MonthlyPay&) = default;
};

struct PayPlace {
  matcher::DivisionCode division;
  std::optional<int> max_hours_per_day = {};  // of the posting
};

MonthlyPay MadeMonthly(const v1::Pay& pay, const PayPlace& place);

// A monthly minimum wage that holds everywhere in the division's province: that of the ruleset that
// leyed brings along, which is the lowest class, since profiles are made without asking which
// ruleset is in force. Pay "tied to the minimum wage" is therefore a lower bound. nullopt for a
// province that is not in it.
std::optional<int32_t> MinimumWageYuan(matcher::DivisionCode division);

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_PAY_H_
