#include "services/base/clock.h"

#include "absl/time/clock.h"

namespace leye {

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::TimeZone ChinaStandardTime() { return absl::FixedTimeZone(8 * 60 * 60); }

absl::CivilDay DayInChina(absl::Time time) { return absl::ToCivilDay(time, ChinaStandardTime()); }

absl::CivilDay Today(const Clock& clock) { return DayInChina(clock.Now()); }

}  // namespace leye
