// What each kind of caller is shown of people, and what it may do about referrals.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "services/base/status.h"
#include "tests/e2e/callers.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class Views : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(MakeSmallWorld(operating_), IsOk());
    const auto update = Parse<v1::UpdateCandidateRequest>(R"pb(
      candidate {
        name: "regions/13/candidates/sewer-near"
        full_name: "李梅"
        phone: "13900000001"
        health_note: "须避免久站"
      })pb");
    ASSERT_THAT(operating_.Call<v1::UpdateCandidateResponse>(update), IsOk());
    const auto contact = Parse<v1::UpdatePostingRequest>(R"pb(
      posting {
        name: "regions/13/postings/sewing"
        contact { full_name: "王经理" phone: "0313-5550000" }
      })pb");
    LEYE_ASSERT_OK_AND_ASSIGN(const auto updated,
                              operating_.Call<v1::UpdatePostingResponse>(contact));
    revision_ = updated.revision();
  }

  // Of the posting `sewing`, by what is stored now.
  v1::RankCandidatesRequest RankSewing() const {
    auto request = Parse<v1::RankCandidatesRequest>(R"pb(posting: "regions/13/postings/sewing")pb");
    request.mutable_options()->add_min_revisions(revision_);
    return request;
  }

  absl::StatusOr<v1::Candidate> GetPerson(const Client& client) const {
    v1::GetCandidateRequest request;
    request.set_name(NameOf("candidates", "sewer-near"));
    auto response = client.Call<v1::GetCandidateResponse>(request);
    if (!response.ok()) return response.status();
    return response->candidate();
  }

  absl::Status Refer(const std::string& state) const {
    auto request = Parse<v1::CreateReferralRequest>(
        absl::StrCat("parent: 'regions/13' referral_id: 'r' referral { candidate: "
                     "'regions/13/candidates/sewer-near' posting: 'regions/13/postings/sewing' "
                     "clerk: 'c07' state: REFERRAL_STATE_",
                     state, " }"));
    return operating_.Call<v1::CreateReferralResponse>(request).status();
  }

  absl::StatusOr<v1::Referral> Step(const Client& client, const std::string& event) const {
    auto request = Parse<v1::TransitionReferralRequest>(
        absl::StrCat("name: 'regions/13/referrals/r' event: REFERRAL_EVENT_", event));
    auto response = client.Call<v1::TransitionReferralResponse>(request);
    if (!response.ok()) return response.status();
    return response->referral();
  }

  Callers callers_;
  ServerInProcess server_{callers_.Options()};
  const Client operating_ = callers_.Of("leye://operator", server_.address());
  const Client bureau_ = callers_.Of("leye://bureau/130723", server_.address());
  const Client firm_ = callers_.Of("leye://enterprise/13/garment", server_.address());
  const Client other_firm_ = callers_.Of("leye://enterprise/13/other", server_.address());
  std::string revision_;
  const Client app_ = callers_.Of("leye://app/13/sewer-near", server_.address());
};

TEST_F(Views, AnEmployerIsToldWhoSuitsButNotWhy) {
  const v1::RankCandidatesRequest request = RankSewing();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto masked, firm_.Call<v1::RankCandidatesResponse>(request));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto whole, bureau_.Call<v1::RankCandidatesResponse>(request));
  ASSERT_GT(masked.matches_size(), 0);
  ASSERT_EQ(masked.matches_size(), whole.matches_size());
  for (int i = 0; i < masked.matches_size(); ++i) {
    EXPECT_EQ(masked.matches(i).candidate().name(), whole.matches(i).candidate().name());
    EXPECT_THAT(masked.matches(i).criteria(), IsEmpty());
    EXPECT_THAT(masked.matches(i).notes(), IsEmpty());
    EXPECT_THAT(whole.matches(i).criteria(), Not(IsEmpty()));
  }
}

TEST_F(Views, AnEmployerMayNotSortPeopleByOneCriterion) {
  v1::RankCandidatesRequest request = RankSewing();
  v1::CriterionWeight& only = *request.mutable_options()->add_forward_weights();
  only.set_criterion(v1::CRITERION_KIND_PRIORITY);
  only.set_weight_micros(1'000'000);
  const auto refused = firm_.Call<v1::RankCandidatesResponse>(request);
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(bureau_.Call<v1::RankCandidatesResponse>(request), IsOk());
}

