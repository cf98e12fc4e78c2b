#include "services/leyectl/fields.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include <google/protobuf/reflection.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/message_differencer.h>

#include "leye/v1/options.pb.h"
#include "services/base/clock.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

const FieldDescriptor* Find(const Message& message, absl::string_view field,
                            FieldDescriptor::CppType type) {
  const FieldDescriptor* found = message.GetDescriptor()->FindFieldByName(std::string(field));
  return found != nullptr && !found->is_repeated() && found->cpp_type() == type ? found : nullptr;
}

std::string StringText(const std::string& value, const FieldStyle& style) {
  return KindOfName(value) != nullptr ? ShortName(value, style.region) : value;
}

// "2026-11-26 09:30", in China; the empty text for any other message.
std::string TimeText(const Message& message) {
  if (message.GetDescriptor() != google::protobuf::Timestamp::descriptor()) return "";
  const auto& time = static_cast<const google::protobuf::Timestamp&>(message);
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()),
                          ChinaStandardTime());
}

std::string ScalarText(const Message& message, const FieldDescriptor* field,
                       const FieldStyle& style) {
  const Reflection* reflection = message.GetReflection();
  if (field->has_presence() && !reflection->HasField(message, field)) return "";
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return StringText(reflection->GetString(message, field), style);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(*reflection->GetEnum(message, field), style.language);
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, field) ? "✓" : "";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return TimeText(reflection->GetMessage(message, field));
    default:
      return "";
  }
}

std::string OneofText(const Message& message, const std::string& name, const FieldStyle& style) {
  const google::protobuf::OneofDescriptor* oneof = message.GetDescriptor()->FindOneofByName(name);
  if (oneof == nullptr) return "";
  const FieldDescriptor* set = message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
  return set == nullptr ? "" : OneofWord(set->name(), style.language);
}

bool IsCallersOwn(const FieldDescriptor& field) {
  if (field.name() == "etag") return false;
  const v1::Behavior behavior = field.options().GetExtension(v1::rule).behavior();
  return behavior != v1::BEHAVIOR_OUTPUT_ONLY && behavior != v1::BEHAVIOR_IMMUTABLE;
}

// What a repeated field of texts holds; "" of another.
std::string TextsIn(const Message& message, const FieldDescriptor& field) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return "";
  return absl::StrJoin(message.GetReflection()->GetRepeatedFieldRef<std::string>(message, &field),
                       " ");
}

}  // namespace

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  return std::unique_ptr<Message>(prototype->New());
}

void SetString(Message* message, absl::string_view field, absl::string_view value) {
  const FieldDescriptor* found = Find(*message, field, FieldDescriptor::CPPTYPE_STRING);
  if (found != nullptr) message->GetReflection()->SetString(message, found, std::string(value));
}

void SetBool(Message* message, absl::string_view field, bool value) {
  const FieldDescriptor* found = Find(*message, field, FieldDescriptor::CPPTYPE_BOOL);
  if (found != nullptr) message->GetReflection()->SetBool(message, found, value);
}

void SetInt32(Message* message, absl::string_view field, int value) {
  const FieldDescriptor* found = Find(*message, field, FieldDescriptor::CPPTYPE_INT32);
  if (found != nullptr) message->GetReflection()->SetInt32(message, found, value);
}

Message* MutableSub(Message* message, absl::string_view field) {
  const FieldDescriptor* found = Find(*message, field, FieldDescriptor::CPPTYPE_MESSAGE);
  return found == nullptr ? nullptr : message->GetReflection()->MutableMessage(message, found);
}

std::string GetString(const Message& message, absl::string_view field) {
  const FieldDescriptor* found = Find(message, field, FieldDescriptor::CPPTYPE_STRING);
  return found == nullptr ? "" : message.GetReflection()->GetString(message, found);
}

std::string FieldText(const Message& message, absl::string_view path, const FieldStyle& style) {
  const Message* current = &message;
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (size_t i = 0; i < steps.size(); ++i) {
    const FieldDescriptor* field = current->GetDescriptor()->FindFieldByName(steps[i]);
    if (field == nullptr) return OneofText(*current, steps[i], style);
    if (field->is_repeated()) return TextsIn(*current, *field);
    if (i + 1 == steps.size()) return ScalarText(*current, field, style);
    if (!current->GetReflection()->HasField(*current, field)) return "";
    current = &current->GetReflection()->GetMessage(*current, field);
  }
  return "";
}

google::protobuf::FieldMask Differences(const Message& stored, const Message& wanted) {
  google::protobuf::FieldMask mask;
  const Descriptor* type = stored.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!IsCallersOwn(*field)) continue;
    // CompareWithFields takes what is not set for what is empty: no channel for enterprise {}.
    const bool one_is_set =
        field->has_presence() && stored.GetReflection()->HasField(stored, field) !=
                                     wanted.GetReflection()->HasField(wanted, field);
    google::protobuf::util::MessageDifferencer differencer;
    if (one_is_set || !differencer.CompareWithFields(stored, wanted, {field}, {field})) {
      mask.add_paths(field->name());
    }
  }
  return mask;
}

}  // namespace leye::ctl
