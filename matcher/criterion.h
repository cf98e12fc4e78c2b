// The soft criteria, their weights, and the weighted sum.
//
//   Criteria criteria;  criteria[Criterion::kSkills] = Score::One();
//   Score total = WeightedSum(weights, criteria);
//
// The sum is monotone in every criterion: with upper bounds of the criteria it gives an upper bound
// of the score, rounding included. The ranker's pruning rests on that.
#ifndef LEYE_MATCHER_CRITERION_H_
#define LEYE_MATCHER_CRITERION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

#include "matcher/enum_set.h"
#include "matcher/units.h"

namespace leye::matcher {

enum class Criterion : uint8_t {
  kSkills,     // SKILLS
  kProximity,  // PROXIMITY
  kPriority,   // PRIORITY
  kWage,       // WAGE
  kWish,       // WISH
  kWaiting,    // WAITING
  kChannel,    // CHANNEL
  kCount,
};

inline constexpr int kCriterionCount = kEnumCount<Criterion>;

// One Score a criterion, by default zero. `Tag` keeps values and weights apart.
template <typename Tag>
struct PerCriterion {
  std::array<Score, kCriterionCount> scores{};

  constexpr Score& operator[](Criterion c) { return scores[static_cast<size_t>(c)]; }
  constexpr Score operator[](Criterion c) const { return scores[static_cast<size_t>(c)]; }
  friend constexpr bool operator==(const PerCriterion&, const PerCriterion&) = default;
};

using Criteria = PerCriterion<struct CriterionValueTag>;
// Parts of one: in a valid ruleset they sum to exactly 1'000'000 millionths.
using Weights = PerCriterion<struct CriterionWeightTag>;

// sum of weight x value over all criteria, rounded once, to the nearest millionth, halves up.
constexpr Score WeightedSum(const Weights& weights, const Criteria& criteria) {
  int64_t sum = 0;
  for (size_t i = 0; i < kCriterionCount; ++i) {
    sum += int64_t{weights.scores[i].micros()} * criteria.scores[i].micros();
  }
  return Score::FromMicros((sum + Score::kMicrosPerUnit / 2) / Score::kMicrosPerUnit);
}

// The mean of the two sides, rounded down.
constexpr Score Mean(Score a, Score b) {
  return Score::FromMicros((int64_t{a.micros()} + b.micros()) / 2);
}

// "SKILLS". Lives forever.
absl::string_view CriterionName(Criterion criterion);

// Not found: nullopt. Names are upper-case.
std::optional<Criterion> CriterionFromName(absl::string_view name);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CRITERION_H_
