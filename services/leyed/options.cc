#include "services/leyed/options.h"

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <arpa/inet.h>
#include <netinet/in.h>

#include "services/base/status.h"

namespace leye {
namespace {

// An address, not a name that looks like one: "127.0.0.1.example.org" may lead anywhere.
bool IsLoopback(const std::string& listen) {
  if (absl::StartsWith(listen, "unix:")) return true;
  const std::string host = listen.substr(0, listen.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  constexpr uint32_t kLoopbackNet = 127;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 &&
         ntohl(address.s_addr) >> 24 == kLoopbackNet;
}

// gRPC takes a missing port for 443 and cuts one that is too great down to sixteen bits.
bool HasPort(const std::string& listen) {
  if (absl::StartsWith(listen, "unix:")) return true;
  const size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return false;
  const std::string port = listen.substr(colon + 1);
  int number = 0;
  return !port.empty() && absl::ascii_isdigit(static_cast<unsigned char>(port.front())) &&
         absl::SimpleAtoi(port, &number) && number <= std::numeric_limits<uint16_t>::max();
}

}  // namespace

ConfigParser LeyedConfig(LeyedOptions& options) {
  ConfigParser parser("leyed", "Matches relocated people with jobs: the leye server.");
  parser
      .Add({.key = "listen",
            .target = &options.listen,
            .help = "Address to serve gRPC on, host:port; port 0 picks a free one."})
      .Add({.key = "allow-plaintext-beyond-loopback",
            .target = &options.allow_plaintext_beyond_loopback,
            .help = "Listen without TLS on an address that other machines can reach."})
      .Add({.key = "data-dir",
            .target = &options.data_dir,
            .help = "Folder of the embedded store; created when missing. One leyed a folder."})
      .Add({.key = "catalogue-dir",
            .target = &options.catalogue_dir,
            .help = "Folder with trades.tsv, skills.tsv and relations.tsv to use instead of the "
                    "built-in catalogue."})
      .Add({.key = "log-level",
            .target = &options.log_level,
            .help = "Least level of log lines on standard error.",
            .one_of = {"debug", "info", "warning", "error", "off"}})
      .Add({.key = "worker-threads",
            .target = &options.worker_threads,
            .help = "Threads for calls that read or write the store.",
            .at_least = 1,
            .at_most = 256})
      .Add({.key = "queue-capacity",
            .target = &options.queue_capacity,
            .help = "Calls that may wait for a thread; beyond that they are refused at once.",
            .at_least = 1,
            .at_most = 100000})
      .Add({.key = "max-message-bytes",
            .target = &options.max_message_bytes,
            .help = "Largest request message.",
            .at_least = 65536,
            .at_most = 64 << 20})
      .Add({.key = "drain",
            .target = &options.drain,
            .help = "How long calls under way may take to end after SIGTERM.",
            .at_least = 0,
            .at_most = 3600});
  return parser;
}

absl::Status CheckListen(const LeyedOptions& options) {
  std::vector<FieldViolation> mistakes;
  if (!HasPort(options.listen)) {
    mistakes.push_back(
        {"listen", absl::StrCat("\"", options.listen, "\" must be host:port, port 0 to 65535")});
  }
  if (!options.allow_plaintext_beyond_loopback && !IsLoopback(options.listen)) {
    mistakes.push_back(
        {"listen", absl::StrCat("\"", options.listen,
                                "\" can be reached from other machines and there is no TLS: use a "
                                "loopback address, or say --allow-plaintext-beyond-loopback")});
  }
  return mistakes.empty() ? absl::OkStatus() : InvalidFields(std::move(mistakes));
}

}  // namespace leye
