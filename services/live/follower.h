// Keeps the snapshot current: the only writer of the matcher's indexes.
//
//   SnapshotHolder holder;
//   Follower follower({}, {store, codes, clock, logger, holder});
//   follower.Start();
//   ... holder.Get() ...
//   follower.Stop();
//
// One thread loads every region (a scan and the log's tail), publishes, and then follows the change
// logs: each batch of changes becomes one new snapshot. Regions appear by themselves. A gap in a
// log or a new epoch means that what is in memory may be wrong: that region is loaded again, while
// the last good snapshot goes on answering. An error of the store is logged and tried again with
// growing pauses, region by region; status() tells. Until every region that the store names has
// been loaded once, nothing is published.
//
// Thread-safe.
#ifndef LEYE_SERVICES_LIVE_FOLLOWER_H_
#define LEYE_SERVICES_LIVE_FOLLOWER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/mutex.h"
#include "services/live/code_book.h"
#include "services/live/log_upkeep.h"
#include "services/live/profile.h"
#include "services/live/region_load.h"
#include "services/live/snapshot.h"
#include "services/store/store.h"

namespace leye::live {

struct FollowerOptions {
  LoadOptions load = {};
  LogUpkeepOptions log = {};
  int batch_log_entries = 256;  // Entries of one region that become one snapshot, at most.
  absl::Duration longest_wait = absl::Milliseconds(200);  // Then it looks for Stop and the date.
  absl::Duration first_pause = absl::Milliseconds(50);    // After an error; doubled each time.
  absl::Duration longest_pause = absl::Seconds(5);
  WorkingAge working_age = {};  // For the figures of households.
};

// All outlive the follower.
struct FollowerEnvironment {
  store::Store& store;
  const CodeBook& codes;
  const Clock& clock;
  const Logger& logger;
  SnapshotHolder& holder;
};

struct FollowerStatus {
  bool ready = false;          // A first snapshot has been published.
  int64_t entries_behind = 0;  // Log entries known and not yet published, of all regions.
  int64_t snapshots = 0;       // Published so far.
  int64_t regions_loaded = 0;  // Times a region was loaded, the first time included.
  int64_t unreadable = 0;      // Records that could not be parsed, and are left out.
  // What the regions' last loads read: it is not followed.
  std::map<store::Region, SealsByKey> seals;
  absl::Time published = absl::InfinitePast();
  int64_t errors = 0;      // Errors of the store so far.
  std::string last_error;  // Empty: none since the last round without one.
};

class Follower {
 public:
  Follower(const FollowerOptions& options, const FollowerEnvironment& environment);
  ~Follower();  // Stops.
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // REQUIRES: not started before.
  void Start();
  // Ends the thread after the round it is in; waits for that. May be called again.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits for the first snapshot. The first error before it, but for those after which only a
  // region is read anew (OUT_OF_RANGE); the follower goes on all the same. DEADLINE_EXCEEDED.
  absl::Status WaitForFirst(SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);

  FollowerStatus status() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits; false when it is time to end.
  bool Pause(absl::Duration duration) ABSL_LOCKS_EXCLUDED(mutex_);
  void Report(const absl::Status& done, const FollowerStatus& status) ABSL_LOCKS_EXCLUDED(mutex_);

  const FollowerOptions options_;
  const FollowerEnvironment environment_;
  mutable Mutex mutex_;
  CondVar stop_;
  CondVar reported_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  FollowerStatus status_ ABSL_GUARDED_BY(mutex_);
  absl::Status first_error_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_FOLLOWER_H_
