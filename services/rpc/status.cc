#include "services/rpc/status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

#include "services/base/status.h"

namespace leye::rpc {
namespace {

void AddDetails(const absl::Status& status, google::rpc::Status& wire) {
  status.ForEachPayload([&wire](absl::string_view type_url, const absl::Cord& payload) {
    google::protobuf::Any& detail = *wire.add_details();
    detail.set_type_url(std::string(type_url));
    detail.set_value(std::string(payload));
  });
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  if (ErrorReason(status).empty()) {
    ErrorDetails details = GetErrorDetails(status);
    details.reason = absl::StatusCodeToString(status.code());
    return ToGrpcStatus(WithDetails(status, details));
  }
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  AddDetails(status, wire);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), wire.message(),
                      wire.SerializeAsString());
}

}  // namespace leye::rpc
