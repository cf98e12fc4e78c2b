// What a plan found, in words of the API: lines with their reasons, outcomes of postings, figures.
#ifndef LEYE_SERVICES_APP_PLAN_RESULT_H_
#define LEYE_SERVICES_APP_PLAN_RESULT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "leye/v1/plan.pb.h"
#include "matcher/plan/plan.h"
#include "services/app/plan_problem.h"

namespace leye::app {

struct PlanResult {
  v1::PlanFigures figures;
  std::vector<v1::PlanAssignment> lines;  // By line.
  std::vector<v1::PlanOutcome> outcomes;  // By name of the posting.
  std::vector<std::string> revisions;     // At which it was made, and on which day: the caller's
  std::string date;                       // to say.
};

struct PlanResultOptions {
  // Pairs that are judged to say why openings stay empty. With more people and postings than that,
  // a part of the people is asked, the same for every posting.
  int64_t most_pairs = 20'000'000;
  // Called now and then with people done and in all; false: stop.
  std::function<bool(int64_t done, int64_t total)> go_on = {};
};

// CANCELLED when `go_on` said so. Depends on the arguments alone.
absl::StatusOr<PlanResult> DescribePlan(const matcher::plan::Plan& plan, const PlanProblem& problem,
                                        const PlanResultOptions& options);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PLAN_RESULT_H_
