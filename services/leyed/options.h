// What leyed can be told, by flags, environment (LEYE_*) and file; `leyed --help` prints it.

#ifndef LEYE_SERVICES_LEYED_OPTIONS_H_
#define LEYE_SERVICES_LEYED_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

#include "services/base/config.h"

namespace leye {

struct LeyedOptions {
  std::string listen = "127.0.0.1:7400";
  bool allow_plaintext_beyond_loopback = false;
  std::string data_dir = "leye-data";
  std::string catalogue_dir;  // Empty: the catalogue that is built in.
  std::string log_level = "info";
  int worker_threads = 4;
  int queue_capacity = 256;
  int max_message_bytes = 4 << 20;
  absl::Duration drain = absl::Seconds(10);
};

// The parser whose keys set `options`, which must outlive it.
ConfigParser LeyedConfig(LeyedOptions& options);

// OK when `listen` is "host:port" (or "unix:path") and no connection from another machine can reach
// a listener there, or the operator has allowed it in words; else INVALID_ARGUMENT. There is no TLS
// yet, so what leaves the machine would be readable.
absl::Status CheckListen(const LeyedOptions& options);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_OPTIONS_H_
