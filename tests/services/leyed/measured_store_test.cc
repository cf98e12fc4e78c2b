#include "services/leyed/measured_store.h"

#include <memory>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/sqlite_store.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye {
namespace {

using leye::testing::IsOk;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Region;

constexpr Region kHebei = Region::FromNumber(13);
constexpr char kName[] = "regions/13/candidates/c1";

uint64_t CountOf(const OutcomeFigures& figures, absl::StatusCode code) {
  return figures.Read().by_code[static_cast<size_t>(code)];
}

TEST(MeasuredStore, CountsAnswersByOperationAndCode) {
  const testing::TempDir folder;
  const testing::FakeClock clock;
  SeededRandom random(1);
  const Logger log = Logger::Discard();
  auto opened = store::OpenSqliteStore({.path = folder.File("a.db")}, {clock, random, log});
  ASSERT_THAT(opened, IsOk());
  StoreFigures figures;
  const std::unique_ptr<store::Store> store = MeasureStore(*std::move(opened), figures);

  const store::CommitRequest create{
      .region = kHebei,
      .mutations = {
          Mutation::Put(Kind::kCandidate, kName, store::Envelope(), Precondition::Absent())}};
  EXPECT_THAT(store->Commit(create), IsOk());
  EXPECT_FALSE(store->Commit(create).ok());
  EXPECT_THAT(store->Get(kHebei, {Kind::kCandidate, kName}), IsOk());
  store->Close();
  EXPECT_FALSE(store->Get(kHebei, {Kind::kCandidate, kName}).ok());

  const OutcomeFigures& commits = figures.at(StoreOperation::kCommit);
  EXPECT_EQ(CountOf(commits, absl::StatusCode::kOk), 1U);
  EXPECT_EQ(CountOf(commits, absl::StatusCode::kAlreadyExists), 1U);
  EXPECT_GT(commits.Read().seconds, 0);
  const OutcomeFigures& gets = figures.at(StoreOperation::kGet);
  EXPECT_EQ(CountOf(gets, absl::StatusCode::kOk), 1U);
  EXPECT_EQ(CountOf(gets, absl::StatusCode::kUnavailable), 1U);
}

TEST(OutcomeFigures, ADurationIsInTheBucketOfTheLeastBoundThatIsNotBelowIt) {
  OutcomeFigures figures;
  figures.Add(absl::StatusCode::kOk, absl::ZeroDuration());
  figures.Add(absl::StatusCode::kOk, absl::Microseconds(250));
  figures.Add(absl::StatusCode::kAborted, absl::Microseconds(251));
  figures.Add(static_cast<absl::StatusCode>(99), absl::Hours(1));
  const OutcomeFigures::Reading reading = figures.Read();
  EXPECT_EQ(reading.by_bucket.front(), 2U);
  EXPECT_EQ(reading.by_bucket[1], 1U);
  EXPECT_EQ(reading.by_bucket.back(), 1U);
  EXPECT_EQ(reading.by_code[static_cast<size_t>(absl::StatusCode::kUnknown)], 1U);
  EXPECT_NEAR(reading.seconds, 3600.000501, 1e-9);
}

TEST(StoreOperation, EachHasAName) {
  for (size_t i = 0; i < kStoreOperations; ++i) {
    EXPECT_STRNE(NameOf(static_cast<StoreOperation>(i)), "");
  }
}

}  // namespace
}  // namespace leye
