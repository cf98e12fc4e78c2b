// HH-CAP, PUB-WHO, PUB-TERM, PUB-ONE: both sides of every boundary.
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using testing::Scenario;

// Somebody whom a village's post is for.
constexpr absl::string_view kEligible = "groups lifted-from-poverty; ";

Scenario Post(absl::string_view candidate, absl::string_view posting = "") {
  return Scenario()
      .Candidate(absl::StrCat(kEligible, candidate))
      .Posting(absl::StrCat("channel public-welfare; ", posting));
}

TEST(PublicWelfareWho, OfAVillageArePoorAndMonitored) {
  const Scenario rural = Scenario().Posting("channel public-welfare");
  EXPECT_EQ(rural.Causes(), "NOT_IN_SCHEME");
  EXPECT_EQ(Scenario(rural).Candidate("groups lifted-from-poverty").Causes(), "");
  EXPECT_EQ(Scenario(rural).Household("groups monitored").Causes(), "");
  EXPECT_EQ(Scenario(rural).Candidate("groups hard-to-employ").Causes(), "NOT_IN_SCHEME");
}

TEST(PublicWelfareWho, OfATownAreHardToEmployAndZeroEmployment) {
  const Scenario urban = Scenario().Posting("channel public-welfare; urban");
  EXPECT_EQ(Scenario(urban).Candidate("groups hard-to-employ").Causes(), "");
  EXPECT_EQ(Scenario(urban).Household("able 1").Causes(), "");
  EXPECT_EQ(Scenario(urban).Candidate("groups lifted-from-poverty").Causes(), "NOT_IN_SCHEME");
}

TEST(PublicWelfareWho, DoesNotMatterElsewhere) {
  EXPECT_EQ(Scenario().Posting("channel work-for-relief").Causes(), "");
}

TEST(PublicWelfareTerm, EndsAfter36Months) {
  EXPECT_EQ(Post("welfare 35 1").Causes(), "");
  EXPECT_EQ(Post("welfare 35 1").Notes(), "TERM_MONTHS_LEFT");
  EXPECT_EQ(Post("welfare 36 1").Causes(), "TERM_USED_UP");
}

TEST(PublicWelfareTerm, MayRunToRetirementInTheLastFiveYears) {
  // Born 1964-06: retires at 60 on 2024-06-10.
  const auto causes = [](absl::string_view day) {
    return Post("welfare 36 1; sex f; retires men; born 1964-06-10").On(day).Causes();
  };
  // Sixty months and a day before retirement she counts as older, and may be placed again.
  Ruleset strict = DefaultRuleset();
  strict.public_welfare.again_groups = {};
  const auto strictly = [&](absl::string_view day) {
    return Post("welfare 36 1; sex m; born 1964-06-10").Under(strict).On(day).Causes();
  };
  EXPECT_EQ(causes("2019-06-10"), "");
  EXPECT_EQ(strictly("2019-06-10"), "TERM_USED_UP");
  EXPECT_EQ(strictly("2019-06-11"), "");
  EXPECT_EQ(strictly("2024-06-09"), "");
}

TEST(PublicWelfareTerm, DoesNotRunPastRetirement) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.public_welfare.retired_barred = false;
  ruleset.public_welfare.again_groups = {};
  const auto causes = [&](absl::string_view day) {
    return Post("welfare 36 1; sex m; born 1964-06-10").Under(ruleset).On(day).Causes();
  };
  EXPECT_EQ(causes("2024-06-09"), "");
  EXPECT_EQ(causes("2024-06-10"), "TERM_USED_UP");
}

TEST(PublicWelfareTerm, ComesAgainForSomeGroups) {
  EXPECT_EQ(Post("welfare 36 1; sex f; age 40").Causes(), "");
  EXPECT_EQ(Post("welfare 36 1; sex f; age 40").Notes(), "PLACED_AGAIN");
  EXPECT_EQ(Post("welfare 36 1; sex f; age 39").Causes(), "TERM_USED_UP");
  EXPECT_EQ(Post("welfare 36 1").Household("able 1").Causes(), "");
  EXPECT_EQ(Post("welfare 36 1; disabled physical 1").Causes(), "");
  EXPECT_EQ(Post("welfare 36 1; disabled physical 3").Causes(), "TERM_USED_UP");
}

TEST(PublicWelfareTerm, ComesTwiceAtMost) {
  EXPECT_EQ(Post("welfare 10 1; sex f; age 40").Causes(), "");
  EXPECT_EQ(Post("welfare 10 2; sex f; age 40").Causes(), "PLACEMENTS_USED_UP");
}

TEST(PublicWelfareTerm, MayBeForFirstPlacementsOnly) {
  EXPECT_EQ(Post("welfare 0 0", "first-placement").Causes(), "");
  EXPECT_EQ(Post("welfare 5 1", "first-placement").Causes(), "NOT_FIRST_PLACEMENT");
}

TEST(PublicWelfareOne, IsOnePost) {
  EXPECT_EQ(Post("employed; works public-welfare; holds cleaning").Causes(),
            "HOLDS_PUBLIC_WELFARE_POST");
  EXPECT_EQ(Post("employed; works enterprise").Causes(), "");
}

TEST(PublicWelfareOne, IsNotHeldBesideWorkElsewhere) {
  EXPECT_EQ(Post("employed; away").Causes(), "WORKS_OUTSIDE_COUNTY");
  EXPECT_EQ(Post("self-employed; away").Causes(), "WORKS_OUTSIDE_COUNTY");
  EXPECT_EQ(Post("away").Causes(), "");
}

TEST(HouseholdCap, CountsMembersOnThisKind) {
  constexpr absl::string_view kPosting = "kind forest-guard; cap 2";
  EXPECT_EQ(Post("", kPosting).Household("holds forest-guard 1").Causes(), "");
  EXPECT_EQ(Post("", kPosting).Household("holds forest-guard 2").Causes(), "HOUSEHOLD_CAP_REACHED");
  EXPECT_EQ(Post("", kPosting).Household("holds cleaning 3").Causes(), "");
  EXPECT_EQ(Post("", "kind forest-guard").Household("holds forest-guard 9").Causes(), "");
}

}  // namespace
}  // namespace leye::matcher
