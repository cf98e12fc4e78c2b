#include "services/gateway/json_values.h"

#include <cmath>
#include <limits>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/time_util.h>

namespace leye::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// `value` as an integer of type Int: a number without a fraction, or one written as text.
template <typename Int>
std::optional<Int> IntegerOf(const JsonValue& value) {
  // Doubles are exact for all integers up to this; what is beyond is not what was written.
  constexpr double kLargestExact = 9007199254740992;
  if (const auto* text = std::get_if<std::string>(&value)) {
    Int number = 0;
    return absl::SimpleAtoi(*text, &number) ? std::optional<Int>(number) : std::nullopt;
  }
  const auto bounded = [](auto number) -> std::optional<Int> {
    if (!std::in_range<Int>(number)) return std::nullopt;
    return static_cast<Int>(number);
  };
  if (const auto* number = std::get_if<int64_t>(&value)) return bounded(*number);
  if (const auto* number = std::get_if<uint64_t>(&value)) return bounded(*number);
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || std::trunc(*number) != *number || std::fabs(*number) > kLargestExact) {
    return std::nullopt;
  }
  return bounded(static_cast<int64_t>(*number));
}

std::optional<double> NumberOf(const JsonValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<uint64_t>(&value)) return static_cast<double>(*number);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  if (*text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (*text == "Infinity") return std::numeric_limits<double>::infinity();
  if (*text == "-Infinity") return -std::numeric_limits<double>::infinity();
  double number = 0;
  if (!absl::SimpleAtod(*text, &number) || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<float> FloatOf(const JsonValue& value) {
  const std::optional<double> number = NumberOf(value);
  if (!number.has_value()) return std::nullopt;
  const bool too_great =
      std::isfinite(*number) && std::fabs(*number) > std::numeric_limits<float>::max();
  return too_great ? std::nullopt : std::optional<float>(static_cast<float>(*number));
}

std::optional<bool> BoolOf(const JsonValue& value) {
  const bool* truth = std::get_if<bool>(&value);
  return truth == nullptr ? std::nullopt : std::optional<bool>(*truth);
}

std::optional<int> EnumOf(const FieldDescriptor& field, const JsonValue& value) {
  const google::protobuf::EnumDescriptor& type = *field.enum_type();
  if (const auto* name = std::get_if<std::string>(&value)) {
    const google::protobuf::EnumValueDescriptor* named = type.FindValueByName(*name);
    return named == nullptr ? std::nullopt : std::optional<int>(named->number());
  }
  return IntegerOf<int32_t>(value);
}

std::optional<std::string> TextOf(const FieldDescriptor& field, const JsonValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  if (field.type() != FieldDescriptor::TYPE_BYTES) return *text;
  std::string bytes;
  if (absl::Base64Unescape(*text, &bytes) || absl::WebSafeBase64Unescape(*text, &bytes)) {
    return bytes;
  }
  return std::nullopt;
}

// A message with a form of its own, from its text.
bool SetWellKnown(Message& message, const std::string& text) {
  using google::protobuf::DynamicCastToGenerated;
  using google::protobuf::util::FieldMaskUtil;
  using google::protobuf::util::TimeUtil;
  switch (message.GetDescriptor()->well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return TimeUtil::FromString(text,
                                  DynamicCastToGenerated<google::protobuf::Timestamp>(&message));
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return TimeUtil::FromString(text,
                                  DynamicCastToGenerated<google::protobuf::Duration>(&message));
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return FieldMaskUtil::FromJsonString(
          text, DynamicCastToGenerated<google::protobuf::FieldMask>(&message));
    default:
      return false;
  }
}

bool SetMessage(Message& message, const FieldDescriptor& field, const JsonValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || IsObject(field)) return false;
  const Reflection& reflection = *message.GetReflection();
  Message* child = field.is_repeated() ? reflection.AddMessage(&message, &field)
                                       : reflection.MutableMessage(&message, &field);
  return SetWellKnown(*child, *text);
}

template <typename T>
std::string WholeNumber() {
  return absl::StrCat("a whole number from ", std::numeric_limits<T>::min(), " to ",
                      std::numeric_limits<T>::max());
}

}  // namespace

const FieldDescriptor* FindField(const Descriptor& type, const std::string& name) {
  const FieldDescriptor* field = type.FindFieldByCamelcaseName(name);
  if (field == nullptr || field->json_name() != name) field = type.FindFieldByName(name);
  return field;
}

bool IsObject(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->well_known_type() == Descriptor::WELLKNOWNTYPE_UNSPECIFIED;
}

bool SetField(Message& message, const FieldDescriptor& field, const JsonValue& value) {
  const Reflection& reflection = *message.GetReflection();
  const auto put = [&](auto known, auto set, auto add) {
    if (!known.has_value()) return false;
    (reflection.*(field.is_repeated() ? add : set))(&message, &field, *std::move(known));
    return true;
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put(IntegerOf<int32_t>(value), &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return put(IntegerOf<int64_t>(value), &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(IntegerOf<uint32_t>(value), &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(IntegerOf<uint64_t>(value), &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(NumberOf(value), &Reflection::SetDouble, &Reflection::AddDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(FloatOf(value), &Reflection::SetFloat, &Reflection::AddFloat);
    case FieldDescriptor::CPPTYPE_BOOL:
      return put(BoolOf(value), &Reflection::SetBool, &Reflection::AddBool);
    case FieldDescriptor::CPPTYPE_ENUM:
      return put(EnumOf(field, value), &Reflection::SetEnumValue, &Reflection::AddEnumValue);
    case FieldDescriptor::CPPTYPE_STRING:
      return put(TextOf(field, value), &Reflection::SetString, &Reflection::AddString);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(message, field, value);
  }
  return false;
}

std::string Wanted(const FieldDescriptor& field) {
  return field.is_repeated() ? "a list" : WantedItem(field);
}

std::string WantedItem(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return WholeNumber<int32_t>();
    case FieldDescriptor::CPPTYPE_INT64:
      return WholeNumber<int64_t>();
    case FieldDescriptor::CPPTYPE_UINT32:
      return WholeNumber<uint32_t>();
    case FieldDescriptor::CPPTYPE_UINT64:
      return WholeNumber<uint64_t>();
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat("a name or number of ", field.enum_type()->full_name());
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "bytes in base64" : "text";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  const Descriptor& type = *field.message_type();
  switch (type.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return "a time such as \"2026-01-31T08:00:00Z\"";
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return "a duration such as \"1.5s\"";
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return "names of fields, separated by commas";
    default:
      return absl::StrCat("an object, ", type.full_name());
  }
}

}  // namespace leye::gateway
