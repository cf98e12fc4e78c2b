// The changes of a region's referrals (record_watch.h).
#ifndef LEYE_SERVICES_APP_REFERRAL_WATCH_H_
#define LEYE_SERVICES_APP_REFERRAL_WATCH_H_

#include "leye/v1/referral.pb.h"
#include "services/app/record_watch.h"

namespace leye::app {

// Thread-compatible.
class ReferralWatch final : public RecordWatch<v1::WatchReferralsResponse> {
 public:
  // Events after `from` of what `caller` reaches. What the dependencies name outlives the watch.
  ReferralWatch(const Dependencies& dependencies, const CallContext& caller,
                store::RegionRevision from);
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_WATCH_H_
