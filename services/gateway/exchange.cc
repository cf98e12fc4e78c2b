#include "services/gateway/exchange.h"

#include <microhttpd.h>

namespace leye::gateway {

void Exchange::Respond(Maker maker) {
  MutexLock lock(mutex_);
  if (responded_) return;
  responded_ = true;
  maker_ = std::move(maker);
  Resume();
}

void Exchange::Wake() {
  MutexLock lock(mutex_);
  woken_ = true;
  Resume();
}

void Exchange::WhenGone(std::function<void()> gone) {
  {
    MutexLock lock(mutex_);
    if (!left_) {
      gone_ = std::move(gone);
      return;
    }
  }
  gone();
}

std::optional<Exchange::Maker> Exchange::TakeOrSuspend(MHD_Connection& connection) {
  MutexLock lock(mutex_);
  if (!maker_.has_value()) {
    Suspend(connection);
    return std::nullopt;
  }
  std::optional<Maker> maker = std::move(maker_);
  maker_.reset();
  return maker;
}

bool Exchange::SuspendUnlessWoken(MHD_Connection& connection) {
  MutexLock lock(mutex_);
  if (!std::exchange(woken_, false)) Suspend(connection);
  return suspended_ != nullptr;
}

void Exchange::Leave() {
  std::function<void()> gone;
  {
    MutexLock lock(mutex_);
    left_ = true;
    gone = std::exchange(gone_, nullptr);
  }
  if (gone != nullptr) gone();
}

void Exchange::Abort() {
  Leave();
  MutexLock lock(mutex_);
  aborted_ = true;
  Resume();
}

bool Exchange::aborted() const {
  MutexLock lock(mutex_);
  return aborted_;
}

void Exchange::Detach() {
  MutexLock lock(mutex_);
  suspended_ = nullptr;
  // Both may hold this exchange.
  gone_ = nullptr;
  maker_.reset();
  responded_ = true;
}

void Exchange::Resume() {
  if (suspended_ != nullptr) MHD_resume_connection(std::exchange(suspended_, nullptr));
}

// Under the lock, so that nobody resumes what is not suspended yet.
void Exchange::Suspend(MHD_Connection& connection) {
  if (aborted_) return;
  MHD_suspend_connection(&connection);
  suspended_ = &connection;
}

}  // namespace leye::gateway
