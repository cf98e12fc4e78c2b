// How long a fault test goes on: a few rounds under ctest, LEYE_FAULT_SECONDS when that is set.

#ifndef LEYE_TESTS_FAULTS_BUDGET_H_
#define LEYE_TESTS_FAULTS_BUDGET_H_

#include <cstdint>
#include <cstdlib>
#include <random>

#include "absl/strings/numbers.h"

#include "services/base/mutex.h"

namespace leye::faults {

inline uint64_t EnvironmentNumber(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t value = otherwise;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

// The seed of this run: LEYE_FAULT_SEED, or a new one. Tests print it with every failure.
inline uint64_t FaultSeed() { return EnvironmentNumber("LEYE_FAULT_SEED", std::random_device()()); }

// Thread-compatible.
class Budget {
 public:
  explicit Budget(int rounds) : rounds_(rounds) {}

  // True while another round is due.
  bool Next() {
    ++round_;
    return round_ <= rounds_ || std::chrono::steady_clock::now() < deadline_;
  }
  int round() const { return round_; }

 private:
  const int rounds_;
  const SteadyTime deadline_ = SteadyDeadline(
      absl::Seconds(static_cast<int64_t>(EnvironmentNumber("LEYE_FAULT_SECONDS", 0))));
  int round_ = 0;
};

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_BUDGET_H_
