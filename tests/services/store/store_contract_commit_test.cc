// What a commit does: atomicity, preconditions, numbers, versions and limits.

#include "absl/status/status.h"
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
using leye::testing::StatusIs;

TEST_P(StoreContract, PutRecordIsReadBackWhole) {
  ASSERT_THAT(Commit({Mutation::Put(Kind::kCandidate, Candidate("a").name,
                                    Content("welder", "a name"), Precondition::Absent())}),
              IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Record record, store().Get(kHebei, Candidate("a")));
  EXPECT_EQ(record.name, "regions/13/candidates/a");
  EXPECT_EQ(record.kind, Kind::kCandidate);
  EXPECT_EQ(record.number, 1u);
  EXPECT_EQ(record.version, 1u);
  EXPECT_EQ(record.envelope.open(), "welder");
  EXPECT_EQ(record.envelope.sealed().content(), "a name");
  EXPECT_EQ(record.envelope.create_time().seconds(), 1'700'000'000);
}

TEST_P(StoreContract, ResultNamesRecordsPutInOrderWithNumberAndVersion) {
  ASSERT_THAT(Commit({Put("old", "1")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult result,
                            Commit({Put("z", "2"), Delete("old"), Put("b", "3")}));
  ASSERT_EQ(result.written.size(), 2u);
  EXPECT_EQ(result.written[0].name, Candidate("z").name);
  EXPECT_EQ(result.written[0].number, 2u);
  EXPECT_EQ(result.written[1].number, 3u);
  EXPECT_EQ(result.written[1].version, 2u);
  EXPECT_EQ(result.revision.sequence, 2u);
  EXPECT_FALSE(result.replayed);
}

TEST_P(StoreContract, SequencesAreDenseAndCountEveryCommitOnce) {
  for (uint64_t i = 1; i <= 20; ++i) {
    LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult result, Commit({Put("a", "x")}));
    EXPECT_EQ(result.revision.sequence, i);
    EXPECT_THAT(Commit({Put("a", "y", Precondition::Absent())}),
                StatusIs(StatusCode::kAlreadyExists));
  }
  EXPECT_EQ(HeadSequence(), 20u);
}

TEST_P(StoreContract, UpdateKeepsNumberAndRaisesVersion) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "1")}), IsOk());
  ASSERT_THAT(Commit({Put("a", "2", Precondition::AtVersion(1))}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Record record, store().Get(kHebei, Candidate("a")));
  EXPECT_EQ(record.number, 1u);
  EXPECT_EQ(record.version, 2u);
  EXPECT_EQ(record.envelope.open(), "2");
}

