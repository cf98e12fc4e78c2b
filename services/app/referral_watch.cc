#include "services/app/referral_watch.h"

#include "services/app/record_codec.h"

namespace leye::app {
namespace {

absl::Status FillReferral(const store::Record& record, v1::WatchReferralsResponse& response) {
  return DecodeOpenInto(record, *response.mutable_referral());
}

}  // namespace

ReferralWatch::ReferralWatch(const Dependencies& dependencies, const CallContext& caller,
                             store::RegionRevision from)
    : RecordWatch(ChangeFeed(dependencies, caller, store::Kind::kReferral, from), FillReferral) {}

}  // namespace leye::app
