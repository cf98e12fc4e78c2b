// For which postings people were shown: counted in memory as answers are given, written down every
// few seconds, one record a person under the person's name (Kind::kShowings). README.md says what
// counts, what is lost, and when it is forgotten.
//
//   Showings showings(store, worlds, clock);
//   showings.Note(posting, ids);            // in the call: no store, no waiting for it
//   showings.WriteDown();                   // by a clock
#ifndef LEYE_SERVICES_APP_SHOWINGS_H_
#define LEYE_SERVICES_APP_SHOWINGS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "leye/storage/v1/showings.pb.h"
#include "matcher/congestion.h"
#include "matcher/posting_profile.h"
#include "services/app/matching_world.h"
#include "services/base/clock.h"
#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::app {

// Thread-safe. All that is given outlives it.
class Showings {
 public:
  // Of a person the latest so many postings are kept.
  static constexpr int kMostKept = 200;
  // So many pairs wait to be written down; more are not counted.
  static constexpr size_t kMostWaiting = 50'000;

  Showings(store::Store& store, MatchWorldSource worlds, const Clock& clock)
      : store_(store), worlds_(std::move(worlds)), clock_(clock) {}

  // That `people` stood in an answer about the posting. Of enterprise postings only.
  void Note(const matcher::PostingProfile& posting, const std::vector<matcher::CandidateId>& people)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns how often a pair was not counted since the last time. What could not be written waits
  // for the next time.
  absl::StatusOr<int64_t> WriteDown() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Pair = std::pair<matcher::CandidateId, matcher::PostingId>;
  using Pairs = absl::flat_hash_set<Pair>;
  using ByPerson = std::map<std::string, std::vector<Pair>>;  // By full name.

  Pairs TakeWaiting() ABSL_LOCKS_EXCLUDED(mutex_);
  void Add(const Pair& pair) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WriteRegion(store::Region region, ByPerson& people, matcher::Day today)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status WriteSome(store::Region region, const ByPerson& people, matcher::Day today) const;

  store::Store& store_;
  const MatchWorldSource worlds_;
  const Clock& clock_;
  Mutex mutex_;
  Pairs waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t uncounted_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Adds that a person was shown today for `posting`, and forgets what is too old or too much.
void AddShowing(matcher::PostingId posting, matcher::Day today, storage::v1::Showings& showings);

// For the commit that deletes a person: their showings go with them.
absl::Status EraseShowings(store::Store& store, store::Region region, const std::string& person,
                           std::vector<store::Mutation>& mutations);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_SHOWINGS_H_
