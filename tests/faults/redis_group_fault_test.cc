// Redis servers that take over from each other: by Sentinel, by a Cluster, and slot by slot.

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/store/redis_keys.h"
#include "services/store/redis_store.h"
#include "tests/faults/budget.h"
#include "tests/faults/history.h"
#include "tests/faults/redis_faults.h"
#include "tests/testing/redis_groups.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::faults {
namespace {

using absl::StatusCode;
using store::RedisMode;
using testing::FailsWith;
using testing::RedisCluster;
using testing::RedisSentinel;
using testing::RedisServer;

class RedisGroupFault : public RedisFaults {
 protected:
  static store::RedisOptions Through(const RedisSentinel& sentinel, int replicas) {
    return {.mode = RedisMode::kSentinel,
            .addresses = {sentinel.address()},
            .replicas = replicas,
            .call_timeout = absl::Seconds(2)};
  }
  static store::RedisOptions Through(const RedisCluster& cluster, int replicas) {
    return {.mode = RedisMode::kCluster,
            .addresses = cluster.addresses(),
            .replicas = replicas,
            .call_timeout = absl::Seconds(2)};
  }
  static RedisServer& OwnerIn(RedisCluster& cluster) {
    return cluster.server(RedisCluster::OwnerOf(store::redis::SlotOf(kRegion)));
  }

  // Kills the primary while several write, again and again; each time a replica takes over.
  void ExpectTakeoversToLoseNothing(store::Store& store, const store::RedisOptions& options,
                                    const std::vector<RedisServer*>& servers) {
    history_.ExpectTakeovers();
    int takeovers = 0;
    for (Budget budget(1); budget.Next() && !HasFailure(); ++takeovers) {
      store::Revision before;
      RedisServer& primary = *servers[static_cast<size_t>(takeovers) % servers.size()];
      WriteWhile(store, [&] {
        AwaitMore(100);
        before = HeadInTheEnd(store);
        primary.Kill();
        HeadInTheEnd(store);
        // A primary without a replica acknowledges nothing; this one becomes its replica.
        primary.Start();
      });
      EXPECT_GT(HeadInTheEnd(store).epoch, before.epoch);
      ExpectNothingLost(options);
    }
    std::printf("taken over %d times: acknowledged %zu, lost 0\n", takeovers, history_.size());
  }

