// The use cases of matching: see MatchService in leye/v1/match.proto.
//
//   const Matching matching({holder, rulesets, catalogue, clock});
//   absl::StatusOr<v1::RankCandidatesResponse> ranked = matching.RankCandidates(request, context);
//
// Reads the current snapshot only: never the store, never waiting for a writer (but for
// `min_revisions`, which wait until the call's deadline). An answer's names, scores and words are
// all of one snapshot. Errors beside bad input: NOT_FOUND names what is missing; UNAVAILABLE
// (reason NOT_READY) until the first snapshot; FAILED_PRECONDITION (AREA_UNKNOWN) for a person
// whose household or settlement area is not on record, so that there is no distance to judge by.
#ifndef LEYE_SERVICES_APP_MATCHING_H_
#define LEYE_SERVICES_APP_MATCHING_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"

#include "leye/v1/match.pb.h"
#include "services/app/catalogue.h"
#include "services/app/context.h"
#include "services/app/match_figures.h"
#include "services/app/matching_query.h"
#include "services/app/matching_world.h"
#include "services/app/ruleset_source.h"
#include "services/base/clock.h"

namespace leye::app {

class MatchWatch;
class MatchWatches;
class Showings;

// UNAVAILABLE (NOT_READY): no snapshot yet.
absl::Status NotReady();

// The first world that includes all of `revisions`; waits until the call's deadline, or until
// nobody waits for the answer.
absl::StatusOr<MatchWorldSource::World> AwaitWorld(
    const MatchWorldSource& worlds, const std::vector<store::RegionRevision>& revisions,
    const Clock& clock, const CallContext& context);

// All that is referred to outlives Matching.
struct MatchingDependencies {
  MatchWorldSource worlds;  // Made from a live::SnapshotHolder.
  const RulesetSource& rulesets;
  const Catalogue& catalogue;
  const Clock& clock;
  MatchFigures* figures = nullptr;        // Counts the searches; null: nobody does.
  const MatchWatches* watches = nullptr;  // Null: nothing can be watched.
  Showings* showings = nullptr;           // Is told who was shown; null: nobody is.
};

// Thread-safe.
class Matching {
 public:
  explicit Matching(const MatchingDependencies& dependencies);
  ~Matching();

  absl::StatusOr<v1::RankCandidatesResponse> RankCandidates(
      const v1::RankCandidatesRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::RecommendPostingsResponse> RecommendPostings(
      const v1::RecommendPostingsRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ExplainMatchResponse> ExplainMatch(const v1::ExplainMatchRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::ScorePairsResponse> ScorePairs(const v1::ScorePairsRequest& request,
                                                    const CallContext& context) const;
  // As MatchWatches.
  absl::StatusOr<std::unique_ptr<MatchWatch>> WatchMatches(const v1::WatchMatchesRequest& request,
                                                           const CallContext& context) const;

 private:
  class RankerPool;

  absl::StatusOr<MatchWorldSource::World> TakeWorld(const MatchQuery& query,
                                                    const CallContext& context) const;
  // By which a posting or a person is judged today: that of the region of its name.
  RulesetSource::Ruleset RulesetFor(absl::string_view name) const;
  matcher::FitContext FitContextFor(const MatchQuery& query, const MatchWorld& world) const;

  const MatchingDependencies dependencies_;
  const MatchQueryReader reader_;
  const std::unique_ptr<RankerPool> rankers_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCHING_H_
