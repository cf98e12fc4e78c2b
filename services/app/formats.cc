#include "services/app/formats.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"

#include "services/app/names.h"

namespace leye::app {
namespace {

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

// REQUIRES: digits only, at most nine.
int Number(absl::string_view digits) {
  int number = 0;
  for (char digit : digits) number = number * 10 + (digit - '0');
  return number;
}

std::optional<absl::CivilDay> MakeDay(int year, int month, int day) {
  if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const absl::CivilDay made(year, month, day);
  if (made.month() != month) return std::nullopt;  // 31 April became 1 May.
  return made;
}

// The code point that begins at `*next`, which moves past it; nullopt when it is not valid.
std::optional<uint32_t> TakeCodePoint(const unsigned char** next, const unsigned char* end) {
  const unsigned char lead = *(*next)++;
  if (lead < 0x80) return lead;
  const int following = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4 || end - *next < following) return std::nullopt;
  uint32_t point = lead & (0x3Fu >> following);
  for (int i = 0; i < following; ++i) {
    const unsigned char byte = *(*next)++;
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    point = (point << 6) | (byte & 0x3Fu);
  }
  constexpr std::array<uint32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kLeast[static_cast<size_t>(following)] || surrogate || point > 0x10FFFF) {
    return std::nullopt;
  }
  return point;
}

}  // namespace

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp made;
  const int64_t micros = absl::ToUnixMicros(time);
  made.set_seconds(micros / 1'000'000);
  made.set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
  return made;
}

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

std::optional<size_t> CountCodePoints(absl::string_view text) {
  const auto* next = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* const end = next + text.size();
  size_t count = 0;
  while (next < end) {
    if (!TakeCodePoint(&next, end).has_value()) return std::nullopt;
    ++count;
  }
  return count;
}

std::optional<absl::CivilDay> ParseDate(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const absl::string_view year = text.substr(0, 4);
  const absl::string_view month = text.substr(5, 2);
  const absl::string_view day = text.substr(8, 2);
  if (!AllDigits(year) || !AllDigits(month) || !AllDigits(day)) return std::nullopt;
  return MakeDay(Number(year), Number(month), Number(day));
}

bool IsMonth(absl::string_view text) {
  if (text.size() != 7 || text[4] != '-') return false;
  const absl::string_view year = text.substr(0, 4);
  const absl::string_view month = text.substr(5, 2);
  return AllDigits(year) && AllDigits(month) && MakeDay(Number(year), Number(month), 1).has_value();
}

bool IsDivisionCode(absl::string_view text) {
  return text.size() == 6 && AllDigits(text) && IsRegionCode(text.substr(0, 2));
}

bool IsPhone(absl::string_view text) {
  int digits = 0;
  for (char c : text) {
    if (absl::ascii_isdigit(c)) {
      ++digits;
    } else if (c != '+' && c != '-' && c != ' ') {
      return false;
    }
  }
  return digits >= 3;
}

bool IsIdNumber(absl::string_view text) {
  if (text.size() != 18 || !AllDigits(text.substr(0, 17))) return false;
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (text[i] - '0') * kWeights[i];
  if (text[17] != "10X98765432"[sum % 11]) return false;
  return MakeDay(Number(text.substr(6, 4)), Number(text.substr(10, 2)), Number(text.substr(12, 2)))
      .has_value();
}

absl::CivilDay BirthDateOfIdNumber(absl::string_view id_number) {
  return absl::CivilDay(Number(id_number.substr(6, 4)), Number(id_number.substr(10, 2)),
                        Number(id_number.substr(12, 2)));
}

bool IsMaleIdNumber(absl::string_view id_number) { return (id_number[16] - '0') % 2 == 1; }

bool IsCreditCode(absl::string_view text) {
  constexpr absl::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr std::array<size_t, 17> kWeights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                               29, 25, 13, 8,  24, 10, 30, 28};
  if (text.size() != 18) return false;
  size_t sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t value = kAlphabet.find(text[i]);
    if (value == absl::string_view::npos) return false;
    if (i < kWeights.size()) sum += value * kWeights[i];
  }
  return text[17] == kAlphabet[(31 - sum % 31) % 31];
}

}  // namespace leye::app