TEST_F(Views, AnEmployerIsToldNameAndNumberFromTheReferralToItsEnd) {
  const auto not_there = FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND");
  EXPECT_THAT(GetPerson(firm_), not_there);
  ASSERT_THAT(Refer("PUSHED"), IsOk());
  EXPECT_THAT(GetPerson(firm_), not_there);
  ASSERT_THAT(Step(app_, "ACCEPT"), IsOk());
  EXPECT_THAT(GetPerson(firm_), not_there);
  ASSERT_THAT(Step(bureau_, "REFER"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Candidate person, GetPerson(firm_));
  EXPECT_EQ(person.full_name(), "李梅");
  EXPECT_EQ(person.phone(), "13900000001");
  EXPECT_EQ(person.skills_size(), 1);
  EXPECT_EQ(person.health_note(), "");
  EXPECT_EQ(person.household(), "");
  EXPECT_EQ(person.birth_date(), "");
  EXPECT_THAT(person.groups(), IsEmpty());
  EXPECT_THAT(GetPerson(other_firm_), not_there);
  ASSERT_THAT(Step(firm_, "INTERVIEW"), IsOk());
  ASSERT_THAT(Step(firm_, "REJECT"), IsOk());
  EXPECT_THAT(GetPerson(firm_), not_there);
}

TEST_F(Views, EachTakesTheStepsThatAreItsOwn) {
  ASSERT_THAT(Refer("PUSHED"), IsOk());
  const auto not_allowed = FailsWith(absl::StatusCode::kPermissionDenied, "STEP_NOT_ALLOWED");
  EXPECT_THAT(Step(firm_, "ACCEPT"), not_allowed);
  EXPECT_THAT(Step(app_, "CANCEL"), not_allowed);
  EXPECT_THAT(Step(callers_.Of("leye://app/13/welder", server_.address()), "ACCEPT"),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Step(app_, "ACCEPT"), IsOk());
  EXPECT_THAT(Step(app_, "REFER"), not_allowed);
  EXPECT_THAT(Step(firm_, "REFER"), not_allowed);
  ASSERT_THAT(Step(bureau_, "REFER"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Referral referral, Step(firm_, "INTERVIEW"));
  EXPECT_EQ(referral.household(), "");
  EXPECT_EQ(referral.clerk(), "");
  EXPECT_EQ(referral.steps().rbegin()->actor(), "enterprise/13/garment");
}

TEST_F(Views, AnEmployerDoesNotAskForWhatItIsNotShown) {
  ASSERT_THAT(Refer("REFERRED"), IsOk());
  const auto list = [&](const Client& client, const std::string& more) {
    return client.Call<v1::ListReferralsResponse>(
        Parse<v1::ListReferralsRequest>(absl::StrCat("parent: 'regions/13' ", more)));
  };
  LEYE_ASSERT_OK_AND_ASSIGN(const auto all, list(firm_, ""));
  ASSERT_EQ(all.referrals_size(), 1);
  EXPECT_EQ(all.referrals(0).household(), "");
  for (const char* more :
       {"filter: 'household = \"regions/13/households/li\"'", "filter: 'clerk = \"c07\"'",
        "filter: 'settlement_area = \"regions/13/settlementAreas/yian\"'"}) {
    EXPECT_THAT(list(firm_, more), FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"))
        << more;
    EXPECT_THAT(list(bureau_, more), IsOk()) << more;
  }
  LEYE_ASSERT_OK_AND_ASSIGN(const auto none, list(other_firm_, ""));
  EXPECT_EQ(none.referrals_size(), 0);
}

TEST_F(Views, AnAppSeesItsPersonWholeAndNoNumberOfAnEmployers) {
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Candidate person, GetPerson(app_));
  EXPECT_EQ(person.full_name(), "李梅");
  EXPECT_EQ(person.health_note(), "须避免久站");
  const auto get = Parse<v1::GetPostingRequest>(R"pb(name: "regions/13/postings/sewing")pb");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto seen, app_.Call<v1::GetPostingResponse>(get));
  EXPECT_EQ(seen.posting().title(), "急招缝纫工");
  EXPECT_EQ(seen.posting().contact().phone(), "");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto own, firm_.Call<v1::GetPostingResponse>(get));
  EXPECT_EQ(own.posting().contact().phone(), "0313-5550000");
}

