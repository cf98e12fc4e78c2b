// REACH, TIME, HEALTH: both sides of every boundary.
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using testing::Scenario;

Scenario At(double km, absl::string_view candidate, absl::string_view posting = "") {
  return Scenario().Candidate(candidate).Posting(posting).DistanceKm(km);
}

std::string Causes(absl::string_view candidate, absl::string_view posting) {
  return Scenario().Candidate(candidate).Posting(posting).Causes();
}

TEST(Reach, EndsAtTheCandidatesLimit) {
  EXPECT_EQ(At(10, "max 10 km").Causes(), "");
  EXPECT_EQ(At(10.001, "max 10 km").Causes(), "BEYOND_CANDIDATE_LIMIT");
}

TEST(Reach, TellsZeroFromNotSaid) {
  EXPECT_EQ(At(0.1, "max 0 km").Causes(), "BEYOND_CANDIDATE_LIMIT");
  EXPECT_EQ(At(50, "").Causes(), "");
  EXPECT_EQ(At(50.1, "").Causes(), "BEYOND_CANDIDATE_LIMIT");
}

TEST(Reach, EndsAtThePostingsRadiusWhateverTheCandidateWants) {
  EXPECT_EQ(At(20, "max 100 km; leaves-home", "radius 20 km").Causes(), "");
  EXPECT_EQ(At(20.1, "max 100 km; leaves-home", "radius 20 km").Causes(), "BEYOND_POSTING_RADIUS");
}

TEST(Reach, GoesFartherForWhoLeavesHome) {
  EXPECT_EQ(At(800, "max 10 km; leaves-home").Causes(), "");
  EXPECT_EQ(At(800, "max 10 km; leaves-home").Notes(), "FARTHER_THAN_WISHED");
}

TEST(Reach, WantsLodgingAwayFromHomeWhereNeeded) {
  EXPECT_EQ(At(800, "max 10 km; leaves-home; needs lodging").Causes(), "LODGING_NOT_GIVEN");
  EXPECT_EQ(At(800, "max 10 km; leaves-home; needs lodging", "lodging").Causes(), "");
  EXPECT_EQ(At(9, "max 10 km; leaves-home; needs lodging").Causes(), "");
}

TEST(Reach, WantsTransportBeyondWalkingDistanceWhereNeeded) {
  EXPECT_EQ(At(3, "needs transport").Causes(), "");
  EXPECT_EQ(At(3.1, "needs transport").Causes(), "TRANSPORT_NOT_GIVEN");
  EXPECT_EQ(At(3.1, "needs transport", "transport").Causes(), "");
  EXPECT_EQ(At(3.1, "needs transport", "lodging").Causes(), "TRANSPORT_NOT_GIVEN");
  EXPECT_EQ(At(3.1, "needs transport; leaves-home", "lodging").Causes(), "");
}

TEST(Reach, LooksAtMinutesWhereTheyAreKnown) {
  EXPECT_EQ(At(5, "minutes 30").Minutes(30).Causes(), "");
  EXPECT_EQ(At(5, "minutes 30").Minutes(31).Causes(), "BEYOND_CANDIDATE_MINUTES");
  EXPECT_EQ(At(5, "minutes 30").Causes(), "");
}

TEST(Reach, GoesByTheMinutesAloneWhereBothAreKnown) {
  EXPECT_EQ(At(30, "max 5 km; minutes 40").Minutes(40).Causes(), "");
  EXPECT_EQ(At(30, "max 5 km; minutes 40").Causes(), "BEYOND_CANDIDATE_LIMIT");
  EXPECT_EQ(At(30, "max 5 km").Minutes(40).Causes(), "BEYOND_CANDIDATE_LIMIT");
  EXPECT_EQ(At(3, "max 50 km; minutes 40").Minutes(41).Causes(), "BEYOND_CANDIDATE_MINUTES");
  EXPECT_EQ(At(3, "minutes 40; leaves-home").Minutes(41).Notes(), "LONGER_THAN_WISHED");
}

TEST(Reach, CountsTheDetourButNotWhereMinutesAreKnown) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.travel.detour_factor = 1.5;
  EXPECT_EQ(At(10, "max 15 km").Under(ruleset).Causes(), "");
  EXPECT_EQ(At(10.1, "max 15 km").Under(ruleset).Causes(), "BEYOND_CANDIDATE_LIMIT");
  EXPECT_EQ(At(49, "minutes 40").Minutes(40).Under(ruleset).Causes(), "");
  EXPECT_EQ(At(2.1, "needs transport").Under(ruleset).Causes(), "TRANSPORT_NOT_GIVEN");
  // A posting's radius is a circle.
  EXPECT_EQ(At(10, "", "radius 10 km").Under(ruleset).Causes(), "");
}

