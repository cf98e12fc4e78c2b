#include "services/leyed/lag_watch.h"

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
      thread_(options.interval, [this] { Look(); }) {}

void LagWatch::Look() {
  const absl::Duration lag = LagOf(holder_, clock_);
  const bool fresh = lag <= options_.most;
  if (told_ != fresh) {
    tell_(fresh);
    if (!fresh) {
      logger_.Warning("answers are from memory that is old",
                      {{"lag_seconds", absl::ToDoubleSeconds(lag)}});
    } else if (told_.has_value()) {
      logger_.Info("memory is fresh again");
    }
  }
  told_ = fresh;
}

}  // namespace leye
