// Takes the connections of a listening socket and hands them on: a listener that outlives a lack of
// file descriptors. gRPC 1.51's own stops for good at the first accept that fails (CVE-2023-4785).
//
//   AcceptLoop loop(std::move(sockets), [&](int socket) { ... it is yours now ... });
//
// The last descriptors that the process may have are kept for files: a connection that gets one of
// them is closed at once, so that its client tries again or elsewhere. Those that come all at once
// are taken a few at a time, so that who is connected already is served meanwhile.

#ifndef LEYE_SERVICES_RPC_ACCEPT_LOOP_H_
#define LEYE_SERVICES_RPC_ACCEPT_LOOP_H_

#include <functional>
#include <thread>
#include <vector>

#include "services/base/listen_socket.h"

namespace leye::rpc {

// Thread-compatible.
class AcceptLoop {
 public:
  using Take = std::function<void(int socket)>;

  // `take` is called by the loop's own thread, with sockets that do not block.
  AcceptLoop(std::vector<ListenSocket> sockets, Take take);

  // Stops.
  ~AcceptLoop();
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;

  // Takes no more connections and closes the sockets. Returns when the thread has ended.
  // Idempotent.
  void Stop();

 private:
  void Run();
  // Takes some of what waits at one socket; false when the machine has nothing left for it.
  bool AcceptFew(int listening);

  std::vector<ListenSocket> sockets_;
  const Take take_;
  int wake_ = -1;  // An eventfd: readable when the loop is to end.
  std::thread thread_;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_ACCEPT_LOOP_H_
