#include "tests/oracle/benchmark_ruleset.h"

#include <numbers>

namespace leye::matcher::oracle {
namespace {

constexpr Score kThird = Score::FromRatio(1, 3);
constexpr Score kTwoThirds = Score::FromRatio(2, 3);

Weights BenchmarkWeights() {
  Weights weights;
  weights[Criterion::kSkills] = Score::FromRatio(6, 10);
  weights[Criterion::kProximity] = Score::FromRatio(3, 10);
  weights[Criterion::kPriority] = Score::FromRatio(1, 10);
  return weights;
}

}  // namespace

GroupSet BenchmarkGroups(int priority) {
  switch (priority) {
    case 3:
      return {Group::kMonitored};
    case 2:
      return {Group::kLiftedFromPoverty};
    case 1:
      return {Group::kRelocated};
    default:
      return {};
  }
}

Ruleset BenchmarkRuleset() {
  Ruleset ruleset;
  ruleset.version = "benchmark";
  ruleset.enabled = {RuleId::kOpen,          RuleId::kSeeking,      RuleId::kAgeRange,
                     RuleId::kSkillRequired, RuleId::kEducationMin, RuleId::kReach};
  ruleset.skills.credits = {.same_trade = Score::Zero(), .same_small_class = Score::Zero()};
  ruleset.proximity.half_distance = Kilometres::Of(20 * std::numbers::ln2);
  ruleset.priority.tiers = {
      {.all_of = BenchmarkGroups(3), .value = Score::One()},
      {.all_of = BenchmarkGroups(2), .value = kTwoThirds},
      {.all_of = BenchmarkGroups(1), .value = kThird},
  };
  ruleset.forward_weights.fill(BenchmarkWeights());
  ruleset.reverse_weights = BenchmarkWeights();
  ruleset.recommend_postings_by = Side::kForward;
  ruleset.candidate_ties = TieBreak::kIdOnly;
  return ruleset;
}

}  // namespace leye::matcher::oracle
