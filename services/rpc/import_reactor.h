// An import stream: messages of items in, messages of receipts out.
//
//   return new ImportReactor<v1::ImportPostingsRequest, v1::ImportPostingsResponse>(
//       calls, postings.ImportPostings(caller));
//
// Reading goes on while a batch is being written to the store, up to kReadAhead messages; beyond
// that the client feels back-pressure. The faster the client, the larger the batches: whatever has
// arrived when the last batch is done is taken at once, and a client that pauses gets all its
// receipts. The reactor deletes itself when the call is over.

#ifndef LEYE_SERVICES_RPC_IMPORT_REACTOR_H_
#define LEYE_SERVICES_RPC_IMPORT_REACTOR_H_

#include <deque>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/support/server_callback.h>

#include "services/app/import_session.h"
#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/rpc/calls.h"
#include "services/rpc/status.h"

namespace leye::rpc {

// Thread-safe: gRPC calls it from its threads, the pool from one of its own.
template <typename Request, typename Response>
class ImportReactor final : public grpc::ServerBidiReactor<Request, Response> {
 public:
  using Session = app::ImportSession<Request, Response>;

  static constexpr size_t kReadAhead = 64;

  // `allowed` is the guard's answer; unless OK it ends the call at once.
  ImportReactor(const Calls& calls, std::unique_ptr<Session> session, const absl::Status& allowed)
      : calls_(calls), session_(std::move(session)) {
    MutexLock lock(mutex_);
    if (allowed.ok()) {
      Read();
    } else {
      End(allowed);
    }
  }

  void OnReadDone(bool ok) override {
    MutexLock lock(mutex_);
    reading_ = false;
    if (ok) {
      arrived_.push_back(std::move(incoming_));
      incoming_ = Request();
    } else {
      half_closed_ = true;
    }
    Proceed();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(mutex_);
    receipts_.pop_front();
    if (!ok) {
      End(absl::CancelledError("the client is gone"));
      return;
    }
    if (!receipts_.empty()) {
      this->StartWrite(&receipts_.front());
      return;
    }
    busy_ = false;
    Proceed();
  }

  void OnCancel() override {
    MutexLock lock(mutex_);
    if (!busy_) End(absl::CancelledError("the client cancelled"));
  }

  void OnDone() override {
    // A pool thread may still be leaving the scope in which it ended the call.
    { MutexLock lock(mutex_); }
    delete this;
  }

 private:
  using Receipts = absl::StatusOr<std::deque<Response>>;

  void Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    reading_ = true;
    this->StartRead(&incoming_);
  }

  // Starts whatever can be started now. A batch and a write never overlap (`busy_`), so receipts
  // keep their order.
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_) return;
    if (!reading_ && !half_closed_ && arrived_.size() < kReadAhead) Read();
    if (busy_) return;
    if (!arrived_.empty()) {
      busy_ = true;
      if (!calls_.TrySubmit([this] { WriteBatch(); })) End(Calls::Overloaded());
    } else if (half_closed_) {
      End(absl::OkStatus());
    }
  }

  void WriteBatch() ABSL_LOCKS_EXCLUDED(mutex_) {
    std::deque<Request> batch;
    {
      MutexLock lock(mutex_);
      batch.swap(arrived_);
      if (!ended_ && !reading_ && !half_closed_) Read();
    }
    Receipts receipts = Take(batch);
    MutexLock lock(mutex_);
    if (!receipts.ok()) {
      End(receipts.status());
      return;
    }
    receipts_ = *std::move(receipts);
    if (!receipts_.empty()) {
      this->StartWrite(&receipts_.front());
      return;
    }
    busy_ = false;
    Proceed();
  }

  // What the session says of `batch`: a message for each of its answers that has receipts.
  Receipts Take(std::deque<Request>& batch) {
    std::deque<Response> receipts;
    for (Request& request : batch) {
      LEYE_RETURN_IF_ERROR(Collect(session_->Push(std::move(request)), receipts));
    }
    LEYE_RETURN_IF_ERROR(Collect(session_->Flush(), receipts));
    return receipts;
  }

  static absl::Status Collect(absl::StatusOr<Response> answer, std::deque<Response>& receipts) {
    if (!answer.ok()) return answer.status();
    if (answer->receipts_size() > 0) receipts.push_back(*std::move(answer));
    return absl::OkStatus();
  }

  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_) return;
    ended_ = true;
    this->Finish(ToGrpcStatus(status));
  }

  const Calls& calls_;
  const std::unique_ptr<Session> session_;  // Used by one pool task at a time.

  Mutex mutex_;
  Request incoming_;                                       // Owned by gRPC while reading_.
  std::deque<Request> arrived_ ABSL_GUARDED_BY(mutex_);    // Not yet given to the session.
  std::deque<Response> receipts_ ABSL_GUARDED_BY(mutex_);  // Being written, front first.
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;  // A batch is at the session or being answered.
  bool half_closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_IMPORT_REACTOR_H_
