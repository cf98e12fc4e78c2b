#include "matcher/explain.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using ::testing::ElementsAre;
using testing::Scenario;
using testing::SkillNamed;

std::vector<Criterion> OrderOfCriteria(const Explanation& why) {
  std::vector<Criterion> order;
  for (const CriterionReason& reason : why.criteria) order.push_back(reason.criterion);
  return order;
}

Explanation ExplainUsual(Side side) {
  return Explain(Scenario()
                     .Candidate("wage 4000; groups relocated; since 2025-06-01")
                     .Posting("pay 3000")
                     .DistanceKm(10)
                     .Fit(),
                 side);
}

TEST(Explain, OrdersByContributionThenShortfall) {
  // Forward contributions: .45, .125, .02, .05, .025, .05, 0.
  EXPECT_THAT(
      OrderOfCriteria(ExplainUsual(Side::kForward)),
      ElementsAre(Criterion::kSkills, Criterion::kProximity, Criterion::kWage, Criterion::kWaiting,
                  Criterion::kWish, Criterion::kPriority, Criterion::kChannel));
}

TEST(Explain, SaysWhatEachCriterionGaveAndCost) {
  const CriterionReason proximity = ExplainUsual(Side::kForward).criteria[1];
  EXPECT_EQ(proximity.value, Score::FromRatio(1, 2));
  EXPECT_EQ(proximity.forward_weight, Score::FromRatio(25, 100));
  EXPECT_EQ(proximity.reverse_weight, Score::FromRatio(30, 100));
  EXPECT_EQ(proximity.contribution, Score::FromMicros(125'000));
  EXPECT_EQ(proximity.shortfall, Score::FromMicros(125'000));
}

TEST(Explain, UsesTheWeightsOfTheSide) {
  EXPECT_EQ(ExplainUsual(Side::kForward).score, Score::FromMicros(720'000));
  EXPECT_EQ(ExplainUsual(Side::kReverse).score, Score::FromMicros(600'000));
  EXPECT_EQ(ExplainUsual(Side::kMutual).score, Score::FromMicros(660'000));
}

TEST(Explain, AddsUpToTheScoreOnEverySide) {
  for (double km = 0; km < 60; km += 0.71) {
    for (const Side side : {Side::kForward, Side::kReverse, Side::kMutual}) {
      const Explanation why = Explain(Scenario()
                                          .Candidate("wage 4700; since 2025-11-01; skill cook:2")
                                          .Posting("pay 3113; likes cook:3*7 sewer*4")
                                          .DistanceKm(km)
                                          .Fit(),
                                      side);
      int64_t sum = 0;
      for (const CriterionReason& reason : why.criteria) sum += reason.contribution.micros();
      ASSERT_EQ(sum, why.score.micros()) << km << " km, side " << static_cast<int>(side);
    }
  }
}

TEST(Explain, PutsTheSkillThatCountsMostFirst) {
  const Explanation why = Explain(
      Scenario().Candidate("skill cook sewer").Posting("likes fitter*9 cook*1 sewer*3").Fit(),
      Side::kForward);
  ASSERT_EQ(why.skills.size(), 3u);
  EXPECT_EQ(why.skills[0].asked.skill, SkillNamed("sewer"));
  EXPECT_EQ(why.skills[1].asked.skill, SkillNamed("cook"));
  EXPECT_EQ(why.skills[2].asked.skill, SkillNamed("fitter"));
}

TEST(Explain, KeepsFailuresAndNotes) {
  const Explanation why =
      Explain(Scenario().Posting("closed; experience 12").Fit(), Side::kForward);
  EXPECT_FALSE(why.eligible);
  ASSERT_EQ(why.failures.size(), 1u);
  EXPECT_EQ(CauseName(why.failures[0].cause), "POSTING_CLOSED");
  ASSERT_EQ(why.notes.size(), 1u);
  EXPECT_EQ(CauseName(why.notes[0].cause), "EXPERIENCE_UNVERIFIED");
}

}  // namespace
}  // namespace leye::matcher
