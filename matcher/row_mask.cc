#include "matcher/row_mask.h"

namespace leye::matcher {
namespace {

constexpr bool Has(uint32_t bits, int bit) { return ((bits >> bit) & 1) != 0; }

// Keeps the rows above or equal (kLess = false), or below or equal (true).
template <bool kLess>
void KeepComparing(const PlaneColumn& column, uint32_t bound, RowMask& mask) {
  RowMask equal = mask;  // so far, from the highest bit down
  RowMask decided;
  for (int bit = 31; bit >= 0; --bit) {
    // Rows that have the bit; where all agree there is no plane for it.
    RowMask having = equal;
    KeepBit(column, bit, having);
    RowMask lacking = equal;
    lacking.Without(having);
    const bool asked = Has(bound, bit);
    if (asked == kLess) decided |= asked ? lacking : having;
    equal = asked ? having : lacking;
  }
  mask = decided;
  mask |= equal;
}

}  // namespace

void KeepAtLeast(const PlaneColumn& column, uint32_t least, RowMask& mask) {
  KeepComparing<false>(column, least, mask);
}

void KeepAtMost(const PlaneColumn& column, uint32_t most, RowMask& mask) {
  KeepComparing<true>(column, most, mask);
}

void KeepBit(const PlaneColumn& column, int bit, RowMask& mask) {
  if (!Has(column.varying, bit)) {
    if (!Has(column.shared, bit)) mask = RowMask();
    return;
  }
  const uint64_t* plane = column.PlaneOf(bit);
  for (size_t i = 0; i < column.words; ++i) mask.word(i) &= plane[i];
}

void DropBit(const PlaneColumn& column, int bit, RowMask& mask) {
  RowMask having = mask;
  KeepBit(column, bit, having);
  mask.Without(having);
}

void KeepAllBits(const PlaneColumn& column, uint32_t bits, RowMask& mask) {
  for (uint32_t left = bits; left != 0; left &= left - 1) {
    KeepBit(column, std::countr_zero(left), mask);
  }
}

void KeepAnyBit(const PlaneColumn& column, uint32_t bits, RowMask& mask) {
  RowMask kept;
  for (uint32_t left = bits; left != 0; left &= left - 1) {
    RowMask having = mask;
    KeepBit(column, std::countr_zero(left), having);
    kept |= having;
  }
  mask = kept;
}

}  // namespace leye::matcher
