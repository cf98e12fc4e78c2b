// A thread that does something at once, and again whenever an interval has passed.
//
//   const IntervalThread sweep(absl::Seconds(1), [&] { Sweep(); });     // until it is destroyed

#ifndef LEYE_SERVICES_BASE_INTERVAL_THREAD_H_
#define LEYE_SERVICES_BASE_INTERVAL_THREAD_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"

namespace leye {

class IntervalThread {
 public:
  // `round` is called from the thread only, one call after the other; the interval lies between the
  // end of one and the beginning of the next.
  IntervalThread(absl::Duration interval, std::function<void()> round);
  // Waits for the round that is under way.
  ~IntervalThread();
  IntervalThread(const IntervalThread&) = delete;
  IntervalThread& operator=(const IntervalThread&) = delete;

 private:
  // False when it is time to end.
  bool Pause() ABSL_LOCKS_EXCLUDED(mutex_);

  const absl::Duration interval_;
  const std::function<void()> round_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_INTERVAL_THREAD_H_
