// leyed: the server program. Reads its configuration, serves until SIGTERM or SIGINT, drains, ends.
//
// Exit status: 0 after an orderly end, 1 when it could not start or serve, 2 for a mistake in the
// configuration. Log lines go to standard error; standard output gets one line, the address.

#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <google/protobuf/stubs/logging.h>

#include "services/base/clock.h"
#include "services/base/config.h"
#include "services/base/logging.h"
#include "services/leyed/leyed.h"
#include "services/leyed/options.h"

namespace leye {
namespace {

constexpr int kConfigurationMistake = 2;

// Blocked before any thread starts, so that only WaitForEnd sees them.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int Fail(const absl::Status& status, int exit_status) {
  std::fprintf(stderr, "leyed: %s\n", std::string(status.message()).c_str());
  return exit_status;
}

int Serve(const LeyedOptions& options, const sigset_t& end_signals) {
  const absl::StatusOr<LogLevel> level = ParseLogLevel(options.log_level);
  if (!level.ok()) return Fail(level.status(), kConfigurationMistake);
  const Logger log = Logger::ToStderr(*level);
  const SystemClock clock;

  absl::StatusOr<std::unique_ptr<Leyed>> leyed = Leyed::Start(options, clock, log);
  if (!leyed.ok()) return Fail(leyed.status(), 1);
  std::printf("leyed is serving on %s\n", (*leyed)->address().c_str());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&end_signals, &signal);
  log.Info("draining", {{"signal", signal}});
  (*leyed)->Drain();
  log.Info("ended");
  return 0;
}

int Main(const std::vector<std::string>& arguments) {
  // Whoever sends a message that cannot be read is told so; protobuf would also write a line for it
  // that is no log line, as often as somebody likes.
  google::protobuf::SetLogHandler(nullptr);
  const sigset_t end_signals = BlockEndSignals();
  LeyedOptions options;
  const ConfigParser parser = LeyedConfig(options);
  const absl::StatusOr<ConfigOutcome> outcome = parser.Parse(arguments, ProcessEnvironment());
  if (!outcome.ok()) return Fail(outcome.status(), kConfigurationMistake);
  if (*outcome == ConfigOutcome::kHelp) {
    std::fputs(parser.Help().c_str(), stdout);
    return 0;
  }
  if (absl::Status checked = CheckOptions(options); !checked.ok()) {
    return Fail(checked, kConfigurationMistake);
  }
  return Serve(options, end_signals);
}

}  // namespace
}  // namespace leye

int main(int argc, char** argv) { return leye::Main({argv + 1, argv + argc}); }
