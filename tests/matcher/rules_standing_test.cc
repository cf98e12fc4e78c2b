// OPEN, SEEKING, GROUPS, RESIDENCE, REGISTRATION: both sides of every boundary.
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using testing::Scenario;

TEST(Fit, TheUsualPersonFitsTheUsualPosting) {
  EXPECT_EQ(Scenario().Failed(), "");
  EXPECT_EQ(Scenario().Notes(), "");
}

TEST(Open, WantsAnOpenPosting) {
  EXPECT_EQ(Scenario().Posting("closed").Causes(), "POSTING_CLOSED");
}

TEST(Open, HoldsOnBothDaysOfTheWindow) {
  const auto causes = [](absl::string_view day) {
    return Scenario().Posting("window 2026-05-10 2026-05-20").On(day).Causes();
  };
  EXPECT_EQ(causes("2026-05-09"), "OUTSIDE_WINDOW");
  EXPECT_EQ(causes("2026-05-10"), "");
  EXPECT_EQ(causes("2026-05-20"), "");
  EXPECT_EQ(causes("2026-05-21"), "OUTSIDE_WINDOW");
}

TEST(Open, NamesTheNearerEndOfTheWindow) {
  const FitResult fit = Scenario().Posting("window 2026-07-01 2026-08-01").Fit();
  ASSERT_EQ(fit.failures.size(), 1u);
  EXPECT_EQ(fit.failures[0].asked, testing::Date("2026-07-01").number());
  EXPECT_EQ(fit.failures[0].had, testing::ScenarioDay().number());
}

TEST(Open, WantsAnOpeningLeft) {
  EXPECT_EQ(Scenario().Posting("openings 0").Causes(), "NO_OPENINGS_LEFT");
}

TEST(Open, KeepsReservedSeatsForTheirGroup) {
  EXPECT_EQ(Scenario().Posting("openings 2 2").Causes(), "ONLY_RESERVED_LEFT");
  EXPECT_EQ(Scenario().Posting("openings 2 1").Causes(), "");
  EXPECT_EQ(Scenario().Candidate("groups relocated").Posting("openings 2 2").Causes(), "");
  EXPECT_EQ(Scenario()
                .Candidate("groups relocated")
                .Posting("openings 2 2; reserved-for veteran")
                .Causes(),
            "ONLY_RESERVED_LEFT");
}

TEST(Seeking, WantsSeekerWillingConsentingAndNotPlaced) {
  EXPECT_EQ(Scenario().Candidate("not-seeking").Causes(), "NOT_SEEKING");
  EXPECT_EQ(Scenario().Candidate("unwilling").Causes(), "NOT_WILLING");
  EXPECT_EQ(Scenario().Candidate("consent none").Causes(), "NO_CONSENT");
  EXPECT_EQ(Scenario().Candidate("placed").Causes(), "PLACED_ELSEWHERE");
  EXPECT_EQ(Scenario().Candidate("employed").Causes(), "");
}

TEST(Seeking, ConsentHoldsOnItsLastDay) {
  const auto causes = [](absl::string_view day) {
    return Scenario().Candidate("consent 2026-01-01 2026-06-30").On(day).Causes();
  };
  EXPECT_EQ(causes("2025-12-31"), "NO_CONSENT");
  EXPECT_EQ(causes("2026-01-01"), "");
  EXPECT_EQ(causes("2026-06-30"), "");
  EXPECT_EQ(causes("2026-07-01"), "NO_CONSENT");
}

TEST(Seeking, ReportsEveryCause) {
  EXPECT_EQ(Scenario().Candidate("not-seeking; unwilling").Causes(), "NOT_SEEKING NOT_WILLING");
}

TEST(OptOut, TurnsAwayWhoDeclinesToBeRanked) {
  EXPECT_EQ(Scenario().Candidate("declines-ranking").Failed(), "OPT-OUT");
  EXPECT_EQ(Scenario().Candidate("declines-ranking").Causes(), "RANKING_DECLINED");
}

TEST(Groups, AnyAlternativeMakesEligible) {
  constexpr absl::string_view kPosting = "for veteran; for hard-to-employ single-parent";
  EXPECT_EQ(Scenario().Posting(kPosting).Causes(), "NO_ELIGIBLE_GROUP");
  EXPECT_EQ(Scenario().Candidate("groups veteran").Posting(kPosting).Causes(), "");
  EXPECT_EQ(Scenario().Candidate("groups hard-to-employ").Posting(kPosting).Causes(),
            "NO_ELIGIBLE_GROUP");
  EXPECT_EQ(Scenario().Candidate("groups hard-to-employ single-parent").Posting(kPosting).Causes(),
            "");
}

TEST(Groups, AnAlternativeHasItsOwnAges) {
  constexpr absl::string_view kPosting = "for veteran ages 18 40 relax 45";
  EXPECT_EQ(Scenario().Candidate("groups veteran; age 17").Posting(kPosting).Failed(), "GROUPS");
  EXPECT_EQ(Scenario().Candidate("groups veteran; age 18").Posting(kPosting).Failed(), "");
  EXPECT_EQ(Scenario().Candidate("groups veteran; age 45").Posting(kPosting).Failed(), "");
  EXPECT_EQ(Scenario().Candidate("groups veteran; age 46").Posting(kPosting).Failed(), "GROUPS");
}

