#include "tests/testing/raw_http.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace leye::testing {
namespace {

// The value of a header in a head; "" for none.
std::string HeaderIn(const std::string& head, absl::string_view name) {
  const std::string lower = absl::AsciiStrToLower(head);
  const size_t begin = lower.find(absl::StrCat("\r\n", name, ": "));
  if (begin == std::string::npos) return {};
  const size_t value = begin + name.size() + 4;
  return head.substr(value, head.find("\r\n", value) - value);
}

}  // namespace

std::string RawPost(absl::string_view path, absl::string_view lines, absl::string_view body) {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nhost: a\r\n", lines,
                      "content-length: ", body.size(), "\r\n\r\n", body);
}

RawConnection::RawConnection(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool right = absl::SimpleAtoi(address.substr(colon + 1), &port) &&
                     inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr) == 1;
  to.sin_port = htons(static_cast<uint16_t>(port));
  const timeval patience{.tv_sec = 60, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!right || connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    std::cerr << "cannot connect to " << address << "\n";
    std::abort();
  }
}

RawConnection::~RawConnection() { Close(); }

void RawConnection::Close() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

bool RawConnection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawConnection::ReadMore() {
  std::array<char, 65536> buffer;
  const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
  if (count > 0) received_.append(buffer.data(), static_cast<size_t>(count));
  return count > 0;
}

std::string RawConnection::Take(size_t count) {
  while (received_.size() < count) {
    if (!ReadMore()) break;
  }
  std::string taken = received_.substr(0, count);
  received_.erase(0, count);
  return taken;
}

std::string RawConnection::ReceiveUntil(absl::string_view mark) {
  size_t found = std::string::npos;
  while ((found = received_.find(std::string(mark))) == std::string::npos) {
    if (!ReadMore()) return Take(received_.size());
  }
  return Take(found + mark.size());
}

RawAnswer RawConnection::Receive() {
  RawAnswer answer{.status = 0, .head = ReceiveUntil("\r\n\r\n"), .body = {}};
  if (!absl::EndsWith(answer.head, "\r\n\r\n")) return answer;
  if (HeaderIn(answer.head, "transfer-encoding") == "chunked") {
    size_t length = 0;
    do {
      const std::string line = ReceiveUntil("\r\n");
      length = std::strtoul(line.c_str(), nullptr, 16);
      answer.body += Take(length);
      Take(2);
    } while (length > 0);
  } else {
    size_t length = 0;
    static_cast<void>(absl::SimpleAtoi(HeaderIn(answer.head, "content-length"), &length));
    answer.body = Take(length);
  }
  static_cast<void>(absl::SimpleAtoi(answer.head.substr(9, 3), &answer.status));
  return answer;
}

bool RawConnection::WaitForClose() {
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
    if (count == 0) return true;
    if (count < 0) return errno == ECONNRESET;
  }
}

}  // namespace leye::testing
