// Works plans out, one at a time, in the order in which they were put into the queue.
//
//   PlanRuns runs(dependencies, source, {.runner = id});
//   while (*runs.RunNext(stop)) {}          // until none is left, or `stop` says so
//
// Several servers may do so on one store: whoever takes a plan has a lease of it, renewed as the
// work goes on, and writes only as long as nobody else has taken or cancelled it. A plan whose
// server died is begun again when its lease is over, three times in all.
#ifndef LEYE_SERVICES_APP_PLAN_RUNS_H_
#define LEYE_SERVICES_APP_PLAN_RUNS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/v1/plan.pb.h"
#include "services/app/context.h"
#include "services/app/plan_result.h"
#include "services/app/plan_source.h"

namespace leye::app {

struct PlanRunsOptions {
  std::string runner;                            // This server: another one has another.
  size_t threads = 1;                            // That rank.
  absl::Duration lease = absl::Seconds(30);      // Without a sign of life.
  absl::Duration renewal = absl::Seconds(1);     // Signs of life lie so far apart at least.
  absl::Duration most_time = absl::Minutes(10);  // A plan that takes longer FAILED.
};

// Thread-safe.
class PlanRuns {
 public:
  // Asked often; true: give the plan back, unfinished, and return.
  using Stop = std::function<bool()>;

  // `dependencies` and `source` outlive this.
  PlanRuns(const Dependencies& dependencies, const PlanSource& source,
           const PlanRunsOptions& options);

  // Works out the first plan whose turn it is, whichever way it ends; false when there is none. An
  // error is the store's or matching's: the plan waits on.
  absl::StatusOr<bool> RunNext(const Stop& stop) const;

 private:
  class Lease;
  struct Waiting;

  absl::StatusOr<std::optional<Waiting>> FindNext() const;
  absl::StatusOr<std::optional<Lease>> Take(const Waiting& waiting) const;
  bool TooLate(absl::Time began) const;
  absl::StatusOr<PlanResult> Work(Lease& lease, const Stop& stop) const;
  absl::Status Finish(Lease& lease, const PlanResult& result) const;
  absl::Status End(Lease& lease, v1::PlanState state, const std::string& failure) const;

  const Dependencies dependencies_;
  const PlanSource& source_;
  const PlanRunsOptions options_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PLAN_RUNS_H_
