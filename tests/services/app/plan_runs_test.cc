// Who works a plan out: in which order, and whatever becomes of servers and plans meanwhile.
#include "services/app/plan_runs.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/storage/v1/plan.pb.h"
#include "services/app/plan_records.h"
#include "tests/services/app/plan_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::IsOkAndHolds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(PlansTest, PlansAreWorkedOutInTheirOrderAndNotBeforeTheirTime) {
  ASSERT_THAT(fair_.Create("later", "start_time { seconds: 4000000000 }"), IsOk());
  ASSERT_THAT(fair_.Create("z", ""), IsOk());
  fair_.town.world.clock.Advance(absl::Seconds(1));
  ASSERT_THAT(fair_.Create("a", ""), IsOk());
  EXPECT_THAT(fair_.RunOne(), IsOkAndHolds(true));
  EXPECT_EQ(fair_.Get("z").state(), v1::PLAN_STATE_SUCCEEDED);
  EXPECT_EQ(fair_.Get("a").state(), v1::PLAN_STATE_QUEUED);
  fair_.Run();
  EXPECT_EQ(fair_.Get("a").state(), v1::PLAN_STATE_SUCCEEDED);
  EXPECT_EQ(fair_.Get("later").state(), v1::PLAN_STATE_QUEUED);
}

TEST_F(PlansTest, TheQueueIsBounded) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(fair_.Create(absl::StrCat("p", i), ""), IsOk());
  }
  EXPECT_THAT(fair_.Create("more", ""),
              FailsWith(absl::StatusCode::kResourceExhausted, "PLAN_QUEUE_FULL"));
  ASSERT_THAT(fair_.Cancel("p7"), IsOk());
  EXPECT_THAT(fair_.Create("more", ""), IsOk());
}

TEST_F(PlansTest, AServerThatStopsGivesThePlanBack) {
  ASSERT_THAT(fair_.Create("p", Bans()), IsOk());
  int asked = 0;
  const auto stop = [&] { return ++asked > 1; };  // In the middle of the run.
  EXPECT_THAT(fair_.RunOne(stop), IsOkAndHolds(true));
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_QUEUED);
  const PlanRuns next(fair_.dependencies, fair_.source, fair_.RunnerNamed("next"));
  EXPECT_THAT(next.RunNext(Fair::Never), IsOkAndHolds(true));
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_SUCCEEDED);
  EXPECT_EQ(fair_.Get("p").lines(), 3);
}

// A server that died has told nobody: its lease is what is left of it.
class DeadServer : public PlansTest {
 protected:
  void TakeAndDie(int attempts) {
    ASSERT_THAT(fair_.Create("p", Bans()), IsOk());
    store::Store& store = *fair_.town.world.store;
    WorkingSet set(store, fair_.region, fair_.town.world.clock.Now());
    const std::string name = Fair::Name("plans", "p");
    ASSERT_THAT(set.Read({PlanKey(name), PlanRunKey(name)}), IsOk());
    auto plan = *set.Parse<v1::Plan>(PlanKey(name));
    plan.set_name(name);
    plan.set_state(v1::PLAN_STATE_RUNNING);
    PutPlan(plan, set);
    auto run = *set.Parse<storage::v1::PlanRun>(PlanRunKey(name));
    run.set_runner("dead");
    run.set_attempts(attempts);
    run.mutable_lease_expire_time()->set_seconds(
        absl::ToUnixSeconds(fair_.town.world.clock.Now() + absl::Seconds(30)));
    set.Put(PlanRunKey(name), run);
    ASSERT_THAT(store.Commit({.region = fair_.region, .mutations = set.Mutations()}), IsOk());
  }
};

TEST_F(DeadServer, ItsPlanBeginsAgainWhenTheLeaseIsOver) {
  TakeAndDie(1);
  EXPECT_THAT(fair_.RunOne(), IsOkAndHolds(false));
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_RUNNING);
  fair_.town.world.clock.Advance(absl::Seconds(31));
  fair_.Run();
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_SUCCEEDED);
  EXPECT_EQ(fair_.Get("p").lines(), 3);
}

