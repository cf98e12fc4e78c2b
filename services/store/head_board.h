// The heads of all regions as this process knows them, and a way to wait for one to move.

#ifndef LEYE_SERVICES_STORE_HEAD_BOARD_H_
#define LEYE_SERVICES_STORE_HEAD_BOARD_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::store {

// Thread-safe.
class HeadBoard {
 public:
  // Sets the heads of the regions in `changed` and wakes all who wait.
  void Publish(const Heads& changed) ABSL_LOCKS_EXCLUDED(mutex_);

  // The same for heads that come from several threads in any order, where epochs only go up: what
  // is not ahead of what is known is left out.
  void Raise(const Heads& heads) ABSL_LOCKS_EXCLUDED(mutex_);

  // As Store::Head, Store::ListRegions and Store::WaitForChange; UNAVAILABLE once closed.
  absl::StatusOr<Revision> Head(Region region) const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Heads> All() const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Heads> WaitForChange(const Heads& known, absl::Duration timeout) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Wakes all who wait; they and all later callers get UNAVAILABLE.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  bool DiffersFrom(const Heads& known) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  mutable CondVar changed_;
  Heads heads_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_HEAD_BOARD_H_
