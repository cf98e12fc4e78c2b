// What a query reads: everything in memory at one moment, and where to get it.
//
//   std::shared_ptr<const LiveSnapshot> now = holder.Get();        // one pointer copy
//   ranker.RankCandidates(*now->people, posting, request, basis);
//   now->directory.NameOf(entry.order.id);
//
// A snapshot is immutable: whoever holds it sees one revision of every region, however long. The
// follower publishes; readers neither wait for it nor make it wait.
#ifndef LEYE_SERVICES_LIVE_SNAPSHOT_H_
#define LEYE_SERVICES_LIVE_SNAPSHOT_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "matcher/candidate_index.h"
#include "matcher/changed_ids.h"
#include "matcher/posting_index.h"
#include "matcher/travel_table.h"
#include "services/base/mutex.h"
#include "services/live/directory.h"
#include "services/store/store.h"

namespace leye::live {

struct LiveSnapshot {
  std::shared_ptr<const matcher::CandidateSnapshot> people;  // Never null.
  std::shared_ptr<const matcher::PostingSnapshot> postings;  // Never null.
  std::shared_ptr<const matcher::TravelTable> travel_times;  // Null: no time is known.
  Directory directory;
  store::Heads revisions;  // The revision of each region.
  absl::Time published;

  // True when this state includes `revision`, that is, it is of the same epoch and not earlier.
  bool Includes(const store::RegionRevision& revision) const;
  // True when it never will: `revision` is of an epoch before that of this state.
  bool IsPast(const store::RegionRevision& revision) const;
};

// What has changed since somebody looked last.
struct SnapshotChanges {
  std::shared_ptr<const LiveSnapshot> snapshot;  // The current one; null until there is one.
  matcher::ChangedIds changed;
};

// The current snapshot. Thread-safe.
class SnapshotHolder {
 public:
  // Null until the first one is published.
  std::shared_ptr<const LiveSnapshot> Get() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Everything that was in the store at this time is in what Get and WaitFor give from now on: how
  // old answers may be. An engine may need a few seconds to notice that it hears nothing any more.
  // InfinitePast when that was never so.
  absl::Time current() const ABSL_LOCKS_EXCLUDED(mutex_);
  void SetCurrent(absl::Time current) ABSL_LOCKS_EXCLUDED(mutex_);

  // REQUIRES: not null. `changed`: who may differ from the snapshot before.
  void Publish(std::shared_ptr<const LiveSnapshot> snapshot,
               const matcher::ChangedIds& changed = matcher::ChangedIds::Everything())
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Who may differ from the snapshot of the call before; waits for a later one until `deadline`.
  // For one caller, who misses nothing however long ago that was.
  SnapshotChanges TakeChanges(SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);

  // The first snapshot that includes all of `revisions`; waits for it until `deadline`.
  // DEADLINE_EXCEEDED (reason REVISION_NOT_REACHED) when there is none by then; OUT_OF_RANGE
  // (EPOCH_CHANGED) as soon as it is known that there never will be one.
  absl::StatusOr<std::shared_ptr<const LiveSnapshot>> WaitFor(
      const std::vector<store::RegionRevision>& revisions, SteadyTime deadline) const
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable Mutex mutex_;
  mutable CondVar published_;
  std::shared_ptr<const LiveSnapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
  absl::Time current_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  matcher::ChangedIds untaken_ ABSL_GUARDED_BY(mutex_);
  bool taken_ ABSL_GUARDED_BY(mutex_) = true;  // There is no later snapshot than TakeChanges gave.
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_SNAPSHOT_H_
