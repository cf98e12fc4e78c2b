// The checker itself, on histories with planted violations.

#include "tests/faults/acknowledged.h"

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
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AcknowledgedTest : public ::testing::Test {
 protected:
  AcknowledgedTest() { EXPECT_TRUE(WriteUntilFailure(*store_, "w", 0, 5, acknowledged_).ok()); }

  void Commit(Mutation mutation) {
    store::CommitRequest request{.region = kRegion};
    request.mutations.push_back(std::move(mutation));
    EXPECT_THAT(store_->Commit(request), testing::IsOk());
  }

  testing::TempDir dir_;
  testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<store::Store> store_ =
      store::OpenSqliteStore({.path = dir_.File("leye.db")}, {clock_, random_, log_}).value();
  Acknowledged acknowledged_;
};

TEST_F(AcknowledgedTest, FindsNothingWrongWithWhatIsRight) {
  const Violations violations = acknowledged_.Check(*store_);
  EXPECT_TRUE(violations.none()) << violations.lost;
}

TEST_F(AcknowledgedTest, CountsWhatWasAcknowledgedAndIsNotThere) {
  acknowledged_.Add("w", 5, 6);
  EXPECT_EQ(acknowledged_.Check(*store_).lost, 1);
}

TEST_F(AcknowledgedTest, CountsWhatIsThereAtAnotherSequence) {
  acknowledged_.Add("w", 4, 4);
  EXPECT_EQ(acknowledged_.Check(*store_).lost, 1);
}

TEST_F(AcknowledgedTest, SeesAHalf) {
  Commit(
      Mutation::Delete(Kind::kCandidate, "regions/13/candidates/w-3-right", Precondition::Any()));
  EXPECT_THAT(acknowledged_.Check(*store_).other, Contains(HasSubstr("half of w-3")));
}

TEST_F(AcknowledgedTest, SeesASequenceWithoutAPairAndAPairThatMoved) {
  Commit(Mutation::Put(Kind::kCandidate, "regions/13/candidates/w-2-left", store::Envelope(),
                       Precondition::Any()));
  EXPECT_THAT(acknowledged_.Check(*store_).other, Contains("0 pairs at 3"));
}

TEST_F(AcknowledgedTest, SeesTwoPairsAtOneSequence) {
  store::CommitRequest both = PairCommit("x", 0);
  store::CommitRequest other = PairCommit("y", 0);
  for (int i = 0; i < 2; ++i) both.mutations.push_back(other.mutations[static_cast<size_t>(i)]);
  ASSERT_THAT(store_->Commit(both), testing::IsOk());
  EXPECT_THAT(acknowledged_.Check(*store_).other, Contains("2 pairs at 6"));
}

}  // namespace
}  // namespace leye::faults
