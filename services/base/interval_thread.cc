#include "services/base/interval_thread.h"

#include <utility>

#include "services/base/clock.h"

namespace leye {

IntervalThread::IntervalThread(absl::Duration interval, std::function<void()> round)
    : interval_(interval), round_(std::move(round)), thread_([this] {
        do {
          round_();
        } while (Pause());
      }) {}

IntervalThread::~IntervalThread() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  stop_.NotifyAll();
  thread_.join();
}

bool IntervalThread::Pause() {
  const SteadyTime until = SteadyDeadline(interval_);
  MutexLock lock(mutex_);
  while (!stopping_ && stop_.WaitUntil(mutex_, until)) {
  }
  return !stopping_;
}

}  // namespace leye
