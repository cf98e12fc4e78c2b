#include "services/rpc/posting_watch_reactor.h"

#include <iterator>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "services/rpc/status.h"

namespace leye::rpc {

PostingWatchReactor* PostingWatchReactor::Start(const Calls& calls, app::WatchHub& hub,
                                                const Clock& clock, Watch watch) {
  const absl::Status status = watch.status();
  std::shared_ptr<PostingWatchReactor> reactor(
      new PostingWatchReactor(calls, clock, std::move(watch)));
  reactor->self_ = reactor;
  if (status.ok()) {
    // The client learns at once that the watch stands, not with the first change.
    reactor->StartSendInitialMetadata();
    hub.Add(reactor);
  } else {
    MutexLock lock(reactor->mutex_);
    reactor->End(status);
  }
  return reactor.get();
}

PostingWatchReactor::PostingWatchReactor(const Calls& calls, const Clock& clock, Watch watch)
    : calls_(calls), clock_(clock), watch_(watch.ok() ? *std::move(watch) : nullptr) {}

void PostingWatchReactor::Wake() {
  MutexLock lock(mutex_);
  if (ended_) return;
  if (pumping_) {
    woken_ = true;
  } else {
    StartPump();
  }
}

void PostingWatchReactor::Stop() {
  MutexLock lock(mutex_);
  End(Error(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
            "the server is ending: resume from the last revision"));
}

void PostingWatchReactor::OnWriteDone(bool ok) {
  MutexLock lock(mutex_);
  if (ended_) return;
  if (!ok) {
    End(absl::CancelledError("the client is gone"));
    return;
  }
  events_.pop_front();
  if (events_.empty()) {
    StartPump();
  } else {
    StartWrite(&events_.front());
  }
}

void PostingWatchReactor::OnCancel() {
  MutexLock lock(mutex_);
  End(absl::CancelledError("the client cancelled"));
}

void PostingWatchReactor::OnDone() {
  // May be the last reference: nothing of this object is touched afterwards.
  const std::shared_ptr<PostingWatchReactor> self = std::move(self_);
}

void PostingWatchReactor::StartPump() {
  pumping_ = true;
  woken_ = false;
  if (!calls_.TrySubmit([self = shared_from_this()] { self->Pump(); })) End(Calls::Overloaded());
}

void PostingWatchReactor::Pump() {
  absl::StatusOr<std::vector<v1::WatchPostingsResponse>> events = watch_->Next(clock_.Now());
  MutexLock lock(mutex_);
  if (ended_) return;
  if (!events.ok()) {
    End(events.status());
    return;
  }
  events_.assign(std::make_move_iterator(events->begin()), std::make_move_iterator(events->end()));
  if (!events_.empty()) {
    StartWrite(&events_.front());
    return;
  }
  pumping_ = false;
  if (woken_) StartPump();
}

void PostingWatchReactor::End(const absl::Status& status) {
  if (ended_) return;
  ended_ = true;
  Finish(ToGrpcStatus(status));
}

}  // namespace leye::rpc
