// Keeps the store's change log as long as somebody needs it, and no longer.
//
// Every follower tells the store how far it is, under its own name and for a while; and every
// follower now and then trims the log of what it has itself, less some spare. The store keeps what
// the slowest follower that lives has told. One that does not live forgets itself: its lease ends.
//
// Thread-compatible.
#ifndef LEYE_SERVICES_LIVE_LOG_UPKEEP_H_
#define LEYE_SERVICES_LIVE_LOG_UPKEEP_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/store/store.h"

namespace leye::live {

struct LogUpkeepOptions {
  std::string holder = "follower";             // No other process's on the same store.
  absl::Duration lease = absl::Minutes(10);    // After which a hold that was not renewed is over.
  absl::Duration interval = absl::Minutes(1);  // Between two words to the store about a region.
  // Entries that stay though nobody holds them: for who comes back, and for watchers.
  uint64_t spare_entries = 10'000;
};

class LogUpkeep {
 public:
  // All outlive it.
  LogUpkeep(LogUpkeepOptions options, store::Store& store, const Clock& clock, const Logger& logger)
      : options_(std::move(options)), store_(store), clock_(clock), logger_(logger) {}

  // Before `region` is read whole: holds the log from its head on, which the reading will need.
  absl::Status BeforeLoad(store::Region region);

  // While a region is read, which may take longer than the lease: holds what is held for longer,
  // of all regions, once in an interval. What fails is logged and done the next time.
  void Renew();

  // When it is time again: holds what follows `at`, up to which the region was taken, and trims the
  // log. What fails is logged and done the next time.
  void Keep(store::Region region, store::Revision at);

 private:
  struct Held {
    uint64_t from = 0;
    absl::Time renew = absl::InfinitePast();
  };

  absl::Status Hold(store::Region region, uint64_t from);
  void Log(store::Region region, const absl::Status& error) const;

  const LogUpkeepOptions options_;
  store::Store& store_;
  const Clock& clock_;
  const Logger& logger_;
  std::map<store::Region, absl::Time> next_;  // When Keep has work again; absent: now.
  std::map<store::Region, Held> held_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_LOG_UPKEEP_H_
