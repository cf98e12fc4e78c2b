#include "matcher/column_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "hwy/cache_control.h"

namespace leye::matcher {
namespace {

// Room for rows is made in steps of so many.
constexpr size_t kRowsOfStep = 16;
// Coded columns have at most 16 distinct values.
constexpr int kMaxCodeWidth = 4;

}  // namespace

// Chooses forms and lays the columns out one after the other.
class ColumnTable::Encoder {
 public:
  explicit Encoder(size_t rows) : rows_(rows) {}

  size_t Capacity() const { return (rows_ + kRowsOfStep - 1) / kRowsOfStep * kRowsOfStep; }

  // Columns are added in ascending order.
  void AddConstant(size_t column, uint64_t value) {
    if (value == 0) return;
    planned_.push_back(PlannedAt(column));
    planned_.back().header.base = value;
  }
  // `values`: of all rows.
  void Add(size_t column, ColumnForm form, std::span<const uint64_t> values) {
    if (std::ranges::count(values, values.front()) == std::ssize(values)) {
      return AddConstant(column, values.front());
    }
    Planned planned = PlannedAt(column);
    if (form == ColumnForm::kPlanes) {
      PlanPlanes(values, planned);
    } else {
      PlanPacked(values, planned);
    }
    values_.insert(values_.end(), values.begin(), values.end());
    planned_.push_back(std::move(planned));
  }
  // A column as it stands in a table of the same capacity.
  void AddAsItIs(size_t column, const Header& header, const uint64_t* data) {
    Planned planned = PlannedAt(column);
    planned.header = header;
    if (header.kind == Kind::kPlanes) {
      planned.words = header.width * PlaneWords();
    } else if (header.kind != Kind::kConstant) {
      planned.words = DataStart(header) - header.offset + PackedWords(header.width);
    }
    planned.as_it_is = data + header.offset;
    planned_.push_back(std::move(planned));
  }

  ColumnTable Table() {
    ColumnTable table;
    table.rows_ = static_cast<uint16_t>(rows_);
    table.capacity_ = static_cast<uint16_t>(Capacity());
    size_t offset = kHeaderWords * planned_.size();
    size_t end_of_planes = 0;
    for (Planned& planned : planned_) {
      planned.header.offset = static_cast<uint16_t>(offset);
      offset += planned.words;
      if (planned.header.kind == Kind::kPlanes) end_of_planes = offset;
      table.present_ |= uint64_t{1} << planned.column;
    }
    // Padding, so that the last plane may be read in whole vectors, a packed value as two words.
    const size_t last_read =
        end_of_planes == 0 ? 0 : end_of_planes - PlaneWords() + kMaxRows / kWordBits;
    table.words_ = static_cast<uint32_t>(std::max(offset + 1, last_read));
    table.data_ = std::make_unique<uint64_t[]>(table.words_);
    for (size_t i = 0; i < planned_.size(); ++i) {
      Write(planned_[i], table.data_.get() + kHeaderWords * i, table.data_.get());
    }
    return table;
  }

 private:
  using Codes = absl::InlinedVector<uint64_t, size_t{1} << kMaxCodeWidth>;  // ascending

  struct Planned {
    size_t column = 0;
    size_t first_value = 0;  // in values_
    Header header;
    size_t words = 0;
    Codes codes;
    const uint64_t* as_it_is = nullptr;
  };

  Planned PlannedAt(size_t column) const {
    Planned planned;
    planned.column = column;
    planned.first_value = values_.size();
    return planned;
  }

  void PlanPlanes(std::span<const uint64_t> values, Planned& planned) const {
    uint64_t any = 0;
    uint64_t all = ~uint64_t{0};
    for (const uint64_t value : values) {
      any |= value;
      all &= value;
    }
    Header& header = planned.header;
    header.kind = Kind::kPlanes;
    header.base = all;
    header.varying = static_cast<uint32_t>(any & ~all);
    header.width = static_cast<uint8_t>(BitCount(header.varying));
    planned.words = header.width * PlaneWords();
  }

