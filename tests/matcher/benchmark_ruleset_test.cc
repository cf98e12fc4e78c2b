// The ruleset types can say the benchmark's formula exactly: 0.6 S + 0.3 exp(-km / 20) + 0.1
// priority / 3 with unrelated skills and ties by id, within five millionths.
#include "tests/oracle/benchmark_ruleset.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using oracle::BenchmarkGroups;
using oracle::BenchmarkRuleset;

struct Case {
  double km;
  int priority;
  int weight_held;
  int weight_missing;
};

double Formula(const Case& of) {
  const double skills = (1.0 + of.weight_held) / (1.0 + of.weight_held + of.weight_missing);
  return 0.6 * skills + 0.3 * std::exp(-of.km / 20) + 0.1 * of.priority / 3;
}

TEST(BenchmarkRuleset, IsValid) { EXPECT_TRUE(Validate(BenchmarkRuleset()).empty()); }

TEST(BenchmarkRuleset, ScoresTheFormulaWithinFiveMillionths) {
  const Ruleset ruleset = BenchmarkRuleset();
  for (double km = 0; km < 3000; km = km * 1.3 + 0.37) {
    for (int priority = 0; priority <= 3; ++priority) {
      const Case of{.km = km, .priority = priority, .weight_held = 3, .weight_missing = 4};
      CandidateProfile candidate = testing::Candidate("skill cook:2 fitter:1");
      candidate.groups = BenchmarkGroups(priority);
      candidate.max_distance = Kilometres::Of(5000);
      const PostingProfile posting =
          testing::Posting("needs cook:2; likes fitter*3 sewer*4; radius 5000 km");
      const HouseholdProfile household;
      const SkillCatalogue no_relations;
      const PairScore score =
          ScorePair({.candidate = candidate,
                     .household = household,
                     .posting = posting,
                     .travel = {.distance = Kilometres::Of(km), .minutes = std::nullopt}},
                    {.ruleset = ruleset, .catalogue = no_relations, .day = testing::ScenarioDay()});
      ASSERT_TRUE(score.eligible());
      ASSERT_NEAR(score.forward.micros(), Formula(of) * 1e6, 5) << km << " km, " << priority;
    }
  }
}

TEST(BenchmarkRuleset, DoesNotTieByWaiting) {
  EXPECT_EQ(BenchmarkRuleset().candidate_ties, TieBreak::kIdOnly);
}

}  // namespace
}  // namespace leye::matcher
