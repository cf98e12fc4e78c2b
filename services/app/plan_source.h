// What plans are made from at a moment: the world, the ruleset, the postings that a filter selects.
//
//   const PlanSource source(dependencies, book, holder, postings);
//   LEYE_ASSIGN_OR_RETURN(PlanBasis basis, source.BasisOf(plan, deadline));
//   LEYE_ASSIGN_OR_RETURN(std::vector<std::string> names, source.PostingsOf(plan, context));
#ifndef LEYE_SERVICES_APP_PLAN_SOURCE_H_
#define LEYE_SERVICES_APP_PLAN_SOURCE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/v1/plan.pb.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"
#include "services/app/plan_problem.h"
#include "services/app/postings.h"
#include "services/app/ruleset_book.h"

namespace leye::app {

// Thread-safe.
class PlanSource {
 public:
  // All but the source of worlds outlive this, and the holder behind that.
  PlanSource(const Dependencies& dependencies, const RulesetBook& book, MatchWorldSource worlds,
             const Postings& postings);

  // The ruleset in force in a region today, by name.
  std::string InForce(store::Region region) const;

  // A world that holds all that was stored of a region at the call. DEADLINE_EXCEEDED: matching
  // lags behind for seconds, or until `deadline`.
  absl::StatusOr<MatchWorldSource::World> WorldOf(store::Region region, absl::Time deadline) const;

  // The plan's ruleset, and such a world. NOT_FOUND: there is no such ruleset.
  absl::StatusOr<PlanBasis> BasisOf(const v1::Plan& plan, absl::Time deadline) const;

  // The same with the world as it is, without waiting. UNAVAILABLE (NOT_READY): there is none yet.
  absl::StatusOr<PlanBasis> BasisNow(const v1::Plan& plan) const;

  // The names of the plan's postings; of a filter's those of its division, one more than may take
  // part at most. INVALID_ARGUMENT names `plan.posting_filter`.
  absl::StatusOr<std::vector<std::string>> PostingsOf(const v1::Plan& plan,
                                                      const CallContext& context) const;

 private:
  const Dependencies dependencies_;
  const RulesetBook& book_;
  const MatchWorldSource worlds_;
  const Postings& postings_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PLAN_SOURCE_H_