  void PlanPacked(std::span<const uint64_t> values, Planned& planned) const {
    const auto [least, most] = std::ranges::minmax(values);
    Header& header = planned.header;
    header.kind = Kind::kPacked;
    header.base = least;
    header.width = static_cast<uint8_t>(std::bit_width(most - least));
    planned.words = PackedWords(header.width);
    Codes codes = DistinctValues(values);
    if (codes.empty()) return;
    const int width = std::max(1, static_cast<int>(std::bit_width(codes.size() - 1)));
    const size_t words = (size_t{1} << width) + PackedWords(width);
    if (words >= planned.words) return;
    header.kind = Kind::kCoded;
    header.width = static_cast<uint8_t>(width);
    codes.resize(size_t{1} << width, codes.back());
    planned.words = words;
    planned.codes = std::move(codes);
  }

  size_t PlaneWords() const { return (Capacity() + kWordBits - 1) / kWordBits; }
  size_t PackedWords(int width) const {
    return (static_cast<size_t>(width) * Capacity() + kWordBits - 1) / kWordBits;
  }

  // Ascending; empty if there are too many.
  static Codes DistinctValues(std::span<const uint64_t> values) {
    Codes codes;
    for (const uint64_t value : values) {
      if (std::ranges::find(codes, value) != codes.end()) continue;
      if (codes.size() == (size_t{1} << kMaxCodeWidth)) return {};
      codes.push_back(value);
    }
    std::ranges::sort(codes);
    return codes;
  }

  void Write(const Planned& planned, uint64_t* header_at, uint64_t* data) const {
    const Header& header = planned.header;
    const auto words = std::bit_cast<std::array<uint64_t, kHeaderWords>>(header);
    std::copy(words.begin(), words.end(), header_at);
    uint64_t* at = data + header.offset;
    if (planned.as_it_is != nullptr) std::copy_n(planned.as_it_is, planned.words, at);
    if (header.kind == Kind::kConstant || planned.as_it_is != nullptr) return;
    const auto values = std::span(values_).subspan(planned.first_value, rows_);
    if (header.kind == Kind::kPlanes) return WritePlanes(header.varying, values, at);
    at = std::ranges::copy(planned.codes, at).out;
    if (header.kind == Kind::kPacked) {
      WritePacked(
          header.width, values, [&](uint64_t value) { return value - header.base; }, at);
      return;
    }
    WritePacked(
        header.width, values,
        [&](uint64_t value) {
          return static_cast<uint64_t>(std::ranges::find(planned.codes, value) -
                                       planned.codes.begin());
        },
        at);
  }

  void WritePlanes(uint32_t varying, std::span<const uint64_t> values, uint64_t* at) const {
    for (uint32_t left = varying; left != 0; left &= left - 1) {
      const int bit = std::countr_zero(left);
      for (size_t first = 0; first < Capacity(); first += kWordBits) {
        const auto part = values.subspan(first, std::min<size_t>(kWordBits, rows_ - first));
        uint64_t word = 0;
        for (size_t i = 0; i < part.size(); ++i) word |= ((part[i] >> bit) & 1) << i;
        *at++ = word;
      }
    }
  }

  // One after the other, the first in the lowest bits.
  template <typename BitsOf>
  static void WritePacked(int width, std::span<const uint64_t> values, const BitsOf& bits_of,
                          uint64_t* at) {
    int used = 0;
    for (const uint64_t value : values) {
      const uint64_t bits = bits_of(value);
      *at |= bits << used;
      used += width;
      if (used < kWordBits) continue;
      used -= kWordBits;
      ++at;
      if (used > 0) *at = bits >> (width - used);
    }
  }

