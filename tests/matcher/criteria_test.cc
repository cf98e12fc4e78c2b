#include "matcher/criteria.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using testing::Scenario;

Score Value(Criterion criterion, absl::string_view candidate, absl::string_view posting) {
  return Scenario().Candidate(candidate).Posting(posting).Fit().criteria[criterion];
}

Score Skills(absl::string_view candidate, absl::string_view posting) {
  return Value(Criterion::kSkills, candidate, posting);
}

Score Tenths(int tenths) { return Score::FromRatio(tenths, 10); }

TEST(Skills, AreWorthOneIfNoneIsNamed) { EXPECT_EQ(Skills("", ""), Score::One()); }

TEST(Skills, AreWorthOneIfNoneHasWeight) { EXPECT_EQ(Skills("", "likes cook*0"), Score::One()); }

TEST(Skills, AreTheWeightedShareHeld) {
  EXPECT_EQ(Skills("skill cook:2", "needs cook:2; likes fitter*3"), Score::FromRatio(1, 4));
  EXPECT_EQ(Skills("skill cook:2 fitter", "needs cook:2; likes fitter*3"), Score::One());
}

TEST(Skills, LoseCreditByTheLevel) {
  EXPECT_EQ(Skills("skill cook:5", "likes cook:5"), Score::One());
  EXPECT_EQ(Skills("skill cook:3", "likes cook:5"), Tenths(6));
  EXPECT_EQ(Skills("skill cook:0", "likes cook:7"), Score::Zero());
  EXPECT_EQ(Skills("skill cook:7", "likes cook:5"), Score::One());
}

TEST(Skills, OfUnknownLevelHaveACreditOfTheirOwn) {
  EXPECT_EQ(Skills("skill cook", "likes cook:1"), Tenths(5));
  EXPECT_EQ(Skills("skill cook", "likes cook"), Score::One());
}

TEST(Skills, GiveRelatedOnesTheirPart) {
  EXPECT_EQ(Skills("skill cutter", "likes welder"), Tenths(6));
  EXPECT_EQ(Skills("skill fitter", "likes welder"), Tenths(3));
  EXPECT_EQ(Skills("skill sewer", "likes cook"), Tenths(4));
  EXPECT_EQ(Skills("skill cutter:1", "likes welder:2"), Score::FromRatio(48, 100));
}

TEST(Skills, CountTheBestOnly) {
  EXPECT_EQ(Skills("skill cutter fitter", "likes welder"), Tenths(6));
  // Of a level asked, the known low level of the skill itself against an unknown one of its trade.
  EXPECT_EQ(Skills("skill cutter welder:1", "likes welder:5"), Tenths(3));
  EXPECT_EQ(Skills("skill cutter welder:3", "likes welder:5"), Tenths(6));
}

TEST(Skills, OfEqualCreditAreExplainedByTheSmallestId) {
  const FitResult fit = Scenario().Candidate("skill cutter welder").Posting("likes fitter").Fit();
  EXPECT_EQ(fit.skills[0].held->skill, testing::SkillNamed("welder"));
}

TEST(Skills, DoNotCountWhatExpired) {
  EXPECT_EQ(Skills("skill cook:3@2026-05-31", "likes cook"), Score::Zero());
}

TEST(Skills, AreExplained) {
  const FitResult fit =
      Scenario().Candidate("skill cutter sewer:2").Posting("needs cook:4; likes welder*2").Fit();
  ASSERT_EQ(fit.skills.size(), 2u);
  EXPECT_TRUE(fit.skills[0].required);
  EXPECT_EQ(fit.skills[0].relation, SkillRelation::kNeighbour);
  EXPECT_EQ(fit.skills[0].credit, Score::FromRatio(24, 100));
  EXPECT_EQ(fit.skills[1].relation, SkillRelation::kSameTrade);
  EXPECT_EQ(fit.skills[1].weight, 2);
  EXPECT_EQ(fit.skills[1].held->skill, testing::SkillNamed("cutter"));
}

Score Proximity(double km, absl::string_view candidate = "", absl::string_view posting = "") {
  return Scenario()
      .Candidate(candidate)
      .Posting(posting)
      .DistanceKm(km)
      .Fit()
      .criteria[Criterion::kProximity];
}

