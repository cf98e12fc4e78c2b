// leyed: the server program. Reads its configuration, serves until SIGTERM or SIGINT, drains, ends.
// With words before the flags it moves a region or seals anew instead (region_commands.h).
//
// Exit status: 0 after an orderly end, 1 when it could not start or serve, 2 for a mistake in the
// configuration. Log lines go to standard error; standard output gets one line, the address.

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include <google/protobuf/stubs/logging.h>

#include "services/access/secret.h"
#include "services/base/clock.h"
#include "services/base/config.h"
#include "services/base/logging.h"
#include "services/base/version.h"
#include "services/leyed/leyed.h"
#include "services/leyed/options.h"
#include "services/leyed/region_commands.h"

#if defined(__SANITIZE_ADDRESS__)
#define LEYE_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEYE_SANITIZED
#endif
#endif

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

int RunCommand(const std::vector<std::string>& words, const LeyedOptions& options) {
  const absl::StatusOr<LogLevel> level = ParseLogLevel(options.log_level);
  if (!level.ok()) return Fail(level.status(), kConfigurationMistake);
  const absl::StatusOr<std::string> done =
      RunRegionCommand(words, options, SystemClock(), Logger::ToStderr(*level));
  if (!done.ok()) {
    return Fail(done.status(), absl::IsInvalidArgument(done.status()) ? kConfigurationMistake : 1);
  }
  std::printf("%s\n", done->c_str());
  return 0;
}

// A core file would hold keys and the people whose calls are under way.
void KeepSecretsInside() {
#ifndef LEYE_SANITIZED  // The leak check traces its own process.
  if (access::SwitchDumpsOff()) return;
  std::fputs("leyed: core files cannot be switched off; see to it that none are written\n", stderr);
#endif
}

int Main(const std::vector<std::string>& arguments) {
  // Whoever sends a message that cannot be read is told so; protobuf would also write a line for it
  // that is no log line, as often as somebody likes.
  google::protobuf::SetLogHandler(nullptr);
  const auto first_flag =
      std::find_if(arguments.begin(), arguments.end(),
                   [](const std::string& word) { return absl::StartsWith(word, "-"); });
  const std::vector<std::string> words(arguments.begin(), first_flag);
  LeyedOptions options;
  const ConfigParser parser = LeyedConfig(options);
  const absl::StatusOr<ConfigOutcome> outcome =
      parser.Parse({first_flag, arguments.end()}, ProcessEnvironment());
  if (!outcome.ok()) return Fail(outcome.status(), kConfigurationMistake);
  if (*outcome == ConfigOutcome::kHelp) {
    std::fputs((parser.Help() + RegionCommandsHelp()).c_str(), stdout);
    return 0;
  }
  if (*outcome == ConfigOutcome::kVersion) {
    std::printf("leyed %s\n", std::string(Version()).c_str());
    return 0;
  }
  if (absl::Status checked = CheckOptions(options); !checked.ok()) {
    return Fail(checked, kConfigurationMistake);
  }
  if (HasMasterKeys(options)) KeepSecretsInside();
  if (!words.empty()) return RunCommand(words, options);
  return Serve(options, BlockEndSignals());
}

}  // namespace
}  // namespace leye

int main(int argc, char** argv) { return leye::Main({argv + 1, argv + argc}); }
