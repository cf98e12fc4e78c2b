// Referrals over the wire: a day of a bureau, and many clerks with one opening.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/referral.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class ReferralE2e : public ::testing::Test {
 protected:
  void SetUp() override { LEYE_ASSERT_OK_AND_ASSIGN(revision_, MakeSmallWorld(client_)); }

  absl::StatusOr<v1::Referral> Create(const std::string& id, const std::string& person,
                                      const std::string& posting) {
    v1::CreateReferralRequest request;
    request.set_parent("regions/13");
    request.set_referral_id(id);
    request.mutable_referral()->set_candidate(NameOf("candidates", person));
    request.mutable_referral()->set_posting(NameOf("postings", posting));
    auto response = client_.Call<v1::CreateReferralResponse>(request);
    if (!response.ok()) return response.status();
    revision_ = response->revision();
    return response->referral();
  }

  absl::StatusOr<v1::Referral> Step(const std::string& id, v1::ReferralEvent event,
                                    const std::string& more = "") {
    auto request = Parse<v1::TransitionReferralRequest>(more);
    request.set_name(NameOf("referrals", id));
    request.set_event(event);
    auto response = client_.Call<v1::TransitionReferralResponse>(request);
    if (!response.ok()) return response.status();
    revision_ = response->revision();
    return response->referral();
  }

  // The last parts of the names of who ranks now, best first.
  std::vector<std::string> Ranked(const std::string& posting) const {
    auto ids = TryRank(posting);
    EXPECT_THAT(ids, IsOk());
    return ids.ok() ? *std::move(ids) : std::vector<std::string>();
  }

  absl::StatusOr<std::vector<std::string>> TryRank(const std::string& posting) const {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", posting));
    request.mutable_options()->add_min_revisions(revision_);
    const auto answer = client_.Call<v1::RankCandidatesResponse>(request);
    if (!answer.ok()) return answer.status();
    std::vector<std::string> ids;
    for (const v1::CandidateMatch& match : answer->matches()) {
      const std::string& name = match.candidate().name();
      ids.push_back(name.substr(name.rfind('/') + 1));
    }
    return ids;
  }

  v1::HouseholdFigures Figures(const std::string& household) const {
    static_cast<void>(Ranked("sewing"));  // Waits for the revision.
    v1::GetHouseholdRequest request;
    request.set_name(NameOf("households", household));
    const auto answer = client_.Call<v1::GetHouseholdResponse>(request);
    return answer.ok() ? answer->household().figures() : v1::HouseholdFigures();
  }

  absl::Status SetOpenings(const std::string& posting, int openings) {
    v1::UpdatePostingRequest request;
    request.mutable_posting()->set_name(NameOf("postings", posting));
    request.mutable_posting()->set_openings(openings);
    const auto response = client_.Call<v1::UpdatePostingResponse>(request);
    if (response.ok()) revision_ = response->revision();
    return response.status();
  }

  ServerInProcess server_;
  Client client_{server_.channel()};
  std::string revision_;
};