TEST(Reach, DoesNotMatterForWorkAtHome) {
  EXPECT_EQ(At(800, "max 1 km; needs transport", "home-based; radius 1 km").Causes(), "");
}

TEST(Time, WantsAllShiftsOrAny) {
  EXPECT_EQ(Causes("shifts day", "shifts day night"), "SHIFTS_NOT_FREE");
  EXPECT_EQ(Causes("shifts day", "any-shift day night"), "");
  EXPECT_EQ(Causes("shifts evening", "any-shift day night"), "SHIFTS_NOT_FREE");
  EXPECT_EQ(Causes("shifts day", ""), "");
  EXPECT_EQ(Causes("", "shifts day evening night weekend"), "");
}

TEST(Time, WantsTheLeastHoursOnly) {
  EXPECT_EQ(Causes("hours 4", "hours 4 8"), "");
  EXPECT_EQ(Causes("hours 4", "hours 5 8"), "TOO_MANY_HOURS");
  EXPECT_EQ(Causes("hours 4", "hours - 8"), "");
}

TEST(Time, WantsAnAcceptedForm) {
  EXPECT_EQ(Causes("forms part-time hourly", "form full-time"), "FORM_NOT_ACCEPTED");
  EXPECT_EQ(Causes("forms part-time hourly", "form hourly"), "");
}

TEST(Time, WaitsThirtyDaysForTheCandidate) {
  EXPECT_EQ(Causes("free 2026-07-01 -", ""), "");
  EXPECT_EQ(Causes("free 2026-07-02 -", ""), "AVAILABLE_TOO_LATE");
  EXPECT_EQ(Causes("free 2026-07-31 -", "start 2026-07-01"), "");
  EXPECT_EQ(Causes("free 2026-08-01 -", "start 2026-07-01"), "AVAILABLE_TOO_LATE");
  EXPECT_EQ(Causes("free 2026-07-01 -", "start 2026-01-01"), "");
}

TEST(Time, WantsTheCandidateToTheEnd) {
  EXPECT_EQ(Causes("free - 2026-09-30", "end 2026-09-30"), "");
  EXPECT_EQ(Causes("free - 2026-09-29", "end 2026-09-30"), "AVAILABLE_TOO_SHORT");
  EXPECT_EQ(Causes("free - 2026-06-01", ""), "");
  EXPECT_EQ(Causes("free - 2026-05-31", ""), "AVAILABLE_TOO_SHORT");
}

TEST(Health, KeepsWeakLabourFromHeavyWork) {
  EXPECT_EQ(Causes("labour weak", "intensity 2"), "");
  EXPECT_EQ(Causes("labour weak", "intensity 3"), "TOO_HEAVY_FOR_WEAK");
  EXPECT_EQ(Causes("labour ordinary", "intensity 4"), "");
}

TEST(Health, KeepsWhoCannotWorkFromAnyWork) {
  EXPECT_EQ(Causes("labour lost", ""), "LABOUR_CLASS_BARRED");
  EXPECT_EQ(Causes("labour none", ""), "LABOUR_CLASS_BARRED");
  EXPECT_EQ(Causes("labour unknown", ""), "");
}

TEST(Health, RespectsTheCandidatesLimit) {
  EXPECT_EQ(Causes("intensity 2", "intensity 2"), "");
  EXPECT_EQ(Causes("intensity 2", "intensity 3"), "OVER_INTENSITY_LIMIT");
}

TEST(Health, LooksAtSuitableDisabilities) {
  EXPECT_EQ(Causes("disabled visual 3", "suits hearing speech"), "DISABILITY_UNSUITABLE");
  EXPECT_EQ(Causes("disabled hearing 3", "suits hearing speech; intensity 4"), "");
  EXPECT_EQ(Causes("", "suits hearing"), "");
  EXPECT_EQ(Causes("", "suits hearing; disabled-only"), "DISABLED_ONLY");
}

TEST(Health, JudgesUnstatedDisabilitiesByHazardAndIntensity) {
  EXPECT_EQ(Causes("disabled visual 3", "intensity 2"), "");
  EXPECT_EQ(Causes("disabled visual 3", "intensity 3"), "DISABILITY_INTENSITY");
  EXPECT_EQ(Causes("disabled visual 3", "hazards high-place"), "DISABILITY_HAZARD");
  EXPECT_EQ(Scenario().Candidate("disabled visual 3").Notes(), "DISABILITY_NOT_STATED");
}

}  // namespace
}  // namespace leye::matcher
