// Who still needs which part of the log, for an engine that one process has to itself.

#ifndef LEYE_SERVICES_STORE_LOG_HOLDS_H_
#define LEYE_SERVICES_STORE_LOG_HOLDS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::store {

// Thread-safe.
class LogHolds {
 public:
  // Takes the place of an earlier hold of the same holder.
  void Add(const LogHold& hold, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // `keep_from`, or the least that somebody holds at `now` if that is less. Forgets holds that are
  // over.
  uint64_t LeastNeeded(Region region, uint64_t keep_from, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Held {
    uint64_t from;
    absl::Time until;
  };

  Mutex mutex_;
  std::map<std::pair<Region, std::string>, Held> holds_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_LOG_HOLDS_H_
