// What the thread of match_watches.h does, without the thread: one round takes what has changed in
// the world, finds out whose matches that changes, and lets their readers know.
//
//   MatchWatchRounds rounds({rulesets, catalogue, clock});
//   rounds.Add(question, known, news);
//   rounds.Run(changes.Take(deadline));
//   news->Take();
//
// A round is bounded: so many lists are worked out as a whole, and so many readers are woken; the
// rest comes in the next. Thread-compatible; the watches are read from any thread. Tests and
// benchmarks run rounds by hand.
#ifndef LEYE_SERVICES_APP_MATCH_WATCH_ROUNDS_H_
#define LEYE_SERVICES_APP_MATCH_WATCH_ROUNDS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "services/app/matching_world.h"
#include "services/app/watched_matches.h"
#include "services/base/clock.h"

namespace leye::app {

class MatchWatchRounds {
 public:
  // Of either direction, a round.
  static constexpr size_t kMostWorkedOut = 64;
  static constexpr size_t kMostWoken = 64;  // Each takes a thread of the pool.

  // All outlive the rounds.
  struct Parts {
    const RulesetSource& rulesets;
    const Catalogue& catalogue;
    const Clock& clock;
  };

  explicit MatchWatchRounds(const Parts& parts)
      : clock_(parts.clock),
        postings_({parts.rulesets, parts.catalogue.matcher_catalogue()}),
        people_({parts.rulesets, parts.catalogue.matcher_catalogue()}) {}

  size_t size() const { return postings_.size() + people_.size(); }
  // Another round has something to do, whether the world changes or not.
  bool busy() const { return postings_.busy() || people_.busy(); }

  // `known`: the names in the reader's list.
  void Add(const std::shared_ptr<const MatchQuestion>& question,
           const std::vector<std::string>& known, const std::shared_ptr<MatchNews>& news);

  // Nothing happens until there is a world.
  void Run(const MatchWorldChanges& changes);

  // The server is about to end.
  void StopReaders();

 private:
  const Clock& clock_;
  WatchedMatches<PeopleForPosting> postings_;
  WatchedMatches<PostingsForPerson> people_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_WATCH_ROUNDS_H_
