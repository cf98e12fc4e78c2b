// Redis servers that take over from each other: by Sentinel, by a Cluster, and slot by slot.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/redis_keys.h"
#include "services/store/redis_store.h"
#include "tests/faults/acknowledged.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/redis_groups.h"
#include "tests/testing/status_matchers.h"

namespace leye::faults {
namespace {

using absl::StatusCode;
using store::RedisMode;
using store::Store;
using testing::Eventually;
using testing::FailsWith;
using testing::RedisCluster;
using testing::RedisSentinel;

constexpr absl::Duration kPatience = absl::Seconds(60);

class RedisGroupFault : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(store::RedisOptions options) {
    options.connect_timeout = absl::Seconds(20);  // However busy the machine is.
    auto store = store::OpenRedisStore(options, {clock_, ids_, log_});
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Writes from a few threads, each commit until it is acknowledged, while `disturb` runs; then
  // until some more are.
  void WriteWhile(Store& store, const std::function<void()>& disturb) {
    std::atomic<bool> done = false;
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (uint64_t i = 0; !done; ++i) {
          const absl::Status written =
              WriteThroughFailures(store, absl::StrCat("t", t), i, acknowledged_);
          ASSERT_TRUE(written.ok()) << written;
        }
      });
    }
    EXPECT_TRUE(Eventually([&] { return acknowledged_.size() >= 100; }));
    disturb();
    const size_t enough = acknowledged_.size() + 20;
    EXPECT_TRUE(Eventually([&] { return acknowledged_.size() >= enough; }));
    done = true;
    for (std::thread& thread : threads) thread.join();
  }

  // The head, as soon as somebody tells it.
  static store::Revision HeadInTheEnd(Store& store) {
    store::Revision head;
    EXPECT_TRUE(Eventually([&] {
      const absl::StatusOr<store::Revision> read = store.Head(kRegion);
      if (read.ok()) head = *read;
      return read.ok();
    }));
    return head;
  }

  // Read through a store of its own, whose time-outs are not the test's.
  void ExpectNothingWrong(store::RedisOptions options) {
    options.replicas = 0;
    options.call_timeout = kPatience;
    const auto store = Open(options);
    ASSERT_NE(store, nullptr);
    CheckNow(*store);
  }
  void CheckNow(Store& store) {
    const Violations violations = acknowledged_.Check(store);
    EXPECT_EQ(violations.lost, 0) << "of " << acknowledged_.size();
    EXPECT_EQ(violations.other, std::vector<std::string>());
  }

  testing::FakeClock clock_;
  SystemRandom ids_;
  Logger log_ = Logger::Discard();
  Acknowledged acknowledged_;
};

TEST_F(RedisGroupFault, TakeoverBySentinelLosesNothingAcknowledgedAndIsANewEpoch) {
  RedisSentinel sentinel(testing::kQuickTakeover);
  const store::RedisOptions options{.mode = RedisMode::kSentinel,
                                    .addresses = {sentinel.address()},
                                    .replicas = 1,
                                    .call_timeout = absl::Seconds(2)};
  const auto store = Open(options);
  store::Revision before;
  WriteWhile(*store, [&] {
    before = HeadInTheEnd(*store);
    sentinel.primary().Kill();
    HeadInTheEnd(*store);
    // A primary without a replica acknowledges nothing; this one becomes its replica.
    sentinel.primary().Start();
  });
  EXPECT_GT(HeadInTheEnd(*store).epoch, before.epoch);
  ExpectNothingWrong(options);
}

TEST_F(RedisGroupFault, TakeoverInAClusterLosesNothingAcknowledgedAndIsANewEpoch) {
  RedisCluster cluster(RedisCluster::Replica::kOfTheFirst, testing::kQuickTakeover);
  const store::RedisOptions options{.mode = RedisMode::kCluster,
                                    .addresses = cluster.addresses(),
                                    .replicas = 1,
                                    .unsafe_server = store::UnsafeServer::kWarn,
                                    .call_timeout = absl::Seconds(2)};
  const auto store = Open(options);
  for (uint64_t i = 0; i < 100; ++i) {
    ASSERT_THAT(WriteThroughFailures(*store, "w", i, acknowledged_), testing::IsOk());
  }
  const store::Revision before = HeadInTheEnd(*store);
  cluster.server(RedisCluster::OwnerOf(store::redis::SlotOf(kRegion))).Kill();
  // Reads come back by themselves; commits would too with another replica.
  HeadInTheEnd(*store);
  ExpectNothingWrong(options);
  store::RedisOptions alone = options;
  alone.replicas = 0;
  const auto later = Open(alone);
  for (uint64_t i = 0; i < 20; ++i) {
    ASSERT_THAT(WriteThroughFailures(*later, "later", i, acknowledged_), testing::IsOk());
  }
  EXPECT_GT(HeadInTheEnd(*later).epoch, before.epoch);
  ExpectNothingWrong(alone);
}

TEST_F(RedisGroupFault, RegionOfADeadServerIsUnavailableAndTheOthersGoOn) {
  RedisCluster cluster;
  const store::RedisOptions options{
      .mode = RedisMode::kCluster, .addresses = cluster.addresses(), .call_timeout = kPatience};
  const auto store = Open(options);
  ASSERT_THAT(WriteUntilFailure(*store, "w", 0, 5, acknowledged_), testing::IsOk());
  constexpr store::Region kGuangdong = store::Region::FromNumber(44);
  cluster.server(RedisCluster::OwnerOf(store::redis::SlotOf(kGuangdong))).Kill();
  EXPECT_THAT(store->Head(kGuangdong), FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  EXPECT_THAT(WriteUntilFailure(*store, "w", 5, 20, acknowledged_), testing::IsOk());
  ExpectNothingWrong(options);
}

TEST_F(RedisGroupFault, SlotThatMovesToAnotherServerAndBackDisturbsNobody) {
  RedisCluster cluster;
  const store::RedisOptions options{
      .mode = RedisMode::kCluster, .addresses = cluster.addresses(), .call_timeout = kPatience};
  const auto store = Open(options);
  const int slot = store::redis::SlotOf(kRegion);
  const size_t owner = RedisCluster::OwnerOf(slot);
  const size_t other = (owner + 1) % 3;
  std::atomic<int> failures = 0;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (uint64_t i = 0; !done; ++i) {
      // A client that retries once.
      absl::Status written = WriteUntilFailure(*store, "once", i, 1, acknowledged_);
      if (!written.ok()) written = WriteUntilFailure(*store, "once", i, 1, acknowledged_);
      if (!written.ok()) ++failures;
    }
  });
  WriteWhile(*store, [&] {
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
