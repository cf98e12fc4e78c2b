// Claims, one call after the other: the arrows of the state machine.

#include "services/app/claims.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "tests/services/app/claims_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::IsOkAndHolds;
using storage::v1::CLAIM_STATE_CLAIMED;
using storage::v1::CLAIM_STATE_CONFIRMED;
using storage::v1::CLAIM_STATE_SETTLED;
using store::Kind;
using ::testing::IsEmpty;
using ::testing::Property;

class ClaimsTest : public ::testing::Test {
 protected:
  ClaimsTest() { world_.AddPosting(kJob, 1); }

  absl::StatusOr<Claim> Start(const std::string& person, const std::string& id,
                              const std::string& job = kJob) {
    return claims_.Start(world_.Request(person, id, job));
  }

  static constexpr char kJob[] = "regions/44/postings/job";
  static constexpr char kWang[] = "regions/13/candidates/wang";
  static constexpr char kLi[] = "regions/13/candidates/li";

  ClaimsWorld world_;
  Claimer claims_ = world_.NewClaims(world_.store());
};

TEST_F(ClaimsTest, GoFromStartOverConfirmToSettle) {
  EXPECT_THAT(Start(kWang, "a"), IsOkAndHolds(Property(&Claim::state, CLAIM_STATE_CLAIMED)));
  EXPECT_THAT(claims_.Confirm(kWang, "a"),
              IsOkAndHolds(Property(&Claim::state, CLAIM_STATE_CONFIRMED)));
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
  EXPECT_THAT(claims_.Settle(kWang, "a"), IsOk());
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
  EXPECT_THAT(world_.Violations(), IsEmpty());
}

TEST_F(ClaimsTest, EveryStepMayBeRepeated) {
  for (int i = 0; i < 2; ++i) EXPECT_THAT(Start(kWang, "a"), IsOk());
  for (int i = 0; i < 2; ++i) EXPECT_THAT(claims_.Confirm(kWang, "a"), IsOk());
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
  for (int i = 0; i < 2; ++i) EXPECT_THAT(claims_.Settle(kWang, "a"), IsOk());
  EXPECT_THAT(Start(kWang, "a"), IsOk());
  for (int i = 0; i < 2; ++i) EXPECT_THAT(claims_.Undo(kWang, "a"), IsOk());
  EXPECT_EQ(world_.HoldsOf(kJob), 0);
}

TEST_F(ClaimsTest, PersonHasOneClaimOrPlacement) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  EXPECT_THAT(Start(kWang, "b"), FailsWith(StatusCode::kAlreadyExists, "PERSON_CLAIMED"));
  ASSERT_THAT(claims_.Confirm(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Settle(kWang, "a"), IsOk());
  EXPECT_THAT(Start(kWang, "b"), FailsWith(StatusCode::kAlreadyExists, "PERSON_CLAIMED"));
  ASSERT_THAT(claims_.Undo(kWang, "a"), IsOk());
  EXPECT_THAT(Start(kWang, "b"), IsOk());
}

TEST_F(ClaimsTest, FullPostingFreesThePersonAgain) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Confirm(kWang, "a"), IsOk());
  ASSERT_THAT(Start(kLi, "b"), IsOk());
  EXPECT_THAT(claims_.Confirm(kLi, "b"), FailsWith(StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_THAT(Start(kLi, "c"), IsOk());
}

TEST_F(ClaimsTest, PostingThatIsGoneHasNoOpening) {
  ASSERT_THAT(Start(kWang, "a", "regions/44/postings/gone"), IsOk());
  EXPECT_THAT(claims_.Confirm(kWang, "a"),
              FailsWith(StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_THAT(world_.Violations(), IsEmpty());
}

TEST_F(ClaimsTest, UndoneClaimStaysUndone) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Undo(kWang, "a"), IsOk());
  EXPECT_THAT(claims_.Confirm(kWang, "a"), FailsWith(StatusCode::kNotFound, "CLAIM_GONE"));
  EXPECT_EQ(world_.HoldsOf(kJob), 0);
}

TEST_F(ClaimsTest, APlacementIsEndedOnlyByWhoeverMadeIt) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Confirm(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Settle(kWang, "a"), IsOk());
  EXPECT_THAT(claims_.Claims::Undo(kWang, "a"), IsOk());
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
}

TEST_F(ClaimsTest, WhatThePostingIsToRememberOfThePairStandsThereAfterwards) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Confirm(kWang, "a"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(std::optional<Claim> claim, claims_.Find(kWang));
  claim->mutable_bar()->set_candidate(kWang);
  claim->mutable_bar()->mutable_refuse_time()->set_seconds(1);
  WorkingSet set(world_.store(), ClaimsWorld::kHebei, world_.clock().Now());
  ASSERT_THAT(set.Read({{Kind::kClaim, kWang}, {Kind::kPlacement, kWang}}), IsOk());
  PutUndoing(*claim, set);
  ASSERT_THAT(world_.store().Commit({.region = ClaimsWorld::kHebei, .mutations = set.Mutations()}),
              IsOk());
  ASSERT_THAT(claims_.Recover(ClaimsWorld::kHebei), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const store::Record record,
                            world_.store().Get(ClaimsWorld::kGuangdong, {Kind::kHolds, kJob}));
  storage::v1::Holds holds;
  ASSERT_TRUE(holds.ParseFromString(record.envelope.open()));
  EXPECT_THAT(holds.holds(), IsEmpty());
  ASSERT_EQ(holds.bars_size(), 1);
  EXPECT_EQ(holds.bars(0).candidate(), kWang);
}

