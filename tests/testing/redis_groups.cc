#include "tests/testing/redis_groups.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/store/redis_keys.h"

namespace leye::testing {
namespace {

constexpr size_t kPrimaries = 3;

void RequireRedis(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << "Redis for tests: " << what << "\n";
  std::abort();
}

const std::map<std::string, std::string>& WithReplica() {
  static const std::map<std::string, std::string>& settings =
      *new std::map<std::string, std::string>{{"min-replicas-to-write", "1"}};
  return settings;
}

RedisServerOptions ReplicaOf(const RedisServer& primary) {
  RedisServerOptions options{.settings = WithReplica(), .port = kAnyPort};
  options.settings["replicaof"] = absl::StrCat("127.0.0.1 ", primary.port());
  return options;
}

bool IsLinked(const RedisServer& replica) {
  return absl::StrContains(replica.Ask({"INFO", "replication"}), "master_link_status:up");
}

RedisServerOptions ClusterMember(absl::Duration takeover_after) {
  return {.settings = {{"cluster-enabled", "yes"},
                       {"cluster-require-full-coverage", "no"},
                       {"cluster-node-timeout",
                        absl::StrCat(absl::ToInt64Milliseconds(takeover_after))},
                       {"cluster-replica-validity-factor", "0"}},
          .port = kAnyPort};
}

// Where the slots of each primary begin. Not thirds: those of regions 13 and 44, which the tests
// use, are to be on different servers.
constexpr int kFirstSlots[] = {0, 2'048, 8'192, store::redis::kSlots};

}  // namespace

RedisSentinel::RedisSentinel(absl::Duration takeover_after)
    : primary_({.settings = WithReplica(), .port = kAnyPort}), replica_(ReplicaOf(primary_)) {
  // Linked is not enough: the primary takes writes once its clock has counted the replica.
  RequireRedis(Eventually([this] {
                 return IsLinked(replica_) &&
                        absl::StrContains(primary_.Ask({"INFO", "replication"}),
                                          "min_slaves_good_slaves:1");
               }),
               "the replica does not come up");
  sentinel_ = std::make_unique<RedisServer>(RedisServerOptions{
      .port = kAnyPort,
      .config = {absl::StrCat("sentinel monitor leye 127.0.0.1 ", primary_.port(), " 1"),
                 absl::StrCat("sentinel down-after-milliseconds leye ",
                              absl::ToInt64Milliseconds(takeover_after)),
                 "sentinel failover-timeout leye 2000"}});
  RequireRedis(Eventually([this] {
                 return absl::StrContains(sentinel_->Ask({"SENTINEL", "replicas", "leye"}),
                                          absl::StrCat(replica_.port()));
               }),
               "the Sentinel does not find the replica");
}

void RedisSentinel::Clear() {
  primary_.Ask({"FLUSHALL"});
  RequireRedis(Eventually([this] { return replica_.Ask({"DBSIZE"}) == "0\n"; }),
               "the replica does not follow");
}

RedisCluster::RedisCluster(Replica replica, absl::Duration takeover_after) {
  const size_t members = kPrimaries + (replica == Replica::kNone ? 0 : 1);
  for (size_t i = 0; i < members; ++i) {
    servers_.push_back(std::make_unique<RedisServer>(ClusterMember(takeover_after)));
    servers_[i]->Ask({"CLUSTER", "SET-CONFIG-EPOCH", absl::StrCat(i + 1)});
  }
  for (size_t i = 0; i < kPrimaries; ++i) {
    servers_[i]->Ask({"CLUSTER", "ADDSLOTSRANGE", absl::StrCat(kFirstSlots[i]),
                      absl::StrCat(kFirstSlots[i + 1] - 1)});
  }
  for (size_t i = 1; i < members; ++i) {
    servers_[0]->Ask({"CLUSTER", "MEET", "127.0.0.1", absl::StrCat(servers_[i]->port())});
  }
  const auto knows_all = [members](const std::unique_ptr<RedisServer>& server) {
    const std::string info = server->Ask({"CLUSTER", "INFO"});
    return absl::StrContains(info, "cluster_state:ok") &&
           absl::StrContains(info, absl::StrCat("cluster_known_nodes:", members)) &&
           absl::StrContains(info, "cluster_slots_ok:16384");
  };
  RequireRedis(Eventually([&] { return std::all_of(servers_.begin(), servers_.end(), knows_all); }),
               "the cluster does not come together");
  if (replica == Replica::kNone) return;
  servers_.back()->Ask({"CLUSTER", "REPLICATE", IdOf(0)});
  RequireRedis(Eventually([this] { return IsLinked(*servers_.back()); }),
               "the replica does not come up");
}

std::vector<std::string> RedisCluster::addresses() const {
  std::vector<std::string> addresses;
  for (size_t i = 0; i < kPrimaries; ++i) addresses.push_back(servers_[i]->address());
  return addresses;
}

size_t RedisCluster::OwnerOf(int slot) {
  size_t owner = 0;
  while (slot >= kFirstSlots[owner + 1]) ++owner;
  return owner;
}

void RedisCluster::MoveSlot(int slot, size_t from, size_t to, std::function<void()> half_way) {
  const std::string text = absl::StrCat(slot);
  servers_[to]->Ask({"CLUSTER", "SETSLOT", text, "IMPORTING", IdOf(from)});
  servers_[from]->Ask({"CLUSTER", "SETSLOT", text, "MIGRATING", IdOf(to)});
  while (true) {
    const std::string keys = servers_[from]->Ask({"CLUSTER", "GETKEYSINSLOT", text, "100"});
    std::vector<std::string> migrate = {
        "MIGRATE", "127.0.0.1", absl::StrCat(servers_[to]->port()), "", "0", "5000", "KEYS"};
    const size_t before = migrate.size();
    for (const absl::string_view key : absl::StrSplit(keys, '\n', absl::SkipEmpty())) {
      migrate.emplace_back(key);
    }
    if (migrate.size() == before) break;
    const std::string moved = servers_[from]->Ask(migrate);
    RequireRedis(moved == "OK\n" || moved == "NOKEY\n", moved);
    if (half_way != nullptr) std::exchange(half_way, nullptr)();
  }
  servers_[to]->Ask({"CLUSTER", "SETSLOT", text, "NODE", IdOf(to)});
  servers_[from]->Ask({"CLUSTER", "SETSLOT", text, "NODE", IdOf(to)});
}

void RedisCluster::Clear() {
  for (size_t i = 0; i < kPrimaries; ++i) servers_[i]->Ask({"FLUSHALL"});
}

std::string RedisCluster::IdOf(size_t index) const {
  return std::string(absl::StripSuffix(servers_[index]->Ask({"CLUSTER", "MYID"}), "\n"));
}

}  // namespace leye::testing
