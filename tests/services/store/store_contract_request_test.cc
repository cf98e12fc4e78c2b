// Idempotency: what a request id promises.

#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;

TEST_P(StoreContract, RepeatedRequestReturnsTheSameResultWithoutEffect) {
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult first,
                            Commit({Put("a", "1", Precondition::Absent()), Put("b", "2")}, "r"));
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult again,
                            Commit({Put("a", "1", Precondition::Absent()), Put("b", "2")}, "r"));
  EXPECT_FALSE(first.replayed);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.revision, first.revision);
  ASSERT_EQ(again.written.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(again.written[i].name, first.written[i].name);
    EXPECT_EQ(again.written[i].number, first.written[i].number);
    EXPECT_EQ(again.written[i].version, first.written[i].version);
    EXPECT_EQ(again.written[i].envelope.SerializeAsString(),
              first.written[i].envelope.SerializeAsString());
  }
  EXPECT_EQ(HeadSequence(), 1u);
}

TEST_P(StoreContract, ReplayTellsWhatWasWrittenThenAndThePersonalPartOfNow) {
  const auto put = [](absl::string_view open, absl::string_view personal) {
    return Mutation::Put(Kind::kCandidate, Candidate("a").name, Content(open, personal),
                         Precondition::Any());
  };
  ASSERT_THAT(Commit({put("then", "old name")}, "r"), IsOk());
  ASSERT_THAT(Commit({put("now", "new name")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult changed, Commit({put("then", "old name")}, "r"));
  EXPECT_EQ(changed.written[0].envelope.open(), "then");
  EXPECT_EQ(changed.written[0].envelope.sealed().content(), "new name");
}

TEST_P(StoreContract, ReplayNeverBringsErasedPersonalDataBack) {
  const Mutation put = Mutation::Put(Kind::kCandidate, Candidate("a").name,
                                     Content("open", "secret"), Precondition::Any());
  ASSERT_THAT(Commit({put}, "r"), IsOk());
  ASSERT_THAT(Commit({Delete("a")}), IsOk());
  ASSERT_THAT(
      Commit({Mutation::Put(Kind::kCandidate, Candidate("a").name,
                            Content("somebody else", "another secret"), Precondition::Absent())}),
      IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult replay, Commit({put}, "r"));
  EXPECT_EQ(replay.written[0].envelope.open(), "open");
  EXPECT_FALSE(replay.written[0].envelope.has_sealed());
}

TEST_P(StoreContract, RequestIdWithAnotherFingerprintIsRefused) {
  ASSERT_THAT(Commit({Put("a", "1")}, "r", "one"), IsOk());
  EXPECT_THAT(Commit({Put("b", "1")}, "r", "two"),
              FailsWith(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  EXPECT_THAT(store().FindRequest(kHebei, "r", "two"),
              FailsWith(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  EXPECT_EQ(OpenOf("b"), "(none)");
}

TEST_P(StoreContract, RequestIdsOfRegionsAreApart) {
  ASSERT_THAT(Commit({Put("a", "1")}, "r", "one"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult other,
                            store().Commit({kGuangdong, {Put("a", "1")}, "r", "two"}));
  EXPECT_FALSE(other.replayed);
}

TEST_P(StoreContract, FailedCommitDoesNotUseUpItsRequestId) {
  EXPECT_THAT(Commit({Put("a", "1", Precondition::Exists())}, "r"),
              FailsWith(StatusCode::kNotFound, "NOT_FOUND"));
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult result,
                            Commit({Put("a", "1", Precondition::Absent())}, "r"));
  EXPECT_FALSE(result.replayed);
}

TEST_P(StoreContract, FindRequestTellsAKnownRequestFromAnUnknownOne) {
  ASSERT_THAT(Commit({Put("a", "1")}, "known"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto known, store().FindRequest(kHebei, "known", "same"));
  ASSERT_TRUE(known.has_value());
  EXPECT_TRUE(known->replayed);
  EXPECT_EQ(known->written[0].number, 1u);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto unknown, store().FindRequest(kHebei, "unknown", "same"));
  EXPECT_FALSE(unknown.has_value());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto none, store().FindRequest(kHebei, "", "same"));
  EXPECT_FALSE(none.has_value());
}

TEST_P(StoreContract, RequestsAreRememberedForADayAcrossTrimming) {
  ASSERT_THAT(Commit({Put("a", "1")}, "r"), IsOk());
  clock().Advance(absl::Hours(23));
  ASSERT_THAT(Commit({Put("a", "2")}), IsOk());
  ASSERT_THAT(store().TrimLog(kHebei, 3), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult replay, Commit({Put("a", "1")}, "r"));
  EXPECT_TRUE(replay.replayed);
  EXPECT_EQ(replay.written[0].envelope.open(), "1");
  EXPECT_EQ(LogText(), "LOG_TRIMMED");
}

TEST_P(StoreContract, RequestsAreForgottenInTheEnd) {
  ASSERT_THAT(Commit({Put("a", "1")}, "r"), IsOk());
  clock().Advance(absl::Hours(24 * 30));
  ASSERT_THAT(Commit({Put("a", "2")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto forgotten, store().FindRequest(kHebei, "r", "same"));
  EXPECT_FALSE(forgotten.has_value());
}

TEST_P(StoreContract, ConcurrentDuplicatesHaveOneEffect) {
  constexpr int kRounds = 25;
  constexpr int kThreads = 8;
  for (int round = 0; round < kRounds; ++round) {
    const std::string id = std::to_string(round);
    std::vector<absl::StatusOr<CommitResult>> results(kThreads, absl::UnknownError("not run"));
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back(
          [&, i] { results[i] = Commit({Put(id, "1", Precondition::Absent())}, id); });
    }
    for (std::thread& thread : threads) thread.join();
    int originals = 0;
    for (const absl::StatusOr<CommitResult>& result : results) {
      ASSERT_THAT(result, IsOk());
      EXPECT_EQ(result->revision, results[0]->revision);
      originals += result->replayed ? 0 : 1;
    }
    EXPECT_EQ(originals, 1);
  }
  EXPECT_EQ(HeadSequence(), static_cast<uint64_t>(kRounds));
}

}  // namespace
}  // namespace leye::store
