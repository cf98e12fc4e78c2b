// What a plan is compared with: the greedy plan, and the optimum by network simplex.
#ifndef LEYE_TESTS_BENCH_PLAN_RIVALS_H_
#define LEYE_TESTS_BENCH_PLAN_RIVALS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

#include "matcher/plan/plan.h"
#include "tests/oracle/plain_plan.h"

namespace leye::bench {

struct RivalPlan {
  int64_t filled = 0;
  matcher::oracle::PlanValue value;
};

// The best pair left, again and again, as long as seats, reserves and household caps allow.
absl::StatusOr<RivalPlan> GreedyPlan(const matcher::plan::PlanRequest& request, size_t threads);

// The optimum over every pair; HH-CAP is left out, so it may be a little better than any plan.
absl::StatusOr<matcher::oracle::PlanValue> FlowOptimum(const matcher::plan::PlanRequest& request,
                                                       size_t threads);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PLAN_RIVALS_H_
