#include "services/leyectl/files/characters.h"

#include <algorithm>

namespace leye::ctl::files {

char32_t TakeCharacter(absl::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t character = size == 1 ? lead : lead & (0x7FU >> size);
  for (size_t i = 1; i < std::min(size, text.size()); ++i) {
    character = (character << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(std::min(size, text.size()));
  return character;
}

void AppendCharacter(char32_t character, std::string* text) {
  const auto push = [text](char32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (character < 0x80) {
    push(character);
  } else if (character < 0x800) {
    push(0xC0 | (character >> 6U));
    push(0x80 | (character & 0x3FU));
  } else if (character < 0x10000) {
    push(0xE0 | (character >> 12U));
    push(0x80 | ((character >> 6U) & 0x3FU));
    push(0x80 | (character & 0x3FU));
  } else {
    push(0xF0 | (character >> 18U));
    push(0x80 | ((character >> 12U) & 0x3FU));
    push(0x80 | ((character >> 6U) & 0x3FU));
    push(0x80 | (character & 0x3FU));
  }
}

size_t CountCharacters(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

}  // namespace leye::ctl::files
