#include "services/store/redis_topology.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"

#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/redis_keys.h"

namespace leye::store::redis {
namespace {

// The reply of one server to one command, over a connection made for it.
absl::StatusOr<Reply> Ask(const Address& address, const Login& login, const Command& command,
                          SteadyTime deadline) {
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection,
                        Connection::Open(address, login, deadline));
  LEYE_ASSIGN_OR_RETURN(std::vector<Reply> replies, connection->Run({command}, deadline));
  if (replies[0].view().is_error()) return StoreIoError(replies[0].view().text());
  return std::move(replies[0]);
}

class SingleTopology final : public Topology {
 public:
  explicit SingleTopology(TopologyOptions options) : server_(options.addresses.at(0)) {}

  absl::StatusOr<Address> ServerOf(int, SteadyTime) override { return server_; }
  void Learn(int, const Address&) override {}
  void Forget() override {}

 private:
  const Address server_;
};

class SentinelTopology final : public Topology {
 public:
  explicit SentinelTopology(TopologyOptions options)
      : options_(std::move(options)), sentinels_(options_.addresses) {}

  absl::StatusOr<Address> ServerOf(int, SteadyTime deadline) override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    if (primary_) return *primary_;
    absl::Status last = StoreIoError("no Sentinel is known");
    for (Address& sentinel : sentinels_) {
      absl::StatusOr<Address> primary = AskSentinel(sentinel, deadline);
      if (!primary.ok()) {
        last = primary.status();
        continue;
      }
      // The one that answered is asked first the next time.
      std::swap(sentinels_.front(), sentinel);
      primary_ = *primary;
      return primary;
    }
    return last;
  }
  void Learn(int, const Address&) override {}
  void Forget() override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    primary_.reset();
  }

 private:
  absl::StatusOr<Address> AskSentinel(const Address& sentinel, SteadyTime deadline) const {
    LEYE_ASSIGN_OR_RETURN(const Reply reply,
                          Ask(sentinel, options_.sentinel_login,
                              {"SENTINEL", "get-master-addr-by-name", options_.primary_name},
                              std::min(deadline, SteadyDeadline(options_.connect_timeout))));
    if (reply.view().size() != 2) {
      return StoreIoError(absl::StrCat("Sentinel ", sentinel.text(), " knows no primary named '",
                                       options_.primary_name, "'"));
    }
    return Address{std::string(reply.view()[0].text()), static_cast<int>(reply.view()[1].number())};
  }

  const TopologyOptions options_;
  Mutex mutex_;
  std::vector<Address> sentinels_ ABSL_GUARDED_BY(mutex_);
  std::optional<Address> primary_ ABSL_GUARDED_BY(mutex_);
};

class ClusterTopology final : public Topology {
 public:
  explicit ClusterTopology(TopologyOptions options)
      : options_(std::move(options)), servers_(options_.addresses) {}

  absl::StatusOr<Address> ServerOf(int slot, SteadyTime deadline) override
      ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    if (stale_) LEYE_RETURN_IF_ERROR(Refresh(deadline));
    const std::optional<Address>& owner = owners_.at(static_cast<size_t>(slot));
    if (owner) return *owner;
    stale_ = true;
    return StoreIoError(absl::StrCat("no server of the cluster holds slot ", slot));
  }

  // Keeps the answer. The whole map is not asked for: another server may not know it yet.
  void Learn(int slot, const Address& server) override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    owners_.at(static_cast<size_t>(slot)) = server;
    Remember(server);
  }

  void Forget() override ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    stale_ = true;
  }

 private:
  // Asks server after server until one gives the map.
  absl::Status Refresh(SteadyTime deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    absl::Status last = StoreIoError("no server of the cluster is known");
    const std::vector<Address> servers = servers_;
    for (const Address& server : servers) {
      const absl::StatusOr<Reply> map =
          Ask(server, options_.login, {"CLUSTER", "SLOTS"},
              std::min(deadline, SteadyDeadline(options_.connect_timeout)));
      last = map.ok() ? Take(map->view(), server) : map.status();
      if (!last.ok()) continue;
      // The one that answered is asked first the next time.
      std::swap(servers_.front(), *std::find(servers_.begin(), servers_.end(), server));
      return last;
    }
    return last;
  }

  // `map` is an array of {first slot, last slot, {host, port, ...} of the primary, replicas...}.
  absl::Status Take(ReplyView map, const Address& teller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (map.size() == 0) return StoreIoError(absl::StrCat(teller.text(), " holds no slots map"));
    owners_.fill(std::nullopt);
    for (size_t i = 0; i < map.size(); ++i) {
      const ReplyView range = map[i];
      Address primary{std::string(range[2][0].text()), static_cast<int>(range[2][1].number())};
      // A server that does not know its own name leaves it out.
      if (primary.host.empty()) primary.host = teller.host;
      const size_t last = std::min<size_t>(range[1].number(), kSlots - 1);
      for (size_t slot = range[0].number(); slot <= last; ++slot) owners_[slot] = primary;
      Remember(primary);
      for (size_t r = 3; r < range.size(); ++r) {
        Remember({std::string(range[r][0].text()), static_cast<int>(range[r][1].number())});
      }
    }
    stale_ = false;
    return absl::OkStatus();
  }

  // To be asked later, when those that the operator named are gone.
  void Remember(const Address& server) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    constexpr size_t kMostServers = 1'000;
    if (server.host.empty() || servers_.size() >= kMostServers) return;
    if (std::find(servers_.begin(), servers_.end(), server) == servers_.end()) {
      servers_.push_back(server);
    }
  }

  const TopologyOptions options_;
  Mutex mutex_;
  std::vector<Address> servers_ ABSL_GUARDED_BY(mutex_);
  std::array<std::optional<Address>, kSlots> owners_ ABSL_GUARDED_BY(mutex_) = {};
  bool stale_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace

std::unique_ptr<Topology> NewSingleTopology(TopologyOptions options) {
  return std::make_unique<SingleTopology>(std::move(options));
}

std::unique_ptr<Topology> NewSentinelTopology(TopologyOptions options) {
  return std::make_unique<SentinelTopology>(std::move(options));
}

std::unique_ptr<Topology> NewClusterTopology(TopologyOptions options) {
  return std::make_unique<ClusterTopology>(std::move(options));
}

}  // namespace leye::store::redis
