// A stream of changes, such as WatchPostings: what has changed, whenever something has.
//
//   return WatchReactor<app::PostingWatch>::Start({calls, hub, clock}, admitted,
//                                                 postings.WatchPostings(request, caller));
//
// No thread waits for it: the hub wakes it and gives it turns, in which it reads the log; writes
// follow one another. A slow client holds up only itself: while a write is under way nothing more
// is read, and when it is so slow that the log has been trimmed it is told OUT_OF_RANGE.

#ifndef LEYE_SERVICES_RPC_WATCH_REACTOR_H_
#define LEYE_SERVICES_RPC_WATCH_REACTOR_H_

#include <deque>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/support/server_callback.h>

#include "services/app/watch_hub.h"
#include "services/base/clock.h"
#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/rpc/calls.h"
#include "services/rpc/status.h"

namespace leye::rpc {

// What every watch runs on. All of it outlives the calls.
struct WatchSurroundings {
  const Calls& calls;
  app::WatchHub& hub;
  const Clock& clock;
};

// `Watch` is an app::RecordWatch or an app::MatchWatch. Thread-safe. Lives until the call is over.
template <typename Watch>
class WatchReactor final : public grpc::ServerWriteReactor<typename Watch::Response>,
                           public app::Watcher,
                           public std::enable_shared_from_this<WatchReactor<Watch>> {
 public:
  using Response = typename Watch::Response;
  using OpenedWatch = absl::StatusOr<std::unique_ptr<Watch>>;

  // The reactor for gRPC, for an admitted call. A `watch` that is an error ends the call with it.
  static WatchReactor* Start(const WatchSurroundings& around, const Admission& admitted,
                             OpenedWatch watch) {
    const absl::Status status = watch.status();
    std::shared_ptr<WatchReactor> reactor(new WatchReactor(around, admitted, std::move(watch)));
    reactor->self_ = reactor;
    if (status.ok()) {
      // The client learns at once that the watch stands, not with the first change.
      reactor->StartSendInitialMetadata();
      Register(around.hub, reactor);
    } else {
      MutexLock lock(reactor->mutex_);
      reactor->End(status);
    }
    return reactor.get();
  }

  void Wake() override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    if (ended_) return;
    if (pumping_) {
      woken_ = true;
    } else {
      StartPump();
    }
  }

  // Reads on in the log and starts the first write.
  void Pump() override ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::StatusOr<std::vector<Response>> events = watch_->Next(clock_.Now());
    if (events.ok()) {
      if (absl::Status told = Tell(*events); !told.ok()) events = told;
    }
    MutexLock lock(mutex_);
    if (ended_) return;
    if (!events.ok()) {
      End(events.status());
      return;
    }
    events_.assign(std::make_move_iterator(events->begin()),
                   std::make_move_iterator(events->end()));
    if (!events_.empty()) {
      this->StartWrite(&events_.front());
      return;
    }
    pumping_ = false;
    if (woken_) StartPump();
  }

  void Stop() override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    End(Error(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
              "the server is ending: resume from the last revision"));
  }

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_) {
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
      this->StartWrite(&events_.front());
    }
  }

  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    End(absl::CancelledError("the client cancelled"));
  }

  void OnDone() override {
    // May be the last reference: nothing of this object is touched afterwards.
    const std::shared_ptr<WatchReactor> self = std::move(self_);
  }

 private:
  WatchReactor(const WatchSurroundings& around, const Admission& admitted, OpenedWatch watch)
      : calls_(around.calls),
        hub_(around.hub),
        clock_(around.clock),
        admitted_(admitted),
        watch_(watch.ok() ? *std::move(watch) : nullptr) {}

  // A watch that knows itself when there is something wakes it; any other the hub does.
  static void Register(app::WatchHub& hub, const std::shared_ptr<WatchReactor>& reactor) {
    if constexpr (requires { reactor->watch_->WakeBy(reactor); }) {
      reactor->watch_->WakeBy(reactor);
    } else {
      hub.Add(reactor);
    }
  }

  // Queues for a turn. REQUIRES: not pumping_, or at the end of its writes.
  void StartPump() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    pumping_ = true;
    woken_ = false;
    hub_.Queue(this->shared_from_this());
  }

  // Leaves of `events` what the caller may see, and writes down that it has.
  absl::Status Tell(std::vector<Response>& events) const {
    std::vector<const google::protobuf::Message*> said;
    for (Response& event : events) {
      Calls::MaskFor(admitted_.caller.principal.role, event);
      said.push_back(&event);
    }
    return said.empty() ? absl::OkStatus() : calls_.WriteDown(admitted_, absl::OkStatus(), said);
  }

  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_) return;
    ended_ = true;
    this->Finish(ToGrpcStatus(status));
  }

  const Calls& calls_;
  app::WatchHub& hub_;
  const Clock& clock_;
  const Admission admitted_;
  const std::unique_ptr<Watch> watch_;  // Used by one pump at a time.
  std::shared_ptr<WatchReactor> self_;  // Until OnDone.

  Mutex mutex_;
  std::deque<Response> events_ ABSL_GUARDED_BY(mutex_);  // Front being written.
  bool pumping_ ABSL_GUARDED_BY(mutex_) = false;         // From the submission to the last write.
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;           // While pumping_: look again afterwards.
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_WATCH_REACTOR_H_
