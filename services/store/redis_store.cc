#include "services/store/redis_store.h"

#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/head_board.h"
#include "services/store/limits.h"
#include "services/store/redis_checks.h"
#include "services/store/redis_client.h"
#include "services/store/redis_commit.h"
#include "services/store/redis_image.h"
#include "services/store/redis_log.h"
#include "services/store/redis_reads.h"
#include "services/store/redis_restore.h"
#include "services/store/redis_topology.h"
#include "services/store/redis_watcher.h"

namespace leye::store {
namespace {

using redis::Client;

// Thread-safe.
class RedisStore final : public Store {
 public:
  RedisStore(std::unique_ptr<Client> client, const RedisOptions& options,
             const StoreEnvironment& environment)
      : environment_(environment),
        client_(std::move(client)),
        replicas_(options.replicas),
        committer_(*client_, environment, options.replicas),
        images_(*client_, environment, options.image_records),
        watcher_(*client_, heads_, environment, options.refresh_interval) {
    watcher_.Start();
  }
  ~RedisStore() override { Close(); }

  absl::StatusOr<CommitResult> Commit(const CommitRequest& request) override;
  absl::StatusOr<std::optional<CommitResult>> FindRequest(Region region,
                                                          absl::string_view request_id,
                                                          absl::string_view fingerprint) override;
  absl::StatusOr<Record> Get(Region region, const RecordKey& key) override;
  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(
      Region region, const std::vector<RecordKey>& keys) override;
  absl::StatusOr<ScanPage> Scan(const ScanRequest& request) override;
  absl::StatusOr<RegionScanPage> ScanRegion(const RegionScanRequest& request) override;
  absl::StatusOr<OpenScanPage> ScanOpen(const RegionScanRequest& request) override;
  absl::Status PrepareScan(Region region, const std::function<bool()>& go_on) override {
    return images_.Renew(region, go_on);
  }
  absl::StatusOr<std::vector<LogEntry>> ReadLog(Region region, Revision after, int limit) override;
  absl::StatusOr<Revision> Head(Region region) override;
  absl::StatusOr<Heads> ListRegions() override {
    return redis::ReadAllHeads(*client_, environment_);
  }
  absl::StatusOr<Heads> WaitForChange(const Heads& known, absl::Duration timeout) override;
  absl::Status Health() override { return watcher_.health(); }
  absl::Status HoldLog(const LogHold& hold) override;
  absl::Status TrimLog(Region region, uint64_t keep_from) override;
  absl::StatusOr<RequestPage> ScanRequests(Region region, absl::string_view cursor,
                                           int limit) override;
  absl::StatusOr<uint64_t> Restore(const RestoreStep& step) override;
  absl::StatusOr<int> Reseal(Region region, const std::vector<ResealedPart>& parts) override;
  void Close() override;

 private:
  const StoreEnvironment environment_;
  HeadBoard heads_;
  const std::unique_ptr<Client> client_;
  const int replicas_;
  const redis::Committer committer_;
  redis::Images images_;
  redis::HeadWatcher watcher_;
  Mutex closing_;
};

absl::StatusOr<CommitResult> RedisStore::Commit(const CommitRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckCommit(request));
  LEYE_ASSIGN_OR_RETURN(CommitResult result, committer_.Commit(request));
  heads_.Raise({{request.region, result.revision}});
  return result;
}

absl::StatusOr<std::optional<CommitResult>> RedisStore::FindRequest(Region region,
                                                                    absl::string_view request_id,
                                                                    absl::string_view fingerprint) {
  LEYE_RETURN_IF_ERROR(CheckRequestId(request_id, fingerprint));
  return committer_.FindRequest(region, request_id, fingerprint);
}

absl::StatusOr<Record> RedisStore::Get(Region region, const RecordKey& key) {
  LEYE_RETURN_IF_ERROR(CheckKey(key));
  LEYE_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> records,
                        redis::BatchGet(*client_, region, {key}));
  if (!records[0]) return RecordNotFound(key);
  return *std::move(records[0]);
}

