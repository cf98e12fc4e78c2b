// A clock that moves only when the test says so.
//
//   FakeClock clock;              // 2024-05-01 08:00 in China
//   clock.Advance(absl::Hours(25));

#ifndef LEYE_TESTS_TESTING_FAKE_CLOCK_H_
#define LEYE_TESTS_TESTING_FAKE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "services/base/clock.h"
#include "services/base/mutex.h"

namespace leye::testing {

// Thread-safe.
class FakeClock final : public Clock {
 public:
  FakeClock() : FakeClock(absl::FromCivil(absl::CivilHour(2024, 5, 1, 8), ChinaStandardTime())) {}
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override {
    MutexLock lock(mutex_);
    return now_;
  }

  void Set(absl::Time now) {
    MutexLock lock(mutex_);
    now_ = now;
  }

  void Advance(absl::Duration by) {
    MutexLock lock(mutex_);
    now_ += by;
  }

 private:
  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_FAKE_CLOCK_H_
