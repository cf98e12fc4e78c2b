// The API for those who do not speak gRPC: JSON over HTTP, the Connect protocol, gRPC-Web.
//
//   LEYE_ASSIGN_OR_RETURN(auto gateway,
//                         Gateway::Start({.http = {.listen = "127.0.0.1:7480"},
//                                         .services = {"leye.v1.PostingService"}},
//                                        server->InProcessChannel()));
//   ... curl -H 'content-type: application/json' -d '{"name": "regions/13/postings/a"}'
//         http://127.0.0.1:7480/leye.v1.PostingService/GetPosting
//
// Every call is handed to the gRPC server as bytes: guard, limits, deadlines and errors are the
// server's own, and an RPC that the server has needs nothing here. README.md says what is refused.

#ifndef LEYE_SERVICES_GATEWAY_GATEWAY_H_
#define LEYE_SERVICES_GATEWAY_GATEWAY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/gateway/http_server.h"
#include "services/gateway/refusal_figures.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace leye::gateway {

// Thread-safe.
class Gateway {
 public:
  struct Options {
    HttpServer::Options http = {};
    std::vector<std::string> services = {};         // Full names of those that are served.
    std::vector<std::string> allowed_origins = {};  // Of browsers' pages (cors.h); empty for none.
    std::string docs_folder = {};  // Served at /docs/ (deploy/docs); empty for none.
    // Refuses requests to another host than this machine. Where everybody is trusted, a page whose
    // name leads to loopback (DNS rebinding) must not be taken for the operator.
    bool loopback_hosts_only = false;
    RefusalFigures* refusals = nullptr;  // Counts what is refused here; outlives it. Null: nobody.
  };

  // `channel` leads to the gRPC server. UNAVAILABLE (LISTEN_FAILED) when the address cannot be
  // bound; errors of MethodTable::Create and StaticFiles::Load.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(const Options& options,
                                                        std::shared_ptr<grpc::Channel> channel);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // host:port as bound.
  const std::string& address() const;

  // Takes no new connections. Then the gRPC server is drained, which ends all calls, then Stop.
  void Quiesce();

  // Lets answers be sent for up to `patience`; cancels calls that are still under way. Idempotent.
  void Stop(absl::Duration patience);

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_GATEWAY_H_
