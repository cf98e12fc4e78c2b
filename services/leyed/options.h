// What leyed can be told, by flags, environment (LEYE_*) and file; `leyed --help` prints it.

#ifndef LEYE_SERVICES_LEYED_OPTIONS_H_
#define LEYE_SERVICES_LEYED_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

#include "services/base/config.h"
#include "services/store/redis_store.h"

namespace leye {

struct LeyedOptions {
  std::string listen = "127.0.0.1:7400";
  bool allow_plaintext_beyond_loopback = false;
  std::string store = "sqlite";  // Or "redis".
  std::string data_dir = "leye-data";
  std::string redis_mode = "single";           // "single", "sentinel" or "cluster".
  std::string redis_unsafe_server = "refuse";  // Or "warn".
  store::RedisOptions redis;                   // Less what the two above say.
  absl::Duration max_lag = absl::Seconds(5);
  std::string metrics_listen;  // Empty: no metrics.
  std::string catalogue_dir;   // Empty: the catalogue that is built in.
  std::string log_level = "info";
  int worker_threads = 4;
  int queue_capacity = 256;
  int max_message_bytes = 4 << 20;
  absl::Duration drain = absl::Seconds(10);
};

// The parser whose keys set `options`, which must outlive it.
ConfigParser LeyedConfig(LeyedOptions& options);

// What no single key shows, all at once; INVALID_ARGUMENT names the keys:
// - `listen` is "host:port" (or "unix:path"), where no connection from another machine can come
//   from, or the operator has allowed it in words. There is no TLS yet, so what leaves the machine
//   would be readable. `metrics-listen` is such a "host:port" as well, or empty.
// - `store = redis` has addresses that fit the mode.
absl::Status CheckOptions(const LeyedOptions& options);

// `options.redis` with the mode and the policy that the text keys say.
store::RedisOptions RedisOptionsOf(const LeyedOptions& options);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_OPTIONS_H_
