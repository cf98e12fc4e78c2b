#include "services/rpc/server.h"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.pb.h"
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "services/base/listen_socket.h"
#include "services/base/status.h"
#include "services/rpc/accept_loop.h"
#include "services/rpc/call_watch.h"
#include "services/rpc/malformed_requests.h"

namespace leye::rpc {
namespace {

// Both plugins register themselves in process-wide state that only grows: once is enough.
void EnableHealthAndReflection() {
  static const bool kDone = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    // The built-in health service has no descriptor of its own: reflection finds it only when the
    // generated one is linked in, which a use of it ensures.
    return grpc::health::v1::HealthCheckRequest::descriptor() != nullptr;
  }();
  static_cast<void>(kDone);
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void ApplyLimits(const Server::Options& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  // The limit counts bytes on the wire: what gzip packs a thousandfold would be unpacked whole.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_calls);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                             Milliseconds(options.idle_connection));
}

// PLATFORM: certificates are read anew within a second of a symlink's swap.
std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const TlsFiles& tls) {
  if (tls.certificate.empty()) return grpc::InsecureServerCredentials();
  constexpr unsigned kLookEverySeconds = 1;
  const auto files = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      tls.key, tls.certificate, tls.client_ca, kLookEverySeconds);
  grpc::experimental::TlsServerCredentialsOptions options(files);
  options.watch_identity_key_cert_pairs();
  if (!tls.client_ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(tls.client_required
                                      ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                      : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(options);
}

bool IsInFileSystem(const std::string& listen) { return absl::StartsWith(listen, "unix:"); }

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Options& options,
                                                      const std::vector<grpc::Service*>& services) {
  EnableHealthAndReflection();
  grpc::ServerBuilder builder;
  ApplyLimits(options, builder);
  std::unique_ptr<Server> server(new Server());
  std::vector<ListenSocket> sockets;
  int port = 1;
  if (IsInFileSystem(options.listen)) {
    builder.AddListeningPort(options.listen, CredentialsOf(options.tls), &port);
    server->address_ = options.listen;
  } else {
    LEYE_ASSIGN_OR_RETURN(sockets, ListenSocket::BindAll(options.listen));
    server->address_ = sockets.front().address();
    server->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
        CredentialsOf(options.tls));
  }
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<MalformedRequests>());
  // Behind the other, whose answers it is to see.
  if (options.watch != nullptr) {
    interceptors.push_back(std::make_unique<WatchesCalls>(*options.watch));
  }
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  for (grpc::Service* service : services) builder.RegisterService(service);

  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || port == 0) {
    return Error(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
                 absl::StrCat("cannot listen on ", options.listen,
                              ": is the address right and the port free?"));
  }
  server->service_names_ = options.service_names;
  server->SetServing(false);
  if (!sockets.empty()) server->Accept(std::move(sockets));
  return server;
}

void Server::Accept(std::vector<ListenSocket> sockets) {
  accept_loop_ = std::make_unique<AcceptLoop>(std::move(sockets), [this](int socket) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = socket;
    acceptor_->HandleNewConnection(&connection);
  });
}

Server::Server() = default;

Server::~Server() { Drain(absl::ZeroDuration()); }

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // The server's own answers may have any length.
  return server_->InProcessChannel(arguments);
}

void Server::SetServing(bool serving) {
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  health->SetServingStatus(serving);
  for (const std::string& service : service_names_) health->SetServingStatus(service, serving);
}

void Server::SetServing(const std::string& name, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(name, serving);
}

void Server::Drain(absl::Duration patience) {
  if (server_ == nullptr) return;
  SetServing(false);
  if (accept_loop_ != nullptr) accept_loop_->Stop();
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(patience));
  server_->Wait();
}

}  // namespace leye::rpc
