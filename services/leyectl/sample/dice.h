// Random choices for invented data: the same on every machine and with every compiler, because only
// integers are used and no std::*_distribution, whose results each library may choose.
//
//   Dice dice(seed, Stream::kPerson, 1234);       // a stream of its own for person 1234
//   int age = dice.Between(18, 64);
//   const Trade& trade = Pick(dice, kTrades);     // by member `weight`

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_DICE_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_DICE_H_

#include <cstddef>
#include <cstdint>

namespace leye::ctl::sample {

// What a stream of choices is for: two kinds never share numbers.
enum class Stream : uint64_t {
  kArea = 1,
  kEmployer = 2,
  kHousehold = 3,
  kPerson = 4,
  kPosting = 5
};

// splitmix64 (Steele, Lea and Flood 2014). Thread-compatible.
class Dice {
 public:
  Dice(uint64_t seed, Stream stream, uint64_t index)
      : state_(Mix(Mix(seed + 0x9E3779B97F4A7C15u) ^
                   Mix((static_cast<uint64_t>(stream) << 56) ^ index))) {}

  uint64_t Next() { return Mix(state_ += 0x9E3779B97F4A7C15u); }

  // Uniform in [0, bound). The bias is below bound / 2^32. REQUIRES: bound > 0.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(((Next() >> 32) * bound) >> 32); }

  // Uniform in [least, most].
  int Between(int least, int most) {
    return least + static_cast<int>(Below(static_cast<uint32_t>(most - least + 1)));
  }

  // True in `permille` of 1,000 cases.
  bool Chance(int permille) { return Between(0, 999) < permille; }

 private:
  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

// One element of a list, by its member `weight`; elements of weight 0 are never picked.
// REQUIRES: the sum of weights is above 0.
template <typename List>
const auto& Pick(Dice& dice, const List& list) {
  int sum = 0;
  for (const auto& element : list) sum += element.weight;
  int left = dice.Between(0, sum - 1);
  for (const auto& element : list) {
    left -= element.weight;
    if (left < 0) return element;
  }
  return *list.begin();
}

// One element of a list, each equally likely. REQUIRES: not empty.
template <typename List>
const auto& PickAny(Dice& dice, const List& list) {
  return list[dice.Below(static_cast<uint32_t>(list.size()))];
}

// The index of one of `kCount` weights.
template <size_t kCount>
int PickIndex(Dice& dice, const int (&weights)[kCount]) {
  int sum = 0;
  for (const int weight : weights) sum += weight;
  int left = dice.Between(0, sum - 1);
  for (size_t i = 0; i < kCount; ++i) {
    left -= weights[i];
    if (left < 0) return static_cast<int>(i);
  }
  return 0;
}

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_DICE_H_
