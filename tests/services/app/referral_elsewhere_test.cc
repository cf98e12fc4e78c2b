// Referrals to postings of another region: what is held there, and that a call which dies at any of
// its steps leaves nothing behind that the clock does not bring to an end.
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/services/app/claims_world.h"
#include "tests/services/app/referral_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kFar[] = "regions/44/postings/far";
constexpr char kFarToo[] = "regions/44/postings/far-too";

class Elsewhere : public ReferralsTest {
 protected:
  Elsewhere() {
    bureau_.AddPosting(kFar, "openings: 1");
    bureau_.AddPosting(kFarToo, "openings: 2 reserved { count: 1 }");
  }

  // Whom the posting remembers to have been refused or to have left for cause.
  static std::vector<std::string> Barred(Bureau& bureau, const std::string& posting) {
    std::vector<std::string> barred;
    for (const auto& [name, holds] : ReadRecords(*bureau.app.store).holds) {
      if (name != posting) continue;
      for (const storage::v1::Bar& bar : holds.bars()) barred.push_back(bar.candidate());
    }
    return barred;
  }
};

TEST_F(Elsewhere, AReferralHoldsAnOpeningThereAndThePersonHere) {
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Referral referral, bureau_.Create("r", "wang", kFar));
  EXPECT_EQ(referral.name(), "regions/13/referrals/r");
  EXPECT_EQ(referral.employer(), "regions/44/employers/e");
  EXPECT_EQ(bureau_.Held(kFar), 1);
  EXPECT_THAT(bureau_.Create("r2", "li", kFar),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_THAT(bureau_.Create("r3", "wang", "two"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "PERSON_HELD"));
  EXPECT_THAT(bureau_.Create("r4", "wang", kFar),
              FailsWith(absl::StatusCode::kAlreadyExists, "PAIR_OPEN"));
  EXPECT_THAT(bureau_.app.Call("DeletePosting", absl::StrCat("name: '", kFar, "'")).status,
              FailsWith(absl::StatusCode::kFailedPrecondition, "HAS_DEPENDENTS"));
}

TEST_F(Elsewhere, WhoGotNoOpeningIsFree) {
  ASSERT_THAT(bureau_.Create("r", "wang", kFar), IsOk());
  ASSERT_THAT(bureau_.Create("r2", "li", kFar), ::testing::Not(IsOk()));
  EXPECT_THAT(bureau_.Create("r2", "li", "one"), IsOk());
}

