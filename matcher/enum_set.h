// A set of enumerators as one machine word.
//
//   EnumSet<Shift> shifts = {Shift::kDay, Shift::kEvening};
//   shifts.Contains(Shift::kNight) == false;
//
// `E` is an enum class numbered 0, 1, 2, ... with a last enumerator kCount (at most 32). The bits
// are public (`bits()`, `FromBits`) because the indexes store them as columns.
#ifndef LEYE_MATCHER_ENUM_SET_H_
#define LEYE_MATCHER_ENUM_SET_H_

#include <bit>
#include <compare>
#include <cstdint>
#include <initializer_list>

namespace leye::matcher {

template <typename E>
inline constexpr int kEnumCount = static_cast<int>(E::kCount);

template <typename E>
class EnumSet {
  static_assert(kEnumCount<E> <= 32);

 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> members) {
    for (const E member : members) Insert(member);
  }

  static constexpr EnumSet FromBits(uint32_t bits) {
    EnumSet set;
    set.bits_ = bits & All().bits_;
    return set;
  }
  static constexpr EnumSet All() {
    EnumSet set;
    set.bits_ = static_cast<uint32_t>((uint64_t{1} << kEnumCount<E>)-1);
    return set;
  }

  constexpr void Insert(E member) { bits_ |= Bit(member); }
  constexpr void Remove(E member) { bits_ &= ~Bit(member); }

  constexpr bool Contains(E member) const { return (bits_ & Bit(member)) != 0; }
  constexpr bool ContainsAll(EnumSet other) const { return (other.bits_ & ~bits_) == 0; }
  constexpr bool Intersects(EnumSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr int size() const { return std::popcount(bits_); }
  constexpr uint32_t bits() const { return bits_; }

  // The member numbered lowest. REQUIRES: not empty.
  constexpr E first() const { return static_cast<E>(std::countr_zero(bits_)); }

  friend constexpr EnumSet operator|(EnumSet a, EnumSet b) { return FromBits(a.bits_ | b.bits_); }
  friend constexpr EnumSet operator&(EnumSet a, EnumSet b) { return FromBits(a.bits_ & b.bits_); }
  friend constexpr bool operator==(EnumSet, EnumSet) = default;

 private:
  static constexpr uint32_t Bit(E member) { return uint32_t{1} << static_cast<int>(member); }

  uint32_t bits_ = 0;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_ENUM_SET_H_
