// Keeps the heads of all regions current in this process, whoever commits.
//
// A thread listens to the channel on which every commit tells its region's new head, and reads all
// heads once in a while, because a channel promises nothing. Reading them also begins the new epoch
// of a region whose data came to another server, or to the same one anew.

#ifndef LEYE_SERVICES_STORE_REDIS_WATCHER_H_
#define LEYE_SERVICES_STORE_REDIS_WATCHER_H_

#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"
#include "services/store/environment.h"
#include "services/store/head_board.h"
#include "services/store/redis_client.h"

namespace leye::store::redis {

// The heads of the regions that have a history; the first error if any region cannot be read.
absl::StatusOr<Heads> ReadAllHeads(Client& client, const StoreEnvironment& environment);

// Thread-safe. All that is given outlives it.
class HeadWatcher {
 public:
  HeadWatcher(Client& client, HeadBoard& board, const StoreEnvironment& environment,
              absl::Duration interval)
      : client_(client), board_(board), environment_(environment), interval_(interval) {}
  ~HeadWatcher() { Stop(); }

  // Reads all heads, and starts the thread. What could not be read is tried again by the thread.
  void Start() ABSL_LOCKS_EXCLUDED(mutex_);
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // Of the last reading of all heads: OK, or why some could not be read, or why none could.
  absl::Status health() const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status reachable() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void Refresh() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Subscribe() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Listen(SteadyTime until) ABSL_LOCKS_EXCLUDED(mutex_);
  void HangUp() ABSL_LOCKS_EXCLUDED(mutex_);
  bool Pause(SteadyTime until) ABSL_LOCKS_EXCLUDED(mutex_);

  Client& client_;
  HeadBoard& board_;
  const StoreEnvironment environment_;
  const absl::Duration interval_;  // Between two readings of all heads.
  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status health_ ABSL_GUARDED_BY(mutex_);
  absl::Status reachable_ ABSL_GUARDED_BY(mutex_);
  // Replaced by the thread alone; Stop interrupts it.
  std::unique_ptr<Connection> subscription_ ABSL_GUARDED_BY(mutex_);
  SteadyTime last_heard_ = {};  // Used by the thread only.
  std::thread thread_;
};

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_WATCHER_H_
