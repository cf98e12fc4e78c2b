// A network between leyed and Redis that is silent, slow, or loses what Redis answers.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "services/store/redis_store.h"
#include "tests/faults/budget.h"
#include "tests/faults/history.h"
#include "tests/faults/redis_faults.h"
#include "tests/testing/faulty_network.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::faults {
namespace {

using absl::StatusCode;
using testing::Eventually;
using testing::FailsWith;
using testing::FaultyNetwork;
using testing::IsOk;
using testing::RedisServer;

class RedisNetworkFault : public RedisFaults {
 protected:
  // Through the network; calls may take `call_timeout`.
  store::RedisOptions Through(absl::Duration call_timeout) const {
    return {.addresses = {network_.address()}, .call_timeout = call_timeout};
  }
  // Past it.
  store::RedisOptions Direct() const { return {.addresses = {server_.address()}}; }

  RedisServer server_{{.port = testing::kAnyPort}};
  FaultyNetwork network_{server_.address()};
};

TEST_F(RedisNetworkFault, BlackHoleIsUnavailableInTimeAndEachCommitHasOneEffect) {
  const auto store = Open(Through(absl::Milliseconds(200)));
  for (Budget budget(4); budget.Next() && !HasFailure();) {
    WriteWhile(*store, [&] {
      AwaitMore(random_() % 100);
      network_.Become(FaultyNetwork::State::kBlackHole);
      // By connections that were there and by new ones.
      for (int i = 0; i < 3; ++i) ExpectUnavailableInTime(*store);
      network_.Become(FaultyNetwork::State::kGood);
    });
    ExpectNothingWrong(Direct());
  }
  std::printf("black hole: acknowledged %zu, read %zu\n", history_.size(), history_.reads());
}

TEST_F(RedisNetworkFault, ConnectionsThatBreakGiveEachCommitOneEffect) {
  const auto store = Open(Through(kPatience));
  for (Budget budget(4); budget.Next() && !HasFailure();) {
    WriteWhile(*store, [&] {
      for (int i = 0; i < 5; ++i) {
        AwaitMore(random_() % 20);
        network_.HangUp();
      }
    });
    ExpectNothingWrong(Direct());
  }
}

// The commit is done, and nobody says so: the outcome is unknown until it is asked for again.
TEST_F(RedisNetworkFault, LostReplyIsAnUnknownOutcomeThatTheSameRequestSettles) {
  store::RedisOptions options = Through(absl::Seconds(2));
  options.refresh_interval = absl::Hours(1);  // Nobody else uses the connection that is there,
  options.max_connections = 1;                // and no other is made, which would need replies.
  const auto store = Open(options);
  uint64_t next = 0;
  absl::Status lost;
  // Again if nothing was sent: the one connection was just used to read heads, or, on a machine
  // that stood still, had timed out, and a new one needs replies.
  for (int tries = 0; tries < 10 && ErrorReason(lost) != "OUTCOME_UNKNOWN"; ++tries) {
    network_.Become(FaultyNetwork::State::kGood);
    ASSERT_THAT(WriteThroughFailures(*store, "w", next++, history_), IsOk());
    network_.Become(FaultyNetwork::State::kRepliesAreHeld);
    lost = store->Commit(PairCommit("w", next)).status();
  }
  EXPECT_THAT(lost, FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
  const auto direct = Open(Direct());
  EXPECT_TRUE(Eventually([&] { return direct->Head(kRegion)->sequence == next + 1; }))
      << "the commit was to arrive";
  network_.Become(FaultyNetwork::State::kGood);
  ASSERT_THAT(WriteThroughFailures(*store, "w", next, history_), IsOk());
  EXPECT_EQ(HeadInTheEnd(*direct).sequence, next + 1);
  ExpectNothingWrong(Direct());
}

// Every single read of the socket is quick; only a bound on the whole call ends this one.
TEST_F(RedisNetworkFault, TrickleIsUnavailableInTime) {
  const auto store = Open(Through(absl::Milliseconds(200)));
  ASSERT_THAT(WriteThroughFailures(*store, "w", 0, history_), IsOk());
  network_.Become(FaultyNetwork::State::kTrickle);
  EXPECT_TRUE(Eventually(
      [&] { return absl::IsUnavailable(store->ScanRegion({.region = kRegion}).status()); }));
  network_.Become(FaultyNetwork::State::kGood);
  EXPECT_TRUE(Eventually([&] { return store->ScanRegion({.region = kRegion}).ok(); }));
  ExpectNothingWrong(Direct());
}

}  // namespace
}  // namespace leye::faults
