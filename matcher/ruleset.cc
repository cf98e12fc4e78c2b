#include "matcher/ruleset.h"

namespace leye::matcher {
namespace {

// Weights in hundredths, in the order of Criterion.
constexpr Weights Hundredths(const std::array<int, kCriterionCount>& hundredths) {
  Weights weights;
  for (size_t i = 0; i < kCriterionCount; ++i) {
    weights.scores[i] = Score::FromRatio(hundredths[i], 100);
  }
  return weights;
}

// 零就业 household > 监测对象 with open risk > weak or half labour > other 脱贫 > other relocated >
// rest.
PriorityParameters DefaultPriority() {
  PriorityParameters priority;
  priority.tiers = {
      {.all_of = {Group::kZeroEmploymentHousehold}, .value = Score::One()},
      {.all_of = {Group::kMonitoredAtRisk}, .value = Score::FromRatio(8, 10)},
      {.all_of = {Group::kWeakLabour}, .value = Score::FromRatio(6, 10)},
      {.all_of = {Group::kLiftedFromPoverty}, .value = Score::FromRatio(4, 10)},
      {.all_of = {Group::kRelocated}, .value = Score::FromRatio(2, 10)},
  };
  priority.otherwise = Score::Zero();
  return priority;
}

}  // namespace

Ruleset DefaultRuleset() {
  Ruleset ruleset;
  ruleset.version = "hebei-2026";
  ruleset.priority = DefaultPriority();
  // Skills, proximity, priority, wage, wish, waiting, channel.
  ruleset.forward_weights[static_cast<size_t>(Channel::kEnterprise)] =
      Hundredths({45, 25, 10, 10, 5, 5, 0});
  ruleset.forward_weights[static_cast<size_t>(Channel::kPublicWelfare)] =
      Hundredths({10, 25, 50, 5, 5, 5, 0});
  ruleset.forward_weights[static_cast<size_t>(Channel::kWorkForRelief)] =
      Hundredths({20, 25, 40, 5, 5, 5, 0});
  ruleset.lint = DefaultLint();
  ruleset.reverse_weights = Hundredths({15, 30, 0, 30, 20, 0, 5});
  return ruleset;
}

}  // namespace leye::matcher
