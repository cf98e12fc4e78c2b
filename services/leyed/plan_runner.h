// Works out the plans that wait, one at a time, beside the calls that this server answers.
//
//   PlanRunner runner({.runner = id}, dependencies, source, log);     // until it is destroyed
//
// A plan that is under way when the runner ends is given back, and begun again by the next server.
#ifndef LEYE_SERVICES_LEYED_PLAN_RUNNER_H_
#define LEYE_SERVICES_LEYED_PLAN_RUNNER_H_

#include <atomic>

#include "absl/time/time.h"

#include "services/app/plan_runs.h"
#include "services/app/plan_source.h"
#include "services/base/interval_thread.h"
#include "services/base/logging.h"

namespace leye {

// Thread-safe. All that is given outlives it.
class PlanRunner {
 public:
  PlanRunner(const app::PlanRunsOptions& options, const app::Dependencies& dependencies,
             const app::PlanSource& source, const Logger& logger,
             absl::Duration interval = absl::Milliseconds(500));
  // Waits for a step of the plan that is under way.
  ~PlanRunner();
  PlanRunner(const PlanRunner&) = delete;
  PlanRunner& operator=(const PlanRunner&) = delete;

 private:
  void Round() const;

  const app::PlanRuns runs_;
  const Logger& logger_;
  std::atomic<bool> stopping_ = false;
  IntervalThread thread_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_PLAN_RUNNER_H_
