// Reads the values of enums from what people write: 初中, 初中及以上, EDUCATION_JUNIOR_SECONDARY.

#ifndef LEYE_SERVICES_LEYECTL_FILES_ENUM_WORDS_H_
#define LEYE_SERVICES_LEYECTL_FILES_ENUM_WORDS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>

namespace leye::ctl::files {

// The number of the value that is called so: by its name in the API, a word of words.tsv, or the
// word that lists and exports show, in either language. Not found: nullopt.
std::optional<int> ReadEnum(const google::protobuf::EnumDescriptor& type, absl::string_view cell);

// The Chinese words of the values, parted by 、: for messages.
std::string EnumChoices(const google::protobuf::EnumDescriptor& type);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_ENUM_WORDS_H_
