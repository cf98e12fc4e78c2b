// Variants of text and of bytes: words and signs are exchanged as often as bytes are broken, so
// that JSON, CSV, XML or text form mostly stay what they are.

#ifndef LEYE_TESTS_FUZZ_TEXT_MUTATOR_H_
#define LEYE_TESTS_FUZZ_TEXT_MUTATOR_H_

#include <string>

#include "absl/strings/string_view.h"

#include "tests/oracle/dice.h"

namespace leye::fuzz {

// Anything may come of it.
std::string MutateText(absl::string_view text, matcher::oracle::Dice& dice);

// With another number where one stands.
std::string MutateNumber(absl::string_view text, matcher::oracle::Dice& dice);

// UTF-8 when `text` is.
std::string MutateUtf8(absl::string_view text, matcher::oracle::Dice& dice);

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_TEXT_MUTATOR_H_
