// Random choices that are the same on every machine: the standard's distributions are not.
#ifndef LEYE_TESTS_ORACLE_DICE_H_
#define LEYE_TESTS_ORACLE_DICE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <random>
#include <vector>

#include "matcher/enum_set.h"

namespace leye::matcher::oracle {

// Thread-compatible. mt19937_64 is fixed by the standard.
class Dice {
 public:
  explicit Dice(uint64_t seed) : bits_(seed) {}

  // least..most, both included.
  int Between(int least, int most) {
    const auto span = static_cast<uint64_t>(most - least) + 1;
    return least + static_cast<int>(bits_() % span);
  }

  bool OneIn(int n) { return Between(1, n) == 1; }

  double Unit() { return static_cast<double>(bits_() >> 11) * 0x1.0p-53; }

  template <typename T>
  T OneOf(std::initializer_list<T> choices) {
    return *std::next(choices.begin(), Between(0, static_cast<int>(choices.size()) - 1));
  }

  // REQUIRES: not empty.
  template <typename T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[static_cast<size_t>(Between(0, static_cast<int>(choices.size()) - 1))];
  }

  // Any enumerator.
  template <typename E>
  E Any() {
    return static_cast<E>(Between(0, kEnumCount<E> - 1));
  }

  // Each enumerator with chance 1 / n.
  template <typename E>
  EnumSet<E> Set(int n) {
    EnumSet<E> set;
    for (int i = 0; i < kEnumCount<E>; ++i) {
      if (OneIn(n)) set.Insert(static_cast<E>(i));
    }
    return set;
  }

 private:
  std::mt19937_64 bits_;
};

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_DICE_H_
