#include "services/base/thread_pool.h"

#include <algorithm>
#include <utility>

namespace leye {

ThreadPool::ThreadPool(const ThreadPoolOptions& options)
    : queue_capacity_(options.queue_capacity),
      longest_wait_(absl::ToChronoNanoseconds(options.longest_wait)) {
  const int count = std::max(options.threads, 1);
  threads_.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) threads_.emplace_back([this] { RunTasks(); });
}

ThreadPool::~ThreadPool() {
  {
    MutexLock lock(mutex_);
    draining_ = true;
  }
  work_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

bool ThreadPool::TrySubmit(Task task) {
  {
    MutexLock lock(mutex_);
    if (IsFull()) {
      ++refused_;
      return false;
    }
    tasks_.push_back({.task = std::move(task), .since = std::chrono::steady_clock::now()});
  }
  work_.NotifyOne();
  return true;
}

bool ThreadPool::Refuses() {
  MutexLock lock(mutex_);
  const bool full = IsFull();
  if (full) ++refused_;
  return full;
}

bool ThreadPool::IsFull() const {
  if (draining_ || tasks_.size() >= queue_capacity_) return true;
  return !tasks_.empty() && std::chrono::steady_clock::now() - tasks_.front().since > longest_wait_;
}

size_t ThreadPool::queued() const {
  MutexLock lock(mutex_);
  return tasks_.size();
}

uint64_t ThreadPool::refused() const {
  MutexLock lock(mutex_);
  return refused_;
}

void ThreadPool::RunTasks() {
  while (true) {
    Task task;
    {
      MutexLock lock(mutex_);
      while (tasks_.empty() && !draining_) work_.Wait(mutex_);
      if (tasks_.empty()) return;
      task = std::move(tasks_.front().task);
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace leye
