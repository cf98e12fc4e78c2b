// Brings what people write into one form, and keeps for each character where it came from.
//
//   FoldedText text = Fold("急招 電焊工（月薪６０００）", characters);
//   text.characters;        // U"急招电焊工(月薪6000)"
//   text.WordsOf({2, 5});   // bytes of 電焊工 in the original
//
// Full width becomes half width, capitals small letters, traditional characters simplified, the
// punctuation of both languages one set. White space is taken away (普 工), but it is known where
// it was. Bytes that are not UTF-8 become U+FFFD, one for each byte.
#ifndef LEYE_SERVICES_TEXT_FOLDING_H_
#define LEYE_SERVICES_TEXT_FOLDING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/text/characters.h"
#include "services/text/normalized.h"

namespace leye::text {

inline constexpr char32_t kReplacement = 0xFFFD;

// One character of UTF-8 and how many bytes it takes; U+FFFD and 1 for what is not UTF-8.
struct DecodedCharacter {
  char32_t character;
  size_t size;
};
// REQUIRES: at < text.size(), or text is empty (then U+FFFD and 1).
DecodedCharacter DecodeUtf8(absl::string_view text, size_t at);

// Appends `c`, which must be a Unicode scalar value.
void AppendUtf8(char32_t c, std::string& text);

// A run of characters of a folded text, by their positions: [begin, end).
struct Range {
  size_t begin = 0;
  size_t end = 0;

  size_t size() const { return end - begin; }
};

struct FoldedText {
  std::u32string characters;
  std::vector<uint32_t> begins;      // By character: its first byte in the original.
  std::vector<uint32_t> ends;        // By character: the byte after its last.
  std::vector<uint8_t> after_space;  // By character: 1 if white space stood before it.

  // The bytes of the original that `range`, which is not empty, came from.
  Words WordsOf(Range range) const { return {begins[range.begin], ends[range.end - 1]}; }
};

// `text` is at most 4 GiB.
FoldedText Fold(absl::string_view text, const Characters& characters);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_FOLDING_H_
