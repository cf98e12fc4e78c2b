// Compiled once for every instruction set that Highway knows; the best one is chosen at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "matcher/unit_sums.cc"  // NOLINT(*-macro-usage): read by the next line
#include "hwy/foreach_target.h"
// After foreach_target.h, as Highway wants it.
#include <algorithm>
#include <bit>

#include "hwy/highway.h"

#include "matcher/unit_sums.h"

HWY_BEFORE_NAMESPACE();
namespace leye::matcher::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int kMostPlanes = 8;

using Words = hn::CappedTag<uint64_t, RowMask::kWords>;

// The sums of a block's rows, a plane a bit; only the planes in use are cleared, because there is
// one for every block that is weighed.
struct Planes {
  explicit Planes(int in_use) : count(in_use) {
    for (int plane = 0; plane < count; ++plane) std::fill_n(words[plane], RowMask::kWords, 0);
  }

  int count;
  alignas(64) uint64_t words[kMostPlanes][RowMask::kWords];
};

HWY_ATTR void AddTerm(uint32_t units, const uint64_t* rows, Planes& sums) {
  const Words d;
  for (size_t at = 0; at < RowMask::kWords; at += hn::Lanes(d)) {
    const auto earning = hn::LoadU(d, rows + at);
    if (hn::AllTrue(d, hn::Eq(earning, hn::Zero(d)))) continue;
    for (int bit = 0; bit < sums.count; ++bit) {
      if (((units >> bit) & 1) == 0) continue;
      auto carry = earning;
      for (int plane = bit; plane < sums.count; ++plane) {
        uint64_t* words = sums.words[plane] + at;
        const auto old = hn::LoadU(d, words);
        hn::StoreU(hn::Xor(old, carry), d, words);
        carry = hn::And(old, carry);
      }
    }
  }
}

// Keeps the rows that are in the plane too, if there are any.
HWY_ATTR bool Narrow(const uint64_t* plane, uint64_t* rows) {
  const Words d;
  alignas(64) uint64_t both[RowMask::kWords];
  auto any = hn::Zero(d);
  for (size_t at = 0; at < RowMask::kWords; at += hn::Lanes(d)) {
    const auto words = hn::And(hn::LoadU(d, rows + at), hn::LoadU(d, plane + at));
    hn::StoreU(words, d, both + at);
    any = hn::Or(any, words);
  }
  if (hn::AllTrue(d, hn::Eq(any, hn::Zero(d)))) return false;
  for (size_t at = 0; at < RowMask::kWords; at += hn::Lanes(d)) {
    hn::StoreU(hn::LoadU(d, both + at), d, rows + at);
  }
  return true;
}

HWY_ATTR void GreatestSumsOfBlocks(std::span<const UnitTerm> terms, uint32_t most, uint64_t blocks,
                                   std::span<const RowMask> asked, std::span<uint8_t> greatest) {
  const int planes = std::min(kMostPlanes, static_cast<int>(std::bit_width(most)));
  for (uint64_t left = blocks; left != 0; left &= left - 1) {
    const auto block = static_cast<size_t>(std::countr_zero(left));
    greatest[block] = 0;
    RowMask rows = asked[block];
    Planes sums(planes);
    for (const UnitTerm& term : terms) AddTerm(term.units, term.rows[block].words(), sums);
    for (int plane = planes - 1; plane >= 0; --plane) {
      if (Narrow(sums.words[plane], rows.words())) {
        greatest[block] = static_cast<uint8_t>(greatest[block] | (1 << plane));
      }
    }
  }
}

}  // namespace leye::matcher::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leye::matcher {

HWY_EXPORT(GreatestSumsOfBlocks);

void GreatestSums(std::span<const UnitTerm> terms, uint32_t most, uint64_t blocks,
                  std::span<const RowMask> asked, std::span<uint8_t> greatest) {
  HWY_DYNAMIC_DISPATCH(GreatestSumsOfBlocks)(terms, most, blocks, asked, greatest);
}

}  // namespace leye::matcher
#endif  // HWY_ONCE
