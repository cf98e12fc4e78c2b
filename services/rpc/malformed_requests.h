// Tells a client that its request could not be parsed.
//
// gRPC's callback API answers bytes that are no message with UNIMPLEMENTED and nothing more, before
// any handler of ours runs; a client that sends GBK for UTF-8 would look for a missing method. This
// interceptor puts MalformedMessage (status.h) in place of that answer. Import streams need no
// help: their reactor parses for itself.

#ifndef LEYE_SERVICES_RPC_MALFORMED_REQUESTS_H_
#define LEYE_SERVICES_RPC_MALFORMED_REQUESTS_H_

#include <grpcpp/support/server_interceptor.h>

namespace leye::rpc {

// Thread-safe.
class MalformedRequests final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_MALFORMED_REQUESTS_H_
