// What is known of single characters: the simplified form of each, and how it sounds.
//
//   LEYE_ASSIGN_OR_RETURN(text::Characters characters, text::Characters::Load());
//   characters.Simplified(U'鋼');   // U'钢'
//   characters.Sound(U'弧') == characters.Sound(U'狐');
//
// Forms come from OpenCC (traditional to simplified), sounds from ICU (Han-Latin), both asked once,
// when the table is made: what OpenCC would do by whole words makes no difference to names of
// trades, and a look-up keeps every character in its place. Immutable but for SoundAs, safe
// for concurrent use.
#ifndef LEYE_SERVICES_TEXT_CHARACTERS_H_
#define LEYE_SERVICES_TEXT_CHARACTERS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

namespace leye::text {

// Whether `c` is in the block of common Chinese characters; the tables cover no others.
constexpr bool IsHan(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }

class Characters {
 public:
  // Takes some 0.1 s. FAILED_PRECONDITION, reason TEXT_DATA_MISSING, when OpenCC's or ICU's data is
  // not installed.
  static absl::StatusOr<Characters> Load();

  // The simplified form; `c` itself where there is none.
  char32_t Simplified(char32_t c) const { return IsHan(c) ? simplified_[c - kFirst] : c; }

  // A number for how `c` is spoken, equal for characters that are often confused: without tones,
  // zh as z, ch as c, sh as s, final ng as n. 0 for all but the 6,763 characters of GB 2312.
  uint16_t Sound(char32_t c) const { return IsHan(c) ? sounds_[c - kFirst] : uint16_t{0}; }

  // From now on `written` sounds as `meant`: it is often written for it. Both are IsHan.
  void SoundAs(char32_t written, char32_t meant) {
    sounds_[written - kFirst] = sounds_[meant - kFirst];
  }

 private:
  static constexpr char32_t kFirst = 0x4E00;

  Characters() = default;

  std::vector<char32_t> simplified_;
  std::vector<uint16_t> sounds_;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_CHARACTERS_H_
