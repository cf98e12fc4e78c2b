// Bit-sliced sums: how much any row of a block earns at most, for many blocks at once.
//
// Each term gives its units to the rows of its mask. The sums of 512 rows stand in eight planes,
// and a term is added to all of them by a few logical operations (O'Neil and Quass 1997), up to
// eight words at once, as the processor has it, with the same result everywhere. Pure.
#ifndef LEYE_MATCHER_UNIT_SUMS_H_
#define LEYE_MATCHER_UNIT_SUMS_H_

#include <cstdint>
#include <span>

#include "matcher/row_mask.h"

namespace leye::matcher {

struct UnitTerm {
  uint32_t units = 0;
  std::span<const RowMask> rows;  // one a block
};

// The greatest sum among the `asked` rows of each block whose bit is set in `blocks`; the others of
// `greatest` are left alone. REQUIRES: somebody is asked for in those; no row earns more than
// `most`, which is at most 255; as many row masks in each term as in `asked`.
void GreatestSums(std::span<const UnitTerm> terms, uint32_t most, uint64_t blocks,
                  std::span<const RowMask> asked, std::span<uint8_t> greatest);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_UNIT_SUMS_H_
