#include "services/base/random.h"

#include <algorithm>
#include <cstdlib>

#include <sys/random.h>

namespace leye {
namespace {

constexpr char kCrockfordDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";

// Appends the low 5 * `digits` bits of `value`, most significant digit first.
void AppendBase32(uint64_t value, int digits, std::string& out) {
  for (int shift = 5 * (digits - 1); shift >= 0; shift -= 5) {
    out.push_back(kCrockfordDigits[(value >> shift) & 31]);
  }
}

}  // namespace

uint64_t SystemRandom::Next() {
  uint64_t value = 0;
  // At most 256 bytes are never interrupted; it fails only on kernels without the call.
  if (getrandom(&value, sizeof value, 0) != sizeof value) std::abort();
  return value;
}

uint64_t SeededRandom::Next() {
  constexpr uint64_t kGamma = 0x9e3779b97f4a7c15;
  uint64_t z = state_.fetch_add(kGamma, std::memory_order_relaxed) + kGamma;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string NewId(RandomSource& random, absl::Time now) {
  const int64_t milliseconds = std::max<int64_t>(absl::ToUnixMillis(now), 0);
  std::string id = "x";
  id.reserve(27);
  AppendBase32(static_cast<uint64_t>(milliseconds), 10, id);
  AppendBase32(random.Next(), 8, id);
  AppendBase32(random.Next(), 8, id);
  return id;
}

}  // namespace leye
