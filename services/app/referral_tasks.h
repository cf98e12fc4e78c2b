// What is to be done about a referral, worked out from its record and the clock.
//
//   const std::optional<v1::ReferralTask> task = TaskOf(referral, WatchOf(household), rules);
//
// Pure, but for ReadWatches: `overdue` is the caller's to set.
#ifndef LEYE_SERVICES_APP_REFERRAL_TASKS_H_
#define LEYE_SERVICES_APP_REFERRAL_TASKS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "leye/v1/household.pb.h"
#include "leye/v1/referral.pb.h"
#include "matcher/ruleset.h"
#include "services/app/referral_machine.h"
#include "services/store/store.h"

namespace leye::app {

// Whether a household is visited every month.
enum class HouseholdWatch : uint8_t { kUsual, kMonitored };
HouseholdWatch WatchOf(const v1::Household& household);

// Reads for each household of the region that `watches` names how it is visited; one that is not
// there any more is kUsual.
absl::Status ReadWatches(store::Store& store, store::Region region,
                         std::map<std::string, HouseholdWatch>& watches);

// When the next follow-up is due: the first day of the schedule after the last visit, or after work
// began. nullopt: none is left, or the person is not at work.
std::optional<absl::Time> NextFollowUp(const v1::Referral& referral, HouseholdWatch watch,
                                       const matcher::ReferralParameters& rules);

// The task, if there is one: a referral waits for one thing at a time.
std::optional<v1::ReferralTask> TaskOf(const v1::Referral& referral, HouseholdWatch watch,
                                       const matcher::ReferralParameters& rules);

// What is due to a household in which nobody works since `left` ended by leaving work.
enum class FirstHelp : uint8_t { kAwaited, kGiven };
v1::ReferralTask TaskOfLoss(const v1::Referral& left, FirstHelp help,
                            const matcher::ReferralParameters& rules);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_TASKS_H_
