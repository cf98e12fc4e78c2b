// One JSON value and one field: whether they go together, and how to say what would.
//
// Stateless and thread-safe.

#ifndef LEYE_SERVICES_GATEWAY_JSON_VALUES_H_
#define LEYE_SERVICES_GATEWAY_JSON_VALUES_H_

#include <cstdint>
#include <string>
#include <variant>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace leye::gateway {

using JsonNull = std::monostate;
// A value that is neither object nor list.
using JsonValue = std::variant<JsonNull, bool, int64_t, uint64_t, double, std::string>;

// The field of `type` with this JSON name or proto name; null when there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& type,
                                                   const std::string& name);

// Whether a value of `field` is written as an object: a message that has no form of its own.
bool IsObject(const google::protobuf::FieldDescriptor& field);

// Sets `field`, or adds to it when it is repeated. False when `value` is not one of its values.
bool SetField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
              const JsonValue& value);

// What `field` must be, and what one value of it: "a list", "a whole number from 0 to 4294967295".
std::string Wanted(const google::protobuf::FieldDescriptor& field);
std::string WantedItem(const google::protobuf::FieldDescriptor& field);

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_JSON_VALUES_H_