TEST(Proximity, HalvesEveryTenKilometres) {
  EXPECT_EQ(Proximity(0), Score::One());
  EXPECT_EQ(Proximity(10), Tenths(5));
  EXPECT_EQ(Proximity(20), Score::FromRatio(1, 4));
}

TEST(Proximity, LooksAtMinutesWhereTheyAreKnown) {
  EXPECT_EQ(Scenario().DistanceKm(10).Minutes(30).Fit().criteria[Criterion::kProximity], Tenths(5));
}

TEST(Proximity, CountsTheDetourWhereMinutesAreNotKnown) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.travel.detour_factor = 2;
  const auto value = [&](Scenario scenario) {
    return scenario.Under(ruleset).Fit().criteria[Criterion::kProximity];
  };
  EXPECT_EQ(value(Scenario().DistanceKm(5)), Tenths(5));
  EXPECT_EQ(value(Scenario().DistanceKm(50).Minutes(30)), Tenths(5));
}

TEST(Proximity, IsOneAtHomeAndForWhoGoesOutToLodging) {
  EXPECT_EQ(Proximity(900, "", "home-based"), Score::One());
  EXPECT_EQ(Proximity(900, "goes-out", "lodging"), Score::One());
  EXPECT_EQ(Proximity(10, "goes-out", ""), Tenths(5));
  EXPECT_EQ(Proximity(10, "", "lodging"), Tenths(5));
}

TEST(Proximity, NeverRisesWithTheDistance) {
  const Ruleset ruleset;
  Score previous = Score::One();
  for (double km = 0; km < 400; km += 0.37) {
    const Score value =
        DistanceDecay({.distance = Kilometres::Of(km), .minutes = std::nullopt}, ruleset);
    ASSERT_LE(value, previous);
    previous = value;
  }
}

TEST(Priority, TakesTheFirstTierThatFits) {
  const auto value = [](absl::string_view candidate, absl::string_view household) {
    return Scenario()
        .Candidate(candidate)
        .Household(household)
        .Fit()
        .criteria[Criterion::kPriority];
  };
  EXPECT_EQ(value("labour weak", "able 1; groups monitored-at-risk"), Score::One());
  EXPECT_EQ(value("labour weak", "groups monitored-at-risk"), Tenths(8));
  EXPECT_EQ(value("labour weak", "groups lifted-from-poverty"), Tenths(6));
  EXPECT_EQ(value("groups relocated", "groups lifted-from-poverty"), Tenths(4));
  EXPECT_EQ(value("groups relocated", "groups monitored"), Tenths(2));
  EXPECT_EQ(value("", ""), Score::Zero());
}

Score Wage(absl::string_view candidate, absl::string_view posting) {
  return Value(Criterion::kWage, candidate, posting);
}

