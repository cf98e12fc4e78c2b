// Ends the referrals whose time is over, so that what they hold is free again by itself.
//
//   ReferralClock expiry({}, referrals, *store, log);     // until it is destroyed
//
// What is due stands in the store, ordered by time (app/referral_ledger.h): each round reads the
// first records of each region, so it costs next to nothing while nothing is due, and what became
// due while no server ran is ended by the first round. Several servers on one store may do it at
// once.
#ifndef LEYE_SERVICES_LEYED_REFERRAL_CLOCK_H_
#define LEYE_SERVICES_LEYED_REFERRAL_CLOCK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "services/app/referrals.h"
#include "services/base/interval_thread.h"
#include "services/base/logging.h"
#include "services/store/store.h"

namespace leye {

struct ReferralClockOptions {
  absl::Duration interval = absl::Seconds(1);  // Between rounds.
  int batch = 200;                             // Referrals of a region at a time.
};

// Thread-safe. All that is given outlives it.
class ReferralClock {
 public:
  ReferralClock(const ReferralClockOptions& options, const app::Referrals& referrals,
                store::Store& store, const Logger& logger);

 private:
  void Round() const;
  absl::Status ExpireAll() const;

  const ReferralClockOptions options_;
  const app::Referrals& referrals_;
  store::Store& store_;
  const Logger& logger_;
  IntervalThread thread_;  // Ends first, with the round that is under way.
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_REFERRAL_CLOCK_H_
