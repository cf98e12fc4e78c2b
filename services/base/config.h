// Typed configuration: defaults < file < environment < flags.
//
//   ServerOptions options;                       // its members' values are the defaults
//   ConfigParser parser("leyed", "Matches relocated people with jobs.");
//   parser.Add({.key = "listen", .target = &options.listen, .help = "Address to serve gRPC on."});
//   parser.Add({.key = "worker-threads", .target = &options.worker_threads,
//               .help = "Threads that run calls.", .at_least = 1, .at_most = 256});
//   absl::StatusOr<ConfigOutcome> outcome =
//       parser.Parse({argv + 1, argv + argc}, ProcessEnvironment());
//
// The key `worker-threads` is `worker-threads = 8` in the file named by --config (or LEYE_CONFIG),
// LEYE_WORKER_THREADS in the environment and --worker-threads=8 as a flag. Lines of the file that
// start with # are comments. Unknown keys are refused in all three places, LEYE_* variables
// included.

#ifndef LEYE_SERVICES_BASE_CONFIG_H_
#define LEYE_SERVICES_BASE_CONFIG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace leye {

// Where a value goes. Durations are written "250ms", "10s", "2h"; truth "true" or "false" (a bare
// --flag is true); a list is separated by commas.
using ConfigTarget = std::variant<std::string*, bool*, int*, int64_t*, double*, absl::Duration*,
                                  std::vector<std::string>*>;

// One line of the table that parsing, checking and --help are generated from.
struct ConfigKey {
  std::string key;      // Lower-case words joined by '-'.
  ConfigTarget target;  // REQUIRES: not null, outlives the parser. Holds the default.
  std::string help;     // One sentence, with the unit.
  std::optional<double> at_least = std::nullopt;  // For numbers; for durations in seconds.
  std::optional<double> at_most = std::nullopt;
  std::vector<std::string> one_of = {};  // For text; empty allows anything.
};

enum class ConfigOutcome {
  kRun,      // The targets are set.
  kHelp,     // --help was asked for: print Help() and leave with 0. No target has changed.
  kVersion,  // --version was asked for. No target has changed.
};

using Environment = std::map<std::string, std::string>;

// The variables of this process.
Environment ProcessEnvironment();

// Thread-compatible.
class ConfigParser {
 public:
  ConfigParser(absl::string_view program, absl::string_view summary);

  // REQUIRES: `key.key` is new and well formed (a programming error otherwise: aborts).
  ConfigParser& Add(ConfigKey key);

  // Reads all sources, then sets the targets. INVALID_ARGUMENT when anything is wrong, and no
  // target has changed: the message has one line for every mistake in every source, and names the
  // nearest known key for an unknown one; the same list is in the status's field violations.
  absl::StatusOr<ConfigOutcome> Parse(const std::vector<std::string>& arguments,
                                      const Environment& environment) const;

  // Every key with its type, default, limits and meaning.
  std::string Help() const;

  // "key = value" for every key as it stands now, one a line: for a log or a bug report.
  std::string Describe() const;

 private:
  std::string program_;
  std::string summary_;
  std::vector<ConfigKey> keys_;
  std::vector<std::string> defaults_;  // Parallel to keys_, as text.
};

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_CONFIG_H_
