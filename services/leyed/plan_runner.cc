#include "services/leyed/plan_runner.h"

namespace leye {

PlanRunner::PlanRunner(const app::PlanRunsOptions& options, const app::Dependencies& dependencies,
                       const app::PlanSource& source, const Logger& logger, absl::Duration interval)
    : runs_(dependencies, source, options),
      logger_(logger),
      thread_(interval, [this] { Round(); }) {}

PlanRunner::~PlanRunner() { stopping_ = true; }

void PlanRunner::Round() const {
  const auto stop = [this] { return stopping_.load(); };
  for (bool more = true; more && !stop();) {
    const absl::StatusOr<bool> ran = runs_.RunNext(stop);
    more = ran.ok() && *ran;
    if (!ran.ok()) logger_.Warning("plans wait", {{"error", ran.status().ToString()}});
  }
}

}  // namespace leye
