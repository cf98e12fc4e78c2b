// Whether a person has agreed to something, on a day.
//
//   IsInForce(person.consent(), v1::CONSENT_SCOPE_EMPLOYERS, Today(clock));
//
// From the day it was given to the day before it was withdrawn, and not past its last day.
#ifndef LEYE_SERVICES_ACCESS_CONSENT_H_
#define LEYE_SERVICES_ACCESS_CONSENT_H_

#include "absl/time/civil_time.h"

#include "leye/v1/candidate.pb.h"

namespace leye::access {

// Whether the consent is for that scope, in force or not.
bool IsFor(v1::ConsentScope scope, const v1::Consent& consent);

bool IsInForce(const v1::Consent& consent, v1::ConsentScope scope, absl::CivilDay day);

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_CONSENT_H_
