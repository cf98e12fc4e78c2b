// Randomness and new ids, passed in.
//
//   SystemRandom random;
//   std::string id = NewId(random, clock.Now());   // "x01hx3k...", 27 characters

#ifndef LEYE_SERVICES_BASE_RANDOM_H_
#define LEYE_SERVICES_BASE_RANDOM_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace leye {

// A source of uniform 64-bit numbers. Thread-safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual uint64_t Next() = 0;
};

// The kernel's generator: cannot be guessed. Costs a system call a number.
class SystemRandom final : public RandomSource {
 public:
  uint64_t Next() override;
};

// The same numbers for the same seed (splitmix64), for tests and generated data only.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  uint64_t Next() override;

 private:
  std::atomic<uint64_t> state_;
};

// A new resource id: "x", then 48 bits of `now` in milliseconds and 80 random bits in lower-case
// Crockford base 32 (the layout of a ULID). Ids made later sort later, to the millisecond, so that
// records written together stand together in a store's name index.
std::string NewId(RandomSource& random, absl::Time now);

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_RANDOM_H_
