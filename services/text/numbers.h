// Decorations that are written with digits: pay, headcount, age, term, experience, machine
// models, reference numbers.
//
//   FindNumbers(Fold("叉车工3名 6-8k 18-45岁", characters));
//
// Which words are units stands in numbers.cc, not in the catalogue's tables: they go with the rules
// for them. One pass. Numbers that nothing says the meaning of are left alone, except round ones
// that can only be a month's pay (厨师8000).
#ifndef LEYE_SERVICES_TEXT_NUMBERS_H_
#define LEYE_SERVICES_TEXT_NUMBERS_H_

#include <vector>

#include "services/text/folding.h"
#include "services/text/normalized.h"

namespace leye::text {

struct NumberFound {
  Range range;
  Finding finding;
};

// In the order of the text, without overlap.
std::vector<NumberFound> FindNumbers(const FoldedText& text);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NUMBERS_H_
