#include "services/live/snapshot.h"

#include <algorithm>
#include <utility>

#include "services/base/status.h"

namespace leye::live {
namespace {

bool IncludesAll(const LiveSnapshot* snapshot,
                 const std::vector<store::RegionRevision>& revisions) {
  if (snapshot == nullptr) return false;
  return std::ranges::all_of(revisions, [&](const store::RegionRevision& revision) {
    return snapshot->Includes(revision);
  });
}

absl::Status NotReached() {
  return WithMessageZh(Error(absl::StatusCode::kDeadlineExceeded, "REVISION_NOT_REACHED",
                             "the snapshot did not reach the revisions asked for in time"),
                       "快照未能在时限内达到所要求的版本");
}

}  // namespace

bool LiveSnapshot::Includes(const store::RegionRevision& revision) const {
  const auto at = revisions.find(revision.region);
  return at != revisions.end() && at->second >= revision.revision;
}

std::shared_ptr<const LiveSnapshot> SnapshotHolder::Get() const {
  MutexLock lock(mutex_);
  return snapshot_;
}

absl::Time SnapshotHolder::current() const {
  MutexLock lock(mutex_);
  return current_;
}

void SnapshotHolder::SetCurrent(absl::Time current) {
  MutexLock lock(mutex_);
  current_ = current;
}

void SnapshotHolder::Publish(std::shared_ptr<const LiveSnapshot> snapshot,
                             const matcher::ChangedIds& changed) {
  // The old snapshot is let go outside the lock: freeing it may take a while.
  {
    MutexLock lock(mutex_);
    std::swap(snapshot_, snapshot);
    untaken_.Add(changed);
    taken_ = false;
  }
  published_.NotifyAll();
}

SnapshotChanges SnapshotHolder::TakeChanges(SteadyTime deadline) {
  MutexLock lock(mutex_);
  while (taken_ && published_.WaitUntil(mutex_, deadline)) {
  }
  taken_ = true;
  return {.snapshot = snapshot_, .changed = std::exchange(untaken_, {})};
}

absl::StatusOr<std::shared_ptr<const LiveSnapshot>> SnapshotHolder::WaitFor(
    const std::vector<store::RegionRevision>& revisions, SteadyTime deadline) const {
  MutexLock lock(mutex_);
  while (!IncludesAll(snapshot_.get(), revisions)) {
    if (!published_.WaitUntil(mutex_, deadline) && !IncludesAll(snapshot_.get(), revisions)) {
      return NotReached();
    }
  }
  return snapshot_;
}

}  // namespace leye::live