TEST_F(ReferralE2e, ADayFromTheRankingToTheJobAndBack) {
  ASSERT_THAT(SetOpenings("sewing", 1), IsOk());
  ASSERT_THAT(Ranked("sewing"), ElementsAre("sewer-near", "sewer-far"));
  ASSERT_THAT(Ranked("road"), Contains("sewer-far"));
  ASSERT_THAT(Ranked("cleaning"), Contains("sewer-far"));
  ASSERT_TRUE(Figures("wang").zero_employment());

  // Held: neither the person nor the only opening is offered any more.
  ASSERT_THAT(Create("r", "sewer-far", "sewing"), IsOk());
  EXPECT_THAT(Ranked("sewing"), ElementsAre());
  EXPECT_THAT(Ranked("road"), Not(Contains("sewer-far")));
  EXPECT_THAT(Create("r2", "sewer-near", "sewing"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  ASSERT_THAT(SetOpenings("sewing", 2), IsOk());
  EXPECT_THAT(Ranked("sewing"), ElementsAre("sewer-near"));

  ASSERT_THAT(Step("r", v1::REFERRAL_EVENT_INTERVIEW), IsOk());
  ASSERT_THAT(Step("r", v1::REFERRAL_EVENT_HIRE), IsOk());
  ASSERT_THAT(Step("r", v1::REFERRAL_EVENT_ONBOARD), IsOk());
  EXPECT_EQ(Figures("wang").earners(), 1);
  EXPECT_FALSE(Figures("wang").zero_employment());
  EXPECT_THAT(Ranked("cleaning"), Not(Contains("sewer-far")));

  // Left: the person is back, in front, because again nobody of the household earns.
  ASSERT_THAT(Step("r", v1::REFERRAL_EVENT_LEAVE, "leaving_reason: LEAVING_REASON_LAID_OFF"),
              IsOk());
  EXPECT_TRUE(Figures("wang").zero_employment());
  EXPECT_THAT(Ranked("sewing"), ElementsAre("sewer-near", "sewer-far"));
  EXPECT_EQ(Ranked("cleaning").front(), "sewer-far");
  v1::ListReferralTasksRequest tasks;
  tasks.set_parent("regions/13");
  const auto due = client_.Call<v1::ListReferralTasksResponse>(tasks);
  ASSERT_THAT(due, IsOk());
  ASSERT_EQ(due->tasks_size(), 1);
  EXPECT_EQ(due->tasks(0).kind(), v1::REFERRAL_TASK_KIND_FIRST_HELP);
  EXPECT_EQ(due->tasks(0).referral(), "regions/13/referrals/r");
}

TEST_F(ReferralE2e, ARefusalExcludesThePairOnly) {
  ASSERT_THAT(Create("r", "sewer-near", "sewing"), IsOk());
  ASSERT_THAT(Step("r", v1::REFERRAL_EVENT_MISS), IsOk());
  EXPECT_THAT(Ranked("sewing"), ElementsAre("sewer-far"));
  EXPECT_THAT(Ranked("road"), Contains("sewer-near"));
  EXPECT_THAT(Create("r2", "sewer-near", "sewing"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
}

TEST_F(ReferralE2e, WhoTheRulesTurnAwayIsNotReferred) {
  const absl::Status refused = Create("r", "welder", "sewing").status();
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE"));
  EXPECT_EQ(GetErrorDetails(refused).metadata.at("rules"), "SKILL-REQ (SKILL_MISSING)");
}

TEST_F(ReferralE2e, ReservedOpeningsGoOnlyToTheirGroup) {
  v1::UpdatePostingRequest request;
  request.mutable_posting()->set_name(NameOf("postings", "sewing"));
  request.mutable_posting()->set_openings(1);
  request.mutable_posting()->mutable_reserved()->set_count(1);
  request.mutable_posting()->mutable_reserved()->set_group(v1::GROUP_DISABLED);
  ASSERT_THAT(client_.Call<v1::UpdatePostingResponse>(request), IsOk());
  const absl::Status refused = Create("r", "sewer-near", "sewing").status();
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  EXPECT_EQ(GetErrorDetails(refused).metadata.at("reserved_left"), "1");
}

// A posting of Guangdong, at the place of the sewing, for a person of Hebei.
TEST_F(ReferralE2e, APersonIsReferredToAnotherRegionAndBack) {
  v1::CreateEmployerRequest employer;
  employer.set_parent("regions/44");
  employer.set_employer_id("garment");
  employer.mutable_employer()->set_display_name("怡安服装");
  employer.mutable_employer()->set_kind(v1::EMPLOYER_KIND_ENTERPRISE);
  ASSERT_THAT(client_.Call<v1::CreateEmployerResponse>(employer), IsOk());
  v1::CreatePostingRequest posting;
  posting.set_parent("regions/44");
  posting.set_posting_id("far");
  *posting.mutable_posting() = SomePosting();
  posting.mutable_posting()->set_employer("regions/44/employers/garment");
  posting.mutable_posting()->set_openings(1);
  ASSERT_THAT(client_.Call<v1::CreatePostingResponse>(posting), IsOk());

  v1::CreateReferralRequest request;
  request.set_parent("regions/13");
  request.set_referral_id("r");
  request.mutable_referral()->set_candidate(NameOf("candidates", "sewer-near"));
  request.mutable_referral()->set_posting("regions/44/postings/far");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto made, client_.Call<v1::CreateReferralResponse>(request));
  revision_ = made.revision();
  EXPECT_EQ(made.referral().employer(), "regions/44/employers/garment");
  EXPECT_THAT(Ranked("sewing"), Not(Contains("sewer-near")));
  request.set_referral_id("r2");
  request.mutable_referral()->set_candidate(NameOf("candidates", "sewer-far"));
  EXPECT_THAT(client_.Call<v1::CreateReferralResponse>(request),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  ASSERT_THAT(Step("r", v1::REFERRAL_EVENT_CANCEL), IsOk());
  EXPECT_THAT(Ranked("sewing"), Contains("sewer-near"));
  EXPECT_THAT(client_.Call<v1::CreateReferralResponse>(request), IsOk());
}

TEST_F(ReferralE2e, ManyClerksWithTwoOpeningsHaveTwoWinners) {
  constexpr int kClerks = 10;
  for (int i = 0; i < kClerks; ++i) {
    v1::CreateCandidateRequest request;
    request.set_parent("regions/13");
    request.set_candidate_id(absl::StrCat("n", i));
    *request.mutable_candidate() = SomeCandidate();
    ASSERT_THAT(client_.Call<v1::CreateCandidateResponse>(request), IsOk());
  }
  v1::CreatePostingRequest posting;
  posting.set_parent("regions/13");
  posting.set_posting_id("hot");
  *posting.mutable_posting() = SomePosting();
  posting.mutable_posting()->set_openings(2);
  ASSERT_THAT(client_.Call<v1::CreatePostingResponse>(posting), IsOk());

  std::atomic<int> won = 0;
  std::atomic<int> full = 0;
  std::vector<std::thread> clerks;
  for (int i = 0; i < kClerks; ++i) {
    clerks.emplace_back([&, i] {
      const Client client(server_.channel());
      v1::CreateReferralRequest request;
      request.set_parent("regions/13");
      request.mutable_referral()->set_candidate(NameOf("candidates", absl::StrCat("n", i)));
      request.mutable_referral()->set_posting(NameOf("postings", "hot"));
      const auto made = client.Call<v1::CreateReferralResponse>(request);
      won += made.ok() ? 1 : 0;
      full += ErrorReason(made.status()) == "NO_OPENING" ? 1 : 0;
    });
  }
  for (std::thread& clerk : clerks) clerk.join();
  EXPECT_EQ(won, 2);
  EXPECT_EQ(full, kClerks - 2);
  v1::ListReferralsRequest list;
  list.set_parent("regions/13");
  list.set_filter("state = REFERRAL_STATE_REFERRED");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto held, client_.Call<v1::ListReferralsResponse>(list));
  EXPECT_EQ(held.referrals_size(), 2);
}

// Asks again and again, without sleeping, until the referral is no longer REFERRED.
v1::ReferralState StateAfterReferred(const Client& client, const std::string& id) {
  v1::GetReferralRequest request;
  request.set_name(NameOf("referrals", id));
  const absl::Time patience = absl::Now() + kPatience;
  auto state = v1::REFERRAL_STATE_REFERRED;
  while (state == v1::REFERRAL_STATE_REFERRED && absl::Now() < patience) {
    const auto answer = client.Call<v1::GetReferralResponse>(request);
    if (answer.ok()) state = answer->referral().state();
  }
  return state;
}

TEST(ReferralExpiry, AHoldEndsByItselfWhileTheServerRunsAndWhileItDoesNot) {
  testing::FakeClock clock;
  ServerInProcess server(clock);
  Client client(server.channel());
  LEYE_ASSERT_OK_AND_ASSIGN(std::string revision, MakeSmallWorld(client));
  const auto create = [&](const std::string& id, const std::string& person) {
    v1::CreateReferralRequest request;
    request.set_parent("regions/13");
    request.set_referral_id(id);
    request.mutable_referral()->set_candidate(NameOf("candidates", person));
    request.mutable_referral()->set_posting(NameOf("postings", "sewing"));
    return client.Call<v1::CreateReferralResponse>(request).status();
  };
  ASSERT_THAT(create("first", "sewer-near"), IsOk());
  clock.Advance(absl::Hours(24 * 7));
  EXPECT_EQ(StateAfterReferred(client, "first"), v1::REFERRAL_STATE_EXPIRED);

  ASSERT_THAT(create("second", "sewer-near"), IsOk());
  server.Drain();
  clock.Advance(absl::Hours(24 * 30));
  server.Restart();
  client = Client(server.channel());
  EXPECT_EQ(StateAfterReferred(client, "second"), v1::REFERRAL_STATE_EXPIRED);
}

TEST_F(ReferralE2e, WhatIsHeldStaysHeldAcrossARestart) {
  ASSERT_THAT(SetOpenings("sewing", 1), IsOk());
  ASSERT_THAT(Create("r", "sewer-near", "sewing"), IsOk());
  server_.Restart();
  client_ = Client(server_.channel());
  EXPECT_THAT(Create("r2", "sewer-far", "sewing"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_OPENING"));
  ASSERT_THAT(Step("r", v1::REFERRAL_EVENT_CANCEL), IsOk());
  EXPECT_THAT(Create("r3", "sewer-far", "sewing"), IsOk());
}

}  // namespace
}  // namespace leye::e2e
