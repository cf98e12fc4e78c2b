#include "tests/fuzz/text_mutator.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace leye::fuzz {
namespace {

using matcher::oracle::Dice;

// What breaks readers: limits of numbers, signs of the formats, dates that are none, characters
// that are not what they seem.
const char* const kWords[] = {"",
                              "0",
                              "-1",
                              "1",
                              "2147483648",
                              "-9223372036854775808",
                              "18446744073709551616",
                              "1e309",
                              "-0.0",
                              "NaN",
                              "nan",
                              "Infinity",
                              "null",
                              "true",
                              "\"",
                              "'",
                              "\\",
                              "{",
                              "}",
                              "[",
                              "]",
                              ":",
                              ",",
                              ";",
                              "\t",
                              "\n",
                              "\r\n",
                              "<",
                              ">",
                              "&#x0;",
                              "<!--",
                              "%",
                              "\\u0000",
                              "\\ud800",
                              "2023-02-29",
                              "9999",
                              "\uFEFF",
                              "\u3000",
                              "：",
                              "（",
                              "\U0001F9F5",
                              "\u202E",
                              "１２",
                              "1.5万",
                              "3000-",
                              "-",
                              "regions/13",
                              "regions/13/postings/sewing"};

size_t PlaceIn(const std::string& text, Dice& dice) {
  return static_cast<size_t>(dice.Between(0, static_cast<int>(text.size())));
}

absl::string_view AnyWord(Dice& dice) {
  return kWords[dice.Between(0, static_cast<int>(std::size(kWords)) - 1)];
}

void ChangeBytes(std::string& text, Dice& dice) {
  const size_t at = PlaceIn(text, dice);
  const auto length = static_cast<size_t>(dice.Between(1, dice.OneIn(4) ? 64 : 4));
  switch (dice.Between(0, 5)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << dice.Between(0, 7));
      break;
    case 1:
      text.insert(at, 1, static_cast<char>(dice.Between(0, 255)));
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, text.substr(PlaceIn(text, dice), length));
      break;
    case 4:
      text.insert(at, length, dice.OneOf({'\0', '0', '9', '(', '[', '{', '"', ' ', '\xff'}));
      break;
    default:
      if (at < text.size()) text[at] = dice.OneOf({'\0', '\x7f', '\x80', '\xff', '\n', '0'});
  }
}

bool IsWordByte(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return absl::ascii_isalnum(value) || value >= 0x80 || value == '_' || value == '.' ||
         value == '/' || value == '-';
}

// Runs of letters and digits, and what stands between them, sign by sign. Views `text`.
std::vector<absl::string_view> TokensOf(absl::string_view text) {
  std::vector<absl::string_view> tokens;
  for (size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = begin + 1;
    while (IsWordByte(text[begin]) && end < text.size() && IsWordByte(text[end])) ++end;
    tokens.push_back(text.substr(begin, end - begin));
  }
  return tokens;
}

std::string WithChangedToken(absl::string_view text, Dice& dice) {
  std::vector<absl::string_view> tokens = TokensOf(text);
  if (tokens.empty()) return std::string(AnyWord(dice));
  const auto any = [&tokens, &dice] {
    return tokens.begin() + dice.Between(0, static_cast<int>(tokens.size()) - 1);
  };
  const auto at = any();
  const int length = std::min(dice.Between(1, 12), static_cast<int>(tokens.end() - at));
  switch (dice.Between(0, 4)) {
    case 0:
      *at = AnyWord(dice);
      break;
    case 1:
      *at = *any();
      break;
    case 2:
      tokens.erase(at, at + length);
      break;
    case 3: {
      const std::vector<absl::string_view> copy(at, at + length);
      tokens.insert(any(), copy.begin(), copy.end());
      break;
    }
    default:
      std::iter_swap(at, any());
  }
  return absl::StrJoin(tokens, "");
}

// Where characters begin, and the end.
std::vector<size_t> BeginningsIn(absl::string_view text) {
  std::vector<size_t> beginnings;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) beginnings.push_back(i);
  }
  beginnings.push_back(text.size());
  return beginnings;
}

}  // namespace

std::string MutateText(absl::string_view text, Dice& dice) {
  std::string changed(text);
  for (int changes = dice.Between(1, 3); changes > 0; --changes) {
    if (dice.OneIn(2)) {
      changed = WithChangedToken(changed, dice);
    } else {
      ChangeBytes(changed, dice);
    }
  }
  return changed;
}

std::string MutateNumber(absl::string_view text, Dice& dice) {
  constexpr char kDigits[] = "0123456789";
  std::string changed(text);
  const size_t begin = changed.find_first_of(kDigits, PlaceIn(changed, dice));
  if (begin == std::string::npos) return changed;
  const size_t end = std::min(changed.find_first_not_of(kDigits, begin), changed.size());
  const int most = dice.OneOf({20, 100, 3'000, 1'000'000});
  return changed.replace(begin, end - begin, std::to_string(dice.Between(0, most)));
}

std::string MutateUtf8(absl::string_view text, Dice& dice) {
  const std::vector<size_t> beginnings = BeginningsIn(text);
  size_t from = dice.OneOf(beginnings);
  size_t to = dice.OneOf(beginnings);
  if (from > to) std::swap(from, to);
  const std::string before(text.substr(0, from));
  const std::string middle(text.substr(from, to - from));
  const std::string after(text.substr(to));
  switch (dice.Between(0, 3)) {
    case 0:
      return before + after;
    case 1:
      return before + middle + middle + after;
    case 2:
      return absl::StrCat(before, AnyWord(dice), after);
    default:
      return absl::StrCat(before, AnyWord(dice), middle, after);
  }
}

}  // namespace leye::fuzz
