#include "services/app/watch_hub.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace leye::app {
namespace {

// How long Stop may have to wait for the thread.
constexpr absl::Duration kLongestWait = absl::Milliseconds(200);

// Threads that watches may take from calls.
constexpr int kMostTurns = 2;

}  // namespace

WatchHub::WatchHub(store::Store& store, ThreadPool& pool)
    : store_(store), pool_(pool), thread_([this] { Run(); }) {}

WatchHub::~WatchHub() {
  Stop();
  MutexLock lock(mutex_);
  while (turns_ > 0) turn_over_.Wait(mutex_);
}

void WatchHub::Add(const std::shared_ptr<Watcher>& watcher) {
  {
    MutexLock lock(mutex_);
    watchers_.push_back(watcher);
  }
  if (stopping()) {
    watcher->Stop();
  } else {
    watcher->Wake();
  }
}

void WatchHub::Queue(std::shared_ptr<Watcher> watcher) {
  MutexLock lock(mutex_);
  due_.push_back(std::move(watcher));
  StartTurn();
}

void WatchHub::StartTurn() {
  if (due_.empty() || turns_ == kMostTurns) return;
  // When the pool is full, whoever ends a turn asks again, or the hub's thread.
  if (pool_.TrySubmit([this] { TakeTurn(); })) ++turns_;
}

void WatchHub::TakeTurn() {
  std::shared_ptr<Watcher> watcher;
  {
    MutexLock lock(mutex_);
    if (!due_.empty()) {
      watcher = std::move(due_.front());
      due_.pop_front();
    }
  }
  if (watcher != nullptr) watcher->Pump();
  watcher = nullptr;
  MutexLock lock(mutex_);
  --turns_;
  StartTurn();
  turn_over_.NotifyAll();
}

void WatchHub::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  for (const std::shared_ptr<Watcher>& watcher : Alive()) watcher->Stop();
}

void WatchHub::Run() {
  store::Heads known;
  while (!stopping()) {
    {
      MutexLock lock(mutex_);
      StartTurn();
    }
    absl::StatusOr<store::Heads> heads = store_.WaitForChange(known, kLongestWait);
    if (!heads.ok()) {
      absl::SleepFor(kLongestWait);
      continue;
    }
    if (*heads == known) continue;
    known = *std::move(heads);
    for (const std::shared_ptr<Watcher>& watcher : Alive()) watcher->Wake();
  }
}

bool WatchHub::stopping() const {
  MutexLock lock(mutex_);
  return stopping_;
}

std::vector<std::shared_ptr<Watcher>> WatchHub::Alive() {
  std::vector<std::shared_ptr<Watcher>> alive;
  MutexLock lock(mutex_);
  std::erase_if(watchers_, [&alive](const std::weak_ptr<Watcher>& weak) {
    std::shared_ptr<Watcher> watcher = weak.lock();
    if (watcher == nullptr) return true;
    alive.push_back(std::move(watcher));
    return false;
  });
  return alive;
}

}  // namespace leye::app
