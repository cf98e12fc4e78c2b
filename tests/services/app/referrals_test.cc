// Referrals one by one: what each step does, who is refused and why, and when time is over.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/app/formats.h"
#include "services/base/status.h"
#include "tests/services/app/referral_fixture.h"
#include "tests/services/live/store_proxy.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ReferralsTest, ACreationHoldsAnOpeningAndThePerson) {
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Referral referral, bureau_.Create("r", "wang", "one"));
  EXPECT_EQ(referral.state(), v1::REFERRAL_STATE_REFERRED);
  EXPECT_EQ(referral.name(), "regions/13/referrals/r");
  EXPECT_EQ(referral.channel(), v1::CHANNEL_ENTERPRISE);
  EXPECT_EQ(referral.household(), "regions/13/households/h");
  EXPECT_EQ(referral.settlement_area(), "regions/13/settlementAreas/a");
  EXPECT_EQ(referral.employer(), "regions/13/employers/e");
  EXPECT_EQ(ToTime(referral.due_time()), bureau_.app.clock.Now() + 7 * kDay);
  EXPECT_EQ(bureau_.Held("one"), 1);
  EXPECT_THAT(bureau_.Create("r2", "li", "one"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_THAT(bureau_.Create("r3", "wang", "two"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "PERSON_HELD"));
  EXPECT_THAT(bureau_.Create("r4", "wang", "one"),
              FailsWith(absl::StatusCode::kAlreadyExists, "PAIR_OPEN"));
}

TEST_F(ReferralsTest, EveryStepIsRecorded) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.app.clock.Advance(kDay);
  ASSERT_THAT(bureau_.Step("r", kInterview, "reason: '面谈'"), IsOk());
  const v1::Referral referral = bureau_.Get("r");
  ASSERT_THAT(referral.steps(), SizeIs(2));
  const v1::ReferralStep& step = referral.steps(1);
  EXPECT_EQ(step.event(), kInterview);
  EXPECT_EQ(step.from_state(), v1::REFERRAL_STATE_REFERRED);
  EXPECT_EQ(step.to_state(), v1::REFERRAL_STATE_INTERVIEWED);
  EXPECT_EQ(step.actor(), bureau_.app.principal.id);
  EXPECT_EQ(step.reason(), "面谈");
  EXPECT_EQ(step.ruleset_version(), "test-1");
  EXPECT_EQ(ToTime(step.time()), bureau_.app.clock.Now());
}

TEST_F(ReferralsTest, ASuggestionHoldsNothingUntilThePersonIsReferred) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one", v1::REFERRAL_STATE_RECOMMENDED), IsOk());
  ASSERT_THAT(bureau_.Create("r2", "wang", "two", v1::REFERRAL_STATE_RECOMMENDED), IsOk());
  bureau_.Steps("r", {kPush, kAccept});
  EXPECT_EQ(bureau_.Held("one"), 0);
  bureau_.Steps("r", {kRefer});
  EXPECT_EQ(bureau_.Held("one"), 1);
  bureau_.Steps("r2", {kPush, kAccept});
  EXPECT_THAT(bureau_.Step("r2", kRefer),
              FailsWith(absl::StatusCode::kFailedPrecondition, "PERSON_HELD"));
}

TEST_F(ReferralsTest, AnyEndFreesOpeningAndPerson) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  ASSERT_THAT(bureau_.Step("r", kCancel, "reason: '改期'"), IsOk());
  EXPECT_EQ(bureau_.Held("one"), 0);
  ASSERT_THAT(bureau_.Create("r2", "li", "one"), IsOk());
  ASSERT_THAT(bureau_.Create("r3", "wang", "two"), IsOk());
}

TEST_F(ReferralsTest, AWrongStepSaysWhichAreAllowed) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  const absl::Status refused = bureau_.Step("r", kHire).status();
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(GetErrorDetails(refused).metadata.at("allowed"), "INTERVIEW, MISS, CANCEL");
}

