#include "services/app/filter_value.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

#include "services/app/formats.h"
#include "services/base/clock.h"

namespace leye::app {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

namespace {

bool IsTimestamp(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() == Timestamp::descriptor();
}

int64_t Micros(const Timestamp& time) { return time.seconds() * 1'000'000 + time.nanos() / 1'000; }

absl::Status Expected(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::StatusOr<FilterValue> ParseEnum(const EnumDescriptor& type, absl::string_view text) {
  const EnumValueDescriptor* value = type.FindValueByName(std::string(text));
  if (value == nullptr) {
    return Expected(absl::StrCat("expected a value of ", type.name(), ", such as ",
                                 type.value(type.value_count() > 1 ? 1 : 0)->name()));
  }
  return FilterValue(int64_t{value->number()});
}

absl::StatusOr<FilterValue> ParseTime(absl::string_view text) {
  if (const std::optional<absl::CivilDay> day = ParseDate(text)) {
    return FilterValue(absl::ToUnixMicros(absl::FromCivil(*day, ChinaStandardTime())));
  }
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
    return Expected("expected a time such as \"2024-05-01T08:00:00Z\", or a date in China");
  }
  return FilterValue(absl::ToUnixMicros(time));
}

SaidValue ReadScalar(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool one = index < 0;
  const bool said = !one || !field.has_presence() || r.HasField(message, &field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return {int64_t{one ? r.GetBool(message, &field) : r.GetRepeatedBool(message, &field, index)},
              said};
    case FieldDescriptor::CPPTYPE_INT32:
      return {
          int64_t{one ? r.GetInt32(message, &field) : r.GetRepeatedInt32(message, &field, index)},
          said};
    case FieldDescriptor::CPPTYPE_INT64:
      return {one ? r.GetInt64(message, &field) : r.GetRepeatedInt64(message, &field, index), said};
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return {one ? r.GetDouble(message, &field) : r.GetRepeatedDouble(message, &field, index),
              said};
    default:
      return {int64_t{0}, false};
  }
}

}  // namespace

SaidValue ReadValue(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool one = index < 0;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    std::string text =
        one ? r.GetString(message, &field) : r.GetRepeatedString(message, &field, index);
    const bool said = !text.empty();
    return {std::move(text), said};
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    const int64_t number =
        one ? r.GetEnumValue(message, &field) : r.GetRepeatedEnumValue(message, &field, index);
    return {number, number != 0};
  }
  if (IsTimestamp(field)) {
    if (!r.HasField(message, &field)) return {int64_t{0}, false};
    return {Micros(static_cast<const Timestamp&>(r.GetMessage(message, &field))), true};
  }
  return ReadScalar(message, field, index);
}

SaidValue ReadChoice(const Message& message, const FilterField& field) {
  const FieldDescriptor* chosen =
      message.GetReflection()->GetOneofFieldDescriptor(message, field.oneof);
  if (chosen == nullptr) return {int64_t{0}, false};
  const EnumDescriptor& type = *field.spec.choices;
  const std::string name = absl::AsciiStrToUpper(absl::StrCat(type.name(), "_", chosen->name()));
  const EnumValueDescriptor* value = type.FindValueByName(name);
  return {int64_t{value == nullptr ? 0 : value->number()}, value != nullptr};
}

absl::StatusOr<FilterValue> ParseValue(const FilterField& field, absl::string_view text) {
  if (field.oneof != nullptr) return ParseEnum(*field.spec.choices, text);
  const FieldDescriptor& leaf = *field.steps.back();
  if (IsTimestamp(leaf)) return ParseTime(text);
  switch (leaf.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return FilterValue(std::string(text));
    case FieldDescriptor::CPPTYPE_ENUM:
      return ParseEnum(*leaf.enum_type(), text);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return Expected("expected true or false");
      return FilterValue(int64_t{text == "true"});
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      double number = 0;
      if (!absl::SimpleAtod(text, &number)) return Expected("expected a number");
      return FilterValue(number);
    }
    default: {
      int64_t number = 0;
      if (!absl::SimpleAtoi(text, &number)) return Expected("expected a whole number");
      return FilterValue(number);
    }
  }
}

}  // namespace leye::app
