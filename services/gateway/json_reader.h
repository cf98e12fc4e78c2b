// A message from proto3 JSON, by descriptors, strictly.
//
//   v1::GetPostingRequest request;
//   LEYE_RETURN_IF_ERROR(FromJson(body, request));
//
// Accepted is the standard mapping: a field by its JSON name or its proto name, 64-bit integers as
// numbers or text, enums by name or number, null for absent. Refused, each with the path of the
// field: unknown fields, the same field twice (under whatever name), two members of one oneof,
// values of another type or out of range, null in a list. protobuf's own parser accepts doubles,
// bare words and lists for single values.
//
// Stateless and thread-safe.

#ifndef LEYE_SERVICES_GATEWAY_JSON_READER_H_
#define LEYE_SERVICES_GATEWAY_JSON_READER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

namespace leye::gateway {

// Beyond these nothing more is looked for.
inline constexpr int kMostJsonViolations = 50;

// Reads the one object that `json` is into `message`, which is empty before. INVALID_ARGUMENT with
// reason MALFORMED_JSON where it is no JSON in UTF-8, or INVALID_FIELDS naming all violations at
// once, without quoting values; `message` then holds whatever was read.
absl::Status FromJson(absl::string_view json, google::protobuf::Message& message);

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_JSON_READER_H_
