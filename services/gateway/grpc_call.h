// Calls of the gRPC server by bytes, whatever their messages.
//
//   auto call = UnaryCall::Start(stub, {.path = "/leye.v1.PostingService/GetPosting"}, bytes,
//                                [](const grpc::Status& status, std::string answer) { ... });
//   call->Cancel();
//
// Nothing blocks: what is passed in is called from gRPC's threads. A call keeps itself alive until
// it is over, which comes soon after Cancel.

#ifndef LEYE_SERVICES_GATEWAY_GRPC_CALL_H_
#define LEYE_SERVICES_GATEWAY_GRPC_CALL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include "services/base/mutex.h"
#include "services/gateway/http_message.h"

namespace leye::gateway {

struct CallHead {
  std::string path;
  HttpFields metadata = {};  // Lower-case names; values of printable ASCII.
  absl::Duration patience = absl::InfiniteDuration();  // From now on.
};

// Whether gRPC takes `value` as metadata: it aborts the process for one that it does not.
bool IsMetadataValue(const std::string& value);

// One request, one answer. Thread-safe.
class UnaryCall : public std::enable_shared_from_this<UnaryCall> {
 public:
  using Done = std::function<void(const grpc::Status& status, const grpc::ByteBuffer& answer)>;

  static std::shared_ptr<UnaryCall> Start(grpc::GenericStub& stub, const CallHead& head,
                                          const std::string& request, Done done);

  void Cancel() { context_.TryCancel(); }

 private:
  UnaryCall() = default;

  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
};

// One request, a stream of answers. The next answer is asked for when the last one was taken, so a
// slow taker holds the server back. Thread-safe.
class StreamCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Told when the stream stands, when there is something to take, and at the end.
  using Changed = std::function<void(const std::shared_ptr<StreamCall>& call)>;

  static std::shared_ptr<StreamCall> Start(grpc::GenericStub& stub, const CallHead& head,
                                           const std::string& request, Changed changed);

  struct Event {
    std::optional<grpc::ByteBuffer> message;  // Absent: the end.
    grpc::Status status = {};                 // Then how it ended.
  };

  // What has come and was not taken; nullopt when nothing has. The end is taken once.
  std::optional<Event> Take() ABSL_LOCKS_EXCLUDED(mutex_);

  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_);

  void OnReadInitialMetadataDone(bool ok) override;
  void OnReadDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone(const grpc::Status& status) override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  explicit StreamCall(Changed changed) : changed_(std::move(changed)) {}

  const Changed changed_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  std::shared_ptr<StreamCall> self_;  // Until OnDone.

  Mutex mutex_;
  grpc::ByteBuffer incoming_;  // gRPC's while it reads.
  std::optional<grpc::ByteBuffer> message_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_GRPC_CALL_H_
