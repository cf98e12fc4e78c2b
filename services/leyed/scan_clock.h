// Prepares the next start, of this process or of another on the same store, in the background.
//
//   ScanClock preparing(absl::Minutes(10), *store, log);     // until it is destroyed
#ifndef LEYE_SERVICES_LEYED_SCAN_CLOCK_H_
#define LEYE_SERVICES_LEYED_SCAN_CLOCK_H_

#include <atomic>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "services/base/interval_thread.h"
#include "services/base/logging.h"
#include "services/store/store.h"

namespace leye {

// Thread-safe. All that is given outlives it.
class ScanClock {
 public:
  // Asks the store at once, and whenever `interval` has passed, for what its regions need.
  ScanClock(absl::Duration interval, store::Store& store, const Logger& logger);
  ~ScanClock() { stopping_ = true; }

 private:
  void Round();
  absl::Status PrepareAll();

  store::Store& store_;
  const Logger& logger_;
  std::atomic<bool> stopping_ = false;
  IntervalThread thread_;  // Ends first, with the round that is under way.
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_SCAN_CLOCK_H_
