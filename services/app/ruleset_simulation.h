// What another ruleset would change: postings ranked by both at one snapshot.
#ifndef LEYE_SERVICES_APP_RULESET_SIMULATION_H_
#define LEYE_SERVICES_APP_RULESET_SIMULATION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "leye/v1/ruleset.pb.h"
#include "matcher/ruleset.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"

namespace leye::app {

struct RulesetComparison {
  std::vector<std::string> postings;  // Full names.
  const matcher::Ruleset& before;
  const matcher::Ruleset& after;
  // Whether congestion counts, those of the postings included that come earlier in the list.
  bool congested_before = false;
  bool congested_after = false;
  size_t limit = 20;  // How many are ranked for each.
};

// The answer but for the names of the rulesets. NOT_FOUND names every posting that is missing;
// CANCELLED and DEADLINE_EXCEEDED as the call.
absl::StatusOr<v1::SimulateRulesetResponse> CompareRulesets(const RulesetComparison& comparison,
                                                            const MatchWorld& world,
                                                            const Dependencies& dependencies,
                                                            const CallContext& context);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RULESET_SIMULATION_H_
