// A WatchPostings stream: what has changed, whenever something has.
//
//   return PostingWatchReactor::Start(calls, hub, clock, postings.WatchPostings(request, caller));
//
// No thread waits for it: the hub wakes it, a pool thread reads the log and writes follow one
// another. A slow client holds up only itself: while a write is under way nothing more is read, and
// when it is so slow that the log has been trimmed it is told OUT_OF_RANGE.

#ifndef LEYE_SERVICES_RPC_POSTING_WATCH_REACTOR_H_
#define LEYE_SERVICES_RPC_POSTING_WATCH_REACTOR_H_

#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/support/server_callback.h>

#include "leye/v1/posting.pb.h"
#include "services/app/posting_watch.h"
#include "services/app/watch_hub.h"
#include "services/base/clock.h"
#include "services/base/mutex.h"
#include "services/rpc/calls.h"

namespace leye::rpc {

// Thread-safe. Lives until the call is over.
class PostingWatchReactor final : public grpc::ServerWriteReactor<v1::WatchPostingsResponse>,
                                  public app::Watcher,
                                  public std::enable_shared_from_this<PostingWatchReactor> {
 public:
  using Watch = absl::StatusOr<std::unique_ptr<app::PostingWatch>>;

  // The reactor for gRPC. A `watch` that is an error ends the call with it. All else outlives it.
  static PostingWatchReactor* Start(const Calls& calls, app::WatchHub& hub, const Clock& clock,
                                    Watch watch);

  void Wake() override ABSL_LOCKS_EXCLUDED(mutex_);
  void Stop() override ABSL_LOCKS_EXCLUDED(mutex_);

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override;

 private:
  PostingWatchReactor(const Calls& calls, const Clock& clock, Watch watch);

  // Submits a Pump. REQUIRES: not pumping_.
  void StartPump() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Reads on in the log and starts the first write.
  void Pump() ABSL_LOCKS_EXCLUDED(mutex_);
  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Calls& calls_;
  const Clock& clock_;
  const std::unique_ptr<app::PostingWatch> watch_;  // Used by one pump at a time.
  std::shared_ptr<PostingWatchReactor> self_;       // Until OnDone.

  Mutex mutex_;
  std::deque<v1::WatchPostingsResponse> events_ ABSL_GUARDED_BY(mutex_);  // Front being written.
  bool pumping_ ABSL_GUARDED_BY(mutex_) = false;  // From the submission to the last write.
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;    // While pumping_: look again afterwards.
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_POSTING_WATCH_REACTOR_H_