absl::StatusOr<std::vector<std::optional<Record>>> RedisStore::BatchGet(
    Region region, const std::vector<RecordKey>& keys) {
  LEYE_RETURN_IF_ERROR(CheckKeys(keys));
  return redis::BatchGet(*client_, region, keys);
}

absl::StatusOr<ScanPage> RedisStore::Scan(const ScanRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(request.limit));
  return redis::Scan(*client_, request);
}

absl::StatusOr<RegionScanPage> RedisStore::ScanRegion(const RegionScanRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(request.limit));
  return redis::ScanRegion(*client_, request);
}

absl::StatusOr<OpenScanPage> RedisStore::ScanOpen(const RegionScanRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(request.limit));
  LEYE_ASSIGN_OR_RETURN(std::optional<OpenScanPage> page, images_.Scan(request));
  if (page.has_value()) return *std::move(page);
  return redis::ScanOpen(*client_, request);
}

absl::StatusOr<std::vector<LogEntry>> RedisStore::ReadLog(Region region, Revision after,
                                                          int limit) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(limit));
  return redis::ReadLog(*client_, region, after, limit);
}

absl::StatusOr<Revision> RedisStore::Head(Region region) {
  return redis::ReadHeads(*client_, environment_, {region})[0];
}

absl::StatusOr<Heads> RedisStore::WaitForChange(const Heads& known, absl::Duration timeout) {
  LEYE_ASSIGN_OR_RETURN(Heads heads, heads_.WaitForChange(known, timeout));
  // Nothing new is only to be believed of a server that answers.
  if (heads == known) LEYE_RETURN_IF_ERROR(watcher_.reachable());
  return heads;
}

absl::Status RedisStore::HoldLog(const LogHold& hold) {
  LEYE_RETURN_IF_ERROR(CheckHold(hold));
  return redis::HoldLog(*client_, hold, environment_.clock.Now());
}

absl::Status RedisStore::TrimLog(Region region, uint64_t keep_from) {
  return redis::TrimLog(*client_, region, keep_from, environment_.clock.Now());
}

absl::StatusOr<RequestPage> RedisStore::ScanRequests(Region region, absl::string_view cursor,
                                                     int limit) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(limit));
  return redis::ScanRequests(*client_, {region, cursor, limit}, replicas_);
}

absl::StatusOr<uint64_t> RedisStore::Restore(const RestoreStep& step) {
  LEYE_RETURN_IF_ERROR(CheckRestore(step));
  LEYE_ASSIGN_OR_RETURN(const uint64_t next, redis::Restore(*client_, step, replicas_));
  if (step.last) heads_.Raise({{step.region, step.revision}});
  return next;
}

absl::StatusOr<int> RedisStore::Reseal(Region region, const std::vector<ResealedPart>& parts) {
  LEYE_RETURN_IF_ERROR(CheckReseal(parts));
  return redis::Reseal(*client_, region, parts, replicas_);
}

void RedisStore::Close() {
  MutexLock lock(closing_);
  heads_.Close();
  watcher_.Stop();
  client_->Close();
}

absl::StatusOr<std::string> ReadPassword(const std::string& path) {
  std::string password;
  if (path.empty()) return password;
  std::ifstream file(path);
  if (!std::getline(file, password) || password.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "PASSWORD_FILE",
                 absl::StrCat("no password can be read from ", path));
  }
  return password;
}

absl::StatusOr<redis::TopologyOptions> ReadTopologyOptions(const RedisOptions& options) {
  redis::TopologyOptions topology{.primary_name = options.primary_name,
                                  .connect_timeout = options.connect_timeout};
  if (const std::string mistake = MistakeInAddresses(options); !mistake.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_ADDRESS", mistake);
  }
  for (const std::string& text : options.addresses) {
    LEYE_ASSIGN_OR_RETURN(topology.addresses.emplace_back(), redis::Address::Parse(text));
  }
  LEYE_ASSIGN_OR_RETURN(topology.login.password, ReadPassword(options.password_file));
  topology.login.user = options.user;
  LEYE_ASSIGN_OR_RETURN(topology.sentinel_login.password,
                        ReadPassword(options.sentinel_password_file));
  return topology;
}

