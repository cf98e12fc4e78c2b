// What every engine of the store is built from.

#ifndef LEYE_SERVICES_STORE_ENVIRONMENT_H_
#define LEYE_SERVICES_STORE_ENVIRONMENT_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/random.h"

namespace leye::store {

// All must outlive the store.
struct StoreEnvironment {
  const Clock& clock;
  RandomSource& random;
  const Logger& logger;
};

// A number for an epoch that begins now, seconds and 20 random bits: later ones are greater, and no
// two of the same second are likely to be the same. Far below kMaxEpoch.
inline uint64_t EpochCandidate(const Clock& clock, RandomSource& random) {
  constexpr int kRandomBits = 20;
  const auto seconds =
      static_cast<uint64_t>(std::max<int64_t>(absl::ToUnixSeconds(clock.Now()), 1));
  return seconds << kRandomBits | random.Next() >> (64 - kRandomBits);
}

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_ENVIRONMENT_H_
