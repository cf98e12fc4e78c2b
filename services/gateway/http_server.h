// HTTP/1.1 by libmicrohttpd: reads requests whole, within limits, and sends answers whenever they
// come. No thread waits for a call.
//
//   LEYE_ASSIGN_OR_RETURN(auto server, HttpServer::Start({.listen = "127.0.0.1:7480"},
//                         [](const std::shared_ptr<Exchange>& exchange) {
//                           exchange->Respond([] { return HttpAnswer{.body = "ok"}; });
//                         }));
//
// A few threads serve all connections by epoll. A connection that waits for its answer is
// suspended, so a stream that lasts for days costs a socket and its buffers.

#ifndef LEYE_SERVICES_GATEWAY_HTTP_SERVER_H_
#define LEYE_SERVICES_GATEWAY_HTTP_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/gateway/exchange.h"

namespace leye::gateway {

// Thread-safe.
class HttpServer {
 public:
  struct Options {
    std::string listen = "127.0.0.1:7480";  // host:port; port 0 picks a free one.
    size_t max_body_bytes = 4 << 20;        // A larger body is read past and not kept.
    size_t max_header_bytes = 64 << 10;     // A longer head, or longer query, is 431 or 414.
    int max_connections = 1000;             // More wait in the kernel's queue.
    int threads = 2;
    // A connection on which nothing moves is closed then: one without a request, and one whose
    // client takes no more of an answer. One that waits for its call's next word is not.
    absl::Duration idle = absl::Seconds(75);
    // The whole of a request must have come this long after the last answer, or the connection's
    // beginning.
    absl::Duration request_patience = absl::Seconds(90);
  };

  // Called on the connection's thread once the request is there. Must not block, and sees to it
  // that the exchange gets an answer.
  using Handler = std::function<void(const std::shared_ptr<Exchange>&)>;

  // UNAVAILABLE (LISTEN_FAILED) when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const Options& options, Handler handler);

  // Stops without patience.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // host:port as bound.
  const std::string& address() const;

  // Takes no new connections.
  void Quiesce();

  // Quiesces, lets answers under way be sent, cuts off what is left after `patience`, and ends.
  // Idempotent.
  void Stop(absl::Duration patience);

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_HTTP_SERVER_H_