TEST(Wage, FallsFromTheWishToHalfOfIt) {
  EXPECT_EQ(Wage("wage 4000", "pay 4000"), Score::One());
  EXPECT_EQ(Wage("wage 4000", "pay 3000"), Tenths(5));
  EXPECT_EQ(Wage("wage 4000", "pay 2000"), Score::Zero());
  EXPECT_EQ(Wage("wage 4000", "pay 1000"), Score::Zero());
  EXPECT_EQ(Wage("wage 4000", "pay 3999"), Score::FromMicros(999'500));
}

TEST(Wage, LooksAtTheMiddleOfTheRange) {
  EXPECT_EQ(Wage("wage 4000", "pay 2000 4000"), Tenths(5));
  EXPECT_EQ(Wage("wage 4000", "pay - 3000"), Tenths(5));
  EXPECT_EQ(Wage("wage 4000", "pay 3000 -"), Tenths(5));
}

TEST(Wage, HasValuesForWhatIsNotSaid) {
  EXPECT_EQ(Wage("wage 4000", ""), Tenths(5));
  EXPECT_EQ(Wage("", "pay 1000"), Score::One());
  EXPECT_EQ(Wage("", ""), Score::One());
}

TEST(Wish, AddsTradeFormAndPlace) {
  const auto wish = [](absl::string_view candidate) {
    return Value(Criterion::kWish, candidate, "trade welding; division 130723; form hourly");
  };
  EXPECT_EQ(wish(""), Tenths(5));
  EXPECT_EQ(wish("wishes cooking welding; forms hourly; places 1307"), Score::One());
  EXPECT_EQ(wish("wishes fitting"), Score::FromMicros(300'000 + 200'000));
  EXPECT_EQ(wish("wishes cooking"), Score::FromMicros(200'000));
  EXPECT_EQ(wish("wishes cooking; places 1306"), Score::FromMicros(100'000));
  EXPECT_EQ(wish("wishes cooking; places 1306; forms full-time"), Score::Zero());
}

TEST(Waiting, SaturatesAtTwelveMonths) {
  const auto waiting = [](absl::string_view candidate) {
    return Value(Criterion::kWaiting, candidate, "");
  };
  EXPECT_EQ(waiting(""), Score::Zero());
  EXPECT_EQ(waiting("since 2026-05-02"), Score::Zero());
  EXPECT_EQ(waiting("since 2026-05-01"), Score::FromRatio(1, 12));
  EXPECT_EQ(waiting("since 2025-06-01"), Score::One());
  EXPECT_EQ(waiting("since 2020-06-01"), Score::One());
  EXPECT_EQ(waiting("since 2027-06-01"), Score::Zero());
}

TEST(Channel, FollowsTheOrderOfMeans) {
  const auto channel = [](double km, absl::string_view posting) {
    return Scenario().Posting(posting).DistanceKm(km).Fit().criteria[Criterion::kChannel];
  };
  EXPECT_EQ(channel(50, ""), Score::One());
  EXPECT_EQ(channel(50.1, ""), Score::FromRatio(2, 3));
  EXPECT_EQ(channel(900, "home-based"), Score::One());
  EXPECT_EQ(channel(1, "channel work-for-relief"), Score::FromRatio(1, 3));
  EXPECT_EQ(channel(1, "channel public-welfare"), Score::Zero());
}

TEST(Scores, WeighTheSameCriteriaFromEitherSide) {
  const FitResult fit = Scenario()
                            .Candidate("wage 4000; groups relocated; since 2025-06-01")
                            .Posting("pay 3000")
                            .DistanceKm(10)
                            .Fit();
  // Forward: .45 x 1 + .25 x .5 + .10 x .2 + .10 x .5 + .05 x .5 + .05 x 1.
  EXPECT_EQ(fit.forward, Score::FromMicros(720'000));
  // Reverse: .30 x .5 + .30 x .5 + .20 x .5 + .15 x 1 + .05 x 1.
  EXPECT_EQ(fit.reverse, Score::FromMicros(600'000));
  EXPECT_EQ(fit.mutual, Score::FromMicros(660'000));
  EXPECT_EQ(fit.BySide(Side::kReverse), fit.reverse);
}

TEST(Scores, UseTheChannelsWeights) {
  const Score priority_only = Scenario()
                                  .Household("able 1")
                                  .Posting("channel public-welfare; urban")
                                  .DistanceKm(10)
                                  .Fit()
                                  .forward;
  // .10 x 1 + .25 x .5 + .50 x 1 + .05 x 1 + .05 x .5 + 0.
  EXPECT_EQ(priority_only, Score::FromMicros(800'000));
}

TEST(CandidateOrder, IsScoreThenWaitingThenId) {
  const auto order = [](int64_t micros, absl::string_view candidate) {
    return OrderOf(testing::Candidate(candidate), Score::FromMicros(micros),
                   TieBreak::kLongerWaitingFirst);
  };
  EXPECT_LT(order(2, "id 9"), order(1, "id 1; since 2020-01-01"));
  EXPECT_LT(order(1, "id 9; since 2020-01-01"), order(1, "id 1; since 2020-01-02"));
  EXPECT_LT(order(1, "id 9; since 2020-01-01"), order(1, "id 1"));
  EXPECT_LT(order(1, "id 1"), order(1, "id 2"));
}

TEST(CandidateOrder, MayLeaveWaitingOut) {
  EXPECT_LT(OrderOf(testing::Candidate("id 1"), Score::One(), TieBreak::kIdOnly),
            OrderOf(testing::Candidate("id 2; since 2020-01-01"), Score::One(), TieBreak::kIdOnly));
}

}  // namespace
}  // namespace leye::matcher
