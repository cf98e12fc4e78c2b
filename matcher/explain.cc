#include "matcher/explain.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <tuple>

namespace leye::matcher {
namespace {

// Twice the weight on the side, so that the mean of two weights stays whole.
int64_t DoubleWeightMicros(const FitResult& fit, size_t criterion, Side side) {
  const int64_t forward = fit.forward_weights.scores[criterion].micros();
  const int64_t reverse = fit.reverse_weights.scores[criterion].micros();
  switch (side) {
    case Side::kForward:
      return 2 * forward;
    case Side::kReverse:
      return 2 * reverse;
    case Side::kMutual:
      break;
  }
  return forward + reverse;
}

constexpr int64_t kDoubleUnit = 2 * int64_t{Score::kMicrosPerUnit};

struct Share {
  size_t criterion;
  int64_t whole;      // millionths, rounded down
  int64_t remainder;  // of a millionth, in parts of kDoubleUnit
};

// Rounds the shares so that they add up to the score: whole parts first, then one millionth each in
// the order of the largest remainders (Hamilton's method). The whole parts never exceed the score:
// a side is rounded to the nearest, so that it lacks less than half a millionth, and so does the
// mean.
std::array<int64_t, kCriterionCount> ContributionsMicros(const FitResult& fit, Side side) {
  std::array<Share, kCriterionCount> shares{};
  int64_t left = fit.BySide(side).micros();
  for (size_t i = 0; i < kCriterionCount; ++i) {
    const int64_t exact = DoubleWeightMicros(fit, i, side) * fit.criteria.scores[i].micros();
    shares[i] = {.criterion = i, .whole = exact / kDoubleUnit, .remainder = exact % kDoubleUnit};
    left -= shares[i].whole;
  }
  std::ranges::stable_sort(shares, std::greater<>(), &Share::remainder);
  for (Share& share : shares) {
    if (left <= 0) break;
    ++share.whole;
    --left;
  }

  std::array<int64_t, kCriterionCount> contributions{};
  for (const Share& share : shares) contributions[share.criterion] = share.whole;
  return contributions;
}

bool ComesBefore(const CriterionReason& a, const CriterionReason& b) {
  return std::tuple(b.contribution, b.shortfall, a.criterion) <
         std::tuple(a.contribution, a.shortfall, b.criterion);
}

bool CountsMore(const SkillMatch& a, const SkillMatch& b) {
  const auto earned = [](const SkillMatch& match) {
    return int64_t{match.weight} * match.credit.micros();
  };
  return std::tuple(earned(b), b.required) < std::tuple(earned(a), a.required);
}

}  // namespace

Explanation Explain(const FitResult& fit, Side side) {
  Explanation why;
  why.eligible = fit.eligible();
  why.side = side;
  why.score = fit.BySide(side);
  why.failures = fit.failures;
  why.notes = fit.notes;
  why.skills = fit.skills;
  std::ranges::stable_sort(why.skills, CountsMore);

  const std::array<int64_t, kCriterionCount> contributions = ContributionsMicros(fit, side);
  for (size_t i = 0; i < kCriterionCount; ++i) {
    const int64_t weight = DoubleWeightMicros(fit, i, side) / 2;
    why.criteria[i] = {.criterion = static_cast<Criterion>(i),
                       .value = fit.criteria.scores[i],
                       .forward_weight = fit.forward_weights.scores[i],
                       .reverse_weight = fit.reverse_weights.scores[i],
                       .contribution = Score::FromMicros(contributions[i]),
                       .shortfall = Score::FromMicros(weight - contributions[i])};
  }
  std::ranges::sort(why.criteria, ComesBefore);
  return why;
}

}  // namespace leye::matcher
