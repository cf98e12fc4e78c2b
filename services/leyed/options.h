// What leyed can be told, by flags, environment (LEYE_*) and file; `leyed --help` prints it.

#ifndef LEYE_SERVICES_LEYED_OPTIONS_H_
#define LEYE_SERVICES_LEYED_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "services/base/config.h"
#include "services/store/redis_store.h"

namespace leye {

struct LeyedOptions {
  std::string listen = "127.0.0.1:7400";
  bool allow_plaintext_beyond_loopback = false;
  std::string tls_certificate_file;  // Empty: no TLS.
  std::string tls_key_file;
  // Where identities come from; all empty: on loopback the operator is the caller.
  std::string client_ca_file;
  std::string token_keys_file;
  std::string api_keys_file;
  int calls_per_second = 0;  // Of one principal to one method; 0: no limit.
  int burst_calls = 40;
  std::string audit_file;  // Empty: no audit.
  // Where master keys come from; both empty: personal data is not sealed.
  std::string master_keys;
  std::string master_keys_command;
  bool allow_unsealed_beyond_loopback = false;
  std::string store = "sqlite";  // Or "redis".
  std::string data_dir = "leye-data";
  std::string redis_mode = "single";           // "single", "sentinel" or "cluster".
  std::string redis_unsafe_server = "refuse";  // Or "warn".
  store::RedisOptions redis;                   // Less what the two above say.
  absl::Duration max_lag = absl::Seconds(5);
  std::string metrics_listen;  // Empty: no metrics.
  std::string http;            // Empty: no gateway.
  std::vector<std::string> http_allowed_origins = {};
  std::string http_docs;      // Empty: none.
  std::string catalogue_dir;  // Empty: the catalogue that is built in.
  std::string log_level = "info";
  std::string access_log = "none";  // Or "errors" or "all".
  int worker_threads = 4;
  int queue_capacity = 256;
  absl::Duration queue_wait = absl::Seconds(1);
  absl::Duration showings_interval = absl::Seconds(3);  // Zero: nobody counts.
  int max_message_bytes = 4 << 20;
  absl::Duration drain = absl::Seconds(10);
};

// Whether there are master keys, so that personal data is sealed.
bool HasMasterKeys(const LeyedOptions& options);

// The parser whose keys set `options`, which must outlive it.
ConfigParser LeyedConfig(LeyedOptions& options);

// What no single key shows, all at once; INVALID_ARGUMENT names the keys:
// - `listen` is "host:port" (or "unix:path"). Where connections from other machines can come from
//   there is TLS and callers have identities, and personal data is sealed, or the operator has
//   allowed it in words.
//   `metrics-listen` and `http` are such a "host:port" as well, or empty; they never have TLS.
// - TLS has a certificate and a key, and whoever asks clients for certificates has TLS.
// - `store = redis` has addresses that fit the mode.
absl::Status CheckOptions(const LeyedOptions& options);

// Whether callers must prove who they are.
bool HasIdentities(const LeyedOptions& options);

// Whether they can do so by a certificate alone, so that whoever has none need not be heard.
bool OnlyCertificates(const LeyedOptions& options);

// What a server should not be without that other machines can reach, and is: a line each for the
// log, beginning with the key. Empty for a server on loopback.
std::vector<std::string> MissingDefences(const LeyedOptions& options);

// `options.redis` with the mode and the policy that the text keys say.
store::RedisOptions RedisOptionsOf(const LeyedOptions& options);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_OPTIONS_H_
