// A TCP socket that listens on an address in words.

#ifndef LEYE_SERVICES_BASE_LISTEN_SOCKET_H_
#define LEYE_SERVICES_BASE_LISTEN_SOCKET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace leye {

// Owns the socket until Release. It does not block: accept says EAGAIN. Thread-compatible.
class ListenSocket {
 public:
  // `listen` is host:port, such as "127.0.0.1:7480", "localhost:0" or "[::1]:7480"; port 0 picks a
  // free one. The first address of a host that has several. UNAVAILABLE (LISTEN_FAILED) when it
  // cannot be bound.
  static absl::StatusOr<ListenSocket> Bind(const std::string& listen);

  // The same for every address of the host, all on one port. An address that this machine does not
  // have is left out, unless it has none.
  static absl::StatusOr<std::vector<ListenSocket>> BindAll(const std::string& listen);

  ~ListenSocket();
  ListenSocket(ListenSocket&& other) noexcept;
  ListenSocket& operator=(ListenSocket&&) = delete;

  // host:port as bound.
  const std::string& address() const { return address_; }
  int socket() const { return socket_; }

  // The socket, which is the caller's from now on.
  int Release();

 private:
  ListenSocket(int socket, std::string address);

  int socket_;
  std::string address_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_LISTEN_SOCKET_H_
