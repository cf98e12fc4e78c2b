#include "services/base/thread_pool.h"

#include <algorithm>
#include <utility>

namespace leye {

ThreadPool::ThreadPool(const ThreadPoolOptions& options) : queue_capacity_(options.queue_capacity) {
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
    if (draining_ || tasks_.size() >= queue_capacity_) {
      ++refused_;
      return false;
    }
    tasks_.push_back(std::move(task));
  }
  work_.NotifyOne();
  return true;
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
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace leye
