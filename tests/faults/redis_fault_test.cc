// Redis that is killed, paused, slow or taken over by a stale replica, while several threads write.

#include <atomic>
#include <functional>
#include <memory>
#include <random>
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
#include "tests/faults/budget.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::faults {
namespace {

using absl::StatusCode;
using store::Store;
using testing::Eventually;
using testing::FailsWith;
using testing::kAnyPort;
using testing::RedisServer;

class RedisFault : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(const RedisServer& server, store::RedisOptions options = {}) {
    options.addresses = {server.address()};
    options.unsafe_server = store::UnsafeServer::kWarn;
    // However busy the machine is, unless the test is about a time-out.
    if (options.call_timeout == store::RedisOptions().call_timeout) {
      options.call_timeout = absl::Seconds(60);
    }
    options.connect_timeout = absl::Seconds(20);
    auto store = store::OpenRedisStore(options, {clock_, ids_, log_});
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Writes from a few threads, each commit until it is acknowledged, while `disturb` runs.
  void WriteWhile(Store& store, int round, const std::function<void()>& disturb) {
    std::atomic<bool> done = false;
    const auto write = [&](int thread) {
      const std::string writer = absl::StrCat("r", round, "t", thread);
      for (uint64_t i = 0; !done; ++i) {
        const absl::Status written = WriteThroughFailures(store, writer, i, acknowledged_);
        ASSERT_TRUE(written.ok()) << written;
      }
    };
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back(write, t);
    disturb();
    AwaitMore(5);  // It has recovered.
    done = true;
    for (std::thread& thread : threads) thread.join();
  }

  // Until `count` more commits are acknowledged.
  void AwaitMore(uint64_t count) {
    const size_t enough = acknowledged_.size() + count;
    EXPECT_TRUE(Eventually([&] { return acknowledged_.size() >= enough; }));
  }

  // Read through a store of its own, whose time-outs are not the test's.
  void ExpectNothingWrong(const RedisServer& server) {
    const Violations violations = Check(server);
    EXPECT_EQ(violations.lost, 0) << "of " << acknowledged_.size();
    EXPECT_EQ(violations.other, std::vector<std::string>());
  }
  Violations Check(const RedisServer& server) {
    const auto store = Open(server);
    if (store == nullptr) return {.lost = -1, .other = {}};
    return acknowledged_.Check(*store);
  }

  const uint64_t seed_ = FaultSeed();
  std::mt19937_64 random_{seed_};
  testing::FakeClock clock_;
  SystemRandom ids_;
  Logger log_ = Logger::Discard();
  Acknowledged acknowledged_;
};

TEST_F(RedisFault, KilledServerLosesNothingAcknowledgedAndTheStoreGoesOn) {
  SCOPED_TRACE(absl::StrCat("LEYE_FAULT_SEED=", seed_));
  RedisServer server;
  const auto store = Open(server);
  for (Budget budget(8); budget.Next() && !HasFailure();) {
    WriteWhile(*store, budget.round(), [&] {
      AwaitMore(random_() % 200);
      server.Kill();
      server.Start();
    });
    ExpectNothingWrong(server);
  }
  std::printf("killed: acknowledged %zu, lost 0\n", acknowledged_.size());
}

TEST_F(RedisFault, ServerWithoutALogIsCaughtLosing) {
  RedisServer server({.settings = {{"appendonly", "no"}}});
  const auto store = Open(server);
  WriteWhile(*store, 1, [&] {
    AwaitMore(50);
    server.Kill();
    server.Start();
  });
  EXPECT_GT(Check(server).lost, 0) << "the test cannot see a loss";
}

TEST_F(RedisFault, PausedServerGivesEachCommitOneEffect) {
  SCOPED_TRACE(absl::StrCat("LEYE_FAULT_SEED=", seed_));
  RedisServer server;
  const auto store = Open(server, {.call_timeout = absl::Milliseconds(100)});
  for (Budget budget(5); budget.Next() && !HasFailure();) {
    WriteWhile(*store, budget.round(), [&] {
      AwaitMore(random_() % 100);
      server.Pause();
      // Until a call has noticed.
      EXPECT_TRUE(Eventually([&] { return !store->Head(kRegion).ok(); }));
      server.Resume();
    });
    ExpectNothingWrong(server);
  }
}

TEST_F(RedisFault, CommitWithoutARequestIdIsCaughtHappeningTwice) {
  RedisServer server;
  const auto store =
      Open(server, {.call_timeout = absl::Seconds(2), .refresh_interval = absl::Hours(1)});
  store::CommitRequest request{.region = kRegion};
  request.mutations.push_back(store::Mutation::Put(store::Kind::kCandidate, "once",
                                                   store::Envelope(), store::Precondition::Any()));
  uint64_t others = 0;
  // Sent on a connection that was there before the pause; without one it is certainly not done.
  EXPECT_TRUE(Eventually([&] {
    EXPECT_THAT(WriteThroughFailures(*store, "w", others++, acknowledged_), testing::IsOk());
    server.Pause();
    const absl::Status status = store->Commit(request).status();
    server.Resume();
    return ErrorReason(status) == "OUTCOME_UNKNOWN";
  }));
  const auto patient = Open(server);
  EXPECT_THAT(patient->Commit(request), testing::IsOk());
  EXPECT_TRUE(Eventually([&] { return patient->Head(kRegion)->sequence == others + 2; }))
      << "the commit that timed out was not carried out, and should have been";
}

TEST_F(RedisFault, SlowServerIsUnavailableInTimeAndComesBack) {
  RedisServer server;
  const auto store = Open(server, {.call_timeout = absl::Milliseconds(100)});
  std::atomic<bool> seen = false;
  std::thread sleeper([&] {
    while (!seen) server.Ask({"DEBUG", "SLEEP", "0.5"});
  });
  EXPECT_TRUE(Eventually([&] { return absl::IsUnavailable(store->Head(kRegion).status()); }));
  seen = true;
  sleeper.join();
  EXPECT_THAT(WriteThroughFailures(*store, "w", 0, acknowledged_), testing::IsOk());
}

// A primary whose replica takes over. Without waiting for it, what it had not got is lost.
class RedisTakeover : public RedisFault {
 protected:
  void SetUp() override {
    EXPECT_TRUE(Eventually([this] { return InStep(); }));
  }

