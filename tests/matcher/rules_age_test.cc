// AGE-MIN, AGE-MINOR, AGE-RANGE, AGE-RETIRE, PROTECTION: both sides of every boundary.
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using testing::Scenario;

TEST(AgeMin, IsSixteen) {
  EXPECT_EQ(Scenario().Candidate("age 15 11").Causes(), "UNDER_MINIMUM_AGE");
  EXPECT_EQ(Scenario().Candidate("age 16").Causes(), "");
}

TEST(AgeMinor, BarsHazardsUpToSeventeen) {
  for (const char* hazard : {"hazards hazardous", "hazards toxic", "hazards mine"}) {
    EXPECT_EQ(Scenario().Candidate("age 17 11").Posting(hazard).Causes(), "MINOR_BARRED_HAZARD");
    EXPECT_EQ(Scenario().Candidate("age 18").Posting(hazard).Causes(), "");
  }
  EXPECT_EQ(Scenario().Candidate("age 17").Posting("hazards high-place").Causes(), "");
}

TEST(AgeMinor, BarsTheHeaviestGrade) {
  EXPECT_EQ(Scenario().Candidate("age 17").Posting("intensity 4").Causes(),
            "MINOR_BARRED_INTENSITY");
  EXPECT_EQ(Scenario().Candidate("age 17").Posting("intensity 3").Causes(), "");
  EXPECT_EQ(Scenario().Candidate("age 18").Posting("intensity 4").Causes(), "");
}

TEST(AgeRange, HoldsBothEnds) {
  const auto causes = [](absl::string_view age) {
    return Scenario().Candidate(age).Posting("ages 18 45").Causes();
  };
  EXPECT_EQ(causes("age 17 11"), "BELOW_AGE_RANGE");
  EXPECT_EQ(causes("age 18"), "");
  EXPECT_EQ(causes("age 45 11"), "");
  EXPECT_EQ(causes("age 46"), "ABOVE_AGE_RANGE");
}

TEST(AgeRange, MayHaveOneEnd) {
  EXPECT_EQ(Scenario().Candidate("age 59").Posting("ages 18 -").Causes(), "");
  EXPECT_EQ(Scenario().Candidate("age 16").Posting("ages - 45").Causes(), "");
  EXPECT_EQ(Scenario().Candidate("age 46").Posting("ages - 45").Causes(), "ABOVE_AGE_RANGE");
}

TEST(AgeRange, MayBeRelaxedWithANote) {
  const auto scenario = [](absl::string_view age) {
    return Scenario().Candidate(age).Posting("ages 18 60 relax 70");
  };
  EXPECT_EQ(scenario("sex m; age 60").Notes(), "");
  EXPECT_EQ(scenario("sex m; born 1966-01-01").On("2027-01-01").Causes(), "");
  EXPECT_EQ(scenario("sex m; age 61").Notes(), "AGE_RELAXED PAST_RETIREMENT_AGE");
  EXPECT_EQ(scenario("sex m; age 70").Causes(), "");
  EXPECT_EQ(scenario("sex m; age 71").Causes(), "ABOVE_AGE_RANGE");
}

TEST(AgeRange, OfTheSexGoesBeforeTheGeneralOne) {
  constexpr absl::string_view kPosting = "ages 18 55; ages 18 50 sex f";
  EXPECT_EQ(Scenario().Candidate("sex f; age 51").Posting(kPosting).Causes(), "ABOVE_AGE_RANGE");
  EXPECT_EQ(Scenario().Candidate("sex m; age 51").Posting(kPosting).Causes(), "");
  EXPECT_EQ(Scenario().Candidate("age 51").Posting(kPosting).Causes(), "");
}

TEST(AgeRange, OfTheGroupGoesBeforeTheSex) {
  constexpr absl::string_view kPosting = "ages 18 40 sex f; ages 18 50 veteran; ages 18 45";
  EXPECT_EQ(Scenario().Candidate("sex f; age 50; groups veteran").Posting(kPosting).Causes(), "");
  EXPECT_EQ(Scenario().Candidate("sex f; age 41").Posting(kPosting).Causes(), "ABOVE_AGE_RANGE");
}

TEST(AgeRange, OfTheSexDoesNotAdmitWhomTheGroupsTurnsAway) {
  EXPECT_EQ(Scenario()
                .Candidate("sex f; age 45; groups veteran")
                .Posting("ages 18 50 sex f; ages 18 40 veteran")
                .Causes(),
            "ABOVE_AGE_RANGE");
}

