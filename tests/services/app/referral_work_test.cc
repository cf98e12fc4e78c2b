// Public-welfare posts, work and what is deleted meanwhile: the way of a referral after it is held.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/services/app/referral_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// --- public welfare ------------------------------------------------------------------------------

constexpr auto kVillage = v1::REFERRAL_EVENT_START_VILLAGE_REVIEW;
constexpr auto kTown = v1::REFERRAL_EVENT_START_TOWN_REVIEW;
constexpr auto kPublicise = v1::REFERRAL_EVENT_PUBLICISE;
constexpr auto kApprove = v1::REFERRAL_EVENT_APPROVE;

TEST_F(ReferralsTest, APublicWelfarePostIsReviewedPublishedAndApproved) {
  ASSERT_THAT(bureau_.Create("r", "wang", "cleaning"), IsOk());
  bureau_.Steps("r", {kVillage, kTown, kPublicise});
  EXPECT_THAT(bureau_.Step("r", kApprove),
              FailsWith(absl::StatusCode::kFailedPrecondition, "TOO_EARLY"));
  bureau_.app.clock.Advance(5 * kDay);  // As the posting says.
  const v1::Referral hired = bureau_.Steps("r", {kApprove, kHire, kOnboard});
  EXPECT_EQ(hired.state(), v1::REFERRAL_STATE_ONBOARD);
  const v1::Candidate person = bureau_.Person("wang");
  EXPECT_EQ(person.employment().channel(), v1::CHANNEL_PUBLIC_WELFARE);
  EXPECT_EQ(person.employment().public_welfare_kind(), v1::PUBLIC_WELFARE_KIND_CLEANING);
  EXPECT_EQ(person.public_welfare_history().placements(), 1);
  bureau_.app.clock.Advance(40 * kDay);
  ASSERT_THAT(bureau_.Step("r", kLeave, kBecause), IsOk());
  EXPECT_EQ(bureau_.Person("wang").public_welfare_history().months(), 2);
}

TEST_F(ReferralsTest, PublicityThatNobodyConcludesGivesTheOpeningBack) {
  ASSERT_THAT(bureau_.Create("r", "wang", "cleaning"), IsOk());
  bureau_.Steps("r", {kVillage, kTown, kPublicise});
  bureau_.app.clock.Advance(12 * kDay - absl::Seconds(1));
  EXPECT_EQ(bureau_.ExpireDue(), 0);
  bureau_.app.clock.Advance(absl::Seconds(1));
  EXPECT_EQ(bureau_.ExpireDue(), 1);
}

// --- work ----------------------------------------------------------------------------------------

TEST_F(ReferralsTest, WorkIsWrittenIntoThePersonsRecordAndTakenOutAgain) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  v1::Candidate person = bureau_.Person("wang");
  EXPECT_EQ(person.employment().state(), v1::EMPLOYMENT_STATE_EMPLOYED);
  EXPECT_EQ(person.employment().channel(), v1::CHANNEL_ENTERPRISE);
  EXPECT_EQ(person.employment().employer_name(), "怡安服装");
  EXPECT_EQ(person.employment().start_date(), "2024-05-01");
  EXPECT_EQ(person.unemployed_since(), "");
  EXPECT_EQ(bureau_.Held("one"), 1) << "a filled opening is taken";
  bureau_.app.clock.Advance(30 * kDay);
  ASSERT_THAT(bureau_.Step("r", kLeave, kBecause), IsOk());
  person = bureau_.Person("wang");
  EXPECT_EQ(person.employment().state(), v1::EMPLOYMENT_STATE_UNEMPLOYED);
  EXPECT_EQ(person.unemployed_since(), "2024-05-31");
  EXPECT_EQ(bureau_.Held("one"), 0);
  const Answer shown = bureau_.app.Call("GetCandidate", "name: 'regions/13/candidates/wang'");
  EXPECT_EQ(shown.Text("candidate.full_name"), "李梅") << "personal data is untouched";
}

