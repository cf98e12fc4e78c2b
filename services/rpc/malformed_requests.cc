#include "services/rpc/malformed_requests.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>
#include <grpcpp/support/interceptor.h>

#include "services/rpc/status.h"

namespace leye::rpc {
namespace {

using ::grpc::experimental::InterceptionHookPoints;
using ::grpc::experimental::InterceptorBatchMethods;

// The request type of "/leye.v1.PostingService/GetPosting"; null for what is not ours.
const google::protobuf::Descriptor* RequestOf(absl::string_view path) {
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  if (parts.size() != 3 || !absl::StartsWith(parts[1], "leye.")) return nullptr;
  const google::protobuf::MethodDescriptor* rpc =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(parts[1] + "." +
                                                                           parts[2]);
  return rpc == nullptr ? nullptr : rpc->input_type();
}

class Interceptor final : public grpc::experimental::Interceptor {
 public:
  explicit Interceptor(const char* path) : path_(path) {}

  void Intercept(InterceptorBatchMethods* batch) override {
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const grpc::Status status = batch->GetSendStatus();
      // No handler of ours answers UNIMPLEMENTED without a message.
      if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED &&
          status.error_message().empty()) {
        Explain(*batch);
      }
    }
    batch->Proceed();
  }

 private:
  void Explain(InterceptorBatchMethods& batch) const {
    const google::protobuf::Descriptor* request = RequestOf(path_);
    if (request == nullptr) return;
    batch.ModifySendStatus(ToGrpcStatus(MalformedMessage(request->full_name())));
  }

  const char* path_;  // gRPC's, alive as long as the call.
};

}  // namespace

grpc::experimental::Interceptor* MalformedRequests::CreateServerInterceptor(
    grpc::experimental::ServerRpcInfo* info) {
  return new Interceptor(info->method());
}

}  // namespace leye::rpc
