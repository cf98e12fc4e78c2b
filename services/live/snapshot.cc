#include "services/live/snapshot.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

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

// OK while `snapshot` or a later one may include all of `revisions`.
absl::Status CheckEpochs(const LiveSnapshot* snapshot,
                         const std::vector<store::RegionRevision>& revisions) {
  if (snapshot == nullptr) return absl::OkStatus();
  for (const store::RegionRevision& revision : revisions) {
    if (!snapshot->IsPast(revision)) continue;
    const std::string token = store::FormatToken(revision);
    return WithMessageZh(
        Error(absl::StatusCode::kOutOfRange, "EPOCH_CHANGED",
              absl::StrCat("the store went on from another state, which may lack what was at ",
                           token, ": ask again without it")),
        absl::StrCat("存储已从另一状态继续，可能不含版本 ", token, " 的内容：请去掉该版本后重试"));
  }
  return absl::OkStatus();
}

}  // namespace

bool LiveSnapshot::Includes(const store::RegionRevision& revision) const {
  const auto at = revisions.find(revision.region);
  return at != revisions.end() && at->second >= revision.revision;
}

bool LiveSnapshot::IsPast(const store::RegionRevision& revision) const {
  const auto at = revisions.find(revision.region);
  return at != revisions.end() && revision.revision.epoch < at->second.epoch;
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
    LEYE_RETURN_IF_ERROR(CheckEpochs(snapshot_.get(), revisions));
    if (!published_.WaitUntil(mutex_, deadline) && !IncludesAll(snapshot_.get(), revisions)) {
      return NotReached();
    }
  }
  return snapshot_;
}

}  // namespace leye::live