// The firm posts, the bureau looks, the person sees.
TEST_F(Views, APostingThatIsKeptBackIsSeenOnceTheBureauHasApprovedIt) {
  const std::string name = NameOf("postings", "bait");
  v1::CreatePostingRequest create;
  create.set_parent("regions/13");
  create.set_posting_id("bait");
  *create.mutable_posting() = SomePosting();
  create.mutable_posting()->set_title("高薪包装工");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto made, firm_.Call<v1::CreatePostingResponse>(create));
  EXPECT_EQ(made.posting().publication(), v1::POSTING_PUBLICATION_IN_REVIEW);
  ASSERT_EQ(made.posting().findings_size(), 1);
  EXPECT_EQ(made.posting().findings(0).evidence(), "高薪");

  const auto recommended = [&](const std::string& revision) {
    v1::RecommendPostingsRequest request;
    request.set_candidate(NameOf("candidates", "sewer-near"));
    request.mutable_options()->add_min_revisions(revision);
    std::vector<std::string> names;
    const auto response = app_.Call<v1::RecommendPostingsResponse>(request);
    EXPECT_THAT(response, IsOk());
    for (const v1::PostingMatch& match : response->matches()) {
      names.push_back(match.posting().name());
    }
    return names;
  };
  v1::GetPostingRequest get;
  get.set_name(name);
  v1::ExplainMatchRequest explain;
  explain.mutable_pair()->set_candidate(NameOf("candidates", "sewer-near"));
  explain.mutable_pair()->set_posting(name);
  EXPECT_THAT(recommended(made.revision()), ::testing::Not(::testing::Contains(name)));
  EXPECT_EQ(app_.Call<v1::GetPostingResponse>(get).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(app_.Call<v1::ExplainMatchResponse>(explain).status().code(),
            absl::StatusCode::kNotFound);

  auto approve =
      Parse<v1::ApprovePostingRequest>(R"pb(accepted_codes: LINT_CODE_BAIT note: "属实")pb");
  approve.set_name(name);
  EXPECT_EQ(firm_.Call<v1::ApprovePostingResponse>(approve).status().code(),
            absl::StatusCode::kPermissionDenied);
  const Client chengde = callers_.Of("leye://bureau/130802", server_.address());
  EXPECT_EQ(chengde.Call<v1::ApprovePostingResponse>(approve).status().code(),
            absl::StatusCode::kNotFound);
  const Client kangbao = callers_.Of("leye://bureau/130723", server_.address());
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto queue,
      kangbao.Call<v1::ListPostingReviewsResponse>(Parse<v1::ListPostingReviewsRequest>(
          R"pb(parent: "regions/13" filter: "findings.code : LINT_CODE_BAIT")pb")));
  ASSERT_EQ(queue.postings_size(), 1);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto approved, kangbao.Call<v1::ApprovePostingResponse>(approve));
  EXPECT_EQ(approved.posting().review().reviewer(), "bureau/130723");

  EXPECT_THAT(recommended(approved.revision()), ::testing::Contains(name));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto seen, app_.Call<v1::GetPostingResponse>(get));
  EXPECT_FALSE(seen.posting().has_review());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto own, firm_.Call<v1::GetPostingResponse>(get));
  EXPECT_EQ(own.posting().review().note(), "属实");
}

// Both counties have people for one posting of the other county.
TEST_F(Views, ABureauIsToldOfItsOwnPeopleHoweverTheyRank) {
  for (const char* text : {R"pb(parent: "regions/13"
                                settlement_area_id: "chengde"
                                settlement_area {
                                  display_name: "承德社区"
                                  division_code: "130802"
                                  location { latitude: 41.0 longitude: 117.9 }
                                })pb"}) {
    ASSERT_THAT(operating_.Call<v1::CreateSettlementAreaResponse>(
                    Parse<v1::CreateSettlementAreaRequest>(text)),
                IsOk());
  }
  ASSERT_THAT(operating_.Call<v1::CreateHouseholdResponse>(Parse<v1::CreateHouseholdRequest>(
                  R"pb(parent: "regions/13"
                       household_id: "far"
                       household { settlement_area: "regions/13/settlementAreas/chengde" })pb")),
              IsOk());
  v1::CreateCandidateRequest person;
  person.set_parent("regions/13");
  person.set_candidate_id("chengde-sewer");
  *person.mutable_candidate() = SomeCandidate();
  person.mutable_candidate()->set_household(NameOf("households", "far"));
  person.mutable_candidate()->mutable_preferences()->set_willing_to_leave_home(true);
  ASSERT_THAT(operating_.Call<v1::CreateCandidateResponse>(person), IsOk());
  v1::CreatePostingRequest posting;
  posting.set_parent("regions/13");
  posting.set_posting_id("chengde-sewing");
  *posting.mutable_posting() = SomePosting();
  posting.mutable_posting()->mutable_place()->set_division_code("130802");
  posting.mutable_posting()->mutable_benefits()->set_lodging(true);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto made, operating_.Call<v1::CreatePostingResponse>(posting));

  const auto ranked = [&](const Client& client, const std::string& name) {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", name));
    request.mutable_options()->add_min_revisions(made.revision());
    std::vector<std::string> names;
    const auto response = client.Call<v1::RankCandidatesResponse>(request);
    if (!response.ok()) return std::vector<std::string>{ErrorReason(response.status())};
    for (const v1::CandidateMatch& match : response->matches()) {
      names.push_back(match.candidate().name());
    }
    return names;
  };
  const Client chengde = callers_.Of("leye://bureau/130802", server_.address());
  const Client hebei = callers_.Of("leye://bureau/13", server_.address());
  EXPECT_THAT(ranked(hebei, "chengde-sewing"),
              ::testing::Contains(NameOf("candidates", "sewer-near")));
  EXPECT_THAT(ranked(chengde, "chengde-sewing"),
              ElementsAre(NameOf("candidates", "chengde-sewer")));
  EXPECT_THAT(ranked(chengde, "sewing"), ElementsAre("NOT_FOUND"));
}

}  // namespace
}  // namespace leye::e2e
