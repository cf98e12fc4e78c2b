// The checker itself, on histories with planted violations.

#include "tests/faults/history.h"

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/sqlite_store.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

using store::Kind;
using store::Mutation;
using store::Precondition;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest() { EXPECT_TRUE(WriteUntilFailure(*store_, "w", 0, 5, history_).ok()); }

  void Commit(Mutation mutation) {
    store::CommitRequest request{.region = kRegion};
    request.mutations.push_back(std::move(mutation));
    EXPECT_THAT(store_->Commit(request), testing::IsOk());
  }

  // An answer at `sequence` to a reader who began before anything was acknowledged.
  History::Read ReadOf(const PairName& pair, uint64_t sequence,
                       std::optional<uint64_t> version) const {
    return {.reader = "r",
            .pair = pair,
            .revision = {store_->Head(kRegion)->epoch, sequence},
            .version = version};
  }

  testing::TempDir dir_;
  testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<store::Store> store_ =
      store::OpenSqliteStore({.path = dir_.File("leye.db")}, {clock_, random_, log_}).value();
  History history_;
};

TEST_F(HistoryTest, FindsNothingWrongWithWhatIsRight) {
  const Violations violations = history_.Check(*store_);
  EXPECT_TRUE(violations.none()) << violations.lost;
}

TEST_F(HistoryTest, CountsWhatWasAcknowledgedAndIsNotThere) {
  history_.Acknowledge("w", 5, 6);
  EXPECT_EQ(history_.Check(*store_).lost, 1);
}

TEST_F(HistoryTest, CountsWhatIsThereAtAnotherSequence) {
  history_.Acknowledge("w", 4, 4);
  EXPECT_EQ(history_.Check(*store_).lost, 1);
}

TEST_F(HistoryTest, SeesAHalf) {
  Commit(
      Mutation::Delete(Kind::kCandidate, "regions/13/candidates/w-3-right", Precondition::Any()));
  EXPECT_THAT(history_.Check(*store_).other, Contains(HasSubstr("half of w-3")));
}

TEST_F(HistoryTest, SeesASequenceWithoutAPairAndAPairThatMoved) {
  Commit(Mutation::Put(Kind::kCandidate, "regions/13/candidates/w-2-left", store::Envelope(),
                       Precondition::Any()));
  EXPECT_THAT(history_.Check(*store_).other, Contains("0 pairs at 3"));
}

TEST_F(HistoryTest, SeesTwoPairsAtOneSequence) {
  store::CommitRequest both = PairCommit("x", 0);
  store::CommitRequest other = PairCommit("y", 0);
  for (int i = 0; i < 2; ++i) both.mutations.push_back(other.mutations[static_cast<size_t>(i)]);
  ASSERT_THAT(store_->Commit(both), testing::IsOk());
  EXPECT_THAT(history_.Check(*store_).other, Contains("2 pairs at 6"));
}

TEST_F(HistoryTest, FindsNothingWrongWithReadsOfWhatWasThere) {
  for (const PairName& pair : {PairName{"w", 0}, PairName{"w", 4}, PairName{"w", 5}}) {
    EXPECT_THAT(ReadPair(*store_, "r", pair, history_), testing::IsOk());
  }
  ASSERT_TRUE(WriteUntilFailure(*store_, "w", 5, 1, history_).ok());
  EXPECT_THAT(ReadPair(*store_, "r", {"w", 5}, history_), testing::IsOk());
  EXPECT_TRUE(history_.Check(*store_).none());
  EXPECT_EQ(history_.reads(), 4u);
}

TEST_F(HistoryTest, SeesAReaderThatMissesWhatWasAcknowledged) {
  history_.Add(ReadOf({"w", 3}, 5, std::nullopt));
  EXPECT_THAT(history_.Check(*store_).other, ElementsAre(HasSubstr("did not see it")));
}

TEST_F(HistoryTest, SeesAnAnswerOlderThanWhatWasAcknowledgedBefore) {
  History::Read read = ReadOf({"w", 1}, 3, 2);
  read.begun_at = 4;
  history_.Add(read);
  EXPECT_THAT(history_.Check(*store_).other,
              ElementsAre("r read w-1 at 3 after 4 was acknowledged"));
}

TEST_F(HistoryTest, SeesAReaderThatGoesBack) {
  history_.Add(ReadOf({"w", 1}, 4, 2));
  history_.Add(ReadOf({"w", 1}, 3, 2));
  EXPECT_THAT(history_.Check(*store_).other, ElementsAre("r read w-1 at 3 after 4"));
}

// But not behind what was acknowledged.
TEST_F(HistoryTest, ReaderMayGoBackWhereAnotherServerTakesOver) {
  history_.ExpectTakeovers();
  history_.Add(ReadOf({"w", 1}, 5, 2));
  history_.Add(ReadOf({"w", 1}, 4, 2));
  EXPECT_TRUE(history_.Check(*store_).none());
  History::Read read = ReadOf({"w", 1}, 3, 2);
  read.begun_at = 4;
  history_.Add(read);
  EXPECT_THAT(history_.Check(*store_).other, ElementsAre(HasSubstr("after 4 was acknowledged")));
}

TEST_F(HistoryTest, SeesAReaderThatSeesTheFuture) {
  history_.Add(ReadOf({"w", 3}, 2, 4));
  EXPECT_THAT(history_.Check(*store_).other, ElementsAre(HasSubstr("saw what came later")));
}

TEST_F(HistoryTest, SeesAHalfThatWasRead) {
  history_.AddHalf(ReadOf({"w", 3}, 5, 4));
  EXPECT_THAT(history_.Check(*store_).other, ElementsAre(HasSubstr("saw half of it")));
}

TEST_F(HistoryTest, CountsWhatWasReadAndIsGone) {
  history_.Add(ReadOf({"w", 9}, 5, 5));
  history_.Add(ReadOf({"w", 3}, 5, 3));  // It is from 4.
  EXPECT_EQ(history_.Check(*store_).vanished, 2);
}

TEST_F(HistoryTest, AnEpochThatIsOverMayHaveHadOtherContentBeyondWhatWasAcknowledged) {
  History::Read read = ReadOf({"w", 3}, 5, std::nullopt);
  read.revision.epoch -= 1;
  history_.Add(read);
  EXPECT_TRUE(history_.Check(*store_).none());
  read.begun_at = 4;
  history_.Add(read);
  EXPECT_THAT(history_.Check(*store_).other, ElementsAre(HasSubstr("did not see it")));
}

}  // namespace
}  // namespace leye::faults
