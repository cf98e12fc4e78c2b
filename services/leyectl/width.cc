#include "services/leyectl/width.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace leye::ctl {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode 15 EastAsianWidth W and F, merged where the gaps are unassigned. Ascending.
constexpr std::array<Range, 14> kWide = {{{0x1100, 0x115F},
                                          {0x231A, 0x231B},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1FAFF},
                                          {0x20000, 0x3FFFD}}};

constexpr std::array<Range, 4> kZero = {
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <size_t kCount>
bool Contains(const std::array<Range, kCount>& ranges, uint32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [point](const Range& range) {
    return range.first <= point && point <= range.last;
  });
}

struct Character {
  uint32_t point;
  size_t bytes;
};

size_t SequenceLength(uint8_t lead) {
  if (lead >= 0xF0 && lead < 0xF8) return 4;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  return 1;
}

// The first character of a text that is not empty; a malformed byte is U+FFFD.
Character Next(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const size_t length = SequenceLength(lead);
  if (length == 1) return {lead < 0x80 ? lead : 0xFFFDu, 1};
  if (text.size() < length) return {0xFFFD, 1};
  uint32_t point = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xC0u) != 0x80u) return {0xFFFD, 1};
    point = (point << 6) | (byte & 0x3Fu);
  }
  return {point, length};
}

int WidthOf(uint32_t point) {
  if (point < 0x20 || (point >= 0x7F && point < 0xA0) || Contains(kZero, point)) return 0;
  return Contains(kWide, point) ? 2 : 1;
}

}  // namespace

int DisplayWidth(absl::string_view utf8) {
  int width = 0;
  while (!utf8.empty()) {
    const Character character = Next(utf8);
    width += WidthOf(character.point);
    utf8.remove_prefix(character.bytes);
  }
  return width;
}

std::string Fit(absl::string_view utf8, int columns) {
  if (DisplayWidth(utf8) <= columns) return std::string(utf8);
  int width = 0;
  size_t bytes = 0;
  while (bytes < utf8.size()) {
    const Character character = Next(utf8.substr(bytes));
    if (width + WidthOf(character.point) > columns - 1) break;
    width += WidthOf(character.point);
    bytes += character.bytes;
  }
  return std::string(utf8.substr(0, bytes)) + "…";
}

std::string Printable(absl::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    const Character character = Next(utf8);
    const bool control =
        character.point < 0x20 || (character.point >= 0x7F && character.point < 0xA0);
    if (control) {
      out += ' ';
    } else {
      out.append(utf8.data(), character.bytes);
    }
    utf8.remove_prefix(character.bytes);
  }
  return out;
}

}  // namespace leye::ctl
