// How often a principal may call a method: a token bucket for each pair.
//
//   RateLimits limits({.calls_per_second = 20, .burst = 40}, clock);
//   LEYE_RETURN_IF_ERROR(limits.Take(principal, method));
//
// A call takes one token; tokens come back evenly. Operators are not limited. Buckets that are full
// again say nothing and are forgotten now and then, so memory is bounded by who called lately.
#ifndef LEYE_SERVICES_ACCESS_RATE_LIMITS_H_
#define LEYE_SERVICES_ACCESS_RATE_LIMITS_H_

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/access/principal.h"
#include "services/base/clock.h"
#include "services/base/mutex.h"

namespace leye::access {

struct RateLimitOptions {
  int calls_per_second = 0;  // Of one principal to one method; 0: no limit.
  int burst = 40;            // As many at once after a pause.
};

// Thread-safe.
class RateLimits {
 public:
  // `clock` outlives it.
  RateLimits(const RateLimitOptions& options, const Clock& clock)
      : options_(options), clock_(clock) {}

  // RESOURCE_EXHAUSTED (RATE_LIMITED) with a google.rpc.RetryInfo that says when a token is back.
  absl::Status Take(const Principal& principal, absl::string_view method)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Buckets that are kept.
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Bucket {
    double tokens;
    absl::Time filled;  // When `tokens` was so.
  };
  using Key = std::pair<std::string, std::string>;

  static constexpr size_t kManyBuckets = 10'000;

  double TokensAt(const Bucket& bucket, absl::Time now) const;
  void ForgetFull(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RateLimitOptions options_;
  const Clock& clock_;
  mutable Mutex mutex_;
  absl::flat_hash_map<Key, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);
  size_t look_at_ ABSL_GUARDED_BY(mutex_) = kManyBuckets;  // Forget full ones at this size.
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_RATE_LIMITS_H_
