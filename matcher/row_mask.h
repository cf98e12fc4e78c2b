// Which rows of a block are still in question: one bit a row, and the filters that clear bits by
// looking at bit-sliced columns.
//
//   RowMask mask(block.rows());
//   KeepAtLeast(columns.Planes(kEducation), 3, mask);
//   mask.ForEach([](size_t row) { ... });
//
// Comparisons run plane by plane from the highest bit (O'Neil and Quass 1997; Li and Patel 2013),
// so they cost the planes' words, whatever the rows hold; up to eight words at once, as the
// processor has it, with the same result everywhere. Values; thread-compatible.
#ifndef LEYE_MATCHER_ROW_MASK_H_
#define LEYE_MATCHER_ROW_MASK_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "matcher/column_table.h"

namespace leye::matcher {

class RowMask {
 public:
  static constexpr size_t kWords = ColumnTable::kMaxRows / 64;

  // No rows.
  RowMask() = default;
  // The first `rows` rows.
  explicit RowMask(size_t rows) {
    for (size_t i = 0; i < kWords; ++i) {
      const size_t left = rows > 64 * i ? rows - 64 * i : 0;
      words_[i] = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
    }
  }

  uint64_t* words() { return words_.data(); }
  const uint64_t* words() const { return words_.data(); }
  uint64_t& word(size_t index) { return words_[index]; }
  uint64_t word(size_t index) const { return words_[index]; }

  void Insert(size_t row) { words_[row / 64] |= uint64_t{1} << (row % 64); }
  bool Contains(size_t row) const { return ((words_[row / 64] >> (row % 64)) & 1) != 0; }

  RowMask& operator&=(const RowMask& other) {
    for (size_t i = 0; i < kWords; ++i) words_[i] &= other.words_[i];
    return *this;
  }
  RowMask& operator|=(const RowMask& other) {
    for (size_t i = 0; i < kWords; ++i) words_[i] |= other.words_[i];
    return *this;
  }
  RowMask& Without(const RowMask& other) {
    for (size_t i = 0; i < kWords; ++i) words_[i] &= ~other.words_[i];
    return *this;
  }

  bool empty() const {
    uint64_t any = 0;
    for (const uint64_t word : words_) any |= word;
    return any == 0;
  }
  size_t size() const {
    size_t count = 0;
    for (const uint64_t word : words_) count += BitCount(word);
    return count;
  }

  // REQUIRES: not empty.
  size_t first() const {
    size_t i = 0;
    while (words_[i] == 0) ++i;
    return 64 * i + static_cast<size_t>(std::countr_zero(words_[i]));
  }
  size_t last() const {
    size_t i = kWords - 1;
    while (words_[i] == 0) --i;
    return 64 * i + 63 - static_cast<size_t>(std::countl_zero(words_[i]));
  }

  // Ascending.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (size_t i = 0; i < kWords; ++i) {
      for (uint64_t left = words_[i]; left != 0; left &= left - 1) {
        visit(64 * i + static_cast<size_t>(std::countr_zero(left)));
      }
    }
  }

 private:
  std::array<uint64_t, kWords> words_{};
};

// A comparison broken down to the planes that decide it, highest bit first. For row_mask.cc only.
struct PlaneComparison {
  std::array<const uint64_t*, ColumnTable::kMaxPlanes> planes{};
  std::array<bool, ColumnTable::kMaxPlanes> asked{};  // the bound's bit
  size_t count = 0;
  size_t words = 0;         // of a plane
  bool less = false;        // keeps what is below the bound, otherwise what is above
  bool keep_equal = false;  // keeps what no plane decided
};

// Keep the rows whose value is at least, or at most, this.
void KeepAtLeast(const PlaneColumn& column, uint32_t least, RowMask& mask);
void KeepAtMost(const PlaneColumn& column, uint32_t most, RowMask& mask);
// Keep the rows that have this bit, or all, or any of these.
void KeepBit(const PlaneColumn& column, int bit, RowMask& mask);
void KeepAllBits(const PlaneColumn& column, uint32_t bits, RowMask& mask);
void KeepAnyBit(const PlaneColumn& column, uint32_t bits, RowMask& mask);
void DropBit(const PlaneColumn& column, int bit, RowMask& mask);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_ROW_MASK_H_
