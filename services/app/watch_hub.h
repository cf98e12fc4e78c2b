// Wakes open watches when the store changes: one thread for all of them.
//
//   WatchHub hub(store);
//   hub.Add(watcher);      // a weak reference: it ends with the watcher
//   ...
//   hub.Stop();            // before the server drains: every watch is told to end

#ifndef LEYE_SERVICES_APP_WATCH_HUB_H_
#define LEYE_SERVICES_APP_WATCH_HUB_H_

#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::app {

// Something that waits for the store to change. Both methods return at once.
class Watcher {
 public:
  virtual ~Watcher() = default;

  // Some region has changed, or the watch has just begun.
  virtual void Wake() = 0;

  // The server is about to end.
  virtual void Stop() = 0;
};

// Thread-safe.
class WatchHub {
 public:
  // `store` outlives the hub.
  explicit WatchHub(store::Store& store);

  // Stops.
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Wakes `watcher` now and after every change, for as long as it lives. After Stop: stops it.
  void Add(const std::shared_ptr<Watcher>& watcher) ABSL_LOCKS_EXCLUDED(mutex_);

  // Stops every watcher and returns when the thread has ended. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopping() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The watchers alive; forgets the others.
  std::vector<std::shared_ptr<Watcher>> Alive() ABSL_LOCKS_EXCLUDED(mutex_);

  store::Store& store_;
  mutable Mutex mutex_;
  std::vector<std::weak_ptr<Watcher>> watchers_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_WATCH_HUB_H_