TEST_F(ClaimsTest, UndoOfAnotherClaimChangesNothing) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Confirm(kWang, "a"), IsOk());
  EXPECT_THAT(claims_.Undo(kWang, "b"), IsOk());
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
}

TEST_F(ClaimsTest, ClaimIsOfOnePosting) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  EXPECT_THAT(Start(kWang, "a", "regions/44/postings/other"),
              FailsWith(StatusCode::kAlreadyExists, "PERSON_CLAIMED"));
}

TEST_F(ClaimsTest, ExpiredClaimIsUndoneAndAPlacementNeverExpires) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  world_.clock().Advance(ClaimsWorld::kLife);
  EXPECT_THAT(claims_.Confirm(kWang, "a"),
              FailsWith(StatusCode::kFailedPrecondition, "CLAIM_EXPIRED"));
  ASSERT_THAT(Start(kWang, "b"), IsOk());
  ASSERT_THAT(claims_.Confirm(kWang, "b"), IsOk());
  world_.clock().Advance(ClaimsWorld::kLife);
  LEYE_ASSERT_OK_AND_ASSIGN(const Recovered recovered, claims_.Recover(ClaimsWorld::kHebei));
  EXPECT_EQ(recovered.undone, 1);
  EXPECT_EQ(world_.HoldsOf(kJob), 0);
  ASSERT_THAT(Start(kWang, "c"), IsOk());
  ASSERT_THAT(claims_.Confirm(kWang, "c"), IsOk());
  ASSERT_THAT(claims_.Settle(kWang, "c"), IsOk());
  world_.clock().Advance(ClaimsWorld::kLife);
  ASSERT_THAT(claims_.Recover(ClaimsWorld::kHebei), IsOk());
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
}

// Recovery has read that the claim is only confirmed; before it comes to it, the claim is settled
// in time, and only then the time is over.
TEST_F(ClaimsTest, RecoveryUndoesNoPlacementThatItReadAsAClaim) {
  world_.AddPosting("regions/44/postings/other", 1);
  ASSERT_THAT(Start(kLi, "b", "regions/44/postings/other"), IsOk());
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  ASSERT_THAT(claims_.Confirm(kWang, "a"), IsOk());
  int calls = 0;
  StepStore slow(world_.store(), [&](const StoreCall&) {
    if (++calls == 2) {  // The first one read the page.
      EXPECT_THAT(claims_.Settle(kWang, "a"), IsOk());
      world_.clock().Advance(ClaimsWorld::kLife);
    }
    return StepFate::kDone;
  });
  LEYE_ASSERT_OK_AND_ASSIGN(const Recovered recovered,
                            world_.NewClaims(slow).Recover(ClaimsWorld::kHebei));
  EXPECT_EQ(recovered.undone, 1) << "Li's";
  LEYE_ASSERT_OK_AND_ASSIGN(const std::optional<Claim> wang, claims_.Find(kWang));
  ASSERT_TRUE(wang.has_value());
  EXPECT_EQ(wang->state(), CLAIM_STATE_SETTLED);
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
}

// One Confirm has read that the posting is full; another one of the same claim gets the opening
// that becomes free then.
TEST_F(ClaimsTest, ConfirmThatReadAFullPostingUndoesNoPlacement) {
  ASSERT_THAT(Start(kLi, "b"), IsOk());
  ASSERT_THAT(claims_.Confirm(kLi, "b"), IsOk());
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  bool settled = false;
  StepStore slow(world_.store(), [&](const StoreCall& call) {
    if (call.commit != nullptr && !std::exchange(settled, true)) {
      EXPECT_THAT(claims_.Undo(kLi, "b"), IsOk());
      EXPECT_THAT(claims_.Confirm(kWang, "a"), IsOk());
      EXPECT_THAT(claims_.Settle(kWang, "a"), IsOk());
    }
    return StepFate::kDone;
  });
  EXPECT_THAT(world_.NewClaims(slow).Confirm(kWang, "a"),
              IsOkAndHolds(Property(&Claim::state, CLAIM_STATE_SETTLED)));
  EXPECT_TRUE(settled);
  EXPECT_EQ(world_.HoldsOf(kJob), 1);
}

TEST_F(ClaimsTest, RecoveryGoesOnPastWhatCannotBeReached) {
  ASSERT_THAT(Start(kWang, "a"), IsOk());
  ASSERT_THAT(Start(kLi, "b", "regions/13/postings/near"), IsOk());
  world_.AddPosting("regions/13/postings/near", 1);
  StepStore broken(world_.store(), [](const StoreCall& call) {
    return call.region == Region::FromNumber(44) ? StepFate::kLost : StepFate::kDone;
  });
  LEYE_ASSERT_OK_AND_ASSIGN(const Recovered recovered,
                            world_.NewClaims(broken).Recover(ClaimsWorld::kHebei));
  EXPECT_EQ(recovered.confirmed, 1);
  ASSERT_EQ(recovered.failed.size(), 1u);
  EXPECT_THAT(recovered.failed[0], FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
}

TEST_F(ClaimsTest, MalformedNamesAreToldAllAtOnce) {
  const absl::Status status = claims_.Start(world_.Request("wang", "", "job")).status();
  EXPECT_EQ(GetErrorDetails(status).violations.size(), 3u);
  EXPECT_THAT(claims_.Confirm("wang", "a"),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

}  // namespace
}  // namespace leye::app
