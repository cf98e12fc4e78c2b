// Looks now and then how old the memory is that answers come from, and says when that becomes too
// old or fresh again.
//
//   LagWatch watch({.most = absl::Seconds(5)}, holder, clock, log,
//                  [&](bool fresh) { server.SetServing(kFreshName, fresh); });
//
// Memory that is old still answers: while the store is away every leyed is as old as the others, so
// this is a health name of its own, and who balances load decides what to make of it.

#ifndef LEYE_SERVICES_LEYED_LAG_WATCH_H_
#define LEYE_SERVICES_LEYED_LAG_WATCH_H_

#include <functional>
#include <optional>

#include "absl/time/time.h"

#include "services/base/clock.h"
#include "services/base/interval_thread.h"
#include "services/base/logging.h"
#include "services/live/snapshot.h"

namespace leye {

// The name under which health tells it.
inline constexpr char kFreshName[] = "leye.fresh";

// How old the memory is that answers come from; endless before it was complete.
absl::Duration LagOf(const live::SnapshotHolder& holder, const Clock& clock);

struct LagWatchOptions {
  absl::Duration most = absl::Seconds(5);
  absl::Duration interval = absl::Milliseconds(250);
};

// Thread-safe. All that is given outlives it.
class LagWatch {
 public:
  // `tell` is called from the watch's thread: at once, and whenever it changes. The end of the
  // watch waits for a call that is under way.
  LagWatch(const LagWatchOptions& options, const live::SnapshotHolder& holder, const Clock& clock,
           const Logger& logger, std::function<void(bool fresh)> tell);

 private:
  void Look();

  const LagWatchOptions options_;
  const live::SnapshotHolder& holder_;
  const Clock& clock_;
  const Logger& logger_;
  const std::function<void(bool)> tell_;
  std::optional<bool> told_;
  IntervalThread thread_;  // Ends first: it uses all of the above.
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_LAG_WATCH_H_
