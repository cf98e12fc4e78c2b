// A network between a client and a server on this machine that fails on demand.
//
//   FaultyNetwork network(server.address());
//   OpenRedisStore({.addresses = {network.address()}}, environment);
//   network.Become(FaultyNetwork::State::kBlackHole);   // silence, and nobody hangs up
//   network.Become(FaultyNetwork::State::kGood);        // what was under way arrives
//
// It is a proxy for TCP, and works by bytes: it knows nothing of what passes.

#ifndef LEYE_TESTS_TESTING_FAULTY_NETWORK_H_
#define LEYE_TESTS_TESTING_FAULTY_NETWORK_H_

#include <list>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"

#include "services/base/mutex.h"

namespace leye::testing {

// Thread-safe. Aborts when it cannot be set up.
class FaultyNetwork {
 public:
  enum class State {
    kGood,
    kBlackHole,       // Nothing passes in either direction; new connections find nobody.
    kRepliesAreHeld,  // What the client says arrives, what the server says does not.
    kTrickle,         // A byte now and then.
  };

  // `server` is "127.0.0.1:port". It need not run yet.
  explicit FaultyNetwork(const std::string& server);
  ~FaultyNetwork();
  FaultyNetwork(const FaultyNetwork&) = delete;
  FaultyNetwork& operator=(const FaultyNetwork&) = delete;

  // Where the client connects to.
  std::string address() const;

  void Become(State state) ABSL_LOCKS_EXCLUDED(mutex_);
  // Breaks all connections that there are.
  void HangUp() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Link {
    int client = -1;
    int server = -1;
  };

  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void Accept();
  // False when the link has ended.
  static bool Pass(int from, int to, size_t at_most);
  void PassWhatWaits(State state);
  static void End(const Link& link);
  void Wake() const;

  const int server_port_;
  int listener_ = -1;
  int port_ = 0;
  int wake_[2] = {-1, -1};
  Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kGood;
  bool hang_up_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::list<Link> links_;  // The thread's own.
  std::thread thread_;
};

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_FAULTY_NETWORK_H_
