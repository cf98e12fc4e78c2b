#include "services/gateway/connection_watch.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "services/base/status.h"

namespace leye::gateway {
namespace {

constexpr int64_t kEnd = 0;  // No connection's id.

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectionWatch>> ConnectionWatch::Start(absl::Duration patience) {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const int wake = eventfd(0, EFD_CLOEXEC);
  std::unique_ptr<ConnectionWatch> watch(new ConnectionWatch(patience, epoll, wake));
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kEnd}};
  if (epoll < 0 || wake < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) != 0) {
    return Error(absl::StatusCode::kUnavailable, "NO_DESCRIPTORS",
                 "cannot watch connections: the process has no file descriptors left");
  }
  watch->thread_ = std::thread([self = watch.get()] { self->Run(); });
  return watch;
}

ConnectionWatch::~ConnectionWatch() {
  if (thread_.joinable()) {
    eventfd_write(wake_, 1);
    thread_.join();
  }
  if (wake_ >= 0) close(wake_);
  if (epoll_ >= 0) close(epoll_);
}

int64_t ConnectionWatch::Add(int socket) {
  MutexLock lock(mutex_);
  const int64_t id = ++last_id_;
  connections_[id] = {socket, SteadyDeadline(patience_)};
  // Edge-triggered: told once, and never of data.
  epoll_event event{.events = EPOLLRDHUP | EPOLLET, .data = {.u64 = static_cast<uint64_t>(id)}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  return id;
}

void ConnectionWatch::AwaitRequest(int64_t id) {
  MutexLock lock(mutex_);
  Connection& connection = connections_[id];
  connection.deadline = SteadyDeadline(patience_);
  connection.left = nullptr;
}

void ConnectionWatch::AwaitAnswer(int64_t id, std::function<void()> left) {
  {
    MutexLock lock(mutex_);
    Connection& connection = connections_[id];
    connection.deadline.reset();
    if (!connection.hung_up) {
      connection.left = std::move(left);
      return;
    }
  }
  left();
}

void ConnectionWatch::Remove(int64_t id) {
  MutexLock lock(mutex_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, found->second.socket, nullptr);
  connections_.erase(found);
  if (connections_.empty()) none_.NotifyAll();
}

void ConnectionWatch::ShutDownAll(SteadyTime deadline) {
  MutexLock lock(mutex_);
  while (!connections_.empty() && std::chrono::steady_clock::now() < deadline) {
    for (const auto& [id, connection] : connections_) shutdown(connection.socket, SHUT_RDWR);
    none_.WaitUntil(mutex_, std::min(deadline, SteadyDeadline(absl::Milliseconds(10))));
  }
}

void ConnectionWatch::HangUp(int64_t id) {
  std::function<void()> left;
  {
    MutexLock lock(mutex_);
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    found->second.hung_up = true;
    left = std::exchange(found->second.left, nullptr);
  }
  if (left != nullptr) left();
}

void ConnectionWatch::ShutDownOverdue() {
  const SteadyTime now = std::chrono::steady_clock::now();
  MutexLock lock(mutex_);
  for (auto& [id, connection] : connections_) {
    if (!connection.deadline.has_value() || *connection.deadline > now) continue;
    connection.deadline.reset();
    shutdown(connection.socket, SHUT_RDWR);  // The library then sees the end and closes it.
  }
}

void ConnectionWatch::Run() {
  constexpr absl::Duration kLongestRound = absl::Seconds(1);
  constexpr int kMostEvents = 64;
  const int round_ms =
      static_cast<int>(absl::ToInt64Milliseconds(std::min(patience_ / 4, kLongestRound))) + 1;
  SteadyTime next_look = SteadyDeadline(absl::Milliseconds(round_ms));
  std::array<epoll_event, kMostEvents> events;
  while (true) {
    const int count = epoll_wait(epoll_, events.data(), kMostEvents, round_ms);
    for (int i = 0; i < count; ++i) {
      const auto id = static_cast<int64_t>(events.at(static_cast<size_t>(i)).data.u64);
      if (id == kEnd) return;
      HangUp(id);
    }
    if (std::chrono::steady_clock::now() >= next_look) {
      ShutDownOverdue();
      next_look = SteadyDeadline(absl::Milliseconds(round_ms));
    }
  }
}

}  // namespace leye::gateway
