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
#include <grpcpp/support/status.h>

namespace leye::rpc {

// The same error for gRPC. An error that says no reason gets one named after its code, so that
// every error a client sees has an ErrorInfo.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_STATUS_H_
