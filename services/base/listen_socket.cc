#include "services/base/listen_socket.h"

#include <netdb.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <netinet/in.h>
#include <sys/socket.h>

#include "services/base/status.h"

namespace leye {
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
  const int error = errno;
  close(made);
  errno = error;
  return -1;
}

// The address's port, in the order of bytes of the network.
in_port_t& PortIn(sockaddr& address) {
  return address.sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                       : reinterpret_cast<sockaddr_in&>(address).sin_port;
}

in_port_t PortOf(int socket) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  auto& address = reinterpret_cast<sockaddr&>(storage);
  return getsockname(socket, &address, &length) == 0 ? PortIn(address) : in_port_t{0};
}

absl::Status ListenFailed(const std::string& listen) {
  return Error(
      absl::StatusCode::kUnavailable, "LISTEN_FAILED",
      absl::StrCat("cannot listen on ", listen, ": is the address right and the port free?"));
}

bool IsNotOurs(int error) { return error == EADDRNOTAVAIL || error == EAFNOSUPPORT; }

}  // namespace

absl::StatusOr<ListenSocket> ListenSocket::Bind(const std::string& listen) {
  LEYE_ASSIGN_OR_RETURN(std::vector<ListenSocket> bound, BindAll(listen));
  return std::move(bound.front());
}

absl::StatusOr<std::vector<ListenSocket>> ListenSocket::BindAll(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return ListenFailed(listen);
  const std::string host = listen.substr(0, colon);
  const Addresses addresses = Resolve(host, listen.substr(colon + 1));
  std::vector<ListenSocket> bound;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    // What the first one picked is everybody's.
    if (!bound.empty()) PortIn(*address->ai_addr) = PortOf(bound.front().socket());
    const int made = Listen(*address);
    if (made >= 0) {
      bound.push_back(ListenSocket(made, absl::StrCat(host, ":", ntohs(PortOf(made)))));
    } else if (!IsNotOurs(errno)) {
      return ListenFailed(listen);
    }
  }
  if (bound.empty()) return ListenFailed(listen);
  return bound;
}

ListenSocket::ListenSocket(int socket, std::string address)
    : socket_(socket), address_(std::move(address)) {}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : socket_(other.Release()), address_(std::move(other.address_)) {}

ListenSocket::~ListenSocket() {
  if (socket_ >= 0) close(socket_);
}

int ListenSocket::Release() { return std::exchange(socket_, -1); }

}  // namespace leye
