#include "services/text/selection.h"

#include <algorithm>
#include <utility>

#include "services/text/scanner.h"

namespace leye::text {
namespace {

bool IsAlphanumeric(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Whether letters and digits before and from `at` on are one word: "ui" is none of "build", "c1"
// none of "c12", but "b2" is one of "b1b2", as classes of driving licences are written.
bool IsWithinWord(const std::u32string& text, size_t at) {
  if (at == 0 || at >= text.size()) return false;
  if (!IsAlphanumeric(text[at - 1]) || !IsAlphanumeric(text[at])) return false;
  return !PartsLicences(text, at);
}

bool CutsWord(const Lexicon& lexicon, const std::u32string& text, Range range) {
  if (IsWithinWord(text, range.begin) || IsWithinWord(text, range.end)) return true;
  if (range.end >= text.size()) return false;
  const std::pair both(text[range.end - 1], text[range.end]);
  return std::find(lexicon.cuts.begin(), lexicon.cuts.end(), both) != lexicon.cuts.end();
}

// A decoration of one character (男, 急) counts only when it stands alone.
bool IsLooseCharacter(const FoldedText& text, const Term& term, Range range) {
  if (range.size() != 1 || !term.finding.has_value() || term.role != Role::kNone) return false;
  return BesideBefore(text, range.begin) == Beside::kText ||
         BesideAfter(text, range.end) == Beside::kText;
}

// The best choice of what ends at or before a position.
struct Best {
  size_t value = 0;
  int token = -1;  // The one that ends here, or none.
};

}  // namespace

bool IsBreak(char32_t c) {
  if (c < 0x80) return !IsAlphanumeric(c) && c != '.' && c != '#';
  return (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) || c >= 0xFE00;
}

Beside BesideBefore(const FoldedText& text, size_t at) {
  if (at == 0) return Beside::kEdge;
  if (at < text.characters.size() && text.after_space[at] != 0) return Beside::kSpace;
  return IsBreak(text.characters[at - 1]) ? Beside::kBreak : Beside::kText;
}

Beside BesideAfter(const FoldedText& text, size_t at) {
  if (at >= text.characters.size()) return Beside::kEdge;
  if (text.after_space[at] != 0) return Beside::kSpace;
  return IsBreak(text.characters[at]) ? Beside::kBreak : Beside::kText;
}

Contexts ContextsOf(const Lexicon& lexicon, const FoldedText& text) {
  Contexts contexts;
  for (const Match& match : lexicon.words.FindAll(text.characters)) {
    if (CutsWord(lexicon, text.characters, match.range)) continue;
    contexts |= lexicon.terms[match.word].context;
  }
  return contexts;
}

Selection Select(const Lexicon& lexicon, const FoldedText& text,
                 const std::vector<NumberFound>& numbers, const Contexts& around) {
  Selection selection{.contexts = around};
  std::vector<Token> words;
  for (const Match& match : lexicon.words.FindAll(text.characters)) {
    const Term& term = lexicon.terms[match.word];
    if (CutsWord(lexicon, text.characters, match.range)) continue;
    selection.contexts |= term.context;
    if (IsLooseCharacter(text, term, match.range)) continue;
    words.push_back({match.range, &term, term.finding.has_value() ? &*term.finding : nullptr});
  }
  std::vector<Token> digits;
  for (const NumberFound& number : numbers) {
    digits.push_back({number.range, nullptr, &number.finding});
  }
  std::vector<Token> found(words.size() + digits.size());
  std::merge(words.begin(), words.end(), digits.begin(), digits.end(), found.begin(),
             [](const Token& a, const Token& b) { return a.range.end < b.range.end; });

  std::vector<Best> best(text.characters.size() + 1);
  size_t next = 0;
  for (size_t end = 1; end < best.size(); ++end) {
    best[end] = {best[end - 1].value, -1};
    for (; next < found.size() && found[next].range.end == end; ++next) {
      const Range range = found[next].range;
      const size_t value = best[range.begin].value + range.size() * range.size();
      if (value > best[end].value) best[end] = {value, static_cast<int>(next)};
    }
  }
  for (size_t end = text.characters.size(); end > 0;) {
    if (best[end].token < 0) {
      --end;
      continue;
    }
    const Token& token = found[static_cast<size_t>(best[end].token)];
    selection.tokens.push_back(token);
    end = token.range.begin;
  }
  std::reverse(selection.tokens.begin(), selection.tokens.end());
  return selection;
}

}  // namespace leye::text
