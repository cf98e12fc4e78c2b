// leye_bench plan: the batch assignment of a made-up population, and what it is compared with.
#ifndef LEYE_TESTS_BENCH_PLAN_COMMAND_H_
#define LEYE_TESTS_BENCH_PLAN_COMMAND_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace leye::bench {

struct PlanBenchOptions {
  std::string scale;  // county, hebei, province or nation
  std::string data;   // folder with the benchmark's files; empty: they are made, and removed again
  uint64_t seed = 1;
  size_t threads = 2;
  size_t first_choices = 0;  // 0: as is right for the scale
  size_t most_choices = 0;
  size_t search_people = 0;
  int32_t slack_micros = -1;  // below 0: as is right for the scale
  int64_t most_exact = -1;    // people; below 0: the planner's own. 0: an auction in any case
  int64_t most_judged = -1;   // pairs; below 0: the planner's own. 0: short lists in any case
  int32_t step_micros = 0;    // of an auction; 0: the planner's own
  bool alone = false;  // without what it is compared with: greedy by score, the optimum without the
                       // plan's rules, and, for a county, network simplex over every pair
  bool json = false;
};

// 0, or 1 if the oracle found a better plan than is possible, or 2 if nothing was measured.
int RunPlan(const PlanBenchOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PLAN_COMMAND_H_
