// Time, passed in.
//
// Everything that asks for the time takes a `const Clock&`, so that tests choose it:
//
//   SystemClock clock;
//   absl::CivilDay today = Today(clock);   // the date on a wall calendar in China
//
// Tests use `FakeClock` (tests/testing/fake_clock.h).

#ifndef LEYE_SERVICES_BASE_CLOCK_H_
#define LEYE_SERVICES_BASE_CLOCK_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace leye {

// The source of the current time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // The current time. May step back when the machine's clock is corrected.
  virtual absl::Time Now() const = 0;
};

// The machine's clock. Thread-safe, immutable.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

// China Standard Time, UTC+8 the whole year, whatever the machine's own zone says.
absl::TimeZone ChinaStandardTime();

// The civil day in China Standard Time at `time`, and now. Ages, terms and closing dates are
// counted in these days.
absl::CivilDay DayInChina(absl::Time time);
absl::CivilDay Today(const Clock& clock);

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_CLOCK_H_
