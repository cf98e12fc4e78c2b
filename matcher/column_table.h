// A small table of integers, packed column by column: the body of every index block.
//
//   ColumnTable table(schema, values, rows);     // values row by row, one uint64_t a column
//   table.Get(kEducation, 17);
//   PlaneColumn planes = table.Planes(kEducation);  // each bit of it for 64 rows a word
//
// A column costs what it says: nothing where all rows agree on 0, a header where they agree on
// something else. Otherwise it stands in one of three forms:
//   packed   value - base, each in the fewest bits that hold them all;
//   coded    the number of the value in a short list of distinct values;
//   planes   bit-sliced: bit b of all rows side by side (O'Neil and Quass 1997), for columns that
//            filters look at; bits on which all rows agree are not stored.
// At most 512 rows, 64 columns. A row is changed in place where the new values fit (TryReplace,
// TryAppend); otherwise a table with it is built (With).
//
// Copyable (one allocation); thread-compatible.
#ifndef LEYE_MATCHER_COLUMN_TABLE_H_
#define LEYE_MATCHER_COLUMN_TABLE_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace leye::matcher {

// std::popcount is a call where the compiler may not assume the instruction.
constexpr size_t BitCount(uint64_t bits) {
  bits -= (bits >> 1) & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + ((bits >> 2) & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return (bits * 0x0101010101010101) >> 56;
}

enum class ColumnForm : uint8_t { kPacked, kPlanes };

// A column made as planes. Bit b of row r: if bit b of `varying` is set, bit r % 64 of word r / 64
// of its plane, the planes standing one after the other from the lowest varying bit up; otherwise
// bit b of `shared`. Bits past the last row are unspecified. From each plane's start 512 bits may
// be read.
struct PlaneColumn {
  uint32_t shared = 0;
  uint32_t varying = 0;
  const uint64_t* planes = nullptr;
  size_t words = 0;  // of a plane

  const uint64_t* PlaneOf(int bit) const {
    const uint32_t below = varying & ((uint32_t{1} << bit) - 1);
    return planes + BitCount(below) * words;
  }
};

// One column of a table, found once and read for many rows. Lives as long as the table is not
// changed.
class ColumnView;

class ColumnTable {
 public:
  static constexpr size_t kMaxRows = 512;
  static constexpr size_t kMaxColumns = 64;
  // Plane columns hold 32 bits.
  static constexpr size_t kMaxPlanes = 32;

  ColumnTable() = default;
  // `values` holds rows x forms.size() numbers. REQUIRES: the limits above.
  ColumnTable(std::span<const ColumnForm> forms, std::span<const uint64_t> values, size_t rows);
  // The same of values that stand column by column; of a column that is 0 everywhere, nothing.
  ColumnTable(std::span<const ColumnForm> forms, std::span<const std::span<const uint64_t>> columns,
              size_t rows);
  ColumnTable(const ColumnTable& other);
  ColumnTable& operator=(const ColumnTable& other);
  ColumnTable(ColumnTable&&) noexcept = default;
  ColumnTable& operator=(ColumnTable&&) noexcept = default;

  size_t rows() const { return rows_; }
  // Words of a plane.
  size_t plane_words() const { return (capacity_ + size_t{63}) / 64; }

  // REQUIRES: row < rows(), column < 64. Columns that were not in `forms` are 0.
  uint64_t Get(size_t column, size_t row) const;
  // REQUIRES: column < 64.
  ColumnView View(size_t column) const;
  // The first out.size() columns of a row.
  void ReadRow(size_t row, std::span<uint64_t> out) const;
  // The column of the first out.size() rows. REQUIRES: no more than rows().
  void ReadColumn(size_t column, std::span<uint64_t> out) const;
  // The first row with this value. Not found: nullopt.
  std::optional<size_t> FindRow(size_t column, uint64_t value) const;
  // REQUIRES: a column made as planes, or one on which all rows agree.
  PlaneColumn Planes(size_t column) const;

  // True if every row has the same value here; then it is Get(column, 0).
  bool IsConstant(size_t column) const;

  // Puts the values in place, one a column, or says false and changes nothing.
  bool TryReplace(size_t row, std::span<const uint64_t> values);
  // Appends a row in place if there is room and every value fits, or says false and changes
  // nothing.
  bool TryAppend(std::span<const uint64_t> values);
  // A table with these values in a row, or in one more row, whatever they are.
  // REQUIRES: the forms it was made with; row <= rows(), row < kMaxRows.
  ColumnTable With(std::span<const ColumnForm> forms, size_t row,
                   std::span<const uint64_t> values) const;
  // The last row takes the place of this one. REQUIRES: row < rows().
  void RemoveBySwap(size_t row);

  // Asks for the memory of the headers and the first planes, ahead of its use.
  void Prefetch() const;

  size_t MemoryBytes() const { return words_ * sizeof(uint64_t); }

 private:
  friend class ColumnView;
  enum class Kind : uint8_t { kConstant, kPacked, kCoded, kPlanes };

  // What stands in front of the data of a column that is not all zeros.
  struct Header {
    uint64_t base = 0;     // constant; least value; bits that all rows share
    uint32_t varying = 0;  // planes: which bits are stored, lowest first
    uint16_t offset = 0;   // first word of the data; coded: of the list of values
    uint8_t width = 0;     // bits a row
    Kind kind = Kind::kConstant;
  };
  static constexpr size_t kHeaderWords = 2;
  static_assert(sizeof(Header) == kHeaderWords * sizeof(uint64_t));
  class Encoder;

  static constexpr int kWordBits = 64;
  static constexpr uint64_t LowBits(int count) {
    return count >= kWordBits ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
  }

  // A column without a header is the constant 0.
  Header HeaderOf(size_t column) const;
  Header HeaderAt(size_t index) const;
  static uint64_t DataStart(const Header& header);
  uint64_t Value(const Header& header, size_t row) const;
  uint64_t PackedBits(const Header& header, size_t row) const;
  void SetPackedBits(const Header& header, size_t row, uint64_t bits);
  uint64_t PlaneBits(const Header& header, size_t row) const;
  void SetPlaneBits(const Header& header, size_t row, uint64_t bits);
  bool Fits(std::span<const uint64_t> values) const;
  void SetRow(size_t row, std::span<const uint64_t> values);
  // The bits that stand for the value in this column; nullopt if it does not fit.
  std::optional<uint64_t> BitsFor(const Header& header, uint64_t value) const;
  uint64_t Bits(const Header& header, size_t row) const;
  void SetBits(const Header& header, size_t row, uint64_t bits);

  uint64_t present_ = 0;  // columns that have a header
  uint16_t rows_ = 0;
  uint16_t capacity_ = 0;  // rows there is room for
  uint32_t words_ = 0;
  std::unique_ptr<uint64_t[]> data_;  // headers, then the columns' data
};

class ColumnView {
 public:
  // Of no column: 0 for every row.
  ColumnView() = default;

  // REQUIRES: row < rows() of the table.
  uint64_t Get(size_t row) const {
    return header_.kind == ColumnTable::Kind::kConstant ? header_.base
                                                        : table_->Value(header_, row);
  }

 private:
  friend class ColumnTable;
  ColumnView(const ColumnTable& table, const ColumnTable::Header& header)
      : table_(&table), header_(header) {}

  const ColumnTable* table_ = nullptr;
  ColumnTable::Header header_;
};

inline ColumnView ColumnTable::View(size_t column) const { return {*this, HeaderOf(column)}; }

// Here, because rows are read and bounded value by value.
inline ColumnTable::Header ColumnTable::HeaderAt(size_t index) const {
  const uint64_t* words = data_.get() + kHeaderWords * index;
  return std::bit_cast<Header>(std::array<uint64_t, kHeaderWords>{words[0], words[1]});
}

inline ColumnTable::Header ColumnTable::HeaderOf(size_t column) const {
  const uint64_t bit = uint64_t{1} << column;
  return (present_ & bit) == 0 ? Header() : HeaderAt(BitCount(present_ & (bit - 1)));
}

inline uint64_t ColumnTable::DataStart(const Header& header) {
  return header.offset + (header.kind == Kind::kCoded ? uint64_t{1} << header.width : 0);
}

inline uint64_t ColumnTable::PackedBits(const Header& header, size_t row) const {
  const uint64_t* data = data_.get() + DataStart(header);
  const size_t first = row * header.width;
  const size_t shift = first % kWordBits;
  const uint64_t low = data[first / kWordBits] >> shift;
  // Shifted twice, because a shift by 64 is undefined.
  const uint64_t high = data[first / kWordBits + 1] << (kWordBits - 1 - shift) << 1;
  return (low | high) & LowBits(header.width);
}

inline uint64_t ColumnTable::Value(const Header& header, size_t row) const {
  switch (header.kind) {
    case Kind::kConstant:
      return header.base;
    case Kind::kPacked:
      return header.base + PackedBits(header, row);
    case Kind::kCoded:
      return data_[header.offset + PackedBits(header, row)];
    case Kind::kPlanes:
      return PlaneBits(header, row);
  }
  return 0;
}

inline uint64_t ColumnTable::Get(size_t column, size_t row) const {
  return Value(HeaderOf(column), row);
}

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_COLUMN_TABLE_H_
