#include "services/store/log_holds.h"

#include <algorithm>

namespace leye::store {

void LogHolds::Add(const LogHold& hold, absl::Time now) {
  MutexLock lock(mutex_);
  holds_[{hold.region, hold.holder}] = {hold.from, now + hold.lease};
}

uint64_t LogHolds::LeastNeeded(Region region, uint64_t keep_from, absl::Time now) {
  MutexLock lock(mutex_);
  std::erase_if(holds_, [now](const auto& hold) { return hold.second.until <= now; });
  for (const auto& [holder, held] : holds_) {
    if (holder.first == region) keep_from = std::min(keep_from, held.from);
  }
  return keep_from;
}

}  // namespace leye::store
