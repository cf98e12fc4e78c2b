// The forms in which a call comes over HTTP: the Connect protocol's unary and streaming one and
// gRPC-Web, each with JSON or Protobuf messages.
//
//   std::optional<Dialect> dialect = DialectOf(request);
//   LEYE_ASSIGN_OR_RETURN(std::string message, MessageOf(*dialect, request));
//   ...
//   return UnaryAnswer(*dialect, status, answer_bytes);
//
// Sources: connectrpc.com/docs/protocol; grpc/grpc, doc/PROTOCOL-WEB.md. Stateless and thread-safe.

#ifndef LEYE_SERVICES_GATEWAY_PROTOCOL_H_
#define LEYE_SERVICES_GATEWAY_PROTOCOL_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <grpcpp/support/status.h>

#include "services/gateway/http_message.h"
#include "services/gateway/methods.h"

namespace leye::gateway {

enum class Protocol {
  kConnectUnary,   // The body is the message; errors have HTTP's status codes.
  kConnectGet,     // The message is in the query.
  kConnectStream,  // Bodies are frames; the last one says how the call ended.
  kGrpcWeb,        // Frames as well; the last one holds gRPC's trailers.
  kGrpcWebText,    // The same in base64, for browsers of old.
};

enum class Codec { kJson, kProto };

struct Dialect {
  Protocol protocol = Protocol::kConnectUnary;
  Codec codec = Codec::kJson;
};

// The one that the content type of a POST, or the query of a GET, names; nullopt for others.
std::optional<Dialect> DialectOf(const HttpRequest& request);

// The content types that a method can be called with, separated by commas.
std::string AcceptedTypes(const Method& method);

// Whether a call of `method` may come in this dialect.
bool Fits(const Dialect& dialect, const Method& method);

// The one message of the request, as it was encoded. INVALID_ARGUMENT for broken frames or base64,
// UNIMPLEMENTED for compression and for versions of Connect other than 1.
absl::StatusOr<std::string> MessageOf(const Dialect& dialect, const HttpRequest& request);

// How long the caller waits, by Connect-Timeout-Ms or grpc-timeout; endless without either.
// INVALID_ARGUMENT when it cannot be read.
absl::StatusOr<absl::Duration> PatienceOf(const Dialect& dialect, const HttpRequest& request);

// Whether answers are sequences of frames.
bool IsFramed(const Dialect& dialect);

// A whole answer: `message`, encoded as the codec says, when `status` is OK, the error otherwise.
HttpAnswer UnaryAnswer(const Dialect& dialect, const grpc::Status& status,
                       absl::string_view message);

// The head of a streamed answer, then its parts. REQUIRES: IsFramed.
HttpAnswer StreamHead(const Dialect& dialect);
std::string MessageFrame(const Dialect& dialect, absl::string_view message);
std::string EndFrame(const Dialect& dialect, const grpc::Status& status);

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_PROTOCOL_H_