  size_t rows_;
  std::vector<uint64_t> values_;  // of added columns, one after the other
  std::vector<Planned> planned_;
};

ColumnTable::ColumnTable(std::span<const ColumnForm> forms, std::span<const uint64_t> values,
                         size_t rows) {
  // Most columns say the same of all rows; only the others are taken out and looked at one by one.
  std::array<uint64_t, kMaxColumns> any{};
  std::array<uint64_t, kMaxColumns> all;
  all.fill(~uint64_t{0});
  const size_t columns = forms.size();
  for (size_t row = 0; row < rows; ++row) {
    const uint64_t* value = values.data() + row * columns;
    for (size_t column = 0; column < columns; ++column) {
      any[column] |= value[column];
      all[column] &= value[column];
    }
  }
  Encoder encoder(rows);
  std::array<uint64_t, kMaxRows> of_column;
  for (size_t column = 0; column < columns; ++column) {
    if (rows == 0 || any[column] == all[column]) {
      encoder.AddConstant(column, any[column]);
      continue;
    }
    for (size_t row = 0; row < rows; ++row) of_column[row] = values[row * columns + column];
    encoder.Add(column, forms[column], std::span(of_column).first(rows));
  }
  *this = encoder.Table();
}

ColumnTable::ColumnTable(std::span<const ColumnForm> forms,
                         std::span<const std::span<const uint64_t>> columns, size_t rows) {
  Encoder encoder(rows);
  for (size_t column = 0; column < columns.size(); ++column) {
    if (!columns[column].empty()) encoder.Add(column, forms[column], columns[column]);
  }
  *this = encoder.Table();
}

ColumnTable::ColumnTable(const ColumnTable& other)
    : present_(other.present_),
      rows_(other.rows_),
      capacity_(other.capacity_),
      words_(other.words_),
      data_(other.words_ == 0 ? nullptr : new uint64_t[other.words_]) {
  std::copy_n(other.data_.get(), words_, data_.get());
}

ColumnTable& ColumnTable::operator=(const ColumnTable& other) {
  if (this != &other) *this = ColumnTable(other);
  return *this;
}

void ColumnTable::SetPackedBits(const Header& header, size_t row, uint64_t bits) {
  uint64_t* data = data_.get() + DataStart(header);
  const size_t first = row * header.width;
  const size_t shift = first % kWordBits;
  const uint64_t mask = LowBits(header.width);
  uint64_t& low = data[first / kWordBits];
  low = (low & ~(mask << shift)) | (bits << shift);
  if (shift + header.width <= kWordBits) return;
  uint64_t& high = data[first / kWordBits + 1];
  // As in PackedBits.
  const auto carried = [shift](uint64_t value) { return value >> (kWordBits - 1 - shift) >> 1; };
  high = (high & ~carried(mask)) | carried(bits);
}

uint64_t ColumnTable::PlaneBits(const Header& header, size_t row) const {
  const uint64_t* word = data_.get() + header.offset + row / kWordBits;
  uint64_t value = header.base;
  for (uint32_t left = header.varying; left != 0; left &= left - 1) {
    const uint64_t bit = (*word >> (row % kWordBits)) & 1;
    value |= bit << std::countr_zero(left);
    word += plane_words();
  }
  return value;
}

void ColumnTable::SetPlaneBits(const Header& header, size_t row, uint64_t bits) {
  uint64_t* word = data_.get() + header.offset + row / kWordBits;
  const uint64_t mask = uint64_t{1} << (row % kWordBits);
  for (uint32_t left = header.varying; left != 0; left &= left - 1) {
    const bool set = ((bits >> std::countr_zero(left)) & 1) != 0;
    *word = set ? (*word | mask) : (*word & ~mask);
    word += plane_words();
  }
}

uint64_t ColumnTable::Bits(const Header& header, size_t row) const {
  return header.kind == Kind::kPlanes ? PlaneBits(header, row) : PackedBits(header, row);
}

void ColumnTable::SetBits(const Header& header, size_t row, uint64_t bits) {
  if (header.kind == Kind::kPlanes) {
    SetPlaneBits(header, row, bits);
  } else {
    SetPackedBits(header, row, bits);
  }
}

std::optional<uint64_t> ColumnTable::BitsFor(const Header& header, uint64_t value) const {
  switch (header.kind) {
    case Kind::kConstant:
      if (value == header.base) return 0;
      return std::nullopt;
    case Kind::kPacked:
      if (value < header.base || value - header.base > LowBits(header.width)) return std::nullopt;
      return value - header.base;
    case Kind::kCoded: {
      const std::span<const uint64_t> codes(data_.get() + header.offset, size_t{1} << header.width);
      const auto at = std::find(codes.begin(), codes.end(), value);
      if (at == codes.end()) return std::nullopt;
      return static_cast<uint64_t>(at - codes.begin());
    }
    case Kind::kPlanes:
      if (((value ^ header.base) & ~uint64_t{header.varying}) != 0) return std::nullopt;
      return value;
  }
  return std::nullopt;
}

void ColumnTable::ReadRow(size_t row, std::span<uint64_t> out) const {
  std::fill(out.begin(), out.end(), 0);
  size_t index = 0;
  for (uint64_t left = present_; left != 0; left &= left - 1) {
    const auto column = static_cast<size_t>(std::countr_zero(left));
    if (column >= out.size()) return;
    out[column] = Value(HeaderAt(index++), row);
  }
}

void ColumnTable::ReadColumn(size_t column, std::span<uint64_t> out) const {
  const Header header = HeaderOf(column);
  for (size_t row = 0; row < out.size(); ++row) out[row] = Value(header, row);
}

ColumnTable ColumnTable::With(std::span<const ColumnForm> forms, size_t row,
                              std::span<const uint64_t> values) const {
  const size_t rows = std::max<size_t>(rows_, row + 1);
  Encoder encoder(rows);
  const bool same_capacity = encoder.Capacity() == capacity_;
  std::array<uint64_t, kMaxRows> of_column;
  for (size_t column = 0; column < forms.size(); ++column) {
    const Header header = HeaderOf(column);
    const bool fits = BitsFor(header, values[column]).has_value();
    if (fits && header.kind == Kind::kConstant) {
      encoder.AddConstant(column, header.base);
    } else if (fits && same_capacity) {
      encoder.AddAsItIs(column, header, data_.get());
    } else {
      ReadColumn(column, std::span(of_column).first(rows_));
      of_column[row] = values[column];
      encoder.Add(column, forms[column], std::span(of_column).first(rows));
    }
  }
  ColumnTable table = encoder.Table();
  table.SetRow(row, values);
  return table;
}

std::optional<size_t> ColumnTable::FindRow(size_t column, uint64_t value) const {
  const Header header = HeaderOf(column);
  const std::optional<uint64_t> bits = BitsFor(header, value);
  if (!bits.has_value() || rows_ == 0) return std::nullopt;
  if (header.kind == Kind::kConstant) return 0;
  if (header.kind == Kind::kPacked) {
    for (size_t row = 0; row < rows_; ++row) {
      if (PackedBits(header, row) == *bits) return row;
    }
    return std::nullopt;
  }
  for (size_t row = 0; row < rows_; ++row) {
    if (Get(column, row) == value) return row;
  }
  return std::nullopt;
}

PlaneColumn ColumnTable::Planes(size_t column) const {
  const Header header = HeaderOf(column);
  return {.shared = static_cast<uint32_t>(header.base),
          .varying = header.varying,
          .planes = data_.get() + header.offset,
          .words = plane_words()};
}

bool ColumnTable::IsConstant(size_t column) const {
  return HeaderOf(column).kind == Kind::kConstant;
}

bool ColumnTable::Fits(std::span<const uint64_t> values) const {
  size_t index = 0;
  for (size_t column = 0; column < values.size(); ++column) {
    if (((present_ >> column) & 1) == 0) {
      if (values[column] != 0) return false;
    } else if (!BitsFor(HeaderAt(index++), values[column]).has_value()) {
      return false;
    }
  }
  return true;
}

void ColumnTable::SetRow(size_t row, std::span<const uint64_t> values) {
  size_t index = 0;
  for (uint64_t left = present_; left != 0; left &= left - 1) {
    const auto column = static_cast<size_t>(std::countr_zero(left));
    const Header header = HeaderAt(index++);
    if (header.kind != Kind::kConstant) SetBits(header, row, *BitsFor(header, values[column]));
  }
}

bool ColumnTable::TryReplace(size_t row, std::span<const uint64_t> values) {
  if (!Fits(values)) return false;
  SetRow(row, values);
  return true;
}

bool ColumnTable::TryAppend(std::span<const uint64_t> values) {
  if (rows_ == capacity_ || !Fits(values)) return false;
  SetRow(rows_++, values);
  return true;
}

void ColumnTable::RemoveBySwap(size_t row) {
  const size_t last = rows_ - size_t{1};
  for (uint64_t left = present_; left != 0 && row != last; left &= left - 1) {
    const Header header = HeaderOf(static_cast<size_t>(std::countr_zero(left)));
    if (header.kind != Kind::kConstant) SetBits(header, row, Bits(header, last));
  }
  --rows_;
}

void ColumnTable::Prefetch() const {
  constexpr size_t kMostWords = 192;  // As far as the planes of most queries' filters go.
  constexpr size_t kWordsOfLine = 8;
  const size_t words = std::min<size_t>(words_, kMostWords);
  for (size_t i = 0; i < words; i += kWordsOfLine) hwy::Prefetch(data_.get() + i);
}

}  // namespace leye::matcher
