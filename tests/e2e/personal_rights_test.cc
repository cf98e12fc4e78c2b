// What people may ask about their own data: consent that ends, no ranking by a machine, everything
// that is held in one answer. Records that go by themselves: retention_test.cc.

#include "tests/e2e/personal_rights.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/plan.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/ruleset.pb.h"

namespace leye::e2e {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// --- Consent -------------------------------------------------------------------------------------

TEST_F(PersonalRights, WithdrawalEndsEverythingAtOnce) {
  ASSERT_THAT(operating_.Call<v1::UpdatePostingResponse>(Parse<v1::UpdatePostingRequest>(
                  "posting { name: 'regions/13/postings/sewing' openings: 1 }")),
              IsOk());
  ASSERT_THAT(Refer(bureau_, "near", "sewer-near"), IsOk());
  const auto interview = Parse<v1::TransitionReferralRequest>(
      "name: 'regions/13/referrals/near' event: REFERRAL_EVENT_INTERVIEW request_id: 'i1'");
  ASSERT_THAT(firm_.Call<v1::TransitionReferralResponse>(interview), IsOk());
  ASSERT_THAT(firm_.Call<v1::TransitionReferralResponse>(interview), IsOk());
  ASSERT_THAT(GetPerson(firm_, "sewer-near"), IsOk());
  ASSERT_THAT(Refer(bureau_, "far", "sewer-far"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));

  ASSERT_THAT(Withdraw(AppOf("sewer-near"), "sewer-near", "validate_only: true"), IsOk());
  ASSERT_THAT(GetPerson(firm_, "sewer-near"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto withdrawn, AppOf("sewer-near")
                                                      .Call<v1::WithdrawConsentResponse>(Withdrawal(
                                                          "sewer-near", "request_id: 'w1'")));
  EXPECT_EQ(withdrawn.candidate().consent().withdrawn_date(), DateOf(Today(clock_)));
  EXPECT_EQ(withdrawn.candidate().full_name(), "李梅");

  const v1::Referral referral = GetReferral("near");
  EXPECT_EQ(referral.state(), v1::REFERRAL_STATE_CANCELLED);
  EXPECT_EQ(referral.steps().rbegin()->reason(), "consent ended");
  EXPECT_THAT(GetPerson(firm_, "sewer-near"), FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(AnswersToOthers("sewer-near"), Not(HasSubstr("sewer-near")));
  // Nor by asking again for what was answered before.
  EXPECT_THAT(firm_.Call<v1::TransitionReferralResponse>(interview),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Ranked(bureau_), Not(Contains("sewer-near")));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto postings, Recommend(AppOf("sewer-near"), "sewer-near"));
  EXPECT_THAT(postings.matches(), IsEmpty());
  EXPECT_THAT(Refer(bureau_, "again", "sewer-near", "RECOMMENDED"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
  // What was held is free.
  EXPECT_THAT(Refer(bureau_, "far", "sewer-far"), IsOk());
  EXPECT_THAT(Withdraw(AppOf("sewer-near"), "sewer-near", "request_id: 'w1'"), IsOk());
}

TEST_F(PersonalRights, ABureauWithdrawsForItsPeopleAndNobodyElseDoes) {
  const auto not_there = FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND");
  EXPECT_THAT(Withdraw(AppOf("welder"), "sewer-near"), not_there);
  EXPECT_THAT(Withdraw(Of("leye://bureau/130802"), "sewer-near"), not_there);
  EXPECT_THAT(Withdraw(firm_, "sewer-near"),
              FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Withdraw(bureau_, "sewer-near", "scopes: CONSENT_SCOPE_UNSPECIFIED"),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(Withdraw(bureau_, "sewer-near"), IsOk());
  EXPECT_THAT(Ranked(bureau_), ElementsAre("sewer-far"));
}

TEST_F(PersonalRights, WhoIsNotToBeShownToEmployersIsMatchedByBureausAlone) {
  ASSERT_THAT(Refer(bureau_, "near", "sewer-near"), IsOk());
  ASSERT_THAT(Refer(bureau_, "far", "sewer-far", "PUSHED"), IsOk());
  for (const char* person : {"sewer-near", "sewer-far"}) {
    ASSERT_THAT(Withdraw(AppOf(person), person, "scopes: CONSENT_SCOPE_EMPLOYERS"), IsOk());
  }
  EXPECT_EQ(GetReferral("near").state(), v1::REFERRAL_STATE_CANCELLED);
  EXPECT_EQ(GetReferral("far").state(), v1::REFERRAL_STATE_PUSHED);
  EXPECT_THAT(Ranked(bureau_), ElementsAre("sewer-near"));  // sewer-far has an open referral.
  EXPECT_THAT(Ranked(firm_), IsEmpty());
  EXPECT_THAT(Refer(bureau_, "again", "sewer-near"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_CONSENT"));
  ASSERT_THAT(Step("far", "ACCEPT"), IsOk());
  EXPECT_THAT(Step("far", "REFER"), FailsWith(absl::StatusCode::kFailedPrecondition, "NO_CONSENT"));
  EXPECT_THAT(AnswersToOthers("sewer-near"), Not(HasSubstr("sewer-near")));
}

// By an update or an import, and by the clock: the round of the server finds it; an employer is
// told nothing even before.
TEST_F(PassingTime, ConsentThatEndsInAnotherWayEndsReferralsToo) {
  ASSERT_THAT(Refer(bureau_, "near", "sewer-near"), IsOk());
  ASSERT_THAT(Refer(bureau_, "far", "sewer-far"), IsOk());
  const absl::CivilDay today = Today(clock_);
  ASSERT_THAT(SetConsent("sewer-near", absl::StrCat("given_date: '2020-01-01' withdrawn_date: '",
                                                    DateOf(today), "'")),
              IsOk());
  ASSERT_THAT(SetConsent("sewer-far", absl::StrCat("given_date: '2020-01-01' expire_date: '",
                                                   DateOf(today), "'")),
              IsOk());
  EXPECT_THAT(GetPerson(firm_, "sewer-near"), FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(GetPerson(firm_, "sewer-far"), IsOk());
  clock_.Advance(absl::Hours(24));
  EXPECT_THAT(GetPerson(firm_, "sewer-far"), FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  server_.Restart();  // The first round comes with the start.
  const Client operating = Of("leye://operator");
  const auto state_of = [&](const char* id) {
    v1::GetReferralRequest request;
    request.set_name(NameOf("referrals", id));
    return operating.Call<v1::GetReferralResponse>(request).value().referral().state();
  };
  for (const char* id : {"near", "far"}) {
    for (int i = 0; i < 600 && state_of(id) != v1::REFERRAL_STATE_CANCELLED; ++i) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    EXPECT_EQ(state_of(id), v1::REFERRAL_STATE_CANCELLED) << id;
  }
}

// After a consent has ended, in whichever way, no employer and no app of another is told the name;
// before, it is.
TEST_F(PersonalRights, NobodyElseIsToldTheNameAfterConsentEnds) {
  constexpr int kPeople = 8;
  const auto seed = static_cast<uint32_t>(absl::ToUnixSeconds(absl::Now()));
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 dice(seed);
  const std::string since = RevisionNow(operating_).value();
  ASSERT_THAT(operating_.Call<v1::UpdatePostingResponse>(Parse<v1::UpdatePostingRequest>(
                  "posting { name: 'regions/13/postings/sewing' openings: 50 }")),
              IsOk());
  const std::string yesterday = DateOf(Today(clock_) - 1);
  const std::vector<std::string> ended = {
      absl::StrCat("given_date: '2020-01-01' expire_date: '", yesterday, "'"),
      absl::StrCat("given_date: '2020-01-01' withdrawn_date: '", DateOf(Today(clock_)), "'"),
      "given_date: '2020-01-01' scopes: CONSENT_SCOPE_MATCHING", ""};
  int told_before = 0;
  std::vector<std::string> hidden;
  for (int i = 0; i < kPeople; ++i) {
    const std::string id = absl::StrCat("random-", i);
    v1::CreateCandidateRequest create;
    create.set_parent("regions/13");
    create.set_candidate_id(id);
    *create.mutable_candidate() = SomeCandidate();
    create.mutable_candidate()->mutable_consent()->set_given_date("2020-01-01");
    create.mutable_candidate()->mutable_preferences()->set_willing(true);
    v1::HeldSkill& skill = *create.mutable_candidate()->add_skills();
    skill.set_skill("skills/sewing-lockstitch");
    skill.set_level(4);
    ASSERT_THAT(operating_.Call<v1::CreateCandidateResponse>(create), IsOk());
    const std::string referral = absl::StrCat("of-", i);
    const bool referred = dice() % 4 != 0;
    if (referred) {
      ASSERT_THAT(Refer(bureau_, referral, id), IsOk());
      const std::vector<std::string> steps = {"INTERVIEW", "HIRE", "ONBOARD"};
      const size_t count = dice() % (steps.size() + 1);
      for (size_t step = 0; step < count; ++step) {
        ASSERT_THAT(Step(referral, steps[step]), IsOk());
      }
      if (dice() % 5 == 0) Step(referral, "CANCEL").IgnoreError();
    }
    if (absl::StrContains(AnswersToOthers(id), NameOf("candidates", id))) ++told_before;
    const size_t how = dice() % (ended.size() + 2);
    if (how < ended.size()) {
      ASSERT_THAT(SetConsent(id, ended[how]), IsOk());
    } else if (how == ended.size()) {
      ASSERT_THAT(Withdraw(AppOf(id), id), IsOk());
    } else {
      ASSERT_THAT(Withdraw(bureau_, id, "scopes: CONSENT_SCOPE_EMPLOYERS"), IsOk());
    }
    EXPECT_THAT(AnswersToOthers(id), Not(HasSubstr(NameOf("candidates", id)))) << how;
    hidden.push_back(NameOf("candidates", id));
  }
  EXPECT_GT(told_before, 0) << "nobody was ever named: the test looks at nothing";
  const std::string watched = WatchedByFirm(since);
  for (const std::string& name : hidden) EXPECT_THAT(watched, Not(HasSubstr(name)));
}

// --- No ranking by a machine ---------------------------------------------------------------------

TEST_F(PersonalRights, WhoDeclinesToBeRankedComesByAHumansReferralOnly) {
  ASSERT_THAT(MakePlans(operating_), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Plan plan, WaitForPlan(operating_, NameOf("plans", "fair")));
  ASSERT_EQ(plan.lines(), 1);
  EXPECT_EQ(TurnedAway(v1::RULE_ID_OPT_OUT), 0);
  for (const char* person : {"sewer-near", "welder"}) {
    const auto declined = Parse<v1::UpdateCandidateRequest>(
        absl::StrCat("candidate { name: '", NameOf("candidates", person),
                     "' consent { automated_ranking_declined: true } } "
                     "update_mask { paths: 'consent.automated_ranking_declined' }"));
    ASSERT_THAT(AppOf(person).Call<v1::UpdateCandidateResponse>(declined), IsOk());
  }
  EXPECT_EQ(TurnedAway(v1::RULE_ID_OPT_OUT), 2);
  EXPECT_THAT(Ranked(bureau_), ElementsAre("sewer-far"));
  EXPECT_THAT(Ranked(firm_), ElementsAre("sewer-far"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto postings, Recommend(AppOf("sewer-near"), "sewer-near"));
  EXPECT_THAT(postings.matches(), IsEmpty());

  LEYE_ASSERT_OK_AND_ASSIGN(const auto committed,
                            bureau_.Call<v1::CommitPlanResponse>(
                                Parse<v1::CommitPlanRequest>("name: 'regions/13/plans/fair'")));
  ASSERT_EQ(committed.refusals_size(), 1);
  EXPECT_THAT(committed.refusals(0).message() + committed.refusals(0).reason(),
              HasSubstr("OPT-OUT"));
  const auto many = Parse<v1::BatchCreateReferralsRequest>(
      "parent: 'regions/13' referrals { candidate: 'regions/13/candidates/sewer-near' "
      "posting: 'regions/13/postings/sewing' }");
  EXPECT_THAT(bureau_.Call<v1::BatchCreateReferralsResponse>(many),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
  EXPECT_THAT(Refer(bureau_, "near", "sewer-near"), IsOk());
}

TEST_F(PersonalRights, NoRulesetTakesConsentOrTheRightToDeclineAway) {
  const auto create = [&](const std::string& rule) {
    return operating_
        .Call<v1::CreateRulesetResponse>(Parse<v1::CreateRulesetRequest>(absl::StrCat(
            "parent: 'regions/13' ruleset_id: 'off' ruleset { rules_off { rules: ", rule, " } }")))
        .status();
  };
  EXPECT_THAT(create("RULE_ID_OPT_OUT"),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  ASSERT_THAT(create("RULE_ID_SEEKING"), IsOk());  // To try it out.
  EXPECT_THAT(operating_.Call<v1::ActivateRulesetResponse>(Parse<v1::ActivateRulesetRequest>(
                  "parent: 'regions/13' ruleset: 'regions/13/rulesets/off'")),
              FailsWith(absl::StatusCode::kFailedPrecondition, "CONSENT_NOT_ASKED"));
}

// --- Export --------------------------------------------------------------------------------------

TEST_F(PersonalRights, ExportTellsEverythingOfOnePersonAndNothingOfOthers) {
  ASSERT_THAT(Refer(bureau_, "near", "sewer-near"), IsOk());
  ASSERT_THAT(Refer(bureau_, "far", "sewer-far", "PUSHED"), IsOk());
  ASSERT_THAT(GetPerson(firm_, "sewer-near"), IsOk());
  ASSERT_THAT(GetPerson(firm_, "sewer-far"), FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto own, Export(AppOf("sewer-near"), "sewer-near"));
  EXPECT_EQ(own.candidate().full_name(), "李梅");
  EXPECT_EQ(own.candidate().health_note(), "须避免久站");
  EXPECT_EQ(own.candidate().household(), NameOf("households", "li"));
  EXPECT_EQ(own.candidate().consent().given_date(), "2020-01-01");
  ASSERT_EQ(own.referrals_size(), 1);
  EXPECT_EQ(own.referrals(0).name(), NameOf("referrals", "near"));
  EXPECT_EQ(own.referrals(0).steps_size(), 1);
  EXPECT_EQ(own.held_opening().posting(), NameOf("postings", "sewing"));
  EXPECT_EQ(own.erase_date(), "");
  EXPECT_THAT(own.ruleset_version(), Not(IsEmpty()));
  std::set<std::string> accesses;
  for (const v1::PersonAccess& access : own.accesses()) {
    accesses.insert(absl::StrCat(access.role(), " ", access.rpc(), " ", access.outcome()));
  }
  EXPECT_THAT(accesses, Contains("enterprise CandidateService/GetCandidate OK"));
  EXPECT_THAT(accesses, Contains("bureau ReferralService/CreateReferral OK"));
  const std::string text = own.SerializeAsString();
  for (const char* others : {"sewer-far", "c07", "130723/", "bureau/", "enterprise/13"}) {
    EXPECT_THAT(text, Not(HasSubstr(others)));
  }
  // The export itself is in the next one.
  LEYE_ASSERT_OK_AND_ASSIGN(const auto next, Export(bureau_, "sewer-near"));
  ASSERT_GT(next.accesses_size(), 0);
  EXPECT_EQ(next.accesses().rbegin()->role(), "app");
  EXPECT_EQ(next.accesses().rbegin()->rpc(), "PersonalDataService/ExportPerson");
}

TEST_F(PersonalRights, ExportIsForThePersonAndTheBureauOfTheArea) {
  const auto not_there = FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND");
  EXPECT_THAT(Export(AppOf("welder"), "sewer-near"), not_there);
  EXPECT_THAT(Export(Of("leye://bureau/130802"), "sewer-near"), not_there);
  EXPECT_THAT(Export(operating_, "nobody"), not_there);
  EXPECT_THAT(Export(firm_, "sewer-near"),
              FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Export(Of("leye://auditor"), "sewer-near"),
              FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
}

}  // namespace
}  // namespace leye::e2e
