// Redis servers that belong together: a primary with its replica behind a Sentinel, and a cluster.

#ifndef LEYE_TESTS_TESTING_REDIS_GROUPS_H_
#define LEYE_TESTS_TESTING_REDIS_GROUPS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "tests/testing/redis_server.h"

namespace leye::testing {

// How long a server may be silent before another takes over.
inline constexpr absl::Duration kNoTakeover = absl::Minutes(2);
inline constexpr absl::Duration kQuickTakeover = absl::Seconds(2);

// One Sentinel, which is a quorum of itself, and knows the primary as "leye". Aborts when the group
// does not come together. Thread-compatible.
class RedisSentinel {
 public:
  explicit RedisSentinel(absl::Duration takeover_after = kNoTakeover);

  // The Sentinel's address.
  std::string address() const { return sentinel_->address(); }
  // The one that was the primary at first, and its replica.
  RedisServer& primary() { return primary_; }
  RedisServer& replica() { return replica_; }

  // Empties both.
  void Clear();

 private:
  RedisServer primary_;
  RedisServer replica_;
  std::unique_ptr<RedisServer> sentinel_;
};

// Three primaries; the keys of regions 13 and 44 are on different ones. And, if asked, a replica of
// the first. Aborts when the cluster does not come together. Thread-compatible.
class RedisCluster {
 public:
  enum class Replica { kNone, kOfTheFirst };
  explicit RedisCluster(Replica replica = Replica::kNone,
                        absl::Duration takeover_after = kNoTakeover);

  // Addresses of the primaries.
  std::vector<std::string> addresses() const;
  RedisServer& server(size_t index) { return *servers_[index]; }
  // REQUIRES: it was asked for.
  RedisServer& replica() { return *servers_.back(); }

  // The index of the primary that had `slot` at first.
  static size_t OwnerOf(int slot);

  // Moves `slot` to another primary, key by key, as redis-cli --cluster reshard does. Calls
  // `half_way` when the first keys are there and the others are not.
  void MoveSlot(int slot, size_t from, size_t to, std::function<void()> half_way = nullptr);

  void Clear();

 private:
  std::string IdOf(size_t index) const;

  std::vector<std::unique_ptr<RedisServer>> servers_;
};

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_REDIS_GROUPS_H_
