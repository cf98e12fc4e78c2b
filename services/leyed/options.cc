#include "services/leyed/options.h"

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "services/base/address.h"
#include "services/base/status.h"

namespace leye {
namespace {

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
            .help = "Listen without TLS, or to callers who prove nothing and are taken for the "
                    "operator, on an address that other machines can reach."})
      .Add({.key = "catalogue-dir",
            .target = &options.catalogue_dir,
            .help = "Folder with trades.tsv, skills.tsv, relations.tsv, titles.tsv and words.tsv "
                    "to use instead of the built-in catalogue; all five must be there."})
      .Add({.key = "log-level",
            .target = &options.log_level,
            .help = "Least level of log lines on standard error.",
            .one_of = {"debug", "info", "warning", "error", "off"}})
      .Add({.key = "access-log",
            .target = &options.access_log,
            .help = "Which calls have a log line, at level info: method, code, duration, request "
                    "id and trace; never what was asked or by whom.",
            .one_of = {"none", "errors", "all"}});
}

void AddLoadKeys(LeyedOptions& options, ConfigParser& parser) {
  parser
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
      .Add({.key = "queue-wait",
            .target = &options.queue_wait,
            .help = "How long a call may wait for a thread before calls behind it are refused at "
                    "once.",
            .at_least = 0.01,
            .at_most = 3600})
      .Add({.key = "showings-interval",
            .target = &options.showings_interval,
            .help = "How often it is written down for which postings people were shown; 0 for "
                    "never, then nobody counts.",
            .at_least = 0,
            .at_most = 3600})
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
            .help = "Address to serve /metrics for Prometheus, /healthz and /readyz on, "
                    "host:port; empty for none."});
}

void AddAccessKeys(LeyedOptions& options, ConfigParser& parser) {
  parser
      .Add({.key = "tls-certificate-file",
            .target = &options.tls_certificate_file,
            .help = "PEM with the server's certificate and its chain; replaced files are read "
                    "without a restart."})
      .Add({.key = "tls-key-file",
            .target = &options.tls_key_file,
            .help = "PEM with the certificate's private key."})
      .Add({.key = "client-ca-file",
            .target = &options.client_ca_file,
            .help = "PEM with the authorities whose client certificates are believed; their URI "
                    "name says who calls, such as leye://bureau/1307. Without token-keys-file and "
                    "api-keys-file nobody connects who shows none."})
      .Add({.key = "token-keys-file",
            .target = &options.token_keys_file,
            .help = "PEM with the public keys whose tokens of apps are taken (leyectl access)."})
      .Add({.key = "api-keys-file",
            .target = &options.api_keys_file,
            .help = "File with the hashes of partners' keys, a line each (leyectl access)."})
      .Add({.key = "calls-per-second",
            .target = &options.calls_per_second,
            .help = "How often one caller may call one method; 0 for no limit. Operators are not "
                    "limited.",
            .at_least = 0,
            .at_most = 100000})
      .Add({.key = "burst-calls",
            .target = &options.burst_calls,
            .help = "How many such calls may come at once after a pause.",
            .at_least = 1,
            .at_most = 100000})
      .Add({.key = "audit-file",
            .target = &options.audit_file,
            .help = "File to which is added who saw or changed which record; read by leyectl audit "
                    "list, checked by audit verify. Empty for none."});
}

void AddSealingKeys(LeyedOptions& options, ConfigParser& parser) {
  parser
      .Add({.key = "master-keys",
            .target = &options.master_keys,
            .help = "File with the keys that seal personal data, a line each, the active one first "
                    "(leyectl access new-master-key); readable by its owner only. Read again when "
                    "it has changed."})
      .Add({.key = "master-keys-command",
            .target = &options.master_keys_command,
            .help = "Command for /bin/sh that writes such a file to its standard output, instead "
                    "of the file; run again every minute."})
      .Add({.key = "allow-unsealed-beyond-loopback",
            .target = &options.allow_unsealed_beyond_loopback,
            .help = "Serve an address that other machines can reach although personal data is "
                    "kept unsealed, without master keys."});
}

void AddGatewayKeys(LeyedOptions& options, ConfigParser& parser) {
  parser
      .Add({.key = "http",
            .target = &options.http,
            .help = "Address to serve the API on as JSON over HTTP, Connect and gRPC-Web, "
                    "host:port; empty for none."})
      .Add({.key = "http-allowed-origins",
            .target = &options.http_allowed_origins,
            .help = "Origins whose pages may call it from a browser, such as "
                    "https://jobs.example.org; * for all."})
      .Add({.key = "http-docs",
            .target = &options.http_docs,
            .help = "Folder with the API's documents, made by deploy/docs/build, to serve at "
                    "/docs/; empty for none."});
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
      .Add({.key = "redis-image-records",
            .target = &options.redis.image_records,
            .help =
                "Least records of a region that has an image in Redis, which makes starts quick "
                "and takes a tenth more memory; 0: none has.",
            .at_least = 0,
            .at_most = 2'000'000'000})
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
            .help = "Longest time for one request to Redis, with what is tried again.",
            .at_least = 0.01,
            .at_most = 60});
}

std::vector<FieldViolation> MistakesOfPort(const std::string& key, const std::string& listen) {
  if (HasPort(listen)) return {};
  return {{key, absl::StrCat("\"", listen, "\" must be host:port, port 0 to 65535")}};
}

bool IsBeyondLoopback(const std::string& listen) { return !listen.empty() && !IsLoopback(listen); }

