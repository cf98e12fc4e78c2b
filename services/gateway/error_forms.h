// A gRPC status as Connect's error object, as gRPC's trailers, and as one of HTTP's codes.
//
//   ErrorJson(status)    // {"code":"not_found","message":"...","details":[...]}
//
// Stateless and thread-safe.

#ifndef LEYE_SERVICES_GATEWAY_ERROR_FORMS_H_
#define LEYE_SERVICES_GATEWAY_ERROR_FORMS_H_

#include <cstdint>
#include <optional>
#include <string>

#include <grpcpp/support/status.h>

namespace leye::gateway {

// The code of HTTP that Connect's specification gives for it.
int HttpStatusOf(grpc::StatusCode code);

// When the caller is asked to try again (google.rpc.RetryInfo), in the seconds of HTTP's
// retry-after, rounded up; nullopt when the error does not say.
std::optional<int64_t> RetryAfterSeconds(const grpc::Status& status);

// Connect's error object. Each detail has its type, its bytes in base64 and, where the type is
// known, its content as JSON under "debug". REQUIRES: `status` is an error.
std::string ErrorJson(const grpc::Status& status);

// "grpc-status: 5\r\n..." with message and details, as in the last frame of gRPC-Web.
std::string Trailers(const grpc::Status& status);

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_ERROR_FORMS_H_
