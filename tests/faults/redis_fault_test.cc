// Redis that is killed, paused, slow or taken over by a stale replica, while several threads write.

#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "services/store/redis_keys.h"
#include "services/store/redis_store.h"
#include "tests/faults/back_times.h"
#include "tests/faults/budget.h"
#include "tests/faults/history.h"
#include "tests/faults/redis_faults.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::faults {
namespace {

using absl::StatusCode;
using testing::Eventually;
using testing::FailsWith;
using testing::kAnyPort;
using testing::RedisServer;

class RedisFault : public RedisFaults {
 protected:
  static store::RedisOptions At(const RedisServer& server) {
    return {.addresses = {server.address()}};
  }
  static store::RedisOptions Impatient(const RedisServer& server, absl::Duration call_timeout) {
    store::RedisOptions options = At(server);
    options.call_timeout = call_timeout;
    return options;
  }
};

TEST_F(RedisFault, KilledServerLosesNothingAcknowledgedAndTheStoreGoesOn) {
  RedisServer server;
  const auto store = Open(At(server));
  // The check reads everything that was ever written, so that it is no part of every round.
  constexpr int kKillsACheck = 50;
  BackTimes back;  // From the kill to the next commit that is acknowledged.
  for (Budget budget(8); budget.Next() && !HasFailure();) {
    WriteWhile(*store, [&] {
      AwaitMore(random_() % 60);
      const absl::Time killed = absl::Now();
      server.Kill();
      const uint64_t acknowledged = history_.size();
      server.Start();
      EXPECT_TRUE(Eventually([&] { return history_.size() > acknowledged; }));
      back.Add(absl::Now() - killed);
    });
    if (back.size() % kKillsACheck == 0) ExpectNothingWrong(At(server));
  }
  ExpectNothingWrong(At(server));
  std::printf("Redis killed %zu times: acknowledged %zu, read %zu, lost 0, %s\n", back.size(),
              history_.size(), history_.reads(), back.Text().c_str());
}

TEST_F(RedisFault, ServerWithoutALogIsCaughtLosing) {
  RedisServer server({.settings = {{"appendonly", "no"}}});
  const auto store = Open(At(server));
  WriteWhile(*store, [&] {
    AwaitMore(50);
    server.Kill();
    server.Start();
  });
  EXPECT_GT(Check(At(server)).lost, 0) << "the test cannot see a loss";
}

TEST_F(RedisFault, PausedServerGivesEachCommitOneEffect) {
  RedisServer server;
  const auto store = Open(Impatient(server, absl::Milliseconds(100)));
  for (Budget budget(5); budget.Next() && !HasFailure();) {
    WriteWhile(*store, [&] {
      AwaitMore(random_() % 100);
      server.Pause();
      ExpectUnavailableInTime(*store);
      server.Resume();
    });
    ExpectNothingWrong(At(server));
  }
}

TEST_F(RedisFault, CommitWithoutARequestIdIsCaughtHappeningTwice) {
  RedisServer server;
  store::RedisOptions options = Impatient(server, absl::Seconds(2));
  options.refresh_interval = absl::Hours(1);
  const auto store = Open(options);
  store::CommitRequest request{.region = kRegion};
  request.mutations.push_back(store::Mutation::Put(store::Kind::kCandidate, "once",
                                                   store::Envelope(), store::Precondition::Any()));
  uint64_t others = 0;
  // Sent on a connection that was there before the pause; without one it is certainly not done.
  EXPECT_TRUE(Eventually([&] {
    EXPECT_THAT(WriteThroughFailures(*store, "w", others++, history_), testing::IsOk());
    server.Pause();
    const absl::Status status = store->Commit(request).status();
    server.Resume();
    return ErrorReason(status) == "OUTCOME_UNKNOWN";
  }));
  const auto patient = Open(At(server));
  EXPECT_THAT(patient->Commit(request), testing::IsOk());
  EXPECT_TRUE(Eventually([&] { return patient->Head(kRegion)->sequence == others + 2; }))
      << "the commit that timed out was not carried out, and should have been";
}

TEST_F(RedisFault, SlowServerIsUnavailableInTimeAndComesBack) {
  RedisServer server;
  const auto store = Open(Impatient(server, absl::Milliseconds(100)));
  std::atomic<bool> seen = false;
  std::thread sleeper([&] {
    while (!seen) server.Ask({"DEBUG", "SLEEP", "0.5"});
  });
  ExpectUnavailableInTime(*store);
  seen = true;
  sleeper.join();
  EXPECT_THAT(WriteThroughFailures(*store, "w", 0, history_), testing::IsOk());
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
  store::RedisOptions options = Impatient(primary_, absl::Seconds(2));
  options.replicas = 1;
  const auto before = Open(options);
  for (uint64_t i = 0; i < 50; ++i) {
    ASSERT_THAT(WriteThroughFailures(*before, "w", i, history_), testing::IsOk());
  }
  CutReplication();
  EXPECT_THAT(WriteUntilFailure(*before, "w", 50, 1, history_),
              FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
  TakeOver();
  ExpectNothingWrong(At(replica_));
}

TEST_F(RedisTakeover, WithoutWaitALossIsCaughtAndTheForkHasANewEpoch) {
  const auto before = Open(At(primary_));
  ASSERT_THAT(WriteUntilFailure(*before, "w", 0, 50, history_), testing::IsOk());
  ASSERT_TRUE(Eventually([&] {
    return replica_.Ask({"HGET", store::redis::MetaKey(kRegion), "head"}) == "50\n";
  }));
  CutReplication();
  ASSERT_THAT(WriteUntilFailure(*before, "w", 50, 20, history_), testing::IsOk());
  const store::Revision seen = *before->Head(kRegion);
  TakeOver();
  const auto after = Open(At(replica_));
  EXPECT_GT(Check(At(replica_)).lost, 0) << "the test cannot see a loss";
  // The same sequences are given again, with other content: nobody may take them for the old ones.
  ASSERT_THAT(WriteUntilFailure(*after, "other", 0, 40, history_), testing::IsOk());
  EXPECT_GE(after->Head(kRegion)->sequence, seen.sequence);
  EXPECT_THAT(after->ReadLog(kRegion, seen, 10),
              FailsWith(StatusCode::kOutOfRange, "EPOCH_CHANGED"));
}

}  // namespace
}  // namespace leye::faults
