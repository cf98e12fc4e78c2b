#include "services/gateway/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/time_util.h>

namespace leye::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// One value of a field: the field itself, or an element of a repeated one.
class Value {
  // Before its uses: its result is deduced.
  template <typename Singular, typename Repeated>
  auto Of(Singular singular, Repeated repeated) const {
    return index_.has_value() ? (reflection_.*repeated)(message_, field_, *index_)
                              : (reflection_.*singular)(message_, field_);
  }

 public:
  Value(const Message& message, const FieldDescriptor& field, std::optional<int> index)
      : message_(message), reflection_(*message.GetReflection()), field_(&field), index_(index) {}

  const FieldDescriptor& field() const { return *field_; }
  int32_t Int32() const { return Of(&Reflection::GetInt32, &Reflection::GetRepeatedInt32); }
  int64_t Int64() const { return Of(&Reflection::GetInt64, &Reflection::GetRepeatedInt64); }
  uint32_t Uint32() const { return Of(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32); }
  uint64_t Uint64() const { return Of(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64); }
  float Float() const { return Of(&Reflection::GetFloat, &Reflection::GetRepeatedFloat); }
  double Double() const { return Of(&Reflection::GetDouble, &Reflection::GetRepeatedDouble); }
  bool Bool() const { return Of(&Reflection::GetBool, &Reflection::GetRepeatedBool); }
  int Enum() const { return Of(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue); }

  // `scratch` is used where the message does not hold the text as it is.
  const std::string& Text(std::string& scratch) const {
    return index_.has_value()
               ? reflection_.GetRepeatedStringReference(message_, field_, *index_, &scratch)
               : reflection_.GetStringReference(message_, field_, &scratch);
  }
  const Message& Submessage() const {
    return index_.has_value() ? reflection_.GetRepeatedMessage(message_, field_, *index_)
                              : reflection_.GetMessage(message_, field_);
  }

 private:
  const Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor* field_;
  const std::optional<int> index_;
};

class Writer {
 public:
  void WriteMessage(const Message& message);
  void WriteString(absl::string_view text);
  std::string Take() { return std::move(out_); }

 private:
  bool WriteWellKnown(const Message& message);
  void WriteField(const Message& message, const FieldDescriptor& field);
  void WriteValue(const Value& value);
  void WriteEnum(const Value& value);

  template <typename Number>
  void WriteFloating(Number number) {
    if (!std::isfinite(number)) {
      absl::StrAppend(&out_, std::isnan(number) ? "\"NaN\""
                             : number > 0       ? "\"Infinity\""
                                                : "\"-Infinity\"");
      return;
    }
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out_.append(digits.data(), end.ptr);
  }

  std::string out_;
};

void Writer::WriteString(absl::string_view text) {
  out_ += '"';
  size_t copied = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out_.append(text.data() + copied, i - copied);
    copied = i + 1;
    if (byte >= 0x20) {
      out_ += '\\';
      out_ += text[i];
    } else {
      absl::StrAppend(&out_, "\\u", absl::Hex(byte, absl::kZeroPad4));
    }
  }
  out_.append(text.data() + copied, text.size() - copied);
  out_ += '"';
}

bool Writer::WriteWellKnown(const Message& message) {
  using google::protobuf::DynamicCastToGenerated;
  using google::protobuf::util::FieldMaskUtil;
  using google::protobuf::util::TimeUtil;
  switch (message.GetDescriptor()->well_known_type()) {
    case google::protobuf::Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      WriteString(
          TimeUtil::ToString(*DynamicCastToGenerated<const google::protobuf::Timestamp>(&message)));
      return true;
    case google::protobuf::Descriptor::WELLKNOWNTYPE_DURATION:
      WriteString(
          TimeUtil::ToString(*DynamicCastToGenerated<const google::protobuf::Duration>(&message)));
      return true;
    case google::protobuf::Descriptor::WELLKNOWNTYPE_FIELDMASK: {
      std::string mask;
      FieldMaskUtil::ToJsonString(
          *DynamicCastToGenerated<const google::protobuf::FieldMask>(&message), &mask);
      WriteString(mask);
      return true;
    }
    default:
      return false;
  }
}

void Writer::WriteMessage(const Message& message) {
  if (WriteWellKnown(message)) return;
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  out_ += '{';
  for (const FieldDescriptor* field : fields) {
    if (field != fields.front()) out_ += ',';
    absl::StrAppend(&out_, "\"", field->json_name(), "\":");
    WriteField(message, *field);
  }
  out_ += '}';
}

void Writer::WriteField(const Message& message, const FieldDescriptor& field) {
  if (!field.is_repeated()) {
    WriteValue(Value(message, field, std::nullopt));
    return;
  }
  out_ += '[';
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) {
    if (i > 0) out_ += ',';
    WriteValue(Value(message, field, i));
  }
  out_ += ']';
}

void Writer::WriteValue(const Value& value) {
  switch (value.field().cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(&out_, value.Int32());
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      absl::StrAppend(&out_, value.Uint32());
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      absl::StrAppend(&out_, "\"", value.Int64(), "\"");
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      absl::StrAppend(&out_, "\"", value.Uint64(), "\"");
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      WriteFloating(value.Double());
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      WriteFloating(value.Float());
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      out_ += value.Bool() ? "true" : "false";
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      WriteEnum(value);
      break;
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& text = value.Text(scratch);
      WriteString(value.field().type() == FieldDescriptor::TYPE_BYTES ? absl::Base64Escape(text)
                                                                      : text);
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      WriteMessage(value.Submessage());
      break;
  }
}

// A number that has no name, from a newer server say, stays a number.
void Writer::WriteEnum(const Value& value) {
  const google::protobuf::EnumValueDescriptor* named =
      value.field().enum_type()->FindValueByNumber(value.Enum());
  if (named == nullptr) {
    absl::StrAppend(&out_, value.Enum());
  } else {
    absl::StrAppend(&out_, "\"", named->name(), "\"");
  }
}

}  // namespace

std::string ToJson(const Message& message) {
  Writer writer;
  writer.WriteMessage(message);
  return writer.Take();
}

std::string ToJsonString(absl::string_view text) {
  Writer writer;
  writer.WriteString(text);
  return writer.Take();
}

}  // namespace leye::gateway
