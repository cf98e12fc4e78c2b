#include "services/store/head_board.h"

#include <algorithm>
#include <utility>

#include "services/store/errors.h"

namespace leye::store {

void HeadBoard::Publish(const Heads& changed) {
  {
    MutexLock lock(mutex_);
    for (const auto& [region, revision] : changed) heads_[region] = revision;
  }
  changed_.NotifyAll();
}

void HeadBoard::Raise(const Heads& heads) {
  {
    MutexLock lock(mutex_);
    for (const auto& [region, revision] : heads) {
      Revision& known = heads_[region];
      if (std::pair(known.epoch, known.sequence) < std::pair(revision.epoch, revision.sequence)) {
        known = revision;
      }
    }
  }
  changed_.NotifyAll();
}

absl::StatusOr<Revision> HeadBoard::Head(Region region) const {
  MutexLock lock(mutex_);
  if (closed_) return StoreClosed();
  const auto found = heads_.find(region);
  return found == heads_.end() ? Revision() : found->second;
}

absl::StatusOr<Heads> HeadBoard::All() const {
  MutexLock lock(mutex_);
  if (closed_) return StoreClosed();
  return heads_;
}

absl::StatusOr<Heads> HeadBoard::WaitForChange(const Heads& known, absl::Duration timeout) const {
  const SteadyTime deadline = SteadyDeadline(timeout);
  MutexLock lock(mutex_);
  while (!closed_ && !DiffersFrom(known)) {
    if (!changed_.WaitUntil(mutex_, deadline)) break;
  }
  if (closed_) return StoreClosed();
  return heads_;
}

void HeadBoard::Close() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  changed_.NotifyAll();
}

bool HeadBoard::DiffersFrom(const Heads& known) const {
  return std::any_of(heads_.begin(), heads_.end(), [&](const auto& head) {
    const auto found = known.find(head.first);
    return found == known.end() || found->second != head.second;
  });
}

}  // namespace leye::store
