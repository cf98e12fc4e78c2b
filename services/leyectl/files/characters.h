// UTF-8, a character at a time.

#ifndef LEYE_SERVICES_LEYECTL_FILES_CHARACTERS_H_
#define LEYE_SERVICES_LEYECTL_FILES_CHARACTERS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace leye::ctl::files {

// Takes the first character off `text`, which is valid UTF-8 and not empty.
char32_t TakeCharacter(absl::string_view& text);

// Appends a Unicode scalar value.
void AppendCharacter(char32_t character, std::string* text);

size_t CountCharacters(absl::string_view text);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_CHARACTERS_H_
