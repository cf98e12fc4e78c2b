// An import stream: messages of items in, messages of receipts out.
//
//   return new ImportReactor<v1::ImportPostingsRequest, v1::ImportPostingsResponse>(
//       calls, admitted, postings.ImportPostings(admitted->caller));
//
// The messages pass gRPC as bytes: to a stream of parsed messages, one that cannot be parsed looks
// like the client's orderly end, and the rest of an import would be dropped in silence. It also
// keeps the parsing off gRPC's threads.
//
// Reading goes on while a batch is being written to the store, up to kReadAhead messages; beyond
// that the client feels back-pressure. The faster the client, the larger the batches: whatever has
// arrived when the last batch is done is taken at once, and a client that pauses gets all its
// receipts. What was written before an error is told before the error. The reactor deletes itself
// when the call is over.

#ifndef LEYE_SERVICES_RPC_IMPORT_REACTOR_H_
#define LEYE_SERVICES_RPC_IMPORT_REACTOR_H_

#include <deque>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "services/app/import_session.h"
#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/rpc/calls.h"
#include "services/rpc/status.h"

namespace leye::rpc {

// Thread-safe: gRPC calls it from its threads, the pool from one of its own.
template <typename Request, typename Response>
class ImportReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  using Session = app::ImportSession<Request, Response>;

  static constexpr size_t kReadAhead = 64;

  // A call that was not admitted ends at once, without a session.
  ImportReactor(const Calls& calls, const absl::StatusOr<Admission>& admitted,
                std::unique_ptr<Session> session)
      : calls_(calls),
        admitted_(admitted.ok() ? *admitted : Admission()),
        session_(std::move(session)) {
    MutexLock lock(mutex_);
    if (admitted.ok()) {
      Read();
    } else {
      End(admitted.status());
    }
  }

  void OnReadDone(bool ok) override {
    MutexLock lock(mutex_);
    reading_ = false;
    if (ok) {
      arrived_.push_back(std::move(incoming_));
      incoming_ = grpc::ByteBuffer();
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
    AfterReceipts();
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
  // What came of a batch: receipts for what was taken, and why no more was.
  struct Outcome {
    std::deque<grpc::ByteBuffer> receipts;
    absl::Status status;
  };

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
    std::deque<grpc::ByteBuffer> batch;
    {
      MutexLock lock(mutex_);
      batch.swap(arrived_);
      if (!ended_ && !reading_ && !half_closed_) Read();
    }
    Outcome outcome;
    outcome.status = Take(batch, outcome.receipts);
    MutexLock lock(mutex_);
    receipts_ = std::move(outcome.receipts);
    failure_ = std::move(outcome.status);
    if (!receipts_.empty()) {
      this->StartWrite(&receipts_.front());
      return;
    }
    AfterReceipts();
  }

  void AfterReceipts() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    busy_ = false;
    if (!failure_.ok()) End(failure_);
    Proceed();
  }

  // Gives `batch` to the session: adds a message for each of its answers that has receipts. What
  // came before bytes that are no message is still written.
  absl::Status Take(std::deque<grpc::ByteBuffer>& batch, std::deque<grpc::ByteBuffer>& receipts) {
    absl::Status parsed;
    for (grpc::ByteBuffer& bytes : batch) {
      Request request;
      if (!grpc::SerializationTraits<Request>::Deserialize(&bytes, &request).ok()) {
        parsed = MalformedMessage(Request::descriptor()->full_name());
        break;
      }
      LEYE_RETURN_IF_ERROR(Collect(session_->Push(std::move(request)), receipts));
    }
    LEYE_RETURN_IF_ERROR(Collect(session_->Flush(), receipts));
    return parsed;
  }

  absl::Status Collect(const absl::StatusOr<Response>& answer,
                       std::deque<grpc::ByteBuffer>& receipts) const {
    if (!answer.ok()) return calls_.WriteDown(admitted_, answer.status(), {});
    if (answer->receipts_size() == 0) return absl::OkStatus();
    LEYE_RETURN_IF_ERROR(calls_.WriteDown(admitted_, absl::OkStatus(), {&*answer}));
    bool owned = false;  // Says only who frees the bytes, which the buffer sees to.
    grpc::SerializationTraits<Response>::Serialize(*answer, &receipts.emplace_back(), &owned);
    return absl::OkStatus();
  }

  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_) return;
    ended_ = true;
    this->Finish(ToGrpcStatus(status));
  }

  const Calls& calls_;
  const Admission admitted_;
  const std::unique_ptr<Session> session_;  // Used by one pool task at a time.

  Mutex mutex_;
  grpc::ByteBuffer incoming_;                                      // Owned by gRPC while reading_.
  std::deque<grpc::ByteBuffer> arrived_ ABSL_GUARDED_BY(mutex_);   // Not given to the session yet.
  std::deque<grpc::ByteBuffer> receipts_ ABSL_GUARDED_BY(mutex_);  // Being written, front first.
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);  // Ends the call once the receipts are written.
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;  // A batch is at the session or being answered.
  bool half_closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_IMPORT_REACTOR_H_