TEST_F(ReferralsTest, RulesTurnAPairAwayByName) {
  bureau_.judge.not_eligible.insert("regions/13/candidates/wang");
  const absl::Status refused = bureau_.Create("r", "wang", "one").status();
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
  EXPECT_EQ(GetErrorDetails(refused).metadata.at("rules"), "AGE-MIN (UNDER_MINIMUM_AGE)");
  EXPECT_THAT(bureau_.Create("r", "wang", "one", v1::REFERRAL_STATE_RECOMMENDED),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
}

TEST_F(ReferralsTest, BadInputIsToldAtOnce) {
  v1::CreateReferralRequest request;
  request.mutable_referral()->set_candidate("nobody");
  request.mutable_referral()->set_state(v1::REFERRAL_STATE_HIRED);
  request.set_referral_id("-");
  request.set_request_id(std::string(65, 'x'));
  const absl::Status refused =
      bureau_.referrals->CreateReferral(request, bureau_.app.Caller()).status();
  std::vector<std::string> fields;
  for (const FieldViolation& each : GetErrorDetails(refused).violations) {
    fields.push_back(each.field);
  }
  EXPECT_THAT(fields, ::testing::UnorderedElementsAre("parent", "referral_id", "request_id",
                                                      "referral.candidate", "referral.posting",
                                                      "referral.state"));
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  EXPECT_THAT(bureau_.Step("r", v1::REFERRAL_EVENT_EXPIRE),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(bureau_.Step("r", kCancel, kBecause),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(bureau_.Step("r", kLeave),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

// What is concluded after a failure is so by the id, where the posting is of another region.
TEST_F(ReferralsTest, AnIdThatCannotBeOneIsRefusedWhereverThePostingIs) {
  for (const char* posting : {"", "regions/44/postings/nowhere", "regions/13/postings/one"}) {
    v1::CreateReferralRequest request;
    request.set_parent("regions/13");
    request.set_referral_id("A");
    request.mutable_referral()->set_candidate("regions/13/candidates/wang");
    request.mutable_referral()->set_posting(posting);
    const absl::Status refused =
        bureau_.referrals->CreateReferral(request, bureau_.app.Caller()).status();
    EXPECT_THAT(refused, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
    EXPECT_EQ(GetErrorDetails(refused).violations.at(0).field, "referral_id") << posting;
  }
}

TEST_F(ReferralsTest, ReferencesThatLeadNowhereAreToldWithAllElseThatIsWrong) {
  v1::BatchCreateReferralsRequest request;
  request.set_parent("regions/13");
  const auto add = [&request](const std::string& candidate, const std::string& posting) {
    v1::Referral& referral = *request.add_referrals();
    referral.set_candidate(candidate);
    referral.set_posting(posting);
  };
  add("regions/13/candidates/nobody", "regions/13/postings/one");
  add("regions/13/candidates/wang", "regions/13/postings/nothing");
  add("regions/11/candidates/wang", "regions/13/postings/one");
  request.set_reason(std::string(501, 'x'));
  const absl::Status refused =
      bureau_.referrals->BatchCreateReferrals(request, bureau_.app.Caller()).status();
  std::vector<std::string> found;
  for (const FieldViolation& each : GetErrorDetails(refused).violations) {
    found.push_back(each.field + " " + each.description);
  }
  EXPECT_THAT(found,
              ::testing::UnorderedElementsAre(
                  "referrals[0].candidate NOT_FOUND: must name one of the candidates that exist",
                  "referrals[1].posting NOT_FOUND: must name one of the postings that exist",
                  "referrals[2].candidate WRONG_REGION: must be of the same region, regions/13",
                  "reason OUT_OF_RANGE: must have 0 to 500 characters of valid UTF-8"));
}

TEST_F(ReferralsTest, ARetryAndAnEtagAndACheckAreAsForAllResources) {
  v1::CreateReferralRequest request;
  request.set_parent("regions/13");
  request.mutable_referral()->set_candidate("regions/13/candidates/wang");
  request.mutable_referral()->set_posting("regions/13/postings/one");
  request.set_validate_only(true);
  const CallContext caller = bureau_.app.Caller();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto checked, bureau_.referrals->CreateReferral(request, caller));
  EXPECT_EQ(checked.referral().state(), v1::REFERRAL_STATE_REFERRED);
  EXPECT_EQ(bureau_.Held("one"), 0);
  request.set_validate_only(false);
  request.set_request_id("once");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto first, bureau_.referrals->CreateReferral(request, caller));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto again, bureau_.referrals->CreateReferral(request, caller));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  const std::string id = first.referral().name().substr(sizeof("regions/13/referrals/") - 1);
  EXPECT_THAT(bureau_.Step(id, kInterview, "etag: 'old'"),
              FailsWith(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(bureau_.Step(id, kInterview, "validate_only: true"), IsOk());
  EXPECT_EQ(bureau_.Get(id).state(), v1::REFERRAL_STATE_REFERRED);
  ASSERT_THAT(bureau_.Step(id, kInterview, "request_id: 'step'"), IsOk());
  EXPECT_THAT(bureau_.Step(id, kInterview, "request_id: 'step'"), IsOk());
  EXPECT_THAT(bureau_.Get(id).steps(), SizeIs(2));
}

TEST_F(ReferralsTest, SeveralBeginTogetherOrNotAtAll) {
  v1::BatchCreateReferralsRequest request;
  request.set_parent("regions/13");
  for (const char* person : {"zhao", "wang", "li"}) {
    v1::Referral& referral = *request.add_referrals();
    referral.set_candidate(absl::StrCat("regions/13/candidates/", person));
    referral.set_posting("regions/13/postings/two");
  }
  const CallContext caller = bureau_.app.Caller();
  const auto refused = bureau_.referrals->BatchCreateReferrals(request, caller);
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_THAT(std::string(refused.status().message()), ::testing::StartsWith("referrals[2]: "));
  EXPECT_EQ(bureau_.Held("two"), 0);
  request.mutable_referrals(2)->set_posting("regions/13/postings/one");
  request.set_request_id("batch");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto made,
                            bureau_.referrals->BatchCreateReferrals(request, caller));
  ASSERT_THAT(made.referrals(), SizeIs(3));
  EXPECT_EQ(made.referrals(0).candidate(), "regions/13/candidates/zhao");
  EXPECT_EQ(made.referrals(2).candidate(), "regions/13/candidates/li");
  EXPECT_EQ(bureau_.Held("two"), 2);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto again,
                            bureau_.referrals->BatchCreateReferrals(request, caller));
  EXPECT_EQ(made.SerializeAsString(), again.SerializeAsString());
}

TEST_F(ReferralsTest, ReservedOpeningsGoOnlyToTheirGroup) {
  bureau_.AddPosting("half", "openings: 2 reserved { count: 1 }");
  bureau_.judge.of_reserved_group.insert("regions/13/candidates/zhao");
  ASSERT_THAT(bureau_.Create("r1", "wang", "half"), IsOk());
  const absl::Status refused = bureau_.Create("r2", "li", "half").status();
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_EQ(GetErrorDetails(refused).metadata.at("reserved_left"), "1");
  ASSERT_THAT(bureau_.Create("r3", "zhao", "half"), IsOk());
}

TEST_F(ReferralsTest, APersonOfTheGroupUsesAReservedOpeningFirst) {
  bureau_.AddPosting("half", "openings: 2 reserved { count: 1 }");
  bureau_.judge.of_reserved_group.insert("regions/13/candidates/zhao");
  ASSERT_THAT(bureau_.Create("r1", "zhao", "half"), IsOk());
  ASSERT_THAT(bureau_.Create("r2", "wang", "half"), IsOk());
  EXPECT_EQ(bureau_.Held("half"), 2);
}

TEST_F(ReferralsTest, AHouseholdsCapCountsPostsThatAreOnlyHeld) {
  bureau_.judge.household_cap = 1;
  bureau_.AddPerson("other", "h2");
  ASSERT_THAT(bureau_.Create("r1", "wang", "cleaning"), IsOk());
  EXPECT_THAT(bureau_.Create("r2", "li", "cleaning"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
  ASSERT_THAT(bureau_.Create("r3", "other", "cleaning"), IsOk());
  ASSERT_THAT(bureau_.Step("r1", kCancel), IsOk());
  EXPECT_THAT(bureau_.Create("r4", "li", "cleaning"), IsOk());
}

TEST_F(ReferralsTest, OpeningsReservedForAnotherGroupAreNotUsedUpByWhoWasOfTheFirst) {
  bureau_.AddPosting("half", "openings: 3");
  bureau_.judge.of_reserved_group.insert("regions/13/candidates/zhao");
  ASSERT_THAT(bureau_.Create("r1", "zhao", "half"), IsOk());
  bureau_.Update("posting", "postings/half", "reserved { count: 2 group: GROUP_DISABLED }");
  bureau_.judge.of_reserved_group.clear();
  EXPECT_THAT(bureau_.Create("r2", "li", "half"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
}

TEST_F(ReferralsTest, TheCapIsThatOfTheHouseholdAtTheTimeOfTheReferral) {
  bureau_.judge.household_cap = 1;
  bureau_.AddPerson("other", "h2");
  ASSERT_THAT(bureau_.Create("r1", "wang", "cleaning", v1::REFERRAL_STATE_PUSHED), IsOk());
  bureau_.Steps("r1", {kAccept});
  bureau_.Update("candidate", "candidates/wang", "household: 'regions/13/households/h2'");
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Referral referral, bureau_.Step("r1", kRefer));
  EXPECT_EQ(referral.household(), "regions/13/households/h2");
  EXPECT_THAT(bureau_.Create("r2", "other", "cleaning"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
  EXPECT_THAT(bureau_.Create("r3", "li", "cleaning"), IsOk());
}

TEST_F(ReferralsTest, APostOfAnotherChannelTakesNoStepsOfTheOld) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.Update("posting", "postings/one",
                 "public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING }");
  EXPECT_THAT(bureau_.Step("r", kInterview),
              FailsWith(absl::StatusCode::kFailedPrecondition, "CHANNEL_CHANGED"));
  EXPECT_THAT(bureau_.Step("r", kCancel), IsOk());
}

TEST_F(ReferralsTest, ABatchNamesNobodyTwice) {
  v1::BatchCreateReferralsRequest request;
  request.set_parent("regions/13");
  for (const char* posting : {"one", "two", "two"}) {
    v1::Referral& referral = *request.add_referrals();
    referral.set_candidate("regions/13/candidates/wang");
    referral.set_posting(absl::StrCat("regions/13/postings/", posting));
    referral.set_state(v1::REFERRAL_STATE_REFERRED);
  }
  const absl::Status refused =
      bureau_.referrals->BatchCreateReferrals(request, bureau_.app.Caller()).status();
  ASSERT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  const auto violations = GetErrorDetails(refused).violations;
  ASSERT_THAT(violations, SizeIs(2));
  EXPECT_EQ(violations[0].field, "referrals[1].candidate");
  EXPECT_EQ(violations[1].field, "referrals[2].candidate");
}

// A store in which the first look for a request comes just before that request, sent earlier, is
// carried out.
class OvertakenStore final : public live::StoreProxy {
 public:
  using StoreProxy::StoreProxy;

  std::function<void()> meanwhile;

  absl::StatusOr<std::optional<store::CommitResult>> FindRequest(
      store::Region region, absl::string_view request_id, absl::string_view fingerprint) override {
    if (meanwhile == nullptr) return StoreProxy::FindRequest(region, request_id, fingerprint);
    std::exchange(meanwhile, nullptr)();
    return std::nullopt;
  }
};

TEST_F(ReferralsTest, ARetryThatOvertakesItselfGetsTheFirstAnswer) {
  auto proxy = std::make_unique<OvertakenStore>(std::move(bureau_.app.store));
  OvertakenStore& overtaken = *proxy;
  bureau_.app.store = std::move(proxy);
  Referrals referrals(Dependencies{*bureau_.app.store, bureau_.app.sealer, TestCatalogue(),
                                   bureau_.app.clock, bureau_.app.random},
                      bureau_.judge, bureau_.app.figures);
  v1::CreateReferralRequest request;
  request.set_parent("regions/13");
  request.set_request_id("once");
  request.mutable_referral()->set_candidate("regions/13/candidates/wang");
  request.mutable_referral()->set_posting("regions/13/postings/one");
  request.mutable_referral()->set_state(v1::REFERRAL_STATE_REFERRED);
  std::string first;
  overtaken.meanwhile = [&] {
    first = referrals.CreateReferral(request, bureau_.app.Caller())->referral().name();
  };
  LEYE_ASSERT_OK_AND_ASSIGN(const auto second,
                            referrals.CreateReferral(request, bureau_.app.Caller()));
  EXPECT_EQ(second.referral().name(), first);
  EXPECT_EQ(bureau_.Held("one"), 1);
}

// --- timers --------------------------------------------------------------------------------------

TEST_F(ReferralsTest, AHoldExpiresByItself) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.app.clock.Advance(7 * kDay - absl::Seconds(1));
  EXPECT_EQ(bureau_.ExpireDue(), 0);
  bureau_.app.clock.Advance(absl::Seconds(1));
  EXPECT_EQ(bureau_.ExpireDue(), 1);
  const v1::Referral referral = bureau_.Get("r");
  EXPECT_EQ(referral.state(), v1::REFERRAL_STATE_EXPIRED);
  EXPECT_EQ(referral.steps(1).actor(), "clock");
  EXPECT_EQ(bureau_.Held("one"), 0);
  EXPECT_EQ(bureau_.ExpireDue(), 0);
}

TEST_F(ReferralsTest, TheRulesSayHowLongAHoldLasts) {
  ASSERT_THAT(bureau_.Create("before", "wang", "one"), IsOk());
  bureau_.judge.rules.referral.step_days = 2;
  ASSERT_THAT(bureau_.Create("after", "li", "two"), IsOk());
  bureau_.app.clock.Advance(2 * kDay);
  EXPECT_EQ(bureau_.ExpireDue(), 1);
  EXPECT_EQ(bureau_.Get("after").state(), v1::REFERRAL_STATE_EXPIRED);
  EXPECT_EQ(bureau_.Get("before").state(), v1::REFERRAL_STATE_REFERRED);
}

TEST_F(ReferralsTest, EveryStepOfAHoldGivesItTimeAnew) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.app.clock.Advance(6 * kDay);
  bureau_.Steps("r", {kInterview});
  bureau_.app.clock.Advance(6 * kDay);
  EXPECT_EQ(bureau_.ExpireDue(), 0);
  bureau_.Steps("r", {kHire});
  bureau_.app.clock.Advance(60 * kDay);
  EXPECT_EQ(bureau_.ExpireDue(), 0) << "who is taken is not lost by waiting";
  EXPECT_EQ(bureau_.Get("r").state(), v1::REFERRAL_STATE_HIRED);
}

TEST_F(ReferralsTest, WhatIsOverIsOverBeforeAnybodyHasSweptIt) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.app.clock.Advance(7 * kDay);
  EXPECT_THAT(bureau_.Step("r", kInterview),
              FailsWith(absl::StatusCode::kFailedPrecondition, "OVERDUE"));
  ASSERT_THAT(bureau_.Create("r2", "li", "one"), IsOk());
  EXPECT_EQ(bureau_.Get("r").state(), v1::REFERRAL_STATE_EXPIRED);
  ASSERT_THAT(bureau_.Create("r3", "wang", "two"), IsOk());
}

TEST_F(ReferralsTest, AnAnswerIsAwaitedForThreeDays) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one", v1::REFERRAL_STATE_PUSHED), IsOk());
  bureau_.app.clock.Advance(3 * kDay);
  EXPECT_EQ(bureau_.ExpireDue(), 1);
  EXPECT_EQ(bureau_.Get("r").state(), v1::REFERRAL_STATE_EXPIRED);
}

TEST_F(ReferralsTest, AnotherServerOnTheSameStoreEndsWhatTheFirstHeld) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.app.clock.Advance(30 * kDay);
  const Referrals restarted(*bureau_.app.dependencies, bureau_.judge, bureau_.app.figures);
  EXPECT_EQ(*restarted.ExpireDue(bureau_.region, 100), 1);
  EXPECT_EQ(bureau_.Held("one"), 0);
}

}  // namespace
}  // namespace leye::app
