#include "tests/testing/faulty_network.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace leye::testing {
namespace {

constexpr size_t kMostBytes = 64 << 10;

void RequireNetwork(bool holds, absl::string_view what) {
  if (holds) return;
  std::perror(std::string(what).c_str());
  std::abort();
}

int PortOf(const std::string& address) {
  int port = 0;
  RequireNetwork(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port), "port");
  return port;
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

bool SendAll(int to, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

FaultyNetwork::FaultyNetwork(const std::string& server) : server_port_(PortOf(server)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  RequireNetwork(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  // When nobody accepts, the kernel answers hardly any connection: they hang as in a black hole.
  RequireNetwork(listen(listener_, 1) == 0, "listen");
  RequireNetwork(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0,
                 "getsockname");
  port_ = ntohs(address.sin_port);
  RequireNetwork(pipe2(wake_, O_CLOEXEC | O_NONBLOCK) == 0, "pipe");
  thread_ = std::thread([this] { Run(); });
}

FaultyNetwork::~FaultyNetwork() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  Wake();
  thread_.join();
  for (const Link& link : links_) End(link);
  for (const int descriptor : {listener_, wake_[0], wake_[1]}) close(descriptor);
}

std::string FaultyNetwork::address() const { return absl::StrCat("127.0.0.1:", port_); }

void FaultyNetwork::Become(State state) {
  {
    MutexLock lock(mutex_);
    state_ = state;
  }
  Wake();
}

void FaultyNetwork::HangUp() {
  {
    MutexLock lock(mutex_);
    hang_up_ = true;
  }
  Wake();
}

void FaultyNetwork::Wake() const { RequireNetwork(write(wake_[1], "", 1) == 1, "wake"); }

void FaultyNetwork::End(const Link& link) {
  close(link.client);
  close(link.server);
}

void FaultyNetwork::Run() {
  while (true) {
    State state = State::kGood;
    bool hang_up = false;
    {
      MutexLock lock(mutex_);
      if (stopping_) return;
      state = state_;
      std::swap(hang_up, hang_up_);
    }
    if (hang_up) {
      for (const Link& link : links_) End(link);
      links_.clear();
    }
    PassWhatWaits(state);
  }
}

// Waits for something to do, and does it.
void FaultyNetwork::PassWhatWaits(State state) {
  const bool to_server = state != State::kBlackHole;
  const bool to_client = to_server && state != State::kRepliesAreHeld;
  std::vector<pollfd> waited = {{wake_[0], POLLIN, 0}, {to_server ? listener_ : -1, POLLIN, 0}};
  for (const Link& link : links_) {
    waited.push_back({to_server ? link.client : -1, POLLIN, 0});
    waited.push_back({to_client ? link.server : -1, POLLIN, 0});
  }
  if (poll(waited.data(), waited.size(), -1) < 0) return;
  char bytes[64];
  while (waited[0].revents != 0 && read(wake_[0], bytes, sizeof bytes) > 0) {
  }
  const size_t at_most = state == State::kTrickle ? 1 : kMostBytes;
  size_t at = 2;
  for (auto link = links_.begin(); link != links_.end(); at += 2) {
    const bool lives = (waited[at].revents == 0 || Pass(link->client, link->server, at_most)) &&
                       (waited[at + 1].revents == 0 || Pass(link->server, link->client, at_most));
    if (!lives) End(*link);
    link = lives ? std::next(link) : links_.erase(link);
  }
  if (waited[1].revents != 0) Accept();
  if (state == State::kTrickle) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void FaultyNetwork::Accept() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(server_port_);
  const Link link{client, server};
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    links_.push_back(link);
  } else {
    End(link);
  }
}

bool FaultyNetwork::Pass(int from, int to, size_t at_most) {
  std::string bytes(at_most, '\0');
  const ssize_t got = recv(from, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  bytes.resize(static_cast<size_t>(got));
  return SendAll(to, bytes);
}

}  // namespace leye::testing
