// Why a pair is as good as it is: the criteria of a FitResult, ordered by what they contribute.
//
//   const Explanation why = Explain(Fit(pair, context), Side::kForward);
//   why.criteria.front().criterion;      // what counts most
//
// Structured reasons only; sentences in Chinese and English are made in services/app. Pure and
// thread-safe.
#ifndef LEYE_MATCHER_EXPLAIN_H_
#define LEYE_MATCHER_EXPLAIN_H_

#include <array>
#include <vector>

#include "matcher/criterion.h"
#include "matcher/finding.h"
#include "matcher/fit.h"

namespace leye::matcher {

struct CriterionReason {
  Criterion criterion = Criterion::kSkills;
  Score value;
  Score forward_weight;
  Score reverse_weight;
  Score contribution;  // to the score of the side asked for
  Score shortfall;     // what a value of one would have added
};

struct Explanation {
  bool eligible = false;
  Side side = Side::kForward;
  Score score;
  std::vector<Finding> failures;  // in the order of RuleId
  std::vector<Finding> notes;
  // Greatest contribution first, then greatest shortfall, then the order of Criterion. The
  // contributions add up to the score exactly. Criteria without weight on this side come last.
  std::array<CriterionReason, kCriterionCount> criteria;
  std::vector<SkillMatch> skills;  // weight x credit descending, required before preferred
};

Explanation Explain(const FitResult& fit, Side side);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_EXPLAIN_H_
