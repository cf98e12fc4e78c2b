// Reads amounts and words of a folded text, forwards from a position.
//
//   Scanner scanner(text.characters);
//   scanner.TakeAmount();              // 5.5k: 5500
//   scanner.TakeAny({U"元", U"块"});   // Whether one of them stands there; then it is behind.
//
// Thread-compatible; the text outlives it.
#ifndef LEYE_SERVICES_TEXT_SCANNER_H_
#define LEYE_SERVICES_TEXT_SCANNER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace leye::text {

inline bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }
inline bool IsLetter(char32_t c) { return c >= 'a' && c <= 'z'; }
inline bool IsOneOf(char32_t c, std::u32string_view characters) {
  return characters.find(c) != std::u32string_view::npos;
}

// Whether a class of driving licence that is written with a digit, a1 to c4, stands at `at`.
bool IsLicence(const std::u32string& text, size_t at);

// Whether a class of driving licence ends and another begins at `at`: a2 in "a1a2".
bool PartsLicences(const std::u32string& text, size_t at);

// A number as written: 6000, 5.5k, 1万, 三.
struct Amount {
  int64_t value = 0;
  int64_t times = 1;        // k 1,000, w 10,000.
  int64_t thousandths = 0;  // Behind the point, of what is multiplied.
  bool has_fraction = false;
};

// Reads at a position of a text, forwards.
class Scanner {
 public:
  explicit Scanner(const std::u32string& text) : text_(text) {}

  size_t at() const { return at_; }
  void MoveTo(size_t at) { at_ = at; }
  bool AtEnd() const { return at_ >= text_.size(); }
  char32_t Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : U'\0';
  }
  char32_t Before() const { return BeforeAt(at_); }
  char32_t BeforeAt(size_t at) const { return at > 0 ? text_[at - 1] : U'\0'; }

  bool Take(std::u32string_view word) {
    if (std::u32string_view(text_).substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  bool TakeAny(std::initializer_list<std::u32string_view> words) {
    return std::ranges::any_of(words, [this](std::u32string_view word) { return Take(word); });
  }

  // The text before `begin` ends with `word`.
  bool EndsBefore(size_t begin, std::u32string_view word) const {
    return begin >= word.size() &&
           std::u32string_view(text_).substr(begin - word.size(), word.size()) == word;
  }

  // Whether what was read since `begin` is nothing but classes of driving licences: a1a2.
  bool AreLicences(size_t begin) const;

  // 6000, 5.5k, 1万. Of more than seven digits nobody means the number: nullopt.
  std::optional<Amount> TakeAmount();
  // 一 to 九十九, as used before 名 and 人.
  std::optional<int64_t> TakeChineseNumeral();
  // 六千, 一万二 (12,000), 三百五十, as pay is written. Moves also where it finds none.
  std::optional<int64_t> TakeChineseSum();

 private:
  const std::u32string& text_;
  size_t at_ = 0;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_SCANNER_H_
