#include "tests/e2e/client.h"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include "tests/e2e/rpcs.h"

namespace leye::e2e {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToBytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// One call through the generic stub, a step at a time. A streaming call serves every kind of RPC:
// on the wire a unary call is a stream of one message each way.
class RawCall {
 public:
  RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
          const CallOptions& options, const Headers& headers)
      : stub_(channel) {
    for (const auto& [key, value] : headers) context_.AddMetadata(key, value);
    SetDeadline(context_, options.patience);
    call_ = stub_.PrepareCall(&context_, path, &queue_);
    call_->StartCall(Tag());
    Wait();
  }
  ~RawCall() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) continue;
  }
  RawCall(const RawCall&) = delete;
  RawCall& operator=(const RawCall&) = delete;

  bool Write(const std::string& bytes) {
    call_->Write(ToBuffer(bytes), Tag());
    return Wait();
  }
  void HalfClose() {
    call_->WritesDone(Tag());
    Wait();
  }
  std::optional<std::string> Read() {
    grpc::ByteBuffer buffer;
    call_->Read(&buffer, Tag());
    if (!Wait()) return std::nullopt;
    return ToBytes(buffer);
  }
  void Cancel() { context_.TryCancel(); }
  absl::Status Finish() {
    grpc::Status status;
    call_->Finish(&status, Tag());
    Wait();
    return FromGrpcStatus(status);
  }

 private:
  static void* Tag() { return nullptr; }
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

// "leye.v1.PostingService.GetPosting" -> "/leye.v1.PostingService/GetPosting".
std::string PathOf(absl::string_view method) {
  const size_t dot = method.rfind('.');
  return absl::StrCat("/", method.substr(0, dot), "/", method.substr(dot + 1));
}

}  // namespace

absl::Status FromGrpcStatus(const grpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) return result;
  for (const google::protobuf::Any& detail : wire.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << "mistake in a test: " << what << "\n";
  std::abort();
}

void SetDeadline(grpc::ClientContext& context, absl::Duration patience) {
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(patience));
}

Answer Client::CallMethodOf(const google::protobuf::Message& request,
                            const CallOptions& options) const {
  return CallRaw(MethodOf(*request.GetDescriptor()).full_name(), {request.SerializeAsString()},
                 options);
}

Answer Client::CallRaw(absl::string_view method, const std::vector<std::string>& messages,
                       const CallOptions& options) const {
  RawCall call(channel_, PathOf(method), options, headers_);
  for (const std::string& message : messages) {
    if (!call.Write(message)) break;
  }
  call.HalfClose();
  Answer answer;
  while (std::optional<std::string> message = call.Read()) {
    answer.messages.push_back(*std::move(message));
    if (static_cast<int>(answer.messages.size()) == options.most_messages) call.Cancel();
  }
  answer.status = call.Finish();
  return answer;
}

absl::StatusOr<bool> IsServing(const Client& client, const std::string& name) {
  namespace health = grpc::health::v1;
  grpc::ClientContext context;
  SetDeadline(context);
  health::HealthCheckRequest request;
  request.set_service(name);
  health::HealthCheckResponse response;
  const grpc::Status status =
      health::Health::NewStub(client.channel())->Check(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  return response.status() == health::HealthCheckResponse::SERVING;
}

}  // namespace leye::e2e
