// A thin wrapper over std::mutex that Clang's thread-safety analysis understands.
//
//   class Counter {
//    public:
//     void Add() { MutexLock lock(mutex_); ++count_; }
//    private:
//     Mutex mutex_;
//     int count_ ABSL_GUARDED_BY(mutex_) = 0;
//   };
//
// absl::Mutex is not used: it gives false ThreadSanitizer reports with the packaged Abseil.

#ifndef LEYE_SERVICES_BASE_MUTEX_H_
#define LEYE_SERVICES_BASE_MUTEX_H_

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace leye {

// Not recursive. Thread-safe.
class ABSL_LOCKABLE Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

  // Tells the analysis that the caller holds this mutex; checks nothing at run time.
  void AssertHeld() const ABSL_ASSERT_EXCLUSIVE_LOCK() {}

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Holds `mutex` for the length of a scope.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A moment on the steady clock, for waiting: it does not move when the machine's clock is
// corrected.
using SteadyTime = std::chrono::steady_clock::time_point;

// The moment `timeout` from now. A negative time-out is now; an endless one is a year from now.
inline SteadyTime SteadyDeadline(absl::Duration timeout) {
  const absl::Duration bounded =
      std::min(std::max(timeout, absl::ZeroDuration()), absl::Hours(24 * 365));
  return std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(bounded);
}

// A condition variable used with Mutex. Wakes spuriously: wait in a loop that tests the condition.
class CondVar {
 public:
  CondVar() = default;
  CondVar(const CondVar&) = delete;
  CondVar& operator=(const CondVar&) = delete;

  void Wait(Mutex& mutex) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  // Returns false when `deadline` has passed.
  bool WaitUntil(Mutex& mutex, SteadyTime deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const std::cv_status outcome = condition_.wait_until(lock, deadline);
    lock.release();
    return outcome == std::cv_status::no_timeout;
  }

  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_MUTEX_H_
