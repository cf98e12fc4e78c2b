// What plans promise, judged by the rules themselves, and what they tell.
#include "services/app/plans.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/services/app/plan_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(PlansTest, FillsWhatCanBeFilledAndSaysWhatItIsWorth) {
  Make("p", "");
  const v1::Plan plan = fair_.Get("p");
  EXPECT_EQ(plan.lines(), 3);
  EXPECT_EQ(plan.figures().filled(), 3);
  EXPECT_EQ(plan.figures().openings(), 3);
  EXPECT_EQ(plan.figures().households_first_earner(), 3);
  EXPECT_TRUE(plan.figures().exact());
  EXPECT_EQ(plan.figures().gap(), 0);
  EXPECT_EQ(plan.figures().score_micros(), plan.figures().score_bound_micros());
  EXPECT_EQ(plan.ruleset(), "rulesets/hebei-2026");
  EXPECT_EQ(plan.date(), "2024-05-01");
  EXPECT_FALSE(plan.revisions().empty());
  EXPECT_THAT(fair_.ProblemsOf("p"), IsEmpty());
}

TEST_F(PlansTest, SaysOfEachLineWhy) {
  Make("p", "");
  int64_t sum = 0;
  for (const v1::PlanAssignment& line : fair_.Assignments("p")) {
    int contributions = 0;
    for (const v1::Criterion& criterion : line.criteria()) {
      contributions += criterion.contribution_micros();
      EXPECT_FALSE(criterion.evidence().empty());
    }
    EXPECT_EQ(contributions, line.scores().forward_micros());
    EXPECT_TRUE(line.first_earner());
    EXPECT_TRUE(line.travel().has_distance_km());
    EXPECT_EQ(line.referral(), "");
    sum += line.scores().forward_micros();
  }
  EXPECT_EQ(sum, fair_.Get("p").figures().score_micros());
}

// Random people and postings, judged by Fit.
TEST_F(PlansTest, BreaksNoHardRule) {
  std::mt19937 random(20261126);
  const auto draw = [&random](int below) { return static_cast<int>(random() % below); };
  std::string bans = Bans();
  for (int h = 0; h < 20; ++h) {
    const std::string household = absl::StrCat("h", h);
    fair_.AddHousehold(household, draw(4) == 0 ? "b" : "a");
    if (draw(2) == 0) fair_.AddEarner(household);
    for (int p = 0; p <= draw(3); ++p) {
      fair_.AddPerson(absl::StrCat(household, "-", p), household,
                      absl::StrCat("birth_date: '", 1950 + draw(60), "-01-02' ",
                                   draw(2) == 0 ? "groups: GROUP_LIFTED_FROM_POVERTY " : "",
                                   draw(5) == 0 ? "preferences { willing: false }" : ""));
    }
  }
  for (int i = 0; i < 6; ++i) {
    const std::string id = absl::StrCat("job", i);
    fair_.AddPosting(id, absl::StrCat("openings: ", 1 + draw(4), " conditions { ages { min_years: ",
                                      16 + draw(20), " max_years: ", 40 + draw(25), " } }"));
  }
  fair_.AddPosting("cleaning", R"(openings: 3
      public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING } conditions { household_cap: 1 })");
  Make("p", "");
  EXPECT_GT(fair_.Get("p").lines(), 8);
  EXPECT_THAT(fair_.ProblemsOf("p"), IsEmpty());
}

TEST_F(PlansTest, ReservedOpeningsGoToTheirGroupOnly) {
  for (const char* id : {"n1", "n2", "n3"}) {
    fair_.AddHousehold(id);
    fair_.AddPerson(id, id, "skills { skill: 'skills/sewing-lockstitch' level: 4 } ");
  }
  fair_.AddPosting("kept", "openings: 3 reserved { count: 2 group: GROUP_DISABLED }");
  Make("p", Only("kept"));
  const v1::Plan plan = fair_.Get("p");
  EXPECT_EQ(plan.figures().filled(), 1) << "nobody is disabled";
  EXPECT_EQ(plan.figures().reserved_openings(), 2);
  EXPECT_EQ(plan.figures().reserved_filled(), 0);
  EXPECT_THAT(fair_.ProblemsOf("p"), IsEmpty());
  const std::vector<v1::PlanOutcome> outcomes = fair_.Outcomes("p");
  ASSERT_THAT(outcomes, SizeIs(1));
  EXPECT_EQ(outcomes[0].empty(), 2);
  EXPECT_EQ(outcomes[0].reserved(), 2);
}

TEST_F(PlansTest, AHouseholdWithoutAnEarnerComesBeforeAGreaterScore) {
  fair_.AddHousehold("rich");
  fair_.AddEarner("rich");
  fair_.AddPerson("better", "rich", "skills { skill: 'skills/sewing-lockstitch' level: 5 } ");
  fair_.AddHousehold("poor", "a");
  fair_.AddPerson("needier", "poor");
  fair_.AddPosting("sewing2", R"(openings: 1
      preferred_skills { skill: "skills/sewing-lockstitch" min_level: 3 })");
  std::string bans;
  for (const char* person : {"p1", "p2", "p3", "wang", "li", "zhao"}) {
    absl::StrAppend(&bans, Ban(person, "sewing2"));
  }
  Make("p", absl::StrCat(bans, Only("sewing2")));
  EXPECT_THAT(fair_.Lines("p"), ElementsAre("needier sewing2"));
  EXPECT_EQ(fair_.Get("p").figures().households_first_earner(), 1);
}