TEST_P(StoreContract, PreconditionsFailWithTheirOwnReason) {
  ASSERT_THAT(Commit({Put("a", "1")}), IsOk());
  ASSERT_THAT(Commit({Put("a", "2")}), IsOk());
  EXPECT_THAT(Commit({Put("a", "3", Precondition::Absent())}),
              FailsWith(StatusCode::kAlreadyExists, "ALREADY_EXISTS"));
  EXPECT_THAT(Commit({Put("a", "3", Precondition::AtVersion(1))}),
              FailsWith(StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Commit({Put("b", "3", Precondition::AtVersion(1))}),
              FailsWith(StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Commit({Put("b", "3", Precondition::AtVersion(0))}),
              FailsWith(StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Commit({Put("b", "3", Precondition::Exists())}),
              FailsWith(StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Commit({Delete("b")}), FailsWith(StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Commit({Delete("a", Precondition::AtVersion(9))}),
              FailsWith(StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_EQ(OpenOf("a"), "2");
}

TEST_P(StoreContract, FailedPreconditionNamesTheMutation) {
  ASSERT_THAT(Commit({Put("taken", "1")}), IsOk());
  const absl::Status status =
      Commit({Put("new", "1"), Put("taken", "2", Precondition::Absent())}).status();
  const ErrorDetails details = GetErrorDetails(status);
  EXPECT_EQ(details.metadata.at("mutation_index"), "1");
  EXPECT_EQ(details.metadata.at("kind"), "candidate");
  EXPECT_EQ(details.metadata.at("name"), Candidate("taken").name);
}

TEST_P(StoreContract, FailedCommitChangesNothing) {
  ASSERT_THAT(Commit({Put("a", "1")}), IsOk());
  EXPECT_THAT(Commit({Put("b", "1"), Delete("a"), Check("c", Precondition::Exists())}),
              StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(OpenOf("a"), "1");
  EXPECT_EQ(OpenOf("b"), "(none)");
  EXPECT_EQ(LogText(), "1:+a");
  ASSERT_THAT(Commit({Put("d", "1")}), IsOk());
  EXPECT_EQ(NumberOf("d"), 2u);
}

TEST_P(StoreContract, CheckGuardsWithoutWriting) {
  ASSERT_THAT(Commit({Put("household", "1")}), IsOk());
  ASSERT_THAT(Commit({Check("household", Precondition::AtVersion(1)), Put("member", "1")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Record record, store().Get(kHebei, Candidate("household")));
  EXPECT_EQ(record.version, 1u);
  EXPECT_EQ(LogText(), "1:+household 2:+member");
}

TEST_P(StoreContract, NumbersAreNeverGivenAgain) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "1")}), IsOk());
  ASSERT_THAT(Commit({Delete("b")}), IsOk());
  Reopen();
  ASSERT_THAT(Commit({Put("b", "2")}), IsOk());
  EXPECT_EQ(NumberOf("b"), 3u);
  EXPECT_EQ(NumberOf("a"), 1u);
}

TEST_P(StoreContract, NumbersAreCountedAcrossKindsWithinOneRegion) {
  ASSERT_THAT(Commit({Put("a", "1"), Mutation::Put(Kind::kPosting, "regions/13/postings/p",
                                                   Content("p"), Precondition::Absent())}),
              IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Record posting,
                            store().Get(kHebei, {Kind::kPosting, "regions/13/postings/p"}));
  EXPECT_EQ(posting.number, 2u);
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult other,
                            store().Commit({.region = kGuangdong, .mutations = {Put("a", "1")}}));
  EXPECT_EQ(other.written[0].number, 1u);
  EXPECT_EQ(other.revision.sequence, 1u);
}

TEST_P(StoreContract, SameNameOfAnotherKindOrRegionIsAnotherRecord) {
  ASSERT_THAT(
      Commit({Put("a", "candidate"), Mutation::Put(Kind::kAlias, Candidate("a").name,
                                                   Content("alias"), Precondition::Absent())}),
      IsOk());
  ASSERT_THAT(Commit({Delete("a")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Record alias,
                            store().Get(kHebei, {Kind::kAlias, Candidate("a").name}));
  EXPECT_EQ(alias.envelope.open(), "alias");
  EXPECT_THAT(store().Get(kGuangdong, {Kind::kAlias, Candidate("a").name}),
              FailsWith(StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_P(StoreContract, ReplacingARecordDropsItsOldPersonalPart) {
  ASSERT_THAT(Commit({Mutation::Put(Kind::kCandidate, Candidate("a").name, Content("1", "secret"),
                                    Precondition::Any())}),
              IsOk());
  ASSERT_THAT(Commit({Put("a", "2")}), IsOk());
  EXPECT_EQ(PersonalOf("a"), "");
}

TEST_P(StoreContract, CommitsThatMakeNoSenseAreRefused) {
  EXPECT_THAT(Commit({}), FailsWith(StatusCode::kInvalidArgument, "INVALID_COMMIT"));
  EXPECT_THAT(Commit({Check("a", Precondition::Absent())}),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_COMMIT"));
  EXPECT_THAT(Commit({Put("a", "1"), Put("a", "2")}),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_COMMIT"));
  EXPECT_THAT(Commit({Put("a", "1"), Check("a", Precondition::Any())}),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_COMMIT"));
  EXPECT_EQ(HeadSequence(), 0u);
}

TEST_P(StoreContract, SizesBeyondTheLimitsAreRefused) {
  const auto refused = FailsWith(StatusCode::kInvalidArgument, "LIMIT_EXCEEDED");
  EXPECT_THAT(Commit({Put(std::string(kMaxNameBytes, 'n'), "1")}), refused);
  EXPECT_THAT(Commit({Put("a", std::string(kMaxCommitBytes, 'x'))}), refused);
  EXPECT_THAT(Commit({Put("a", "1")}, std::string(kMaxRequestIdBytes + 1, 'r')), refused);
  EXPECT_THAT(Commit({Put("a", "1")}, "r", std::string(kMaxFingerprintBytes + 1, 'f')), refused);
  EXPECT_THAT(store().Scan({.region = kHebei, .kind = Kind::kCandidate, .limit = 0}), refused);
  EXPECT_THAT(store().ReadLog(kHebei, {}, 0), refused);
  EXPECT_THAT(store().Get(kHebei, {Kind::kCandidate, ""}),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_NAME"));
  EXPECT_THAT(store().Get(kHebei, {Kind::kCandidate, std::string("a\0b", 3)}),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_NAME"));
}

TEST_P(StoreContract, LargestCommitIsAccepted) {
  std::vector<Mutation> mutations;
  for (size_t i = 0; i < kMaxMutations; ++i) {
    mutations.push_back(Put(std::to_string(i), "x", Precondition::Absent()));
  }
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult result, Commit(std::move(mutations)));
  EXPECT_EQ(result.written.size(), kMaxMutations);
  EXPECT_EQ(result.written.back().number, kMaxMutations);
}

TEST_P(StoreContract, ContentIsKeptByteForByte) {
  const std::string every_byte = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
    return bytes;
  }();
  ASSERT_THAT(Commit({Mutation::Put(Kind::kCandidate, Candidate("凤").name,
                                    Content(every_byte, every_byte), Precondition::Any())}),
              IsOk());
  EXPECT_EQ(OpenOf("凤"), every_byte);
  EXPECT_EQ(PersonalOf("凤"), every_byte);
}

TEST_P(StoreContract, EverythingSurvivesReopening) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "2")}, "request"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision before, store().Head(kHebei));
  Reopen();
  EXPECT_EQ(*store().Head(kHebei), before);
  EXPECT_EQ(OpenOf("b"), "2");
  EXPECT_EQ(LogText(), "1:+a+b");
  EXPECT_TRUE(Commit({Put("a", "1"), Put("b", "2")}, "request")->replayed);
}

TEST_P(StoreContract, ClosedStoreAnswersUnavailable) {
  store().Close();
  const auto closed = FailsWith(StatusCode::kUnavailable, "STORE_CLOSED");
  EXPECT_THAT(Commit({Put("a", "1")}), closed);
  EXPECT_THAT(store().Get(kHebei, Candidate("a")), closed);
  EXPECT_THAT(store().ReadLog(kHebei, {}, 1), closed);
  EXPECT_THAT(store().Head(kHebei), closed);
  EXPECT_THAT(store().WaitForChange({}, absl::InfiniteDuration()), closed);
  EXPECT_THAT(store().TrimLog(kHebei, 1), closed);
  store().Close();
}

}  // namespace
}  // namespace leye::store
