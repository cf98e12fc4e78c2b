#include "services/live/log_upkeep.h"

#include <string>

#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/status.h"
#include "tests/services/store/sqlite_harness.h"
#include "tests/testing/status_matchers.h"

namespace leye::live {
namespace {

constexpr store::Region kHebei = store::Region::FromNumber(13);

class LogUpkeepTest : public ::testing::Test {
 protected:
  LogUpkeep UpkeepOf(const std::string& holder) {
    return {{.holder = holder, .spare_entries = 2}, harness_.store(), harness_.clock(), log_};
  }

  // The revision after `count` more commits.
  store::Revision Commit(int count) {
    store::CommitRequest request{.region = kHebei};
    request.mutations.push_back(store::Mutation::Put(
        store::Kind::kCandidate, "name", store::Envelope(), store::Precondition::Any()));
    for (int i = 0; i < count; ++i) EXPECT_THAT(harness_.store().Commit(request), testing::IsOk());
    return *harness_.store().Head(kHebei);
  }

  // The first sequence that a follower can still read.
  uint64_t FirstKept() {
    const store::Revision head = *harness_.store().Head(kHebei);
    uint64_t after = 0;
    while (!harness_.store().ReadLog(kHebei, {head.epoch, after}, 1).ok()) ++after;
    return after + 1;
  }

  store::SqliteHarness harness_;
  const Logger log_ = Logger::Discard();
};

TEST_F(LogUpkeepTest, TrimsWhatIsTakenLessTheSpare) {
  LogUpkeep upkeep = UpkeepOf("one");
  upkeep.Keep(kHebei, Commit(10));
  EXPECT_EQ(FirstKept(), 9u);
}

TEST_F(LogUpkeepTest, KeepsEverythingWhileThereIsNoMoreThanTheSpare) {
  LogUpkeep upkeep = UpkeepOf("one");
  upkeep.Keep(kHebei, Commit(2));
  EXPECT_EQ(FirstKept(), 1u);
}

TEST_F(LogUpkeepTest, KeepsWhatASlowerFollowerNeedsWhileItLives) {
  LogUpkeep slow = UpkeepOf("slow");
  LogUpkeep quick = UpkeepOf("quick");
  slow.Keep(kHebei, Commit(2));
  quick.Keep(kHebei, Commit(8));
  EXPECT_EQ(FirstKept(), 3u);
  harness_.clock().Advance(LogUpkeepOptions().lease);
  quick.Keep(kHebei, Commit(1));
  EXPECT_EQ(FirstKept(), 10u);
}

TEST_F(LogUpkeepTest, KeepsWhatALoadWillNeed) {
  Commit(3);
  LogUpkeep loading = UpkeepOf("loading");
  ASSERT_THAT(loading.BeforeLoad(kHebei), testing::IsOk());
  LogUpkeep quick = UpkeepOf("quick");
  quick.Keep(kHebei, Commit(7));
  EXPECT_EQ(FirstKept(), 4u);
}

TEST_F(LogUpkeepTest, KeepsWhatALoadWillNeedHoweverLongItTakes) {
  Commit(3);
  LogUpkeep loading = UpkeepOf("loading");
  ASSERT_THAT(loading.BeforeLoad(kHebei), testing::IsOk());
  for (int page = 0; page < 3; ++page) {
    harness_.clock().Advance(LogUpkeepOptions().lease * 0.9);
    loading.Renew();
  }
  LogUpkeep quick = UpkeepOf("quick");
  quick.Keep(kHebei, Commit(7));
  EXPECT_EQ(FirstKept(), 4u);
}

TEST_F(LogUpkeepTest, TrimsEvenWhenTheHoldIsRefused) {
  Commit(10);
  // A store that is full refuses holds; so does any for a holder without a name.
  LogUpkeep upkeep = UpkeepOf("");
  upkeep.Keep(kHebei, *harness_.store().Head(kHebei));
  EXPECT_EQ(FirstKept(), 9u);
}

TEST_F(LogUpkeepTest, SpeaksToTheStoreOnceInAnInterval) {
  LogUpkeep upkeep = UpkeepOf("one");
  upkeep.Keep(kHebei, Commit(10));
  upkeep.Keep(kHebei, Commit(10));
  EXPECT_EQ(FirstKept(), 9u);
  harness_.clock().Advance(LogUpkeepOptions().interval);
  upkeep.Keep(kHebei, Commit(1));
  EXPECT_EQ(FirstKept(), 20u);
}

}  // namespace
}  // namespace leye::live