TEST_F(PlansTest, KeepsPinsAndBans) {
  Make("p", absl::StrCat(Pin("p3", "one"), Ban("p1", "two")));
  EXPECT_THAT(fair_.Lines("p"), UnorderedElementsAre("p3 one", "p2 two"));
  EXPECT_TRUE(fair_.Assignments("p")[0].pinned());
  EXPECT_THAT(fair_.ProblemsOf("p"), IsEmpty());
}

TEST_F(PlansTest, RefusesPinsThatCannotBeKeptAtOnce) {
  fair_.AddPosting("young", "openings: 1 conditions { ages { max_years: 20 } }");
  const absl::Status refused =
      fair_.Create("p", absl::StrCat(Pin("p1", "young"), Pin("p2", "one"), Pin("p3", "one")))
          .status();
  EXPECT_THAT(FieldsOf(refused), UnorderedElementsAre("plan.pins[0]", "plan.pins[2]"));
  EXPECT_THAT(refused.message(), HasSubstr("AGE-RANGE"));
}

TEST_F(PlansTest, NamesEverythingThatIsWrong) {
  const absl::Status refused = fair_
                                   .Create("UPPER", R"(division_code: "440000"
      ruleset: "rulesets/mars" postings: "regions/13/postings/one" posting_filter: "state = 1"
      settlement_areas: "nowhere" pins { candidate: "x" posting: "regions/13/postings/two" })")
                                   .status();
  EXPECT_THAT(FieldsOf(refused),
              ::testing::IsSupersetOf({"plan_id", "plan.division_code", "plan.ruleset",
                                       "plan.posting_filter", "plan.settlement_areas[0]",
                                       "plan.pins[0].candidate", "plan.pins[0].posting"}));
  EXPECT_THAT(FieldsOf(fair_.Create("p", Ban("nobody", "one")).status()),
              ElementsAre("plan.bans[0].candidate"));
  EXPECT_THAT(FieldsOf(fair_.Create("p", Only("nothing")).status()),
              ElementsAre("plan.postings[0]"));
  EXPECT_THAT(FieldsOf(fair_.Create("p", "posting_filter: 'pay = = 3'").status()),
              ElementsAre("plan.posting_filter"));
  EXPECT_THAT(FieldsOf(fair_.Create("p", "ruleset: 'regions/13/rulesets/none'").status()),
              ElementsAre("plan.ruleset"));
}

TEST_F(PlansTest, AFilterSelectsPostings) {
  Make("p", "posting_filter: 'title = \"two\"'");
  EXPECT_THAT(fair_.Outcomes("p"), SizeIs(1));
  EXPECT_EQ(fair_.Get("p").lines(), 2);
}

TEST_F(PlansTest, SaysWhyOpeningsStayEmpty) {
  fair_.AddPosting("young", "openings: 2 conditions { ages { max_years: 20 } }");
  fair_.AddPosting("many", "openings: 9");
  Make("p", absl::StrCat(Only("young"), Only("one")));
  const std::vector<v1::PlanOutcome> empty = fair_.Outcomes("p", "filter: 'empty > 0'");
  ASSERT_THAT(empty, SizeIs(1));
  EXPECT_EQ(empty[0].posting(), "regions/13/postings/young");
  EXPECT_EQ(empty[0].title(), "young");
  EXPECT_EQ(empty[0].empty(), 2);
  EXPECT_EQ(empty[0].funnel().considered(), 8) << "five of the town and three of the fair";
  EXPECT_EQ(empty[0].funnel().eligible(), 0);
  EXPECT_TRUE(empty[0].funnel().eligible_exact());
  int by_age = 0;
  for (const v1::RuleCount& count : empty[0].funnel().turned_away()) {
    if (count.rule() == v1::RULE_ID_AGE_RANGE) by_age = static_cast<int>(count.count());
  }
  EXPECT_EQ(by_age, 8);
}

TEST_F(PlansTest, ARunRepeatsExactly) {
  for (int i = 0; i < 30; ++i) {
    fair_.AddHousehold(absl::StrCat("q", i));
    fair_.AddPerson(absl::StrCat("q", i), absl::StrCat("q", i));
  }
  Make("first", "");
  Make("second", "");
  EXPECT_EQ(fair_.Lines("first"), fair_.Lines("second"));
  EXPECT_EQ(fair_.Get("first").figures().ShortDebugString(),
            fair_.Get("second").figures().ShortDebugString());
}

TEST_F(PlansTest, PagesAreInOrderAndComplete) {
  for (int i = 0; i < 450; ++i) {
    fair_.AddHousehold(absl::StrCat("q", i));
    fair_.AddPerson(absl::StrCat("q", i), absl::StrCat("q", i));
  }
  fair_.AddPosting("huge", "openings: 430");
  Make("p", Only("huge"));
  const std::vector<v1::PlanAssignment> lines = fair_.Assignments("p", "page_size: 97");
  ASSERT_THAT(lines, SizeIs(430));
  for (int i = 0; i < 430; ++i) EXPECT_EQ(lines[static_cast<size_t>(i)].line(), i + 1);
  EXPECT_THAT(fair_.Assignments("p", "filter: 'line > 395' page_size: 10"), SizeIs(35));
}

}  // namespace
}  // namespace leye::app
