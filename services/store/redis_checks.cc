#include "services/store/redis_checks.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::store::redis {
namespace {

struct SafeSetting {
  const char* name;
  const char* value;
  const char* otherwise;  // What happens with another value.
};

constexpr SafeSetting kSafeSettings[] = {
    {"appendonly", "yes", "nothing survives a restart"},
    {"appendfsync", "always", "a power cut loses commits that were acknowledged"},
    {"no-appendfsync-on-rewrite", "no", "a power cut during a rewrite loses commits"},
    {"maxmemory-policy", "noeviction", "records vanish when memory is full"},
};

constexpr const char* kReplicaSetting = "min-replicas-to-write";

std::string ValueOf(const ServerSettings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() ? "(hidden)" : found->second;
}

}  // namespace

std::vector<std::string> UnsafeSettings(const ServerSettings& settings, int replicas) {
  std::vector<std::string> unsafe;
  for (const SafeSetting& safe : kSafeSettings) {
    const std::string value = ValueOf(settings, safe.name);
    if (value == safe.value) continue;
    unsafe.push_back(
        absl::StrCat(safe.name, " is ", value, ", must be ", safe.value, ": ", safe.otherwise));
  }
  int least = 0;
  const std::string value = ValueOf(settings, kReplicaSetting);
  if (replicas > 0 && (!absl::SimpleAtoi(value, &least) || least < replicas)) {
    unsafe.push_back(absl::StrCat(kReplicaSetting, " is ", value, ", must be at least ", replicas,
                                  ": a primary that was cut off goes on taking commits"));
  }
  return unsafe;
}

absl::StatusOr<ServerSettings> ReadSettings(Client& client, Region region) {
  Command command = {"CONFIG", "GET", kReplicaSetting};
  for (const SafeSetting& safe : kSafeSettings) command.emplace_back(safe.name);
  LEYE_ASSIGN_OR_RETURN(const Answer answer,
                        client.Read({.region = region, .arguments = std::move(command)}));
  ServerSettings settings;
  const ReplyView reply = answer.reply.view();
  for (size_t i = 0; i + 1 < reply.size(); i += 2) {
    settings.emplace(std::string(reply[i].text()), std::string(reply[i + 1].text()));
  }
  return settings;
}

absl::Status CheckPermissions(Client& client, Region region) {
  const Call probe{.region = region,
                   .script = &kProbeScript,
                   .keys = {absl::StrCat("{r", region.code(), "}:probe:")}};
  const Call wait{.region = region, .arguments = {"WAIT", "0", "1"}};
  for (const Call* call : {&probe, &wait}) {
    const absl::Status probed = client.Read(*call).status();
    if (probed.ok()) continue;
    const bool denied = absl::StrContains(probed.message(), "NOPERM") ||
                        absl::StrContains(probed.message(), "The user executing the script");
    if (!denied) return probed;
    return Error(absl::StatusCode::kFailedPrecondition, "STORE_ACCESS_DENIED",
                 absl::StrCat("the Redis user lacks permissions: ", probed.message()));
  }
  return absl::OkStatus();
}

}  // namespace leye::store::redis
