#include "services/text/folding.h"

namespace leye::text {
namespace {

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || c == 0x3000 || c == 0x200B ||
         c == 0xFEFF || c == 0x2028 || c == 0x2029 || (c >= 0x2000 && c <= 0x200A);
}

// Chinese punctuation as its ASCII twin.
char32_t Punctuation(char32_t c) {
  switch (c) {
    case U'、':
    case U'。':
      return ',';
    case U'【':
    case U'「':
    case U'『':
    case U'〔':
    case U'《':
      return '(';
    case U'】':
    case U'」':
    case U'』':
    case U'〕':
    case U'》':
      return ')';
    case U'—':
    case U'–':
    case U'―':
    case U'−':
      return '-';
    case U'➕':
      return '+';
    case U'·':
    case U'•':
    case U'｜':
      return '/';
    default:
      return c;
  }
}

char32_t FoldCharacter(char32_t c, const Characters& characters) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFF01 - 0x21;  // Full width.
  if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
  if (c < 0x80) return c == '[' || c == '{' ? U'(' : c == ']' || c == '}' ? U')' : c;
  if (IsHan(c)) return characters.Simplified(c);
  return Punctuation(c);
}

// How many bytes a character takes by its first byte; 0 for none that begins one.
size_t LengthByFirst(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

}  // namespace

DecodedCharacter DecodeUtf8(absl::string_view text, size_t at) {
  constexpr DecodedCharacter kWrong{kReplacement, 1};
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (at >= text.size()) return kWrong;
  const auto first = static_cast<unsigned char>(text[at]);
  const size_t size = LengthByFirst(first);
  if (size == 0 || at + size > text.size()) return kWrong;
  if (size == 1) return {first, 1};
  char32_t c = first & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0U) != 0x80U) return kWrong;
    c = (c << 6) | (next & 0x3FU);
  }
  const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
  if (c < kLeast[size] || c > 0x10FFFF || is_surrogate) return kWrong;
  return {c, size};
}

void AppendUtf8(char32_t c, std::string& text) {
  const auto byte = [&text](char32_t bits) { text += static_cast<char>(bits); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      byte(0xE0 | (c >> 12));
    } else {
      byte(0xF0 | (c >> 18));
      byte(0x80 | ((c >> 12) & 0x3F));
    }
    byte(0x80 | ((c >> 6) & 0x3F));
  }
  byte(0x80 | (c & 0x3F));
}

FoldedText Fold(absl::string_view text, const Characters& characters) {
  FoldedText folded;
  folded.characters.reserve(text.size());
  folded.begins.reserve(text.size());
  folded.ends.reserve(text.size());
  folded.after_space.reserve(text.size());
  uint8_t after_space = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedCharacter next = DecodeUtf8(text, at);
    if (IsSpace(next.character)) {
      after_space = 1;
    } else {
      folded.characters.push_back(FoldCharacter(next.character, characters));
      folded.begins.push_back(static_cast<uint32_t>(at));
      folded.ends.push_back(static_cast<uint32_t>(at + next.size));
      folded.after_space.push_back(after_space);
      after_space = 0;
    }
    at += next.size;
  }
  return folded;
}

}  // namespace leye::text