TEST_F(Elsewhere, OpeningsReservedThereGoOnlyToTheirGroup) {
  bureau_.judge.of_reserved_group.insert("regions/13/candidates/zhao");
  ASSERT_THAT(bureau_.Create("r1", "wang", kFarToo), IsOk());
  EXPECT_THAT(bureau_.Create("r2", "li", kFarToo),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_THAT(bureau_.Create("r3", "zhao", kFarToo), IsOk());
}

TEST_F(Elsewhere, AnyEndFreesBoth) {
  ASSERT_THAT(bureau_.Create("r", "wang", kFar), IsOk());
  ASSERT_THAT(bureau_.Step("r", kCancel), IsOk());
  EXPECT_EQ(bureau_.Held(kFar), 0);
  EXPECT_THAT(Barred(bureau_, kFar), IsEmpty());
  ASSERT_THAT(bureau_.Create("r2", "wang", kFar), IsOk());
  bureau_.app.clock.Advance(7 * kDay);
  EXPECT_EQ(bureau_.ExpireDue(), 1);
  EXPECT_EQ(bureau_.Held(kFar), 0);
}

TEST_F(Elsewhere, WorkThereIsInThePersonsRecordUntilItEnds) {
  ASSERT_THAT(bureau_.Create("r", "wang", kFar), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  EXPECT_EQ(bureau_.Person("wang").employment().employer_name(), "怡安服装");
  EXPECT_EQ(bureau_.Held(kFar), 1);
  ASSERT_THAT(bureau_.Step("r", kLeave, "leaving_reason: LEAVING_REASON_DISMISSED"), IsOk());
  EXPECT_EQ(bureau_.Held(kFar), 0);
  EXPECT_THAT(Barred(bureau_, kFar), ElementsAre("regions/13/candidates/wang"));
}

TEST_F(Elsewhere, ASuggestionBecomesAReferralOnceThereIsAnOpening) {
  ASSERT_THAT(bureau_.Create("r", "wang", kFar, v1::REFERRAL_STATE_PUSHED), IsOk());
  bureau_.Steps("r", {kAccept});
  ASSERT_THAT(bureau_.Create("r2", "li", kFar), IsOk());
  EXPECT_THAT(bureau_.Step("r", kRefer),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_EQ(bureau_.Get("r").state(), v1::REFERRAL_STATE_ACCEPTED);
  ASSERT_THAT(bureau_.Step("r2", kCancel), IsOk());
  EXPECT_THAT(bureau_.Step("r", kRefer), IsOk());
}

// The referral lies where the person lives; the employer asks there.
TEST_F(Elsewhere, ItsEmployerFollowsItWhereThePersonLives) {
  for (const char* id : {"wang", "li"}) {
    bureau_.Update("candidate", absl::StrCat("candidates/", id),
                   "consent { given_date: '2023-01-01' }");
  }
  ASSERT_THAT(bureau_.Create("r", "wang", kFar), IsOk());
  ASSERT_THAT(bureau_.Create("near", "li", "one"), IsOk());
  const auto listed = [this] {
    v1::ListReferralsRequest request;
    request.set_parent("regions/13");
    std::vector<std::string> names;
    const auto answer = bureau_.referrals->ListReferrals(request, bureau_.app.Caller());
    EXPECT_THAT(answer, IsOk());
    for (const v1::Referral& referral : answer->referrals()) names.push_back(referral.name());
    return names;
  };
  const auto person = [this] {
    return bureau_.app.Call("GetCandidate", "name: 'regions/13/candidates/wang'").status;
  };
  bureau_.app.principal = access::Enterprise("regions/44/employers/e");
  EXPECT_THAT(listed(), ElementsAre("regions/13/referrals/r"));
  EXPECT_THAT(person(), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  EXPECT_EQ(bureau_.Get("r").steps().rbegin()->actor(), "enterprise/44/e");

  bureau_.app.principal = access::Enterprise("regions/44/employers/another");
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_THAT(person(), FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(bureau_.Step("r", kLeave, kBecause),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  bureau_.app.principal = access::LocalOperator();
}

TEST_F(Elsewhere, ACheckClaimsNothing) {
  v1::CreateReferralRequest request;
  request.set_parent("regions/13");
  request.set_validate_only(true);
  request.mutable_referral()->set_candidate("regions/13/candidates/wang");
  request.mutable_referral()->set_posting(kFar);
  const CallContext caller = bureau_.app.Caller();
  EXPECT_THAT(bureau_.referrals->CreateReferral(request, caller), IsOk());
  EXPECT_EQ(bureau_.Held(kFar), 0);
  ASSERT_THAT(bureau_.Create("r", "li", kFar), IsOk());
  EXPECT_THAT(bureau_.referrals->CreateReferral(request, caller),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
}

TEST_F(Elsewhere, ABatchThatFailsGivesBackWhatItHadClaimed) {
  v1::BatchCreateReferralsRequest request;
  request.set_parent("regions/13");
  for (const char* person : {"wang", "li", "zhao"}) {
    v1::Referral& referral = *request.add_referrals();
    referral.set_candidate(Bureau::Name("candidates", person));
    referral.set_posting(kFarToo);
  }
  const CallContext caller = bureau_.app.Caller();
  EXPECT_THAT(bureau_.referrals->BatchCreateReferrals(request, caller),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_EQ(bureau_.Held(kFarToo), 0);
  request.mutable_referrals(1)->set_posting(kFar);
  request.mutable_referrals(2)->set_posting(Bureau::Name("postings", "one"));
  ASSERT_THAT(bureau_.referrals->BatchCreateReferrals(request, caller), IsOk());
  EXPECT_EQ(bureau_.Held(kFarToo), 1);
  EXPECT_EQ(bureau_.Held(kFar), 1);
}

TEST_F(Elsewhere, APostingThatIsNotThereIsSaidToBeMissing) {
  EXPECT_THAT(bureau_.Create("r", "wang", "regions/44/postings/nothing"),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

// --- crashes -------------------------------------------------------------------------------------

// A call, on a bureau that `before` has prepared.
struct Scene {
  const char* name;
  std::function<void(Bureau& bureau)> before;
  std::function<absl::Status(const Referrals& referrals, const App& app)> call;
  v1::ReferralState afterwards;
};

void PrintTo(const Scene& scene, std::ostream* out) { *out << scene.name; }

absl::Status CallStep(const Referrals& referrals, const App& app, v1::ReferralEvent event) {
  v1::TransitionReferralRequest request;
  request.set_name("regions/13/referrals/r");
  request.set_event(event);
  return referrals.TransitionReferral(request, app.Caller()).status();
}

const Scene kScenes[] = {
    {"Create", [](Bureau&) {},
     [](const Referrals& referrals, const App& app) {
       v1::CreateReferralRequest request;
       request.set_parent("regions/13");
       request.set_referral_id("r");
       request.mutable_referral()->set_candidate("regions/13/candidates/wang");
       request.mutable_referral()->set_posting(kFar);
       return referrals.CreateReferral(request, app.Caller()).status();
     },
     v1::REFERRAL_STATE_REFERRED},
    {"Refer",
     [](Bureau& bureau) {
       ASSERT_THAT(bureau.Create("r", "wang", kFar, v1::REFERRAL_STATE_PUSHED), IsOk());
       bureau.Steps("r", {kAccept});
     },
     [](const Referrals& referrals, const App& app) { return CallStep(referrals, app, kRefer); },
     v1::REFERRAL_STATE_REFERRED},
    {"Miss", [](Bureau& bureau) { ASSERT_THAT(bureau.Create("r", "wang", kFar), IsOk()); },
     [](const Referrals& referrals, const App& app) {
       return CallStep(referrals, app, v1::REFERRAL_EVENT_MISS);
     },
     v1::REFERRAL_STATE_NO_SHOW},
    {"Expire",
     [](Bureau& bureau) {
       ASSERT_THAT(bureau.Create("r", "wang", kFar), IsOk());
       bureau.app.clock.Advance(7 * kDay);
     },
     [](const Referrals& referrals, const App&) {
       return referrals.ExpireDue(store::Region::FromNumber(13), 10).status();
     },
     v1::REFERRAL_STATE_EXPIRED},
};

class Crash : public ::testing::TestWithParam<Scene> {};

// Plays the scene; the server dies at that commit, before or after it is done. Returns whether it
// lived to the end of the call.
bool PlayUntil(const Scene& scene, int commit, StepFate fate) {
  Bureau bureau;
  bureau.AddPerson("wang");
  bureau.AddPerson("li");
  bureau.AddPosting(kFar, "openings: 1");
  scene.before(bureau);
  int commits = 0;
  StepStore dying(*bureau.app.store, [&](const StoreCall& call) {
    if (commits > commit) return StepFate::kLost;
    if (call.commit == nullptr || commits++ != commit) return StepFate::kDone;
    return fate;
  });
  const Referrals server(
      Dependencies{dying, bureau.app.sealer, TestCatalogue(), bureau.app.clock, bureau.app.random},
      bureau.judge, bureau.app.figures);
  const bool acknowledged = scene.call(server, bureau.app).ok();
  // Another server, a little later.
  bureau.app.clock.Advance(absl::Minutes(3));
  for (const int region : {13, 44}) {
    EXPECT_THAT(bureau.referrals->ExpireDue(store::Region::FromNumber(region), 10), IsOk());
  }
  EXPECT_THAT(bureau.Problems(), IsEmpty());
  if (acknowledged) {
    EXPECT_EQ(bureau.Get("r").state(), scene.afterwards);
  }
  const bool taken = bureau.Held(kFar) == 1;
  EXPECT_EQ(bureau.Create("next", "li", kFar).ok(), !taken);
  return commits <= commit;
}

TEST_P(Crash, LeavesNothingBehind) {
  for (const StepFate fate : {StepFate::kLost, StepFate::kUnanswered}) {
    int commit = 0;
    while (!PlayUntil(GetParam(), commit, fate)) {
      ASSERT_FALSE(HasFailure()) << "dead at commit " << commit;
      ++commit;
    }
    EXPECT_GE(commit, 3) << "the steps of one claim";
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Crash, ::testing::ValuesIn(kScenes),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace leye::app
