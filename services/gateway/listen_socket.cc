#include "services/gateway/listen_socket.h"

#include <netdb.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <netinet/in.h>
#include <sys/socket.h>

#include "services/base/status.h"

namespace leye::gateway {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses Resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string name(absl::StripSuffix(absl::StripPrefix(host, "["), "]"));
  return Addresses(getaddrinfo(name.c_str(), port.c_str(), &hints, &found) == 0 ? found : nullptr);
}

// A listening socket, or -1.
int Listen(const addrinfo& address) {
  const int made = socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0) return -1;
  const int yes = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(made, address.ai_addr, address.ai_addrlen) == 0 && listen(made, SOMAXCONN) == 0) {
    return made;
  }
  close(made);
  return -1;
}

int PortOf(int socket) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (getsockname(socket, address, &length) != 0) return 0;
  return ntohs(storage.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

}  // namespace

absl::StatusOr<ListenSocket> ListenSocket::Bind(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  if (colon != std::string::npos) {
    const std::string host = listen.substr(0, colon);
    const Addresses addresses = Resolve(host, listen.substr(colon + 1));
    const int bound = addresses == nullptr ? -1 : Listen(*addresses);
    if (bound >= 0) return ListenSocket(bound, absl::StrCat(host, ":", PortOf(bound)));
  }
  return Error(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
               absl::StrCat("cannot listen on ", listen,
                            " for HTTP: is the address right and the port free?"));
}

ListenSocket::ListenSocket(int socket, std::string address)
    : socket_(socket), address_(std::move(address)) {}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : socket_(other.Release()), address_(std::move(other.address_)) {}

ListenSocket::~ListenSocket() {
  if (socket_ >= 0) close(socket_);
}

int ListenSocket::Release() { return std::exchange(socket_, -1); }

}  // namespace leye::gateway
