#include "services/access/rate_limits.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/base/retry_delay.h"
#include "services/base/status.h"

namespace leye::access {
namespace {

absl::Status RateLimited(absl::Duration wait) {
  return WithRetryDelay(
      WithMessageZh(
          Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
                absl::StrCat("too many calls of this kind: try again in ",
                             absl::FormatDuration(absl::Ceil(wait, absl::Milliseconds(1))))),
          "调用过于频繁，请稍后重试"),
      wait);
}

}  // namespace

double RateLimits::TokensAt(const Bucket& bucket, absl::Time now) const {
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  return std::min<double>(options_.burst, bucket.tokens + seconds * options_.calls_per_second);
}

void RateLimits::ForgetFull(absl::Time now) {
  absl::erase_if(buckets_,
                 [&](const auto& entry) { return TokensAt(entry.second, now) >= options_.burst; });
  look_at_ = std::max(kManyBuckets, 2 * buckets_.size());
}

absl::Status RateLimits::Take(const Principal& principal, absl::string_view method) {
  if (options_.calls_per_second == 0 || principal.role == Role::kOperator) return absl::OkStatus();
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  if (buckets_.size() >= look_at_) ForgetFull(now);
  Bucket& bucket =
      buckets_
          .try_emplace(Key(principal.id, std::string(method)),
                       Bucket{.tokens = static_cast<double>(options_.burst), .filled = now})
          .first->second;
  bucket = {.tokens = TokensAt(bucket, now), .filled = now};
  if (bucket.tokens < 1) {
    return RateLimited(absl::Seconds((1 - bucket.tokens) / options_.calls_per_second));
  }
  bucket.tokens -= 1;
  return absl::OkStatus();
}

size_t RateLimits::size() const {
  MutexLock lock(mutex_);
  return buckets_.size();
}

}  // namespace leye::access