// How the posting's ledger speaks of a person who has left work there.
std::vector<storage::v1::Bar> BarsAfterLeaving(Bureau& bureau, const std::string& reason) {
  EXPECT_THAT(bureau.Create("r", "wang", "one"), IsOk());
  bureau.Steps("r", {kInterview, kHire, kOnboard});
  EXPECT_THAT(bureau.Step("r", kLeave, "leaving_reason: " + reason), IsOk());
  std::vector<storage::v1::Bar> bars;
  for (const auto& [name, holds] : ReadRecords(*bureau.app.store).holds) {
    bars.insert(bars.end(), holds.bars().begin(), holds.bars().end());
  }
  return bars;
}

TEST_F(ReferralsTest, WhoIsDismissedIsNotMatchedWithThePostingForAWhile) {
  const auto bars = BarsAfterLeaving(bureau_, "LEAVING_REASON_DISMISSED");
  ASSERT_THAT(bars, SizeIs(1));
  EXPECT_EQ(bars[0].candidate(), "regions/13/candidates/wang");
  EXPECT_TRUE(bars[0].has_refuse_time());
}

TEST_F(ReferralsTest, WhoIsLaidOffMayComeBack) {
  EXPECT_THAT(BarsAfterLeaving(bureau_, "LEAVING_REASON_LAID_OFF"), IsEmpty());
}

TEST_F(ReferralsTest, OtherWorkThatTheRecordTellsMeanwhileStays) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  ASSERT_TRUE(bureau_.app
                  .Call("UpdateCandidate",
                        "candidate { name: 'regions/13/candidates/wang' employment { state: "
                        "EMPLOYMENT_STATE_SELF_EMPLOYED } } update_mask { paths: 'employment' }")
                  .ok());
  ASSERT_THAT(bureau_.Step("r", kLeave, kBecause), IsOk());
  EXPECT_EQ(bureau_.Person("wang").employment().state(), v1::EMPLOYMENT_STATE_SELF_EMPLOYED);
}

TEST_F(ReferralsTest, WorkIsStableAfterNinetyDays) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  bureau_.app.clock.Advance(89 * kDay);
  EXPECT_THAT(bureau_.Step("r", v1::REFERRAL_EVENT_STABILISE),
              FailsWith(absl::StatusCode::kFailedPrecondition, "TOO_EARLY"));
  bureau_.app.clock.Advance(kDay);
  EXPECT_THAT(bureau_.Step("r", v1::REFERRAL_EVENT_STABILISE), IsOk());
}

// --- what else is deleted ------------------------------------------------------------------------

TEST_F(ReferralsTest, WhoIsHeldAndWhatIsHeldCannotBeDeleted) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  EXPECT_THAT(bureau_.app.Call("DeleteCandidate", "name: 'regions/13/candidates/wang'").status,
              FailsWith(absl::StatusCode::kFailedPrecondition, "PERSON_HELD"));
  EXPECT_THAT(bureau_.app.Call("DeletePosting", "name: 'regions/13/postings/one'").status,
              FailsWith(absl::StatusCode::kFailedPrecondition, "HAS_DEPENDENTS"));
  ASSERT_THAT(bureau_.Step("r", kCancel), IsOk());
  EXPECT_TRUE(bureau_.app.Call("DeleteCandidate", "name: 'regions/13/candidates/wang'").ok());
  EXPECT_TRUE(bureau_.app.Call("DeletePosting", "name: 'regions/13/postings/one'").ok());
  EXPECT_EQ(bureau_.Get("r").state(), v1::REFERRAL_STATE_CANCELLED);
}

TEST_F(ReferralsTest, AnErasedPersonsSuggestionsCanStillBeEnded) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one", v1::REFERRAL_STATE_PUSHED), IsOk());
  ASSERT_TRUE(bureau_.app.Call("DeleteCandidate", "name: 'regions/13/candidates/wang'").ok());
  bureau_.Steps("r", {kAccept});
  EXPECT_THAT(bureau_.Step("r", kRefer), ::testing::Not(IsOk()));
  EXPECT_THAT(bureau_.Step("r", kCancel), IsOk());
}

}  // namespace
}  // namespace leye::app
