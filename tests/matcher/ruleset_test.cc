#include "matcher/ruleset.h"

#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leye::matcher {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> FieldsAtFault(const Ruleset& ruleset) {
  std::vector<std::string> fields;
  for (const RulesetViolation& violation : Validate(ruleset)) fields.push_back(violation.field);
  return fields;
}

TEST(DefaultRuleset, IsValid) {
  EXPECT_EQ(DefaultRuleset().version, "hebei-2026");
  EXPECT_THAT(FieldsAtFault(DefaultRuleset()), IsEmpty());
}

TEST(DefaultRuleset, SwitchesEveryRuleOn) { EXPECT_EQ(DefaultRuleset().enabled, RuleSet::All()); }

TEST(Validate, NamesEveryFieldAtFaultAtOnce) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.version.clear();
  ruleset.forward_weights[0][Criterion::kSkills] = Score::Zero();
  ruleset.reverse_weights[Criterion::kChannel] = Score::One();
  ruleset.wish.place_part = Score::Zero();
  ruleset.age.adult_years = 10;
  ruleset.retirement.men.step_months = 0;
  ruleset.retirement.unrecorded_women = RetirementCategory::kUnknown;
  ruleset.priority.otherwise = Score::One();
  ruleset.proximity.half_distance = Kilometres::Of(0);
  ruleset.travel.detour_factor = 0.9;
  ruleset.reach.walking_limit = Kilometres::Of(std::numeric_limits<double>::quiet_NaN());
  ruleset.waiting.saturation_months = 0;
  ruleset.wage.worthless_part = Score::One();
  EXPECT_THAT(FieldsAtFault(ruleset),
              UnorderedElementsAre(
                  "version", "forward_weights[ENTERPRISE]", "reverse_weights", "wish.parts",
                  "age.adult_years", "retirement.men.step_months", "retirement.unrecorded_women",
                  "priority.otherwise", "proximity.half_distance", "travel.detour_factor",
                  "reach.walking_limit", "waiting.saturation_months", "wage.worthless_part"));
}

TEST(Validate, WantsTiersInFallingOrder) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.priority.tiers[2].value = Score::One();
  EXPECT_THAT(FieldsAtFault(ruleset), ElementsAre("priority.tiers[2]"));
}

TEST(Validate, WantsATierToNameAGroup) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.priority.tiers.back().all_of = {};
  EXPECT_THAT(FieldsAtFault(ruleset), ElementsAre("priority.tiers[4]"));
}

TEST(Validate, AllowsAnIntensityThatBarsNothing) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.health.heavy_intensity = kMaxLabourIntensity + 1;
  EXPECT_THAT(FieldsAtFault(ruleset), IsEmpty());
}

TEST(Validate, WantsVisitsInTheOrderOfTheirDays) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.referral.follow_up_days = {7, 30, 30, 4000};
  ruleset.referral.step_days = 0;
  ruleset.referral.first_help_days = 0;
  ruleset.referral.work_again_days = 366;
  EXPECT_THAT(
      FieldsAtFault(ruleset),
      ElementsAre("referral.step_days", "referral.first_help_days", "referral.work_again_days",
                  "referral.follow_up.days[2]", "referral.follow_up.days[3]"));
}

TEST(Validate, ReportsTheGreatestNumbersToo) {
  constexpr int kGreatest = std::numeric_limits<int>::max();
  Ruleset ruleset = DefaultRuleset();
  ruleset.referral.follow_up_days = {kGreatest, 86};
  ruleset.lint.labour_pay_shares = {{.from_year = kGreatest, .percent = 30},
                                    {.from_year = 2024, .percent = 15}};
  EXPECT_THAT(FieldsAtFault(ruleset),
              ElementsAre("referral.follow_up.days[0]", "lint.labour_pay_shares[0].from_year"));
}

TEST(RuleNames, AreFoundAgain) {
  for (int i = 0; i < kEnumCount<RuleId>; ++i) {
    const auto rule = static_cast<RuleId>(i);
    EXPECT_EQ(RuleFromName(RuleName(rule)), rule);
  }
  EXPECT_EQ(RuleName(RuleId::kAgeMin), "AGE-MIN");
  EXPECT_EQ(RuleName(RuleId::kProtection), "PROTECTION");
  EXPECT_EQ(RuleFromName("age-min"), std::nullopt);
}

TEST(CriterionNames, AreFoundAgain) {
  for (int i = 0; i < kCriterionCount; ++i) {
    const auto criterion = static_cast<Criterion>(i);
    EXPECT_EQ(CriterionFromName(CriterionName(criterion)), criterion);
  }
  EXPECT_EQ(CriterionName(Criterion::kChannel), "CHANNEL");
}

}  // namespace
}  // namespace leye::matcher
