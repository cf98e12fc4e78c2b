// Compiled once for every instruction set that Highway knows; the best one is chosen at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "matcher/row_mask.cc"  // NOLINT(*-macro-usage): read by the next line
#include "hwy/foreach_target.h"
// After foreach_target.h, as Highway wants it.
#include "hwy/highway.h"

#include "matcher/row_mask.h"

HWY_BEFORE_NAMESPACE();
namespace leye::matcher::HWY_NAMESPACE {  // NOLINT(*-concat-nested-namespaces): a macro

namespace hn = hwy::HWY_NAMESPACE;

// Planes are read in whole vectors, perhaps past their end: ColumnTable pads, and the rows there
// are not in the mask.
HWY_ATTR void KeepComparingWords(const PlaneComparison& comparison, uint64_t* mask) {
  const hn::CappedTag<uint64_t, RowMask::kWords> d;
  for (size_t at = 0; at < comparison.words; at += hn::Lanes(d)) {
    auto equal = hn::LoadU(d, mask + at);  // so far, from the highest bit down
    if (hn::AllTrue(d, hn::Eq(equal, hn::Zero(d)))) continue;
    auto decided = hn::Zero(d);
    for (size_t i = 0; i < comparison.count; ++i) {
      const auto having = hn::LoadU(d, comparison.planes[i] + at);
      const bool asked = comparison.asked[i];
      if (asked == comparison.less) {
        const auto won = asked ? hn::AndNot(having, equal) : hn::And(equal, having);
        decided = hn::Or(decided, won);
      }
      equal = asked ? hn::And(equal, having) : hn::AndNot(having, equal);
    }
    if (comparison.keep_equal) decided = hn::Or(decided, equal);
    hn::StoreU(decided, d, mask + at);
  }
}

}  // namespace leye::matcher::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leye::matcher {

HWY_EXPORT(KeepComparingWords);

namespace {

constexpr bool Has(uint32_t bits, int bit) { return ((bits >> bit) & 1) != 0; }

// Keeps the rows above or equal, or below or equal if `less`. Bits on which all rows agree have no
// plane: the highest of them that differs from the bound decides for all rows still equal there.
void KeepComparing(const PlaneColumn& column, uint32_t bound, bool less, RowMask& mask) {
  const uint32_t agreed = (column.shared ^ bound) & ~column.varying;
  const int deciding = agreed == 0 ? -1 : 31 - std::countl_zero(agreed);
  PlaneComparison comparison;
  comparison.words = column.words;
  comparison.less = less;
  comparison.keep_equal = deciding < 0 || Has(bound, deciding) == less;
  // The highest varying bit has the last plane.
  const uint64_t* plane = column.planes + column.words * BitCount(column.varying);
  for (int bit = 31 - std::countl_zero(column.varying); bit > deciding; --bit) {
    if (!Has(column.varying, bit)) continue;
    plane -= column.words;
    comparison.planes[comparison.count] = plane;
    comparison.asked[comparison.count++] = Has(bound, bit);
  }
  HWY_DYNAMIC_DISPATCH(KeepComparingWords)(comparison, mask.words());
}

}  // namespace

void KeepAtLeast(const PlaneColumn& column, uint32_t least, RowMask& mask) {
  KeepComparing(column, least, false, mask);
}

void KeepAtMost(const PlaneColumn& column, uint32_t most, RowMask& mask) {
  KeepComparing(column, most, true, mask);
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
#endif  // HWY_ONCE
