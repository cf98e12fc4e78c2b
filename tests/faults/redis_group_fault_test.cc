// Redis servers that take over from each other: by Sentinel, by a Cluster, and slot by slot.

#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/store/redis_keys.h"
#include "services/store/redis_store.h"
#include "tests/faults/history.h"
#include "tests/faults/redis_faults.h"
#include "tests/testing/redis_groups.h"
#include "tests/testing/status_matchers.h"

namespace leye::faults {
namespace {

using absl::StatusCode;
using store::RedisMode;
using testing::FailsWith;
using testing::RedisCluster;
using testing::RedisSentinel;

using RedisGroupFault = RedisFaults;

TEST_F(RedisGroupFault, TakeoverBySentinelLosesNothingAcknowledgedAndIsANewEpoch) {
  RedisSentinel sentinel(testing::kQuickTakeover);
  const store::RedisOptions options{.mode = RedisMode::kSentinel,
                                    .addresses = {sentinel.address()},
                                    .replicas = 1,
                                    .call_timeout = absl::Seconds(2)};
  const auto store = Open(options);
  store::Revision before;
  WriteWhile(*store, [&] {
    AwaitMore(100);
    before = HeadInTheEnd(*store);
    sentinel.primary().Kill();
    HeadInTheEnd(*store);
    // A primary without a replica acknowledges nothing; this one becomes its replica.
    sentinel.primary().Start();
  });
  EXPECT_GT(HeadInTheEnd(*store).epoch, before.epoch);
  ExpectNothingLost(options);
}

TEST_F(RedisGroupFault, TakeoverInAClusterLosesNothingAcknowledgedAndIsANewEpoch) {
  RedisCluster cluster(RedisCluster::Replica::kOfTheFirst, testing::kQuickTakeover);
  const store::RedisOptions options{.mode = RedisMode::kCluster,
                                    .addresses = cluster.addresses(),
                                    .replicas = 1,
                                    .call_timeout = absl::Seconds(2)};
  const auto store = Open(options);
  for (uint64_t i = 0; i < 100; ++i) {
    ASSERT_THAT(WriteThroughFailures(*store, "w", i, history_), testing::IsOk());
  }
  const store::Revision before = HeadInTheEnd(*store);
  cluster.server(RedisCluster::OwnerOf(store::redis::SlotOf(kRegion))).Kill();
  // Reads come back by themselves; commits would too with another replica.
  HeadInTheEnd(*store);
  ExpectNothingLost(options);
  store::RedisOptions alone = options;
  alone.replicas = 0;
  const auto later = Open(alone);
  for (uint64_t i = 0; i < 20; ++i) {
    ASSERT_THAT(WriteThroughFailures(*later, "later", i, history_), testing::IsOk());
  }
  EXPECT_GT(HeadInTheEnd(*later).epoch, before.epoch);
  ExpectNothingLost(alone);
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

TEST_F(RedisGroupFault, SlotThatMovesToAnotherServerAndBackDisturbsNobody) {
  RedisCluster cluster;
  const store::RedisOptions options{.mode = RedisMode::kCluster, .addresses = cluster.addresses()};
  const auto store = Open(options);
  const int slot = store::redis::SlotOf(kRegion);
  const size_t owner = RedisCluster::OwnerOf(slot);
  const size_t other = (owner + 1) % 3;
  std::atomic<int> failures = 0;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (uint64_t i = 0; !done; ++i) {
      // A client that retries once.
      absl::Status written = WriteUntilFailure(*store, "once", i, 1, history_);
      if (!written.ok()) written = WriteUntilFailure(*store, "once", i, 1, history_);
      if (!written.ok()) ++failures;
    }
  });
  WriteWhile(*store, [&] {
    AwaitMore(100);
    cluster.MoveSlot(slot, owner, other);
    cluster.MoveSlot(slot, other, owner);
  });
  done = true;
  writer.join();
  EXPECT_EQ(failures, 0);
  ExpectNothingWrong(options);
}

}  // namespace
}  // namespace leye::faults
