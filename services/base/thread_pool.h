// A fixed number of threads behind a bounded queue.
//
//   ThreadPool pool({.threads = 4, .queue_capacity = 256});
//   if (!pool.TrySubmit([call] { call->Run(); })) call->Finish(Overloaded());
//
// A full queue refuses work instead of making the caller wait: gRPC's callbacks must not block. How
// long the queue is says little where tasks take from microseconds to seconds, so it is also full
// when the task at its front has waited for long: whoever would come behind it had better come
// back.

#ifndef LEYE_SERVICES_BASE_THREAD_POOL_H_
#define LEYE_SERVICES_BASE_THREAD_POOL_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"

namespace leye {

struct ThreadPoolOptions {
  int threads = 2;              // At least 1.
  size_t queue_capacity = 256;  // Tasks that may wait, beside those that run.
  absl::Duration longest_wait = absl::InfiniteDuration();  // Of the front before more are refused.
};

// Thread-safe. Tasks start in the order they were submitted.
class ThreadPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  explicit ThreadPool(const ThreadPoolOptions& options);

  // Runs every task already accepted, then joins the threads. REQUIRES: not called from a task.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Queues `task`; false, and the task is dropped, when the queue is full or the pool is draining.
  // A task must not throw.
  [[nodiscard]] bool TrySubmit(Task task) ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a task would be refused now. Counted as refused if so: ask instead of TrySubmit, where
  // what goes before it costs more than the answer.
  bool Refuses() ABSL_LOCKS_EXCLUDED(mutex_);

  // How many tasks wait now: a gauge, already old when it is read.
  size_t queued() const ABSL_LOCKS_EXCLUDED(mutex_);
  // How many tasks were refused so far.
  uint64_t refused() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    Task task;
    SteadyTime since;
  };

  void RunTasks() ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsFull() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t queue_capacity_;
  const std::chrono::nanoseconds longest_wait_;
  mutable Mutex mutex_;
  CondVar work_;
  std::deque<Waiting> tasks_ ABSL_GUARDED_BY(mutex_);
  uint64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_THREAD_POOL_H_
