#include "services/text/scanner.h"

#include <utility>

#include "services/text/characters.h"

namespace leye::text {

bool IsLicence(const std::u32string& text, size_t at) {
  return at + 2 <= text.size() && text[at] >= 'a' && text[at] <= 'c' && text[at + 1] >= '1' &&
         text[at + 1] <= '4';
}

bool PartsLicences(const std::u32string& text, size_t at) {
  return at >= 2 && IsLicence(text, at - 2) && IsLicence(text, at);
}

bool Scanner::AreLicences(size_t begin) const {
  while (begin < at_ && IsLicence(text_, begin)) begin += 2;
  return begin == at_;
}

std::optional<Amount> Scanner::TakeAmount() {
  constexpr size_t kMostDigits = 7;
  const size_t begin = at_;
  Amount amount;
  for (; IsDigit(Peek()); ++at_) {
    if (at_ - begin < kMostDigits) amount.value = amount.value * 10 + (text_[at_] - '0');
  }
  if (at_ == begin || at_ - begin > kMostDigits) return std::nullopt;
  if (Peek() == '.' && IsDigit(Peek(1))) {
    ++at_;
    for (int64_t place = 100; IsDigit(Peek()); ++at_, place /= 10) {
      amount.thousandths += (text_[at_] - '0') * place;
    }
    amount.has_fraction = true;
  }
  const char32_t next = Peek(1);
  const bool is_measure = IsLetter(next) || IsOneOf(next, U"瓦克米");  // 1500kw, 3千克
  if (!is_measure && TakeAny({U"k", U"千"})) {
    amount.times = 1'000;
  } else if (!is_measure && TakeAny({U"w", U"万"})) {
    amount.times = 10'000;
  }
  amount.value = amount.value * amount.times + amount.thousandths * amount.times / 1'000;
  return amount;
}

std::optional<int64_t> Scanner::TakeChineseNumeral() {
  constexpr std::u32string_view kDigits = U"零一二三四五六七八九";
  const auto digit = [&]() -> int64_t {
    if (Peek() == U'两') return 2;
    const size_t found = kDigits.find(Peek());
    return found == std::u32string_view::npos || AtEnd() ? 0 : static_cast<int64_t>(found);
  };
  int64_t value = digit();
  if (value > 0) ++at_;
  if (Peek() == U'十') {
    ++at_;
    value = (value > 0 ? value : 1) * 10;
    const int64_t ones = digit();
    if (ones > 0) ++at_;
    value += ones;
  }
  if (value == 0) return std::nullopt;
  return value;
}

std::optional<int64_t> Scanner::TakeChineseSum() {
  constexpr std::pair<char32_t, int64_t> kPlaces[] = {
      {U'万', 10'000}, {U'千', 1'000}, {U'百', 100}};
  int64_t sum = 0;
  int64_t last = 0;  // The place before.
  size_t end = at_;
  while (const std::optional<int64_t> digits = TakeChineseNumeral()) {
    const auto place = std::ranges::find(kPlaces, Peek(), &std::pair<char32_t, int64_t>::first);
    if (place != std::end(kPlaces) && (last == 0 || place->second < last)) {
      ++at_;
      sum += *digits * place->second;
      last = place->second;
      end = at_;
      continue;
    }
    // 一万二: 12,000; but 三百一天, four words.
    const bool is_over = !IsHan(Peek()) || IsOneOf(Peek(), U"元块以起到至左包");
    if (is_over) sum += *digits * (*digits < 10 ? last / 10 : 1);
    if (is_over) end = at_;
    break;
  }
  at_ = end;
  if (last == 0) return std::nullopt;
  return sum;
}

}  // namespace leye::text
