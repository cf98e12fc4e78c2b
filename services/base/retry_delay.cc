#include "services/base/retry_delay.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/cord.h"

#include "services/base/wire.h"

namespace leye {

absl::Status WithRetryDelay(absl::Status status, absl::Duration delay) {
  constexpr int kRetryDelay = 1;  // Of RetryInfo.
  constexpr int kSeconds = 1;     // Of Duration.
  constexpr int kNanos = 2;
  absl::Duration rest = absl::Ceil(delay, absl::Milliseconds(1));
  const int64_t seconds = absl::IDivDuration(rest, absl::Seconds(1), &rest);
  std::string duration;
  wire::AppendNumber(kSeconds, static_cast<uint64_t>(seconds), duration);
  wire::AppendNumber(kNanos, static_cast<uint64_t>(absl::ToInt64Nanoseconds(rest)), duration);
  std::string info;
  wire::AppendField(kRetryDelay, duration, info);
  status.SetPayload(kRetryInfoUrl, absl::Cord(std::move(info)));
  return status;
}

}  // namespace leye
