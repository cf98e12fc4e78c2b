// Sees what the HTTP library does not see: that a client has left while its call is under way, and
// that a request has been coming for too long.
//
//   const int64_t id = watch.Add(socket);               // a connection: a request is awaited
//   watch.AwaitAnswer(id, [exchange] { exchange->Leave(); });
//   watch.AwaitRequest(id);                              // the answer is sent: the next one
//   watch.Remove(id);                                    // before the socket is closed
//
// libmicrohttpd looks at no socket that is suspended, and its time-out starts anew with every byte.
// One thread waits for hang-ups and, now and then, compares deadlines; a call costs no system call.
// A client that closes only its sending side counts as gone.

#ifndef LEYE_SERVICES_GATEWAY_CONNECTION_WATCH_H_
#define LEYE_SERVICES_GATEWAY_CONNECTION_WATCH_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"

namespace leye::gateway {

// Thread-safe.
class ConnectionWatch {
 public:
  // A connection is shut down when no whole request came within `patience`.
  static absl::StatusOr<std::unique_ptr<ConnectionWatch>> Start(absl::Duration patience);
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  int64_t Add(int socket) ABSL_LOCKS_EXCLUDED(mutex_);
  void AwaitRequest(int64_t id) ABSL_LOCKS_EXCLUDED(mutex_);
  // `left` is called at most once, from the watch's thread or from this call.
  void AwaitAnswer(int64_t id, std::function<void()> left) ABSL_LOCKS_EXCLUDED(mutex_);
  void Remove(int64_t id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Shuts all connections down, those that are added meanwhile as well, and waits until they have
  // been removed, or the deadline.
  void ShutDownAll(SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Connection {
    int socket = -1;
    std::optional<SteadyTime> deadline = std::nullopt;
    std::function<void()> left = nullptr;
    bool hung_up = false;
  };

  ConnectionWatch(absl::Duration patience, int epoll, int wake)
      : patience_(patience), epoll_(epoll), wake_(wake) {}

  void Run();
  void HangUp(int64_t id) ABSL_LOCKS_EXCLUDED(mutex_);
  void ShutDownOverdue() ABSL_LOCKS_EXCLUDED(mutex_);

  const absl::Duration patience_;
  const int epoll_;
  const int wake_;  // An eventfd: written to at the end.
  Mutex mutex_;
  CondVar none_;
  absl::flat_hash_map<int64_t, Connection> connections_ ABSL_GUARDED_BY(mutex_);
  int64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_CONNECTION_WATCH_H_
