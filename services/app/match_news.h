// What one reader of matches has not been told yet: a set of names, put in by the rounds
// (match_watch_rounds.h) and taken out by the reader (match_watch.h).
//
//   news->Put({.name = name, .id = id, .added = true});      // the rounds
//   news->Offer({world, ruleset, day});
//   auto batch = news->Take();                                // the reader
//
// A reader is told what its list must become, not how it came about: what was added and removed
// again before it was read is nothing. So a slow reader costs no more memory than its list, and
// keeps no world: the rounds take their offer back before they go on, and offer the next world.
//
// Thread-safe.
#ifndef LEYE_SERVICES_APP_MATCH_NEWS_H_
#define LEYE_SERVICES_APP_MATCH_NEWS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "matcher/units.h"
#include "services/app/matching_world.h"
#include "services/app/ruleset_source.h"
#include "services/app/watch_hub.h"
#include "services/base/mutex.h"

namespace leye::app {

// A match that a reader must add to its list, or remove.
struct MatchNotice {
  std::string name;
  uint64_t id = 0;  // A CandidateId or a PostingId.
  bool added = false;
};

// As of when a list is right.
struct MatchState {
  std::shared_ptr<const MatchWorld> world;
  RulesetSource::Ruleset ruleset;
  matcher::Day day;
};

class MatchNews {
 public:
  // So many changes that nobody reads end a watch.
  static constexpr size_t kMostUnread = 4'096;
  // A batch has no more: it is written out in full, and a slow client holds it.
  static constexpr size_t kMostAtOnce = 32;

  struct Batch {
    std::vector<MatchNotice> notices;  // Empty when the list was right from the start.
    MatchState state;
    bool last = false;  // With these the list is right.
  };

  // For the rounds.

  // Takes back what was offered. False: there is nothing to tell.
  bool Withdraw() ABSL_LOCKS_EXCLUDED(mutex_);
  // REQUIRES: nothing is offered. OUT_OF_RANGE (READER_TOO_SLOW) when too much is unread.
  absl::Status Put(MatchNotice notice) ABSL_LOCKS_EXCLUDED(mutex_);
  // What was put in makes the list right as of `state`. False when there is nothing to tell.
  bool Offer(const MatchState& state) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether the reader has looked in vain since the last offer, and so must be woken.
  bool awaited() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);
  // The reader is told this, and nothing more.
  void End(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);
  // Nobody reads any more.
  bool closed() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The server is about to end.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // For the reader.

  // Wakes it now and whenever it has looked in vain and there is something.
  void WakeBy(const std::shared_ptr<Watcher>& watcher) ABSL_LOCKS_EXCLUDED(mutex_);
  // What is offered, or a part of it; absent when nothing is. An error ends the watch.
  absl::StatusOr<std::optional<Batch>> Take() ABSL_LOCKS_EXCLUDED(mutex_);
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  std::shared_ptr<Watcher> watcher() const ABSL_LOCKS_EXCLUDED(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, MatchNotice> notices_ ABSL_GUARDED_BY(mutex_);
  bool right_ ABSL_GUARDED_BY(mutex_) = false;  // What was taken last made the list right.
  size_t unread_ ABSL_GUARDED_BY(mutex_) = 0;   // Changes since the last Take.
  std::optional<MatchState> offer_ ABSL_GUARDED_BY(mutex_);
  bool awaited_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  std::weak_ptr<Watcher> watcher_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_NEWS_H_
