#include "services/rpc/accept_loop.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace leye::rpc {
namespace {

// Of the process's descriptors, the last are for files of the store and the keys.
constexpr int kDescriptorsForFiles = 32;

// How long connections wait in the kernel's queue when there is no descriptor at all.
constexpr int kPauseMilliseconds = 50;

// gRPC sets a connection up on the threads that read the calls of all others, so a thousand that
// come at once are spread over half a second. They wait in the kernel's queue.
constexpr int kMostAtOnce = 2;
constexpr int kBreatherMilliseconds = 1;

// Descriptors are numbered from below, so one of the last numbers means that few are left.
bool IsAmongTheLast(int socket) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return false;
  return static_cast<rlim_t>(socket) + kDescriptorsForFiles >= files.rlim_cur;
}

}  // namespace

AcceptLoop::AcceptLoop(std::vector<ListenSocket> sockets, Take take)
    : sockets_(std::move(sockets)),
      take_(std::move(take)),
      wake_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

AcceptLoop::~AcceptLoop() { Stop(); }

void AcceptLoop::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
  sockets_.clear();
}

void AcceptLoop::Run() {
  std::vector<pollfd> waited = {{.fd = wake_, .events = POLLIN, .revents = 0}};
  for (const ListenSocket& socket : sockets_) {
    waited.push_back({.fd = socket.socket(), .events = POLLIN, .revents = 0});
  }
  while (true) {
    poll(waited.data(), waited.size(), -1);
    if (waited.front().revents != 0) return;
    int pause = kBreatherMilliseconds;
    for (const pollfd& socket : waited) {
      if (socket.revents != 0 && !AcceptFew(socket.fd)) pause = kPauseMilliseconds;
    }
    poll(waited.data(), 1, pause);
  }
}

bool AcceptLoop::AcceptFew(int listening) {
  for (int taken = 0; taken < kMostAtOnce;) {
    const int socket = accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      if (IsAmongTheLast(socket)) {
        close(socket);
        continue;
      }
      const int yes = 1;
      setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      take_(socket);
      ++taken;
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace leye::rpc
