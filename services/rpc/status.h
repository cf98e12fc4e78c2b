// Errors on the wire.
//
//   reactor->Finish(ToGrpcStatus(status));
//
// An absl::Status becomes a grpc::Status of the same code and message whose details hold a
// google.rpc.Status: the payloads of services/base/status.h (ErrorInfo, BadRequest,
// LocalizedMessage) unchanged. Stateless and thread-safe.

#ifndef LEYE_SERVICES_RPC_STATUS_H_
#define LEYE_SERVICES_RPC_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <grpcpp/support/status.h>

namespace leye::rpc {

// The same error for gRPC. What an error does not say itself is added, so that every one a client
// sees has an ErrorInfo, its reason at least its code's name, and a message in Chinese.
grpc::Status ToGrpcStatus(const absl::Status& status);

// INVALID_ARGUMENT, reason MALFORMED_MESSAGE: the bytes of a request cannot be read as `type`, a
// message's full name.
absl::Status MalformedMessage(absl::string_view type);

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_STATUS_H_
