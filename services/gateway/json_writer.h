// A message as proto3 JSON, by descriptors.
//
//   std::string json = ToJson(response);   // {"posting":{"name":"regions/13/postings/a"}}
//
// The standard mapping: lowerCamelCase names, 64-bit integers as text, enums by name, absent fields
// left out. protobuf's own printer is not used because it looks every type up anew for every
// message: the answer of ten matches takes it half a millisecond (README.md).
//
// Of the well-known types with a form of their own it knows Timestamp, Duration and FieldMask;
// methods.h refuses to start with others, and with maps. Stateless and
// thread-safe.

#ifndef LEYE_SERVICES_GATEWAY_JSON_WRITER_H_
#define LEYE_SERVICES_GATEWAY_JSON_WRITER_H_

#include <string>

#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

namespace leye::gateway {

// One line. Time is linear in the length of the result.
std::string ToJson(const google::protobuf::Message& message);

// `text`, which is UTF-8, as a JSON string with its quotes.
std::string ToJsonString(absl::string_view text);

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_JSON_WRITER_H_
