// Wakes open watches when the store changes: one thread for all of them. Those that are to read on
// take turns on the pool, a few at a time however many there are: a change that wakes a thousand
// watches neither fills the queue of the calls nor ends any watch.
//
//   WatchHub hub(store, pool);
//   hub.Add(watcher);      // a weak reference: it ends with the watcher
//   ...
//   hub.Stop();            // before the server drains: every watch is told to end

#ifndef LEYE_SERVICES_APP_WATCH_HUB_H_
#define LEYE_SERVICES_APP_WATCH_HUB_H_

#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "services/base/mutex.h"
#include "services/base/thread_pool.h"
#include "services/store/store.h"

namespace leye::app {

// Something that waits for the store to change. Wake and Stop return at once.
class Watcher {
 public:
  virtual ~Watcher() = default;

  // Some region has changed, or the watch has just begun.
  virtual void Wake() = 0;

  // It is its turn, for which it has queued: reads on in the store.
  virtual void Pump() = 0;

  // The server is about to end.
  virtual void Stop() = 0;
};

// Thread-safe.
class WatchHub {
 public:
  // Both outlive the hub.
  WatchHub(store::Store& store, ThreadPool& pool);

  // Stops, and waits for turns under way.
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Wakes `watcher` now and after every change, for as long as it lives. After Stop: stops it.
  void Add(const std::shared_ptr<Watcher>& watcher) ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives `watcher` a turn to read on, in the order in which they queue; while the pool is full all
  // of them wait.
  void Queue(std::shared_ptr<Watcher> watcher) ABSL_LOCKS_EXCLUDED(mutex_);

  // Stops every watcher and returns when the thread has ended. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopping() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Submits one more turn to the pool, if one is due and may be.
  void StartTurn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // One watcher reads on.
  void TakeTurn() ABSL_LOCKS_EXCLUDED(mutex_);
  // The watchers alive; forgets the others.
  std::vector<std::shared_ptr<Watcher>> Alive() ABSL_LOCKS_EXCLUDED(mutex_);

  store::Store& store_;
  ThreadPool& pool_;
  mutable Mutex mutex_;
  CondVar turn_over_;
  std::vector<std::weak_ptr<Watcher>> watchers_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Watcher>> due_ ABSL_GUARDED_BY(mutex_);
  int turns_ ABSL_GUARDED_BY(mutex_) = 0;  // Submitted and not over.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_WATCH_HUB_H_
