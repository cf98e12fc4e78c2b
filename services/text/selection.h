// Chooses, of all words found in a phrase, those that are read.
#ifndef LEYE_SERVICES_TEXT_SELECTION_H_
#define LEYE_SERVICES_TEXT_SELECTION_H_

#include <vector>

#include "services/text/folding.h"
#include "services/text/lexicon.h"
#include "services/text/numbers.h"

namespace leye::text {

// A word or a number of the phrase.
struct Token {
  Range range;
  const Term* term = nullptr;        // Null: a number.
  const Finding* finding = nullptr;  // What it decorates with, if it does.
};

struct Selection {
  std::vector<Token> tokens = {};  // In order, without overlap.
  Contexts contexts = {};          // Of all words found, chosen or not, and of what stands around.
};

// The choice that covers most, counting the square of each word's length: one long word before the
// short ones that it is made of. Of equal choices the one whose last word is longest. `numbers`
// outlives the result. `around` are the contexts of what stands around the text.
Selection Select(const Lexicon& lexicon, const FoldedText& text,
                 const std::vector<NumberFound>& numbers, const Contexts& around = {});

// Those of all words found in the text.
Contexts ContextsOf(const Lexicon& lexicon, const FoldedText& text);

// What stands beside a position of the text.
enum class Beside : uint8_t { kEdge, kSpace, kBreak, kText };

// Before `at`, and from `at` on. kEdge: the text begins or ends here.
Beside BesideBefore(const FoldedText& text, size_t at);
Beside BesideAfter(const FoldedText& text, size_t at);

// Whether `c` parts what stands before it from what stands after it.
bool IsBreak(char32_t c);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_SELECTION_H_
