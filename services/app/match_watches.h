// The use case of watching matches: see WatchMatches in leye/v1/match.proto.
//
//   MatchWatches watches({holder, rulesets, catalogue, clock});      // a live::SnapshotHolder
//   auto watch = watches.WatchMatches(request, context);
//   ...
//   watches.Stop();      // before the server drains: every watch is told to end
//
// One thread finds what has changed for all watches (match_watch_rounds.h); without watches it does
// nothing. Errors beside bad input: PERMISSION_DENIED for a direction in which the caller may not
// look (an employer for postings, an app for people); RESOURCE_EXHAUSTED (TOO_MANY_WATCHES).
// Everything else ends the watch later, as its stream.
#ifndef LEYE_SERVICES_APP_MATCH_WATCHES_H_
#define LEYE_SERVICES_APP_MATCH_WATCHES_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"

#include "leye/v1/match.pb.h"
#include "services/app/context.h"
#include "services/app/match_watch.h"
#include "services/app/matching_query.h"
#include "services/app/matching_world.h"

namespace leye::app {

// Thread-safe.
class MatchWatches {
 public:
  static constexpr size_t kMostWatches = 20'000;

  // All outlive the watches.
  struct Parts {
    MatchChangeSource changes;  // Read by nobody else.
    const RulesetSource& rulesets;
    const Catalogue& catalogue;
    const Clock& clock;
    Showings* showings = nullptr;  // Is told who was shown; null: nobody is.
  };

  explicit MatchWatches(const Parts& parts);
  // Stops.
  ~MatchWatches();

  absl::StatusOr<std::unique_ptr<MatchWatch>> WatchMatches(const v1::WatchMatchesRequest& request,
                                                           const CallContext& context) const;

  // Stops every watch and returns when the thread has ended. Idempotent.
  void Stop();

 private:
  class Loop;

  absl::StatusOr<MatchQuestion> Read(const v1::WatchMatchesRequest& request,
                                     const CallContext& context) const;

  const Parts parts_;
  const FieldValidator validator_;
  const MatchQueryReader reader_;
  const std::unique_ptr<Loop> loop_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_WATCHES_H_
