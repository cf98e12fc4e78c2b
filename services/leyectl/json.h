// Messages to and from the proto3 JSON mapping, and from protobuf's text form.

#ifndef LEYE_SERVICES_LEYECTL_JSON_H_
#define LEYE_SERVICES_LEYECTL_JSON_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

namespace leye::ctl {

// One line, without fields at their default.
std::string ToJson(const google::protobuf::Message& message);

// The same over several indented lines, for people.
std::string ToReadableJson(const google::protobuf::Message& message);

// Reads one object. Unknown fields are refused. INVALID_ARGUMENT says what is wrong, without
// quoting values.
absl::Status FromJson(absl::string_view json, google::protobuf::Message* message);

// Reads a message in protobuf's text form. INVALID_ARGUMENT says on which line and in which column
// what is wrong.
absl::Status FromText(absl::string_view text, google::protobuf::Message* message);

// `text` as a JSON string, with its quotes.
std::string JsonString(absl::string_view text);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_JSON_H_
