// Why a step of a referral is refused, in English and Chinese. Nothing here names a person but by
// the name of the record.
#ifndef LEYE_SERVICES_APP_REFERRAL_ERRORS_H_
#define LEYE_SERVICES_APP_REFERRAL_ERRORS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "leye/v1/referral.pb.h"
#include "matcher/finding.h"
#include "matcher/vocabulary.h"

namespace leye::app {

// ALREADY_EXISTS, PAIR_OPEN.
absl::Status PairOpen(const std::string& open_referral);
// FAILED_PRECONDITION, PERSON_HELD: by `referral`, if that is known.
absl::Status PersonHeld(const std::string& candidate, const std::string& referral);
// FAILED_PRECONDITION, NO_OPENING; `reserved_left`: of which all are for a group of others.
absl::Status NoOpening(const std::string& posting, int64_t reserved_left);
// FAILED_PRECONDITION, NO_CONSENT: to be shown to employers.
absl::Status NotShownToEmployers(const std::string& candidate);
// FAILED_PRECONDITION, NOT_ELIGIBLE, naming every rule with its causes.
absl::Status NotEligible(const std::vector<matcher::Finding>& failures);
// FAILED_PRECONDITION, WRONG_STATE, naming the steps that are allowed.
absl::Status StepNotAllowed(const v1::Referral& referral, v1::ReferralEvent event,
                            matcher::Channel channel);
// FAILED_PRECONDITION, TOO_EARLY.
absl::Status TooEarly(v1::ReferralEvent event, absl::Time not_before);
// FAILED_PRECONDITION, CHANNEL_CHANGED.
absl::Status ChannelChanged(const v1::Referral& referral);
// FAILED_PRECONDITION, OVERDUE.
absl::Status Overdue(const v1::Referral& referral);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_ERRORS_H_