  // What the replica has not got when it takes over is lost, where nobody waits for it.
  void ExpectATakeoverWithoutWaitToBeCaughtLosing(store::Store& store,
                                                  const store::RedisOptions& options,
                                                  RedisServer& primary, RedisServer& replica) {
    ASSERT_THAT(WriteUntilFailure(store, "w", 0, 20, history_), testing::IsOk());
    primary.Ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
    // It stands still, and what was under way to it is gone with the connection.
    replica.Pause();
    primary.Ask({"CLIENT", "KILL", "TYPE", "replica"});
    ASSERT_THAT(WriteUntilFailure(store, "w", 20, 20, history_), testing::IsOk());
    primary.Kill();
    replica.Resume();
    HeadInTheEnd(store);  // Only who took over can answer.
    EXPECT_GT(Check(options).lost, 0) << "the test cannot see a loss";
  }
};

TEST_F(RedisGroupFault, TakeoverBySentinelLosesNothingAcknowledgedAndIsANewEpoch) {
  RedisSentinel sentinel(testing::kQuickTakeover);
  const store::RedisOptions options = Through(sentinel, 1);
  const auto store = Open(options);
  ExpectTakeoversToLoseNothing(*store, options, {&sentinel.primary(), &sentinel.replica()});
}

TEST_F(RedisGroupFault, TakeoverBySentinelWithoutWaitIsCaughtLosing) {
  RedisSentinel sentinel(testing::kQuickTakeover);
  const store::RedisOptions options = Through(sentinel, 0);
  const auto store = Open(options);
  ExpectATakeoverWithoutWaitToBeCaughtLosing(*store, options, sentinel.primary(),
                                             sentinel.replica());
}

TEST_F(RedisGroupFault, TakeoverInAClusterLosesNothingAcknowledgedAndIsANewEpoch) {
  RedisCluster cluster(RedisCluster::Replica::kOfTheFirst, testing::kQuickTakeover);
  const store::RedisOptions options = Through(cluster, 1);
  const auto store = Open(options);
  ExpectTakeoversToLoseNothing(*store, options, {&OwnerIn(cluster), &cluster.replica()});
}

TEST_F(RedisGroupFault, TakeoverInAClusterWithoutWaitIsCaughtLosing) {
  RedisCluster cluster(RedisCluster::Replica::kOfTheFirst, testing::kQuickTakeover);
  const store::RedisOptions options = Through(cluster, 0);
  const auto store = Open(options);
  ExpectATakeoverWithoutWaitToBeCaughtLosing(*store, options, OwnerIn(cluster), cluster.replica());
}

TEST_F(RedisGroupFault, ServerOfAClusterThatMayLoseIsFoundWhicheverItIs) {
  RedisCluster cluster;
  store::RedisOptions options = Through(cluster, 0);
  EXPECT_THAT(store::OpenRedisStore(options, {clock_, ids_, log_}).status(), testing::IsOk());
  for (const size_t index : {0, 1, 2}) {
    cluster.server(index).Ask({"CONFIG", "SET", "appendfsync", "everysec"});
    EXPECT_THAT(store::OpenRedisStore(options, {clock_, ids_, log_}).status(),
                FailsWith(StatusCode::kFailedPrecondition, "UNSAFE_SERVER"))
        << index;
    cluster.server(index).Ask({"CONFIG", "SET", "appendfsync", "always"});
  }
}

TEST_F(RedisGroupFault, RegionOfADeadServerIsUnavailableAndTheOthersGoOn) {
  RedisCluster cluster;
  const store::RedisOptions options{.mode = RedisMode::kCluster, .addresses = cluster.addresses()};
  const auto store = Open(options);
  ASSERT_THAT(WriteUntilFailure(*store, "w", 0, 5, history_), testing::IsOk());
  constexpr store::Region kGuangdong = store::Region::FromNumber(44);
  cluster.server(RedisCluster::OwnerOf(store::redis::SlotOf(kGuangdong))).Kill();
  EXPECT_THAT(store->Head(kGuangdong), FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  EXPECT_TRUE(testing::Eventually([&] { return absl::IsUnavailable(store->Health()); }));
  EXPECT_THAT(WriteUntilFailure(*store, "w", 5, 20, history_), testing::IsOk());
  ExpectNothingWrong(options);
}

// While a slot with records moves from server to server, no script that names a key that is new
// runs on either: a commit waits, and fails when its time is over before the slot has moved.
class RedisSlotMove : public RedisGroupFault {
 protected:
  // With leyed's own time for a call, unless told otherwise.
  std::unique_ptr<store::Store> OpenAsLeyedDoes(absl::Duration call_timeout) {
    store::RedisOptions options = Here();
    options.call_timeout = call_timeout;
    options.connect_timeout = absl::Seconds(20);  // However busy the machine is.
    auto store = store::OpenRedisStore(options, {clock_, ids_, log_});
    EXPECT_THAT(store.status(), testing::IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }
  store::RedisOptions Here() const {
    return {.mode = RedisMode::kCluster, .addresses = cluster_.addresses()};
  }

  // Moves the region's slot to another server and back while several write, among them a client
  // that tries each commit twice. Half way it stands until `noticed`.
  void MoveAndBack(store::Store& store, const std::function<bool()>& noticed) {
    std::atomic<bool> done = false;
    std::thread client([&] {
      for (uint64_t i = 0; !done; ++i) CommitTwice(store, i);
    });
    const int slot = store::redis::SlotOf(kRegion);
    const size_t owner = RedisCluster::OwnerOf(slot);
    const size_t other = (owner + 1) % 3;
    WriteWhile(store, [&] {
      AwaitMore(100);
      cluster_.MoveSlot(slot, owner, other, [&] { EXPECT_TRUE(testing::Eventually(noticed)); });
      cluster_.MoveSlot(slot, other, owner);
    });
    done = true;
    client.join();
  }

  void CommitTwice(store::Store& store, uint64_t index) {
    if (WriteUntilFailure(store, "once", index, 1, history_).ok()) return;
    ++failed_once_;
    // As clients do: after a connection that failed the store refuses everybody for up to a second.
    absl::SleepFor(absl::Milliseconds(1'500));
    const absl::Status again = WriteUntilFailure(store, "once", index, 1, history_);
    if (again.ok()) return;
    std::printf("failed twice: %s\n", again.ToString().c_str());
    ++failed_twice_;
  }

  RedisCluster cluster_;
  std::atomic<int> failed_once_ = 0;
  std::atomic<int> failed_twice_ = 0;
};

TEST_F(RedisSlotMove, DisturbsNobodyWhoTriesTwice) {
  const auto store = OpenAsLeyedDoes(store::RedisOptions().call_timeout);
  ASSERT_NE(store, nullptr);
  MoveAndBack(*store, [&] { return failed_once_ > 0; });
  EXPECT_EQ(failed_twice_, 0);
  ExpectNothingWrong(Here());
}

TEST_F(RedisSlotMove, IsCaughtDisturbingWhoDoesNotWait) {
  const auto store = OpenAsLeyedDoes(absl::Milliseconds(100));
  ASSERT_NE(store, nullptr);
  MoveAndBack(*store, [&] { return failed_twice_ > 0; });
  ExpectNothingWrong(Here());
}

}  // namespace
}  // namespace leye::faults
