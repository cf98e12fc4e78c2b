// The planner's twin from a library: the same assignment as a flow of least cost, by network
// simplex over every pair. It knows households and reserved seats, but not HH-CAP.
#ifndef LEYE_TESTS_ORACLE_FLOW_PLAN_H_
#define LEYE_TESTS_ORACLE_FLOW_PLAN_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "tests/oracle/plain_plan.h"

namespace leye::matcher::oracle {

struct FlowChoice {
  int job = 0;
  int64_t score_micros = 0;
  bool only_open_seats = false;  // reserved seats do not count for this person
};

struct FlowPerson {
  int home = -1;  // of those without an earner; -1: in none of them
  std::vector<FlowChoice> choices;
};

struct FlowJob {
  int seats = 0;
  int open_seats = 0;
};

struct FlowTask {
  std::vector<FlowPerson> people;
  std::vector<FlowJob> jobs;
  int homes = 0;
};

// INTERNAL if the library does not find an optimum.
absl::StatusOr<PlanValue> BestFlow(const FlowTask& task);

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_FLOW_PLAN_H_
