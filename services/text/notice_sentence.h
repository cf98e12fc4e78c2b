// One sentence of a notice, as its finders look at it: folded, with its numbers and clauses.
//
//   Sentences sentences;
//   SplitNotice(text, {0, text.size()}, characters, sentences);
//
// A sentence ends with 。；！？ or the line, a clause with a comma; 、 parts only items of a list.
// Every question looks a bounded number of characters around a place, so that a text that nobody
// would write costs no more than its length.
#ifndef LEYE_SERVICES_TEXT_NOTICE_SENTENCE_H_
#define LEYE_SERVICES_TEXT_NOTICE_SENTENCE_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/text/characters.h"
#include "services/text/folding.h"

namespace leye::text {

// 18, 1,200, 0.5, 5千, 十八, 五千.
struct NoticeNumber {
  Range range;
  int64_t hundredths = 0;
  bool has_times = false;  // 5k, 6万
  bool is_dated = false;   // Part of a day or month of the calendar: no quantity.

  // -1 for what is no whole number.
  int64_t whole() const { return hundredths % 100 == 0 ? hundredths / 100 : -1; }
};

using WordSet = std::initializer_list<std::u32string_view>;

class Sentence {
 public:
  // `begin` is where `raw` begins in the notice.
  Sentence(absl::string_view raw, size_t begin, const Characters& characters);

  absl::string_view raw() const { return raw_; }
  size_t begin() const { return begin_; }
  const std::u32string& text() const { return text_.characters; }
  size_t size() const { return text_.characters.size(); }
  std::vector<NoticeNumber>& numbers() { return numbers_; }
  const std::vector<NoticeNumber>& numbers() const { return numbers_; }

  // The words of the notice that `range`, which is not empty, stands for.
  Words WordsOf(Range range) const;
  // Its bytes in `raw`.
  absl::string_view RawOf(Range range) const;

  // The first character that begins at the byte of the notice or behind it.
  size_t PositionOf(size_t byte) const;

  char32_t At(size_t at) const { return at < size() ? text_.characters[at] : U'\0'; }
  // Whether the word, which is not empty, ends or begins at `at`.
  bool EndsAt(size_t at, std::u32string_view word) const;
  // Most differ in the first character, and this is where reading notices takes its time.
  bool BeginsAt(size_t at, std::u32string_view word) const {
    return At(at) == word.front() && std::u32string_view(text()).substr(at, word.size()) == word;
  }
  // The size of the first of the words that ends or begins there; 0: none does.
  size_t SizeOfEnding(size_t at, WordSet words) const;
  size_t SizeOfBeginning(size_t at, WordSet words) const;

  // Of the clause that holds `at`.
  Range ClauseAt(size_t at) const { return clauses_[clause_of_[at]]; }
  const std::vector<Range>& clauses() const { return clauses_; }
  // Up to `most` characters of the clause before or from `at` on.
  std::u32string_view Before(size_t at, size_t most) const;
  std::u32string_view After(size_t at, size_t most) const;
  bool SaysBefore(size_t at, size_t most, WordSet words) const;
  bool SaysAfter(size_t at, size_t most, WordSet words) const;

  // Where what stands after a sign for "to" begins (18-60, 18至60); `at` where there is none.
  size_t AfterDash(size_t at) const;

  // The next place from `from` on where one of the words begins; size() where there is none.
  size_t Find(WordSet words, size_t from = 0) const;

 private:
  void FindClauses();
  void FindNumbers();
  bool IsComma(size_t at) const;
  bool GroupsDigits(size_t at) const;
  void TakeGroup(NoticeNumber& number) const;  // The rest of 1,200.

  absl::string_view raw_;
  size_t begin_;
  FoldedText text_;
  std::vector<NoticeNumber> numbers_;
  std::vector<Range> clauses_;
  std::vector<uint32_t> clause_of_;  // By character.
};

// Whether one of the words stands in `text`.
bool SaysAny(std::u32string_view text, WordSet words);

// Appends those of a part of the notice, in the order of the text. `notice` outlives them.
void SplitNotice(absl::string_view notice, Words part, const Characters& characters,
                 std::vector<Sentence>& sentences);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NOTICE_SENTENCE_H_