TEST(AgeRange, OfTwoEquallySpecificAdmitsByEither) {
  constexpr absl::string_view kPosting = "ages 18 30 veteran; ages 40 50 graduate";
  EXPECT_EQ(Scenario().Candidate("age 45; groups veteran graduate").Posting(kPosting).Causes(), "");
  EXPECT_EQ(Scenario().Candidate("age 25; groups veteran graduate").Posting(kPosting).Causes(), "");
  EXPECT_NE(Scenario().Candidate("age 35; groups veteran graduate").Posting(kPosting).Causes(), "");
}

TEST(AgeRange, ForOthersSaysNothing) {
  EXPECT_EQ(Scenario().Candidate("sex m; age 58").Posting("ages 18 30 sex f").Causes(), "");
}

TEST(AgeRetire, AllowsOrdinaryWorkWithANote) {
  // Born 1965-01: retires at 60 years and 1 month.
  const auto scenario = [](absl::string_view day) {
    return Scenario().Candidate("sex m; born 1965-01-15").On(day);
  };
  EXPECT_EQ(scenario("2025-02-14").Notes(), "");
  EXPECT_EQ(scenario("2025-02-15").Notes(), "PAST_RETIREMENT_AGE");
  EXPECT_EQ(scenario("2025-02-15").Failed(), "");
}

TEST(AgeRetire, BarsHazardousWork) {
  const auto scenario = [](absl::string_view day) {
    return Scenario().Candidate("sex m; born 1965-01-15").Posting("hazards high-place").On(day);
  };
  EXPECT_EQ(scenario("2025-02-14").Causes(), "");
  EXPECT_EQ(scenario("2025-02-15").Causes(), "RETIRED_HAZARDOUS");
}

TEST(AgeRetire, BarsPublicWelfareContracts) {
  const auto scenario = [](absl::string_view day) {
    return Scenario()
        .Candidate("sex m; born 1965-01-15; groups lifted-from-poverty")
        .Posting("channel public-welfare")
        .On(day);
  };
  EXPECT_EQ(scenario("2025-02-14").Causes(), "");
  EXPECT_EQ(scenario("2025-02-15").Causes(), "RETIRED_PUBLIC_WELFARE");
}

TEST(AgeRetire, LeavesPublicWelfareOpenWhereTheRulesetSaysSo) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.public_welfare.retired_barred = false;
  const Scenario scenario = Scenario()
                                .Candidate("sex m; born 1960-01-15; groups lifted-from-poverty")
                                .Posting("channel public-welfare")
                                .Under(ruleset);
  EXPECT_EQ(scenario.Causes(), "");
  EXPECT_EQ(scenario.Notes(), "PAST_RETIREMENT_AGE");
}

TEST(AgeRetire, HoldsForOneBornOnALeapDay) {
  // A woman of the earliest category, born 1960-02-29: retires at 50, on 2010-02-28.
  const auto notes = [](absl::string_view day) {
    return Scenario().Candidate("sex f; retires women50; born 1960-02-29").On(day).Notes();
  };
  EXPECT_EQ(notes("2010-02-27"), "");
  EXPECT_EQ(notes("2010-02-28"), "PAST_RETIREMENT_AGE");
}

TEST(Protection, KeepsWomenFromMinesAndTheHeaviestGrade) {
  EXPECT_EQ(Scenario().Candidate("sex f").Posting("hazards mine").Causes(), "PROTECTED_HAZARD");
  EXPECT_EQ(Scenario().Candidate("sex f").Posting("intensity 4").Causes(), "PROTECTED_INTENSITY");
  EXPECT_EQ(Scenario().Candidate("sex f").Posting("intensity 3; hazards high-place").Causes(), "");
  EXPECT_EQ(Scenario().Candidate("sex m").Posting("hazards mine; intensity 4").Causes(), "");
}

TEST(Protection, GoesFartherWhilePregnantOrNursing) {
  const auto causes = [](absl::string_view posting) {
    return Scenario().Candidate("sex f; maternity").Posting(posting).Causes();
  };
  EXPECT_EQ(causes("hazards high-place"), "PROTECTED_HAZARD");
  EXPECT_EQ(causes("hazards toxic"), "PROTECTED_HAZARD");
  EXPECT_EQ(causes("intensity 3"), "PROTECTED_INTENSITY");
  EXPECT_EQ(causes("intensity 2; hazards hazardous"), "");
}

}  // namespace
}  // namespace leye::matcher
