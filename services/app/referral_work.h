// What a referral writes into the person's own record: that they work here, and that they do no
// more. Figures of households, tiers and terms of public-welfare posts follow from it.
#ifndef LEYE_SERVICES_APP_REFERRAL_WORK_H_
#define LEYE_SERVICES_APP_REFERRAL_WORK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "leye/v1/referral.pb.h"
#include "services/app/working_set.h"

namespace leye::app {

// Whether it is to a public-welfare post.
inline bool IsPublicWelfare(const v1::Referral& referral) {
  return referral.channel() == v1::CHANNEL_PUBLIC_WELFARE;
}

// The person works here from now on. REQUIRES: person and posting exist.
absl::Status StartWork(absl::Time now, const v1::Referral& referral, WorkingSet& set);

// The person is without work again, unless their record says meanwhile that they work elsewhere.
// Nothing happens when there is no such person any more.
absl::Status EndWork(absl::Time now, const v1::Referral& referral, WorkingSet& set);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_WORK_H_
