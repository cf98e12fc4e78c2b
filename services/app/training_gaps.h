// Which one skill, taught in which area, would fill the most openings that nobody can fill today:
// FindTrainingGaps.
//
// A posting is short when it has more openings left than people who are eligible for it. Whoever
// becomes eligible when one of the skills it asks for is waived, and nothing else, could be taught
// that skill. So each such posting is ranked once as it is and once without each of its skills.
#ifndef LEYE_SERVICES_APP_TRAINING_GAPS_H_
#define LEYE_SERVICES_APP_TRAINING_GAPS_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

#include "leye/v1/report.pb.h"
#include "matcher/ruleset.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"

namespace leye::app {

struct GapsQuestion {
  store::Region region;
  std::string area;  // Full name; empty: every area.
  size_t max_gaps = 0;
};

// Of the region's people and postings that the caller reaches. CANCELLED and DEADLINE_EXCEEDED as
// the call.
absl::StatusOr<v1::FindTrainingGapsResponse> FindGaps(const GapsQuestion& question,
                                                      const MatchWorld& world,
                                                      const matcher::Ruleset& ruleset,
                                                      const Dependencies& dependencies,
                                                      const CallContext& context);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_TRAINING_GAPS_H_
