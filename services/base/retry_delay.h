// When to try again, beside an error.
//
//   return WithRetryDelay(Error(absl::StatusCode::kResourceExhausted, ...), absl::Seconds(1));
//
// It travels as services/base/status.h's details do: google.rpc.RetryInfo in its own wire format.

#ifndef LEYE_SERVICES_BASE_RETRY_DELAY_H_
#define LEYE_SERVICES_BASE_RETRY_DELAY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace leye {

inline constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

// `status` with the delay, rounded up to a millisecond. REQUIRES: `status` is an error, `delay` is
// finite and not negative.
absl::Status WithRetryDelay(absl::Status status, absl::Duration delay);

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_RETRY_DELAY_H_
