#include "services/app/watch_hub.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace leye::app {
namespace {

// How long Stop may have to wait for the thread.
constexpr absl::Duration kLongestWait = absl::Milliseconds(200);

}  // namespace

WatchHub::WatchHub(store::Store& store) : store_(store), thread_([this] { Run(); }) {}

WatchHub::~WatchHub() { Stop(); }

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