TEST(Groups, AnAlternativeHasItsOwnPapers) {
  constexpr absl::string_view kPosting = "for veteran papers cert-cook licence-c1";
  EXPECT_EQ(Scenario().Candidate("groups veteran; skill cert-cook").Posting(kPosting).Failed(),
            "GROUPS");
  EXPECT_EQ(
      Scenario().Candidate("groups veteran; skill cert-cook licence-a2").Posting(kPosting).Failed(),
      "");
}

TEST(Groups, FollowFromOtherFacts) {
  EXPECT_EQ(Scenario().Candidate("labour weak").Posting("for weak-labour").Failed(), "");
  EXPECT_EQ(Scenario().Candidate("student").Posting("for student").Failed(), "");
  EXPECT_EQ(Scenario().Candidate("registered").Posting("for registered-unemployed").Failed(), "");
  EXPECT_EQ(Scenario().Candidate("disabled visual 2").Posting("for severely-disabled").Failed(),
            "");
  EXPECT_EQ(Scenario().Candidate("disabled visual 3").Posting("for severely-disabled").Failed(),
            "GROUPS");
  EXPECT_EQ(Scenario().Candidate("disabled visual").Posting("for severely-disabled").Failed(),
            "GROUPS");
  EXPECT_EQ(Scenario().Household("groups monitored").Posting("for monitored").Failed(), "");
}

TEST(Groups, ZeroEmploymentIsAbleMembersWithoutAnEarner) {
  const auto failed = [](absl::string_view household) {
    return Scenario().Household(household).Posting("for zero-employment").Failed();
  };
  EXPECT_EQ(failed("able 2; earners 0"), "");
  EXPECT_EQ(failed("able 2; earners 1"), "GROUPS");
  EXPECT_EQ(failed("able 0; earners 0"), "GROUPS");
}

TEST(Groups, OlderWorkersAreWomenFrom40AndMenFrom50) {
  const auto failed = [](absl::string_view candidate) {
    return Scenario().Candidate(candidate).Posting("for older-worker").Failed();
  };
  EXPECT_EQ(failed("sex f; age 39 11"), "GROUPS");
  EXPECT_EQ(failed("sex f; age 40"), "");
  EXPECT_EQ(failed("sex m; age 49 11"), "GROUPS");
  EXPECT_EQ(failed("sex m; age 50"), "");
}

TEST(Groups, ExcludePersonsAndHouseholds) {
  EXPECT_EQ(Scenario().Candidate("student").Posting("not-for student veteran").Causes(),
            "EXCLUDED_GROUP");
  EXPECT_EQ(Scenario().Posting("not-for student").Causes(), "");
  EXPECT_EQ(Scenario()
                .Household("excluded village-cadre owns-car")
                .Posting("not-households public-payroll village-cadre")
                .Causes(),
            "EXCLUDED_HOUSEHOLD");
  EXPECT_EQ(
      Scenario().Household("excluded owns-car").Posting("not-households public-payroll").Causes(),
      "");
}

TEST(Residence, IsAnyOfTheDivisions) {
  const auto failed = [](absl::string_view candidate) {
    return Scenario().Candidate(candidate).Posting("residence 130723 1306").Failed();
  };
  EXPECT_EQ(failed("residence 130723001002"), "");
  EXPECT_EQ(failed("residence 130624"), "");
  EXPECT_EQ(failed("residence 130724"), "RESIDENCE");
  EXPECT_EQ(failed(""), "RESIDENCE");
}

TEST(Registration, IsWantedWhereAsked) {
  EXPECT_EQ(Scenario().Posting("registered").Failed(), "REGISTRATION");
  EXPECT_EQ(Scenario().Candidate("registered").Posting("registered").Failed(), "");
}

TEST(PostedSex, TurnsNobodyAway) {
  EXPECT_EQ(Scenario().Candidate("sex f").Posting("posted-sex m").Failed(), "");
}

TEST(Rules, CanBeSwitchedOff) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.enabled.Remove(RuleId::kOpen);
  EXPECT_EQ(Scenario().Posting("closed").Under(ruleset).Failed(), "");
}

TEST(Rules, AreAllReportedInOrder) {
  EXPECT_EQ(Scenario()
                .Candidate("unwilling; age 15; max 1 km")
                .Posting("closed; education 3")
                .DistanceKm(2)
                .Failed(),
            "OPEN SEEKING AGE-MIN EDU-MIN REACH");
}

// The rule BANNED.
TEST(Banned, APairWithAReferralThatHasNotEndedIsTurnedAway) {
  EXPECT_EQ(Scenario().Candidate("id 7").Posting("bars 7").Causes(), "PAIR_REFERRED");
  EXPECT_EQ(Scenario().Candidate("id 7").Posting("bars 6; bars 8").Causes(), "");
}

TEST(Banned, ARefusalCountsForTheWindowAndNoDayLonger) {
  const auto causes = [](absl::string_view day) {
    return Scenario().Candidate("id 7").Posting("bars 7 2025-11-20").On(day).Causes();
  };
  EXPECT_EQ(causes("2025-11-20"), "PAIR_REFUSED");
  EXPECT_EQ(causes("2026-05-18"), "PAIR_REFUSED");
  EXPECT_EQ(causes("2026-05-19"), "");  // 180 days later
}

}  // namespace
}  // namespace leye::matcher
