#include "services/leyed/lag_watch.h"

#include <optional>
#include <utility>

namespace leye {

absl::Duration LagOf(const live::SnapshotHolder& holder, const Clock& clock) {
  // First what is older, or an answer in between would make the lag negative.
  const absl::Time current = holder.current();
  return clock.Now() - current;
}

LagWatch::LagWatch(const LagWatchOptions& options, const live::SnapshotHolder& holder,
                   const Clock& clock, const Logger& logger, std::function<void(bool)> tell)
    : options_(options),
      holder_(holder),
      clock_(clock),
      logger_(logger),
      tell_(std::move(tell)),
      thread_([this] { Run(); }) {}

LagWatch::~LagWatch() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  stop_.NotifyAll();
  thread_.join();
}

void LagWatch::Run() {
  std::optional<bool> told;
  do {
    const absl::Duration lag = LagOf(holder_, clock_);
    const bool fresh = lag <= options_.most;
    if (told != fresh) {
      tell_(fresh);
      if (!fresh) {
        logger_.Warning("answers are from memory that is old",
                        {{"lag_seconds", absl::ToDoubleSeconds(lag)}});
      } else if (told.has_value()) {
        logger_.Info("memory is fresh again");
      }
    }
    told = fresh;
  } while (Pause());
}

bool LagWatch::Pause() {
  const SteadyTime until = SteadyDeadline(options_.interval);
  MutexLock lock(mutex_);
  while (!stopping_) {
    if (!stop_.WaitUntil(mutex_, until)) break;
  }
  return !stopping_;
}

}  // namespace leye
