#include "services/store/redis_pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/errors.h"

namespace leye::store::redis {

absl::StatusOr<Pool::Lease> Pool::Borrow(SteadyTime deadline) {
  while (true) {
    LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Connection> idle, TakeIdle(deadline));
    if (idle == nullptr) return Connect(deadline);
    Lease lease(idle.release(), Return{this});
    if (lease->usable()) return lease;
  }
}

// Counts one connection as lent: an idle one, or null when the caller is to make one.
absl::StatusOr<std::unique_ptr<Connection>> Pool::TakeIdle(SteadyTime deadline) {
  MutexLock lock(mutex_);
  while (!closed_ && idle_.empty() && out_ >= options_.max_connections) {
    if (!returned_.WaitUntil(mutex_, deadline)) return StoreBusy();
  }
  if (closed_) return StoreClosed();
  if (idle_.empty() && std::chrono::steady_clock::now() < retry_) {
    // Made anew: ThreadSanitizer does not see Debian's Abseil count who shares a Status.
    return Error(absl::StatusCode::kUnavailable, "STORE_IO_ERROR", failure_);
  }
  ++out_;
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Connection> connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

// A replica would answer reads, and answer them with what was.
absl::StatusOr<std::unique_ptr<Connection>> Pool::ConnectToPrimary(SteadyTime deadline) const {
  LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                        Connection::Open(address_, options_.login, deadline));
  LEYE_ASSIGN_OR_RETURN(const std::vector<Reply> replies, connection->Run({{"ROLE"}}, deadline));
  const ReplyView role = replies[0].view();
  if (role.is_error()) return StoreIoError(absl::StrCat(address_.text(), ": ", role.text()));
  if (role[0].text() != "master") {
    return StoreIoError(absl::StrCat(address_.text(), " is no primary but a ", role[0].text()));
  }
  return connection;
}

absl::StatusOr<Pool::Lease> Pool::Connect(SteadyTime deadline) {
  absl::StatusOr<std::unique_ptr<Connection>> made =
      ConnectToPrimary(std::min(deadline, SteadyDeadline(options_.connect_timeout)));
  MutexLock lock(mutex_);
  if (made.ok()) {
    pause_ = absl::ZeroDuration();
    return Lease(made->release(), Return{this});
  }
  --out_;
  pause_ = std::clamp(2 * pause_, options_.first_pause, options_.longest_pause);
  retry_ = SteadyDeadline(pause_);
  failure_ = std::string(made.status().message());
  returned_.NotifyAll();
  return made.status();
}

void Pool::GiveBack(Connection* connection) {
  std::unique_ptr<Connection> returned(connection);
  std::vector<std::unique_ptr<Connection>> dropped;
  MutexLock lock(mutex_);
  --out_;
  if (!returned->usable()) {
    dropped.swap(idle_);
  } else if (!closed_) {
    idle_.push_back(std::move(returned));
  }
  returned_.NotifyAll();
}

void Pool::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
  returned_.NotifyAll();
  while (out_ > 0) returned_.Wait(mutex_);
  idle_.clear();
}

}  // namespace leye::store::redis
