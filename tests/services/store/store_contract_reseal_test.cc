// Sealing anew: personal parts are exchanged, and nothing else is.

#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/services/store/store_contract.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::IsOkAndHolds;

storage::v1::Sealed Plain(absl::string_view content) {
  storage::v1::Sealed sealed;
  sealed.set_content(std::string(content));
  return sealed;
}

storage::v1::Sealed Wrapped(absl::string_view content, const std::string& key_id) {
  storage::v1::Sealed sealed = Plain(content);
  sealed.set_key_id(key_id);
  sealed.set_nonce("nonce");
  sealed.set_wrapped_key("key");
  return sealed;
}

Mutation PutPersonal(const RecordKey& key, Envelope content) {
  return Mutation::Put(key.kind, key.name, std::move(content), Precondition::Any());
}

TEST_P(StoreContract, ResealExchangesThePersonalPartAndChangesNothingElse) {
  ASSERT_THAT(Commit({PutPersonal(Candidate("a"), Content("open a", "name a"))}), IsOk());
  ASSERT_THAT(Commit({PutPersonal(Candidate("b"), Content("open b", "name b"))}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Record before, store().Get(kHebei, Candidate("a")));
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store().Head(kHebei));

  EXPECT_THAT(store().Reseal(kHebei, {{Candidate("a"), Plain("name a"), Wrapped("xyz", "k1")}}),
              IsOkAndHolds(1));

  LEYE_ASSERT_OK_AND_ASSIGN(const Record after, store().Get(kHebei, Candidate("a")));
  EXPECT_EQ(after.envelope.sealed().SerializeAsString(), Wrapped("xyz", "k1").SerializeAsString());
  EXPECT_EQ(after.envelope.open(), "open a");
  EXPECT_EQ(after.envelope.create_time().seconds(), before.envelope.create_time().seconds());
  EXPECT_EQ(after.version, before.version);
  EXPECT_EQ(after.number, before.number);
  EXPECT_THAT(store().Head(kHebei), IsOkAndHolds(head));
  EXPECT_EQ(LogText(), "1:+a 2:+b");
  EXPECT_EQ(PersonalOf("b"), "name b");
}

TEST_P(StoreContract, ResealLeavesOutWhatIsNotAsItWasRead) {
  ASSERT_THAT(Commit({PutPersonal(Candidate("same"), Content("open", "name"))}), IsOk());
  ASSERT_THAT(Commit({PutPersonal(Candidate("other"), Content("open", "changed since"))}), IsOk());
  ASSERT_THAT(Commit({PutPersonal(Candidate("gone"), Content("open", "name"))}), IsOk());
  ASSERT_THAT(Commit({PutPersonal(Candidate("none"), Content("open", ""))}), IsOk());
  ASSERT_THAT(Commit({Delete("gone")}), IsOk());
  std::vector<ResealedPart> parts;
  for (const char* id : {"gone", "none", "other", "same", "never"}) {
    parts.push_back({Candidate(id), Plain("name"), Wrapped("new", "k1")});
  }
  EXPECT_THAT(store().Reseal(kHebei, parts), IsOkAndHolds(1));
  EXPECT_EQ(PersonalOf("same"), "new");
  EXPECT_EQ(PersonalOf("other"), "changed since");
  EXPECT_EQ(PersonalOf("none"), "");
  EXPECT_EQ(OpenOf("gone"), "(none)");
  EXPECT_EQ(OpenOf("never"), "(none)");
}

TEST_P(StoreContract, ResealIsThereAfterTheStoreIsOpenedAgainAndARecordGoesOn) {
  ASSERT_THAT(Commit({PutPersonal(Candidate("a"), Content("open", "name"))}), IsOk());
  ASSERT_THAT(store().Reseal(kHebei, {{Candidate("a"), Plain("name"), Wrapped("new", "k1")}}),
              IsOkAndHolds(1));
  Reopen();
  EXPECT_EQ(PersonalOf("a"), "new");
  ASSERT_THAT(Commit({PutPersonal(Candidate("a"), Content("open 2", "name 2"))}), IsOk());
  EXPECT_EQ(PersonalOf("a"), "name 2");
  EXPECT_EQ(OpenOf("a"), "open 2");
  ASSERT_THAT(Commit({Delete("a")}), IsOk());
  EXPECT_EQ(OpenOf("a"), "(none)");
}

TEST_P(StoreContract, ResealAReplayGivesThePartAsItIsSealedNow) {
  const RecordKey key = Candidate("a");
  const auto put = [&] { return Commit({PutPersonal(key, Content("open", "name"))}, "once"); };
  ASSERT_THAT(put(), IsOk());
  ASSERT_THAT(store().Reseal(kHebei, {{key, Plain("name"), Wrapped("new", "k1")}}),
              IsOkAndHolds(1));
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult replay, put());
  EXPECT_TRUE(replay.replayed);
  EXPECT_EQ(replay.written.front().envelope.sealed().content(), "new");
}

TEST_P(StoreContract, ResealOfNothingDoesNothingAndOfTooMuchIsRefused) {
  EXPECT_THAT(store().Reseal(kHebei, {}), IsOkAndHolds(0));
  EXPECT_THAT(store().Reseal(kHebei, {{Candidate("a"), Plain("x"), Plain("y")}}), IsOkAndHolds(0));
  const std::vector<ResealedPart> many(kMaxMutations + 1, {Candidate("a"), Plain("x"), Plain("y")});
  EXPECT_THAT(store().Reseal(kHebei, many),
              FailsWith(StatusCode::kInvalidArgument, "LIMIT_EXCEEDED"));
  EXPECT_THAT(store().Reseal(kHebei, {{{Kind::kCandidate, ""}, Plain("x"), Plain("y")}}),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_NAME"));
}

}  // namespace
}  // namespace leye::store
