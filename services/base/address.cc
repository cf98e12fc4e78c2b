#include "services/base/address.h"

#include <cstdint>

#include "absl/strings/match.h"
#include <arpa/inet.h>
#include <netinet/in.h>

namespace leye {

bool IsLoopback(const std::string& address) {
  if (absl::StartsWith(address, "unix:")) return true;
  std::string host = address;
  if (const size_t port = host.rfind(':'); port != std::string::npos && host.back() != ']') {
    host.resize(port);
  }
  if (host == "localhost" || host == "[::1]") return true;
  in_addr number{};
  constexpr uint32_t kLoopbackNet = 127;
  return inet_pton(AF_INET, host.c_str(), &number) == 1 &&
         ntohl(number.s_addr) >> 24 == kLoopbackNet;
}

}  // namespace leye
