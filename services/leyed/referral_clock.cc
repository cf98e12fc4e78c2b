#include "services/leyed/referral_clock.h"

#include "services/base/status.h"

namespace leye {

ReferralClock::ReferralClock(const ReferralClockOptions& options, const app::Referrals& referrals,
                             store::Store& store, const Logger& logger)
    : options_(options),
      referrals_(referrals),
      store_(store),
      logger_(logger),
      thread_(options.interval, [this] { Round(); }) {}

void ReferralClock::Round() const {
  const absl::Status done = ExpireAll();
  if (!done.ok()) logger_.Warning("referrals that are due wait", {{"error", done.ToString()}});
}

absl::Status ReferralClock::ExpireAll() const {
  LEYE_ASSIGN_OR_RETURN(const store::Heads regions, store_.ListRegions());
  absl::Status first_error;
  for (const auto& [region, head] : regions) {
    const absl::StatusOr<int> ended = referrals_.ExpireDue(region, options_.batch);
    first_error.Update(ended.status());  // A region that cannot be looked at keeps no other.
    if (ended.ok() && *ended > 0) {
      logger_.Info("referrals have expired", {{"region", region.code()}, {"count", *ended}});
    }
  }
  return first_error;
}

}  // namespace leye
