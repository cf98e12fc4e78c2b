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

void AddServerKeys(LeyedOptions& options, ConfigParser& parser) {
  parser
      .Add({.key = "listen",
            .target = &options.listen,
            .help = "Address to serve gRPC on, host:port; port 0 picks a free one."})
      .Add({.key = "allow-plaintext-beyond-loopback",
            .target = &options.allow_plaintext_beyond_loopback,
            .help = "Listen without TLS on an address that other machines can reach."})
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
            .at_most = 3600})
      .Add({.key = "max-lag",
            .target = &options.max_lag,
            .help = "How old the memory that answers come from may be; beyond that the health name "
                    "leye.fresh is NOT_SERVING. It still answers.",
            .at_least = 0.1,
            .at_most = 86400})
      .Add({.key = "metrics-listen",
            .target = &options.metrics_listen,
            .help = "Address to serve metrics for Prometheus on, host:port, path /metrics; empty "
                    "for none."});
}

void AddStoreKeys(LeyedOptions& options, ConfigParser& parser) {
  parser
      .Add({.key = "store",
            .target = &options.store,
            .help = "Where records are kept: the embedded store of one leyed, or a Redis that "
                    "several share.",
            .one_of = {"sqlite", "redis"}})
      .Add({.key = "data-dir",
            .target = &options.data_dir,
            .help = "Folder of the embedded store; created when missing. One leyed a folder."})
      .Add({.key = "redis-mode",
            .target = &options.redis_mode,
            .help = "What redis-address names: the server, the Sentinels, or some servers of the "
                    "Redis Cluster.",
            .one_of = {"single", "sentinel", "cluster"}})
      .Add({.key = "redis-address",
            .target = &options.redis.addresses,
            .help = "Where Redis listens, host:port or unix:/path. There is no TLS: use a Unix "
                    "socket, stunnel or WireGuard."})
      .Add({.key = "redis-primary-name",
            .target = &options.redis.primary_name,
            .help = "Name by which the Sentinels know the primary."})
      .Add({.key = "redis-user",
            .target = &options.redis.user,
            .help = "User of the Redis ACL; deploy/redis/users.acl says what it needs."})
      .Add({.key = "redis-password-file",
            .target = &options.redis.password_file,
            .help = "File whose first line is that user's password."})
      .Add({.key = "redis-sentinel-password-file",
            .target = &options.redis.sentinel_password_file,
            .help = "File whose first line is the Sentinels' password."});
}

void AddRedisLimits(LeyedOptions& options, ConfigParser& parser) {
  parser
      .Add({.key = "redis-replicas",
            .target = &options.redis.replicas,
            .help = "Replicas that must have a commit before it is acknowledged.",
            .at_least = 0,
            .at_most = 8})
      .Add({.key = "redis-unsafe-server",
            .target = &options.redis_unsafe_server,
            .help = "What to do about a Redis whose settings may lose acknowledged commits.",
            .one_of = {"refuse", "warn"}})
      .Add({.key = "redis-connections",
            .target = &options.redis.max_connections,
            .help = "Most connections to each server of Redis.",
            .at_least = 1,
            .at_most = 1000})
      .Add({.key = "redis-connect-timeout",
            .target = &options.redis.connect_timeout,
            .help = "Longest time for a connection to Redis.",
            .at_least = 0.01,
            .at_most = 60})
      .Add({.key = "redis-call-timeout",
            .target = &options.redis.call_timeout,
            .help = "Longest time for a read or a commit in Redis.",
            .at_least = 0.01,
            .at_most = 60});
}

// Of the address that `key` says.
std::vector<FieldViolation> MistakesOfListen(const std::string& key, const std::string& listen,
                                             const LeyedOptions& options) {
  std::vector<FieldViolation> mistakes;
  if (!HasPort(listen)) {
    mistakes.push_back({key, absl::StrCat("\"", listen, "\" must be host:port, port 0 to 65535")});
  }
  if (!options.allow_plaintext_beyond_loopback && !IsLoopback(listen)) {
    mistakes.push_back(
        {key, absl::StrCat("\"", listen,
                           "\" can be reached from other machines and there is no TLS: use a "
                           "loopback address, or say --allow-plaintext-beyond-loopback")});
  }
  return mistakes;
}

std::vector<FieldViolation> MistakesOfMetrics(const LeyedOptions& options) {
  if (options.metrics_listen.empty()) return {};
  if (absl::StartsWith(options.metrics_listen, "unix:")) {
    return {{"metrics-listen", "must be host:port: HTTP is served on TCP only"}};
  }
  return MistakesOfListen("metrics-listen", options.metrics_listen, options);
}

std::vector<FieldViolation> MistakesOfRedis(const LeyedOptions& options) {
  if (options.store != "redis") return {};
  const std::string mistake = store::MistakeInAddresses(RedisOptionsOf(options));
  if (mistake.empty()) return {};
  return {{"redis-address", mistake}};
}

}  // namespace

ConfigParser LeyedConfig(LeyedOptions& options) {
  ConfigParser parser("leyed", "Matches relocated people with jobs: the leye server.");
  AddServerKeys(options, parser);
  AddStoreKeys(options, parser);
  AddRedisLimits(options, parser);
  return parser;
}

absl::Status CheckOptions(const LeyedOptions& options) {
  std::vector<FieldViolation> mistakes = MistakesOfListen("listen", options.listen, options);
  for (const auto& more : {MistakesOfMetrics(options), MistakesOfRedis(options)}) {
    mistakes.insert(mistakes.end(), more.begin(), more.end());
  }
  return InvalidFields(std::move(mistakes));
}

store::RedisOptions RedisOptionsOf(const LeyedOptions& options) {
  store::RedisOptions redis = options.redis;
  if (options.redis_mode == "sentinel") redis.mode = store::RedisMode::kSentinel;
  if (options.redis_mode == "cluster") redis.mode = store::RedisMode::kCluster;
  if (options.redis_unsafe_server == "warn") redis.unsafe_server = store::UnsafeServer::kWarn;
  return redis;
}

}  // namespace leye
