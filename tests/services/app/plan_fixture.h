// A fair: people, postings and plans on a store of their own, with matching that follows and the
// referrals that a commit makes.
//
//   Fair fair;
//   fair.AddHousehold("a");
//   fair.AddPerson("wang", "a");
//   fair.AddPosting("sewing", "openings: 2");
//   fair.Create("p", "");                      // over everything
//   fair.Run();
//   fair.Lines("p");                           // "wang sewing"
#ifndef LEYE_TESTS_SERVICES_APP_PLAN_FIXTURE_H_
#define LEYE_TESTS_SERVICES_APP_PLAN_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/plan.pb.h"
#include "leye/v1/referral.pb.h"
#include "services/access/sealer.h"
#include "services/app/household_figures.h"
#include "services/app/pair_judge.h"
#include "services/app/plan_runs.h"
#include "services/app/plans.h"
#include "services/app/postings.h"
#include "services/app/referrals.h"
#include "services/app/ruleset_book.h"
#include "services/base/interval_thread.h"
#include "tests/services/app/matching_world_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {

class Fair {
 public:
  Fair();

  // Lives in area `a`; an "earner" is added to it when `more` says so.
  void AddHousehold(const std::string& id, const std::string& area = "a");
  // Somebody of the household who works already.
  void AddEarner(const std::string& household);
  // Relocated, seeking work, able to do anything; what `more` says overrides.
  void AddPerson(const std::string& id, const std::string& household, const std::string& more = "");
  // A job on the market near area `a`, unless `more` says another channel.
  void AddPosting(const std::string& id, const std::string& more);

  // Over the postings and areas of the fair (those of Town do not take part) unless `body` names
  // postings. Text of a v1.Plan.
  absl::StatusOr<v1::Plan> Create(const std::string& id, const std::string& body,
                                  const std::string& more = "");
  v1::Plan Get(const std::string& id) const;
  absl::StatusOr<v1::Plan> Cancel(const std::string& id) const;
  absl::StatusOr<v1::CommitPlanResponse> Commit(const std::string& id,
                                                const std::string& more = "") const;
  // Works out all that waits, as this server.
  absl::StatusOr<bool> RunOne(const PlanRuns::Stop& stop = Never) const {
    return runs.RunNext(stop);
  }
  void Run() const;

  // "wang sewing": by line.
  std::vector<std::string> Lines(const std::string& plan) const;
  std::vector<v1::PlanAssignment> Assignments(const std::string& plan,
                                              const std::string& more = "") const;
  std::vector<v1::PlanOutcome> Outcomes(const std::string& plan,
                                        const std::string& more = "") const;
  // Every referral of the region: "wang sewing".
  std::vector<std::string> ReferralsNow() const;
  // Everything that no plan may be, in words: pairs that Fit turns away, people or openings given
  // twice, reserved openings given to others, more of a household than its cap.
  std::vector<std::string> ProblemsOf(const std::string& plan) const;

  CallContext Caller() const { return {.principal = caller, .scope = access::Scope::kOwn}; }
  static std::string Name(const std::string& collection, const std::string& id) {
    return "regions/13/" + collection + "/" + id;
  }
  static bool Never() { return false; }
  PlanRunsOptions RunnerNamed(const std::string& name) const;

  const store::Region region = store::Region::FromNumber(13);
  access::Principal caller = access::LocalOperator();
  Town town;
  access::PlainSealer sealer;
  SeededRandom random{11};
  const Dependencies dependencies{*town.world.store, sealer, TestCatalogue(), town.world.clock,
                                  random};
  RulesetBook book{*town.world.store};
  Postings postings{dependencies, book};
  WorldJudge judge{{.worlds = town.world.holder,
                    .rulesets = book,
                    .catalogue = TestCatalogue(),
                    .clock = town.world.clock,
                    .store = *town.world.store}};
  const NoHouseholdFigures figures;
  Referrals referrals{dependencies, judge, figures};
  PlanSource source{dependencies, book, town.world.holder, postings};
  Plans plans{dependencies, source, referrals};
  PlanRuns runs{dependencies, source, RunnerNamed("here")};

 private:
  std::vector<std::string> postings_;
  IntervalThread follower_;
};

// The fields at fault.
std::vector<std::string> FieldsOf(const absl::Status& status);

// Three people who all may have everything.
class PlansTest : public ::testing::Test {
 protected:
  PlansTest() {
    for (const char* id : {"p1", "p2", "p3"}) {
      fair_.AddHousehold(id);
      fair_.AddPerson(id, id);
    }
    fair_.AddPosting("one", "openings: 1");
    fair_.AddPosting("two", "openings: 2");
  }

  // Only the fair's own people: those of Town may have jobs of their own.
  static std::string Bans() {
    std::string bans;
    for (const char* person : {"wang", "li", "zhao", "old"}) {
      for (const char* posting : {"one", "two"}) absl::StrAppend(&bans, Ban(person, posting));
    }
    return bans;
  }
  static std::string Pair(const std::string& person, const std::string& posting) {
    return absl::StrCat("{ candidate: 'regions/13/candidates/", person,
                        "' posting: 'regions/13/postings/", posting, "' } ");
  }
  static std::string Ban(const std::string& person, const std::string& posting) {
    return absl::StrCat("bans ", Pair(person, posting));
  }
  static std::string Pin(const std::string& person, const std::string& posting) {
    return absl::StrCat("pins ", Pair(person, posting));
  }
  static std::string Only(const std::string& posting) {
    return absl::StrCat("postings: 'regions/13/postings/", posting, "' ");
  }

  void Make(const std::string& id, const std::string& body) {
    ASSERT_THAT(fair_.Create(id, absl::StrCat(Bans(), body)), testing::IsOk());
    fair_.Run();
    ASSERT_EQ(fair_.Get(id).state(), v1::PLAN_STATE_SUCCEEDED) << fair_.Get(id).failure();
  }

  Fair fair_;
};

inline constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;

}  // namespace leye::app

#endif  // LEYE_TESTS_SERVICES_APP_PLAN_FIXTURE_H_
