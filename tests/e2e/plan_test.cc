// Plans over the wire: from the request to the referrals, through a restart of the server.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/plan.pb.h"
#include "leye/v1/referral.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;

class PlanE2e : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(MakeSmallWorld(client_), IsOk()); }

  v1::Plan Make(const std::string& id, const std::string& plan) {
    const auto created = client_.Call<v1::CreatePlanResponse>(Parse<v1::CreatePlanRequest>(
        absl::StrCat("parent: 'regions/13' plan_id: '", id, "' plan { ", plan, " }")));
    EXPECT_THAT(created, IsOk());
    const auto done = WaitForPlan(client_, NameOf("plans", id));
    EXPECT_THAT(done, IsOk());
    return done.value_or(v1::Plan());
  }

  v1::ListPlanAssignmentsResponse Lines(const std::string& id) const {
    v1::ListPlanAssignmentsRequest request;
    request.set_parent(NameOf("plans", id));
    return client_.Call<v1::ListPlanAssignmentsResponse>(request).value();
  }

  ServerInProcess server_;
  Client client_{server_.channel()};
};

TEST_F(PlanE2e, FromTheRequestToTheReferrals) {
  const v1::Plan plan = Make("fair", "display_name: '招聘会'");
  ASSERT_EQ(plan.state(), v1::PLAN_STATE_SUCCEEDED) << plan.failure();
  EXPECT_GT(plan.figures().filled(), 0);
  EXPECT_TRUE(plan.figures().exact());
  const v1::ListPlanAssignmentsResponse lines = Lines("fair");
  EXPECT_EQ(lines.assignments_size(), plan.lines());
  EXPECT_FALSE(lines.assignments(0).criteria(0).evidence().empty());

  v1::CommitPlanRequest commit;
  commit.set_name(plan.name());
  commit.set_request_id("once");
  const auto committed = client_.Call<v1::CommitPlanResponse>(commit);
  ASSERT_THAT(committed, IsOk());
  EXPECT_EQ(committed->refusals_size(), 0);
  EXPECT_EQ(committed->plan().committed_lines(), plan.lines());
  v1::GetReferralRequest get;
  get.set_name(Lines("fair").assignments(0).referral());
  const auto referral = client_.Call<v1::GetReferralResponse>(get);
  ASSERT_THAT(referral, IsOk());
  EXPECT_EQ(referral->referral().candidate(), lines.assignments(0).candidate());
  EXPECT_EQ(referral->referral().state(), v1::REFERRAL_STATE_REFERRED);

  // Those people are held now: a second plan has nobody left, and the first is not committed twice.
  EXPECT_EQ(Make("again", "").lines(), 0);
  commit.set_request_id("twice");
  EXPECT_THAT(client_.Call<v1::CommitPlanResponse>(commit),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NOTHING_TO_COMMIT"));
}

TEST_F(PlanE2e, SurvivesARestart) {
  const v1::Plan before = Make("fair", "");
  for (const char* id : {"waiting", "next"}) {
    ASSERT_THAT(client_.Call<v1::CreatePlanResponse>(Parse<v1::CreatePlanRequest>(
                    absl::StrCat("parent: 'regions/13' plan_id: '", id, "' plan {}"))),
                IsOk());
  }
  server_.Restart();
  client_ = Client(server_.channel());
  const auto kept = WaitForPlan(client_, before.name());
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->SerializeAsString(), before.SerializeAsString());
  const v1::ListPlanAssignmentsResponse lines = Lines("fair");
  for (const char* id : {"waiting", "next"}) {
    const auto made = WaitForPlan(client_, NameOf("plans", id));
    ASSERT_THAT(made, IsOk());
    EXPECT_EQ(made->state(), v1::PLAN_STATE_SUCCEEDED) << made->failure();
    EXPECT_EQ(Lines(id).SerializeAsString(), lines.SerializeAsString());
  }
}

}  // namespace
}  // namespace leye::e2e
