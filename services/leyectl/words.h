// The words for the API's enums, rules and criteria, in both languages.

#ifndef LEYE_SERVICES_LEYECTL_WORDS_H_
#define LEYE_SERVICES_LEYECTL_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include "leye/v1/match.pb.h"
#include "services/leyectl/language.h"

namespace leye::ctl {

// The word for an enum's value. Where none is listed: its name without the enum's prefix, in lower
// case. UNSPECIFIED is empty.
std::string EnumWord(const google::protobuf::EnumValueDescriptor& value, Language language);

// The same from a generated enum's value.
template <typename Enum>
std::string WordOf(Enum value, Language language) {
  const google::protobuf::EnumValueDescriptor* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value);
  return found == nullptr ? "" : EnumWord(*found, language);
}

// The word for the case of a oneof, by the field's name.
std::string OneofWord(absl::string_view field, Language language);

// The title of a list's column, by the field's path.
std::string ColumnTitle(absl::string_view path, Language language);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_WORDS_H_
