// Does what a person's consent and the retention periods ask for when time passes: cancels the
// referrals of those whose consent has ended, and once a day erases what is over for long enough.
//
//   PersonalDataClock clock({}, {referrals, retention, *store, clock, audit, log});
//
// Referrals of a region are looked at when anything there has changed since, or the day has: by an
// update or an import, too, a consent ends. Until then enterprises reach nobody whose consent has
// ended (access/reach.h). What is erased is written into the audit. Several servers on one store
// may do it at once.
#ifndef LEYE_SERVICES_LEYED_PERSONAL_DATA_CLOCK_H_
#define LEYE_SERVICES_LEYED_PERSONAL_DATA_CLOCK_H_

#include <map>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "services/access/audit.h"
#include "services/app/referrals.h"
#include "services/app/retention.h"
#include "services/base/clock.h"
#include "services/base/interval_thread.h"
#include "services/base/logging.h"
#include "services/store/store.h"

namespace leye {

struct PersonalDataClockOptions {
  absl::Duration interval = absl::Minutes(1);  // Between rounds.
};

// Thread-safe. All that is given outlives it.
class PersonalDataClock {
 public:
  struct Parts {
    const app::Referrals& referrals;
    const app::Retention& retention;
    store::Store& store;
    const Clock& clock;
    access::AuditLog* audit;  // Null: none.
    const Logger& log;
  };

  PersonalDataClock(const PersonalDataClockOptions& options, const Parts& parts);

 private:
  // When a region was last gone through without an error.
  struct Seen {
    store::Revision head;
    absl::CivilDay cancelled;
    absl::CivilDay erased;
  };

  void Round();
  absl::Status Visit(store::Region region, const store::Revision& head, absl::CivilDay today);
  absl::Status Erase(store::Region region);

  const Parts parts_;
  std::map<store::Region, Seen> seen_;  // Of the thread.
  IntervalThread thread_;               // Ends first, with the round that is under way.
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_PERSONAL_DATA_CLOCK_H_