std::unique_ptr<redis::Topology> NewTopology(RedisMode mode, redis::TopologyOptions options) {
  switch (mode) {
    case RedisMode::kSentinel:
      return redis::NewSentinelTopology(std::move(options));
    case RedisMode::kCluster:
      return redis::NewClusterTopology(std::move(options));
    case RedisMode::kSingle:
      break;
  }
  return redis::NewSingleTopology(std::move(options));
}

// What is unsafe about the server, or, of a cluster, about any that holds a region now. One that
// cannot be asked, other than that of region 00, is told and left alone: a region's trouble is no
// reason not to serve the others.
std::vector<std::string> UnsafeServers(Client& client, const RedisOptions& options,
                                       const StoreEnvironment& environment) {
  constexpr int kRegions = 100;
  std::vector<std::string> all;
  for (int number = 0; number < (options.mode == RedisMode::kCluster ? kRegions : 1); ++number) {
    const Region region = Region::FromNumber(number);
    const absl::StatusOr<redis::ServerSettings> settings = redis::ReadSettings(client, region);
    if (!settings.ok() && number > 0) {
      environment.logger.Warning(
          "the settings of a server could not be checked",
          {{"region", region.code()}, {"error", settings.status().ToString()}});
      break;
    }
    if (!settings.ok()) {
      all.push_back(absl::StrCat("its settings cannot be read: ", settings.status().message()));
      break;
    }
    for (const std::string& unsafe : redis::UnsafeSettings(*settings, options.replicas)) {
      if (std::ranges::find(all, unsafe) == all.end()) all.push_back(unsafe);
    }
  }
  return all;
}

absl::Status CheckServer(Client& client, const RedisOptions& options,
                         const StoreEnvironment& environment) {
  const absl::Status permitted = redis::CheckPermissions(client, Region::FromNumber(0));
  if (ErrorReason(permitted) == "STORE_ACCESS_DENIED") return permitted;
  if (!permitted.ok()) {
    environment.logger.Warning("the Redis user's permissions could not be checked",
                               {{"error", permitted.ToString()}});
  }
  const std::vector<std::string> unsafe = UnsafeServers(client, options, environment);
  if (unsafe.empty()) return absl::OkStatus();
  const std::string text = absl::StrJoin(unsafe, "; ");
  if (options.unsafe_server == UnsafeServer::kWarn) {
    environment.logger.Warning("Redis may lose what it acknowledges", {{"settings", text}});
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kFailedPrecondition, "UNSAFE_SERVER",
               absl::StrCat("Redis may lose what it acknowledges: ", text));
}

}  // namespace

std::string MistakeInAddresses(const RedisOptions& options) {
  for (const std::string& text : options.addresses) {
    const absl::StatusOr<redis::Address> address = redis::Address::Parse(text);
    if (!address.ok()) return std::string(address.status().message());
  }
  if (options.addresses.empty()) return "at least one address is needed";
  if (options.mode == RedisMode::kSingle && options.addresses.size() > 1) {
    return "several addresses are those of Sentinels or of a cluster, and this is a single server";
  }
  return "";
}

absl::StatusOr<std::unique_ptr<Store>> OpenRedisStore(const RedisOptions& options,
                                                      const StoreEnvironment& environment) {
  LEYE_ASSIGN_OR_RETURN(redis::TopologyOptions topology, ReadTopologyOptions(options));
  const redis::ClientOptions client_options{.pool = {.login = topology.login,
                                                     .max_connections = options.max_connections,
                                                     .connect_timeout = options.connect_timeout},
                                            .call_timeout = options.call_timeout};
  LEYE_ASSIGN_OR_RETURN(
      std::unique_ptr<Client> client,
      Client::Open(NewTopology(options.mode, std::move(topology)), client_options));
  LEYE_RETURN_IF_ERROR(CheckServer(*client, options, environment));
  environment.logger.Info("store opened", {{"redis", absl::StrJoin(options.addresses, " ")}});
  return std::make_unique<RedisStore>(std::move(client), options, environment);
}

}  // namespace leye::store
