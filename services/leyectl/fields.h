// Reading and setting fields of any message by path, through its descriptor.
//
//   FieldText(posting, "place.division_code", style) == "130723"

#ifndef LEYE_SERVICES_LEYECTL_FIELDS_H_
#define LEYE_SERVICES_LEYECTL_FIELDS_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>

#include "services/leyectl/language.h"

namespace leye::ctl {

// A new message of a generated type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type);

// Sets a field of the message itself; does nothing when it has no such field or one of another
// type.
void SetString(google::protobuf::Message* message, absl::string_view field,
               absl::string_view value);
void SetBool(google::protobuf::Message* message, absl::string_view field, bool value);
void SetInt32(google::protobuf::Message* message, absl::string_view field, int value);

// The sub-message in a field, to be filled. Not found: nullptr.
google::protobuf::Message* MutableSub(google::protobuf::Message* message, absl::string_view field);

// A string field; empty when there is none.
std::string GetString(const google::protobuf::Message& message, absl::string_view field);

struct FieldStyle {
  Language language = Language::kEnglish;
  std::string region = "13";  // Names are shortened as for somebody working there.
};

// The field at a path of names joined by dots, in words: a name shortened, an enum by its word, a
// time in China, texts of a list as they are.
// Empty when not set. The last step may name a oneof; then the word of the case that is set.
std::string FieldText(const google::protobuf::Message& message, absl::string_view path,
                      const FieldStyle& style);

// The fields that tell two messages of one type apart, also by being set, without those the server
// sets itself, the etag and what may never change.
google::protobuf::FieldMask Differences(const google::protobuf::Message& stored,
                                        const google::protobuf::Message& wanted);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_FIELDS_H_
