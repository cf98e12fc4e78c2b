// A redis-server of the test's own: in a folder of its own, on a Unix socket or a loopback port.
//
//   RedisServer server({});
//   OpenRedisStore({.addresses = {server.address()}}, environment);
//   server.Kill();                   // SIGKILL
//   server.Start();                  // on the same files
//
// Set up to be safe as deploy/redis/redis.conf is, unless `settings` say otherwise.

#ifndef LEYE_TESTS_TESTING_REDIS_SERVER_H_
#define LEYE_TESTS_TESTING_REDIS_SERVER_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <sys/types.h>

#include "tests/testing/temp_dir.h"

namespace leye::testing {

struct RedisServerOptions {
  std::map<std::string, std::string> settings = {};  // As in redis.conf, over the safe ones.
  int port = 0;  // 0: a Unix socket; kAnyPort: a free port of 127.0.0.1.
  std::map<std::string, std::string> environment = {};  // Variables of its process, beside ours.
  std::string config_file = {};  // Read first, and then the safe settings are its own affair.
  std::vector<std::string> config = {};  // Lines of a Sentinel's file, which it rewrites.
};

inline constexpr int kAnyPort = -1;

// A port of 127.0.0.1 that nobody listened on a moment ago.
int FreePort();

// Thread-compatible. Aborts when a server cannot be started.
class RedisServer {
 public:
  explicit RedisServer(RedisServerOptions options = {});
  ~RedisServer();  // Kills it.
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  // "unix:<path>" or "127.0.0.1:<port>".
  std::string address() const;
  int port() const { return options_.port; }
  pid_t pid() const { return pid_; }
  std::string File(absl::string_view name) const { return dir_.File(name); }

  // REQUIRES: it does not run. Returns when it answers.
  void Start();
  // Waits for the end.
  void Kill();
  // SIGSTOP and SIGCONT.
  void Pause();
  void Resume();

  // The reply to a command as text, arrays as their elements in lines. "(no answer)" without one.
  std::string Ask(const std::vector<std::string>& command) const;

 private:
  std::vector<std::string> Arguments() const;

  RedisServerOptions options_;
  TempDir dir_;
  pid_t pid_ = -1;
};

// Asks `condition` until it holds, for a minute at most; whether it did.
bool Eventually(const std::function<bool()>& condition);

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_REDIS_SERVER_H_