  bool InStep() const {
    return replica_.Ask({"INFO", "replication"}).find("master_link_status:up") != std::string::npos;
  }

  // The replica keeps what it has and looks for its primary where there is none.
  void CutReplication() { replica_.Ask({"REPLICAOF", "127.0.0.1", "1"}); }

  void TakeOver() {
    primary_.Kill();
    replica_.Ask({"REPLICAOF", "NO", "ONE"});
  }

  RedisServer primary_{{.port = kAnyPort}};
  RedisServer replica_{{.settings = {{"replicaof", absl::StrCat("127.0.0.1 ", primary_.port())}}}};
};

TEST_F(RedisTakeover, WithWaitNothingAcknowledgedIsLost) {
  const auto before = Open(primary_, {.replicas = 1, .call_timeout = absl::Seconds(2)});
  for (uint64_t i = 0; i < 50; ++i) {
    ASSERT_THAT(WriteThroughFailures(*before, "w", i, acknowledged_), testing::IsOk());
  }
  CutReplication();
  EXPECT_THAT(WriteUntilFailure(*before, "w", 50, 1, acknowledged_),
              FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
  TakeOver();
  ExpectNothingWrong(replica_);
}

TEST_F(RedisTakeover, WithoutWaitALossIsCaughtAndTheForkHasANewEpoch) {
  const auto before = Open(primary_);
  ASSERT_THAT(WriteUntilFailure(*before, "w", 0, 50, acknowledged_), testing::IsOk());
  ASSERT_TRUE(Eventually([&] {
    return replica_.Ask({"HGET", store::redis::MetaKey(kRegion), "head"}) == "50\n";
  }));
  CutReplication();
  ASSERT_THAT(WriteUntilFailure(*before, "w", 50, 20, acknowledged_), testing::IsOk());
  const store::Revision seen = *before->Head(kRegion);
  TakeOver();
  const auto after = Open(replica_);
  EXPECT_GT(Check(replica_).lost, 0) << "the test cannot see a loss";
  // The same sequences are given again, with other content: nobody may take them for the old ones.
  ASSERT_THAT(WriteUntilFailure(*after, "other", 0, 40, acknowledged_), testing::IsOk());
  EXPECT_GE(after->Head(kRegion)->sequence, seen.sequence);
  EXPECT_THAT(after->ReadLog(kRegion, seen, 10),
              FailsWith(StatusCode::kOutOfRange, "EPOCH_CHANGED"));
}

}  // namespace
}  // namespace leye::faults
