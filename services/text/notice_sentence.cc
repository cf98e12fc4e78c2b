#include "services/text/notice_sentence.h"

#include <algorithm>
#include <optional>

#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr int64_t kHundredths = 100;

bool EndsSentence(char32_t c) { return IsOneOf(c, U"\n\r。；;！!？?"); }

}  // namespace

bool SaysAny(std::u32string_view text, WordSet words) {
  return std::ranges::any_of(words, [text](std::u32string_view word) {
    return text.find(word) != std::u32string_view::npos;
  });
}

void SplitNotice(absl::string_view notice, Words part, const Characters& characters,
                 std::vector<Sentence>& sentences) {
  size_t begin = part.begin;
  const auto close = [&](size_t end) {
    if (end > begin) sentences.emplace_back(notice.substr(begin, end - begin), begin, characters);
  };
  for (size_t at = begin; at < part.end;) {
    const DecodedCharacter next = DecodeUtf8(notice, at);
    if (EndsSentence(next.character)) {
      close(at);
      begin = at + next.size;
    }
    at += next.size;
  }
  close(part.end);
}

Sentence::Sentence(absl::string_view raw, size_t begin, const Characters& characters)
    : raw_(raw), begin_(begin), text_(Fold(raw, characters)) {
  FindClauses();
  FindNumbers();
}

Words Sentence::WordsOf(Range range) const {
  const Words words = text_.WordsOf(range);
  return {words.begin + begin_, words.end + begin_};
}

size_t Sentence::PositionOf(size_t byte) const {
  const size_t in_raw = byte - std::min(byte, begin_);
  return static_cast<size_t>(std::ranges::lower_bound(text_.begins, in_raw) - text_.begins.begin());
}

absl::string_view Sentence::RawOf(Range range) const { return text_.WordsOf(range).In(raw_); }

bool Sentence::EndsAt(size_t at, std::u32string_view word) const {
  return at >= word.size() && BeginsAt(at - word.size(), word);
}

size_t Sentence::SizeOfEnding(size_t at, WordSet words) const {
  for (const std::u32string_view word : words) {
    if (EndsAt(at, word)) return word.size();
  }
  return 0;
}

size_t Sentence::SizeOfBeginning(size_t at, WordSet words) const {
  for (const std::u32string_view word : words) {
    if (BeginsAt(at, word)) return word.size();
  }
  return 0;
}

std::u32string_view Sentence::Before(size_t at, size_t most) const {
  if (at == 0) return {};
  const size_t clause = ClauseAt(std::min(at, size() - 1)).begin;
  const size_t begin = std::max(clause, at > most ? at - most : 0);
  return std::u32string_view(text()).substr(begin, at - begin);
}

std::u32string_view Sentence::After(size_t at, size_t most) const {
  if (at >= size()) return {};
  const size_t end = std::min(ClauseAt(at).end, at + most);
  return std::u32string_view(text()).substr(at, end - at);
}

bool Sentence::SaysBefore(size_t at, size_t most, WordSet words) const {
  return SaysAny(Before(at, most), words);
}

bool Sentence::SaysAfter(size_t at, size_t most, WordSet words) const {
  return SaysAny(After(at, most), words);
}

size_t Sentence::AfterDash(size_t at) const {
  constexpr size_t kLongest = 2;  // ——
  const size_t begin = at;
  while (at - begin < kLongest && IsOneOf(At(at), U"-~\u301C")) ++at;
  if (at == begin && (At(at) == U'至' || At(at) == U'到')) ++at;
  return at;
}

size_t Sentence::Find(WordSet words, size_t from) const {
  for (size_t at = from; at < size(); ++at) {
    if (SizeOfBeginning(at, words) > 0) return at;
  }
  return size();
}

bool Sentence::IsComma(size_t at) const {
  return text()[at] == ',' && raw_.substr(text_.begins[at], 3) != "、";
}

// As thousands are written: digits before, three behind, and no blank.
bool Sentence::GroupsDigits(size_t at) const {
  if (at == 0 || At(at) != ',' || raw_[text_.begins[at]] != ',') return false;
  for (const size_t digit : {at - 1, at + 1, at + 2, at + 3}) {
    if (!IsDigit(At(digit))) return false;
  }
  return !IsDigit(At(at + 4));
}

void Sentence::FindClauses() {
  size_t begin = 0;
  for (size_t at = 0; at <= size(); ++at) {
    if (at < size() && (!IsComma(at) || GroupsDigits(at))) continue;
    clauses_.push_back({begin, at});
    begin = at + 1;
  }
  clause_of_.reserve(size());
  for (size_t clause = 0; clause < clauses_.size(); ++clause) {
    // A comma is of the clause that it ends.
    const size_t end = std::min(clauses_[clause].end + 1, size());
    while (clause_of_.size() < end) clause_of_.push_back(static_cast<uint32_t>(clause));
  }
}

void Sentence::TakeGroup(NoticeNumber& number) const {
  const size_t at = number.range.end;
  constexpr size_t kMostBefore = 3;
  if (!GroupsDigits(at) || number.range.size() > kMostBefore) return;
  int64_t group = 0;
  for (size_t i = at + 1; i <= at + 3; ++i) group = group * 10 + (At(i) - '0');
  number.hundredths = number.hundredths * 1'000 + group * kHundredths;
  number.range.end = at + 4;
}

void Sentence::FindNumbers() {
  constexpr std::u32string_view kNumerals = U"一二三四五六七八九十两";
  Scanner scanner(text());
  while (!scanner.AtEnd()) {
    const size_t begin = scanner.at();
    NoticeNumber number;
    if (IsDigit(scanner.Peek())) {
      const std::optional<Amount> amount = scanner.TakeAmount();
      if (!amount.has_value()) {
        while (IsDigit(scanner.Peek())) scanner.MoveTo(scanner.at() + 1);
        continue;
      }
      number = {{begin, scanner.at()}, amount->value * kHundredths, amount->times > 1, false};
      if (amount->times == 1) number.hundredths += amount->thousandths / 10;
      if (amount->times == 1 && !amount->has_fraction) TakeGroup(number);
      scanner.MoveTo(number.range.end);
    } else if (IsOneOf(scanner.Peek(), kNumerals)) {
      std::optional<int64_t> value = scanner.TakeChineseSum();
      if (!value.has_value()) {
        scanner.MoveTo(begin);
        value = scanner.TakeChineseNumeral();
      }
      if (!value.has_value() || scanner.at() == begin) {
        scanner.MoveTo(begin + 1);
        continue;
      }
      number = {{begin, scanner.at()}, *value * kHundredths, *value >= 100, false};
    } else {
      scanner.MoveTo(begin + 1);
      continue;
    }
    numbers_.push_back(number);
  }
}

}  // namespace leye::text