TEST_F(DeadServer, APlanThatEndsEveryServerIsGivenUp) {
  TakeAndDie(3);
  fair_.town.world.clock.Advance(absl::Seconds(31));
  fair_.Run();
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_FAILED);
  EXPECT_THAT(fair_.Get("p").failure(), HasSubstr("interrupted"));
}

TEST_F(PlansTest, WhoIsOvertakenWritesNothing) {
  ASSERT_THAT(fair_.Create("p", Bans()), IsOk());
  const PlanRuns other(fair_.dependencies, fair_.source, fair_.RunnerNamed("other"));
  int asked = 0;
  std::vector<std::string> lines;
  const auto overtake = [&] {
    if (++asked != 1) return false;
    fair_.town.world.clock.Advance(absl::Seconds(31));
    EXPECT_THAT(other.RunNext(Fair::Never), IsOkAndHolds(true));
    lines = fair_.Lines("p");
    return false;
  };
  EXPECT_THAT(fair_.RunOne(overtake), IsOkAndHolds(true));
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_SUCCEEDED);
  EXPECT_THAT(lines, SizeIs(3));
  EXPECT_EQ(fair_.Lines("p"), lines);
}

TEST_F(PlansTest, APlanThatIsCancelledInTheMiddleOfItsRunStaysSo) {
  ASSERT_THAT(fair_.Create("p", ""), IsOk());
  bool cancelled = false;
  const auto cancel = [&] {
    if (!std::exchange(cancelled, true)) {
      EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_RUNNING);
      EXPECT_NE(fair_.Get("p").progress().stage(), v1::PLAN_STAGE_UNSPECIFIED);
      EXPECT_THAT(fair_.Cancel("p"), IsOk());
    }
    return false;
  };
  EXPECT_THAT(fair_.RunOne(cancel), IsOkAndHolds(true));
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_CANCELLED);
  EXPECT_EQ(fair_.Get("p").lines(), 0);
  EXPECT_THAT(fair_.RunOne(), IsOkAndHolds(false));
  EXPECT_THAT(fair_.Cancel("p"), FailsWith(kFailed, "WRONG_STATE"));
  EXPECT_THAT(fair_.Commit("p"), FailsWith(kFailed, "WRONG_STATE"));
}

TEST_F(PlansTest, APlanWhosePostingIsGoneFailsAndSaysSo) {
  ASSERT_THAT(fair_.Create("p", Only("one")), IsOk());
  fair_.town.world.Delete(store::Kind::kPosting, "postings/one");
  fair_.Run();
  EXPECT_EQ(fair_.Get("p").state(), v1::PLAN_STATE_FAILED);
  EXPECT_THAT(fair_.Get("p").failure(), HasSubstr("plan.postings[0]"));
}

TEST_F(PlansTest, DeletingLeavesNothingBehind) {
  Make("p", "");
  v1::DeletePlanRequest request;
  request.set_name(Fair::Name("plans", "p"));
  ASSERT_THAT(fair_.plans.DeletePlan(request, fair_.Caller()), IsOk());
  for (const store::Kind kind :
       {store::Kind::kPlan, store::Kind::kPlanRun, store::Kind::kPlanPart}) {
    const auto page = fair_.town.world.store->Scan(
        {.region = fair_.region, .kind = kind, .after_name = "", .limit = 10});
    ASSERT_THAT(page, IsOk());
    EXPECT_THAT(page->records, IsEmpty());
  }
  ASSERT_THAT(fair_.Create("q", ""), IsOk());
  request.set_name(Fair::Name("plans", "q"));
  EXPECT_THAT(fair_.plans.DeletePlan(request, fair_.Caller()), FailsWith(kFailed, "WRONG_STATE"));
}

}  // namespace
}  // namespace leye::app
