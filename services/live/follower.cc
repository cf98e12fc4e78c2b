#include "services/live/follower.h"

#include <algorithm>

#include "services/base/status.h"
#include "services/live/follower_rounds.h"

namespace leye::live {

Follower::Follower(const FollowerOptions& options, const FollowerEnvironment& environment)
    : options_(options), environment_(environment) {}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Follower::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  stop_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

FollowerStatus Follower::status() const {
  MutexLock lock(mutex_);
  return status_;
}

void Follower::Run() {
  FollowerRounds rounds(options_, environment_);
  absl::Duration pause = absl::ZeroDuration();
  while (Pause(pause)) {
    const absl::Status done = rounds.Run(options_.longest_wait);
    Report(done, rounds.status());
    // A region's own errors wait by themselves; this slows down what fails as a whole.
    pause = done.ok() ? absl::ZeroDuration()
                      : std::clamp(2 * pause, options_.first_pause, options_.longest_wait);
  }
}

bool Follower::Pause(absl::Duration duration) {
  const SteadyTime until = SteadyDeadline(duration);
  MutexLock lock(mutex_);
  while (!stopping_ && duration > absl::ZeroDuration()) {
    if (!stop_.WaitUntil(mutex_, until)) break;
  }
  return !stopping_;
}

void Follower::Report(const absl::Status& done, const FollowerStatus& status) {
  {
    MutexLock lock(mutex_);
    status_ = status;
    if (!status_.ready && !absl::IsOutOfRange(done)) first_error_.Update(done);
  }
  reported_.NotifyAll();
}

absl::Status Follower::WaitForFirst(SteadyTime deadline) {
  MutexLock lock(mutex_);
  while (!status_.ready && first_error_.ok()) {
    if (!reported_.WaitUntil(mutex_, deadline)) {
      return Error(absl::StatusCode::kDeadlineExceeded, "NOT_LOADED",
                   "the store has not been loaded in time");
    }
  }
  return status_.ready ? absl::OkStatus() : first_error_;
}

}  // namespace leye::live