// Whether nobody may come from elsewhere without more.
bool IsClosed(const std::string& listen, const LeyedOptions& options) {
  return !options.allow_plaintext_beyond_loopback && !IsLoopback(listen);
}

std::vector<FieldViolation> MistakesOfListen(const LeyedOptions& options) {
  std::vector<FieldViolation> mistakes = MistakesOfPort("listen", options.listen);
  if (!IsClosed(options.listen, options)) return mistakes;
  if (options.tls_certificate_file.empty()) {
    mistakes.push_back(
        {"listen", absl::StrCat("\"", options.listen,
                                "\" can be reached from other machines and there is no TLS: use a "
                                "loopback address, give tls-certificate-file and tls-key-file, or "
                                "say --allow-plaintext-beyond-loopback")});
  }
  if (!HasIdentities(options)) {
    mistakes.push_back(
        {"listen", absl::StrCat("\"", options.listen,
                                "\" can be reached from other machines and callers need prove "
                                "nothing: give client-ca-file, token-keys-file or api-keys-file, "
                                "or say --allow-plaintext-beyond-loopback")});
  }
  return mistakes;
}

std::vector<FieldViolation> MistakesOfTls(const LeyedOptions& options) {
  std::vector<FieldViolation> mistakes;
  if (options.tls_certificate_file.empty() != options.tls_key_file.empty()) {
    mistakes.push_back({"tls-certificate-file", "goes only with tls-key-file, and that with it"});
  }
  if (!options.client_ca_file.empty() && options.tls_certificate_file.empty()) {
    mistakes.push_back({"client-ca-file", "needs tls-certificate-file and tls-key-file"});
  }
  return mistakes;
}

// Of an address for HTTP, which may be empty and never has TLS.
std::vector<FieldViolation> MistakesOfHttp(const std::string& key, const std::string& listen,
                                           const LeyedOptions& options) {
  if (listen.empty()) return {};
  if (absl::StartsWith(listen, "unix:")) {
    return {{key, "must be host:port: HTTP is served on TCP only"}};
  }
  std::vector<FieldViolation> mistakes = MistakesOfPort(key, listen);
  if (IsClosed(listen, options)) {
    mistakes.push_back(
        {key, absl::StrCat("\"", listen,
                           "\" can be reached from other machines and HTTP has no TLS: use a "
                           "loopback address, or say --allow-plaintext-beyond-loopback")});
  }
  return mistakes;
}

std::vector<FieldViolation> MistakesOfSealing(const LeyedOptions& options) {
  if (!options.master_keys.empty() && !options.master_keys_command.empty()) {
    return {{"master-keys-command", "goes not together with master-keys: give one of them"}};
  }
  if (HasMasterKeys(options) || options.allow_unsealed_beyond_loopback) return {};
  std::vector<FieldViolation> mistakes;
  for (const auto& [key, listen] :
       {std::pair("listen", &options.listen), std::pair("http", &options.http)}) {
    if (!IsBeyondLoopback(*listen)) continue;
    mistakes.push_back(
        {key, absl::StrCat("\"", *listen,
                           "\" can be reached from other machines and personal data is not sealed: "
                           "give master-keys or master-keys-command, or say "
                           "--allow-unsealed-beyond-loopback")});
  }
  return mistakes;
}

std::vector<FieldViolation> MistakesOfRedis(const LeyedOptions& options) {
  if (options.store != "redis") return {};
  const std::string mistake = store::MistakeInAddresses(RedisOptionsOf(options));
  if (mistake.empty()) return {};
  return {{"redis-address", mistake}};
}

}  // namespace

bool HasIdentities(const LeyedOptions& options) {
  return !options.client_ca_file.empty() || !options.token_keys_file.empty() ||
         !options.api_keys_file.empty();
}

bool OnlyCertificates(const LeyedOptions& options) {
  return !options.client_ca_file.empty() && options.token_keys_file.empty() &&
         options.api_keys_file.empty();
}

std::vector<std::string> MissingDefences(const LeyedOptions& options) {
  if (!IsBeyondLoopback(options.listen) && !IsBeyondLoopback(options.http)) return {};
  std::vector<std::string> missing;
  if (options.calls_per_second == 0) {
    missing.emplace_back("calls-per-second: one caller may ask as often as it likes");
  }
  if (options.audit_file.empty()) {
    missing.emplace_back("audit-file: it is not written down who saw or changed which record");
  }
  return missing;
}

bool HasMasterKeys(const LeyedOptions& options) {
  return !options.master_keys.empty() || !options.master_keys_command.empty();
}

ConfigParser LeyedConfig(LeyedOptions& options) {
  ConfigParser parser("leyed", "Matches relocated people with jobs: the leye server.");
  AddServerKeys(options, parser);
  AddLoadKeys(options, parser);
  AddAccessKeys(options, parser);
  AddSealingKeys(options, parser);
  AddGatewayKeys(options, parser);
  AddStoreKeys(options, parser);
  AddRedisLimits(options, parser);
  return parser;
}

absl::Status CheckOptions(const LeyedOptions& options) {
  std::vector<FieldViolation> mistakes = MistakesOfListen(options);
  for (const auto& more :
       {MistakesOfTls(options), MistakesOfHttp("metrics-listen", options.metrics_listen, options),
        MistakesOfHttp("http", options.http, options), MistakesOfSealing(options),
        MistakesOfRedis(options)}) {
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
