#include "services/store/sqlite_readers.h"

#include "services/store/errors.h"

namespace leye::store::sqlite {

absl::StatusOr<ReaderPool::Lease> ReaderPool::Borrow() {
  MutexLock lock(mutex_);
  while (idle_.empty() && !closed_) returned_.Wait(mutex_);
  if (closed_) return StoreClosed();
  Lease lease{{idle_.back().release(), Return{this}}};
  idle_.pop_back();
  return lease;
}

void ReaderPool::GiveBack(Connection* connection) {
  MutexLock lock(mutex_);
  idle_.emplace_back(connection);
  // All: a closing thread waits for the last one, beside threads that wait for any.
  returned_.NotifyAll();
}

void ReaderPool::Close() {
  MutexLock lock(mutex_);
  if (closed_) return;
  closed_ = true;
  returned_.NotifyAll();
  while (idle_.size() < total_) returned_.Wait(mutex_);
  idle_.clear();
}

}  // namespace leye::store::sqlite
