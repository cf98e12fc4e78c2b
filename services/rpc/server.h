// The gRPC listener: an address, limits, health, reflection, and an orderly end.
//
//   Server::Options options{.listen = "127.0.0.1:7400"};
//   LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Server> server, Server::Start(options, services));
//   server->SetServing(true);          // health says SERVING
//   ...
//   server->Drain(absl::Seconds(10));  // health says NOT_SERVING, calls under way end
//
// Thread-safe. It knows nothing of what the services do.

#ifndef LEYE_SERVICES_RPC_SERVER_H_
#define LEYE_SERVICES_RPC_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class Channel;
class Server;
class Service;
namespace experimental {
class ExternalConnectionAcceptor;
}  // namespace experimental
}  // namespace grpc

namespace leye {

class ListenSocket;

}  // namespace leye

namespace leye::rpc {

class AcceptLoop;
class CallWatch;

// Files in PEM, looked at every second: what replaces them takes effect without a restart, for
// connections that are made afterwards.
struct TlsFiles {
  std::string certificate;  // The server's chain; empty: no TLS.
  std::string key;
  // Whose certificates of clients are believed. Empty: none is asked for.
  std::string client_ca;
  // With `client_ca`: whether who shows no certificate gets no connection.
  bool client_required = false;
};

class Server {
 public:
  struct Options {
    std::string listen = "127.0.0.1:7400";  // host:port; port 0 picks a free one.
    TlsFiles tls = {};                      // Without: plaintext.
    // A larger request is RESOURCE_EXHAUSTED; a compressed one is UNIMPLEMENTED.
    int max_message_bytes = 4 << 20;
    int max_concurrent_calls = 1024;                  // Streams of one connection.
    absl::Duration idle_connection = absl::Hours(1);  // A connection without calls is closed then.
    std::vector<std::string> service_names;           // That health answers for, beside "".
    const CallWatch* watch = nullptr;                 // Is shown every call; null: nobody is.
  };

  // Listens with `services`, which must outlive the server, and with grpc.health.v1.Health and
  // reflection, which list each other. Health says NOT_SERVING until SetServing(true).
  // UNAVAILABLE (reason LISTEN_FAILED) when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Options& options,
                                                       const std::vector<grpc::Service*>& services);

  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // host:port as bound.
  const std::string& address() const { return address_; }

  // A connection within this process, without a socket: calls on it are answered as those that come
  // through the listener. Usable until the end of the drain.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // What health answers for the server as a whole and for every service.
  void SetServing(bool serving);

  // What health answers for one name, a service's or another: NOT_FOUND until this is told,
  // NOT_SERVING from the drain on.
  void SetServing(const std::string& name, bool serving);

  // Takes no new calls, lets those under way end, cancels what is left after `patience`, and
  // returns when all are gone. Idempotent.
  void Drain(absl::Duration patience);

 private:
  Server();

  // Takes connections of `sockets` from now on.
  void Accept(std::vector<ListenSocket> sockets);

  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<AcceptLoop>
      accept_loop_;  // Feeds `acceptor_`; null on a socket of the file system.
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::vector<std::string> service_names_;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_SERVER_H_
