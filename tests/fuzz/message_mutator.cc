#include "tests/fuzz/message_mutator.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/field_mask.pb.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "leye/v1/options.pb.h"
#include "tests/fuzz/text_mutator.h"

namespace leye::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using matcher::oracle::Dice;

constexpr int kDeepest = 8;    // Of places that are changed.
constexpr int kFirstFew = 16;  // Elements of a list that are changed within.

struct Place {
  Message* holder;
  const FieldDescriptor* field;
};

const v1::FieldRule& RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

void AddPlaces(Message& message, int depth, std::vector<Place>& places) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    places.push_back({&message, field});
    if (!IsMessage(*field) || depth == kDeepest) continue;
    if (!field->is_repeated()) {
      if (reflection.HasField(message, field)) {
        AddPlaces(*reflection.MutableMessage(&message, field), depth + 1, places);
      }
      continue;
    }
    for (int j = 0; j < std::min(reflection.FieldSize(message, field), kFirstFew); ++j) {
      AddPlaces(*reflection.MutableRepeatedMessage(&message, field, j), depth + 1, places);
    }
  }
}

// Sets or appends, by whichever pair of reflection's functions fits the type.
template <typename Value>
using Setter = void (Reflection::*)(Message*, const FieldDescriptor*, Value) const;
template <typename Value>
void Store(Message& holder, const FieldDescriptor& field, Setter<Value> set, Setter<Value> add,
           Value value) {
  (holder.GetReflection()->*(field.is_repeated() ? add : set))(&holder, &field, std::move(value));
}

double DoubleFor(const FieldDescriptor& field, Dice& dice) {
  const v1::FieldRule& rule = RuleOf(field);
  const double near = dice.OneOf({-1.0, -1e-9, 0.0, 1e-9, 1.0});
  if (rule.has_min() && dice.OneIn(3)) return rule.min() + near;
  if (rule.has_max() && dice.OneIn(3)) return rule.max() + near;
  if (rule.has_min() && rule.has_max() && dice.OneIn(2)) {
    return rule.min() + dice.Unit() * (rule.max() - rule.min());
  }
  using Limits = std::numeric_limits<double>;
  return dice.OneOf({0.0, -0.0, 1.0, -1.0, 41.8, 114.6, 1e300, -1e300, Limits::infinity(),
                     Limits::quiet_NaN(), Limits::denorm_min(), 9007199254740993.0});
}

int64_t IntegerFor(const FieldDescriptor& field, Dice& dice) {
  const v1::FieldRule& rule = RuleOf(field);
  if (rule.has_min() && dice.OneIn(3)) {
    return static_cast<int64_t>(rule.min()) + dice.Between(-1, 1);
  }
  if (rule.has_max() && dice.OneIn(3)) {
    return static_cast<int64_t>(rule.max()) + dice.Between(-1, 1);
  }
  if (dice.OneIn(2)) return dice.Between(-2, 100);
  return dice.OneOf<int64_t>(
      {0, std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::min(),
       int64_t{1} << 48, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(),
       1'700'000'000, 4'102'444'800, 253'402'300'800, -62'135'596'801});
}

int EnumFor(const FieldDescriptor& field, Dice& dice) {
  if (dice.OneIn(16)) return dice.OneOf({-1, 99, 9'999});
  return field.enum_type()->value(dice.Between(0, field.enum_type()->value_count() - 1))->number();
}

// A path of some other message of the one that has the mask.
std::string PathFor(const Message& holder, Dice& dice) {
  std::vector<std::string> paths = {"*", "nothing", ""};
  for (int i = 0; i < holder.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *holder.GetDescriptor()->field(i);
    if (!IsMessage(field)) continue;
    for (int j = 0; j < field.message_type()->field_count(); ++j) {
      const FieldDescriptor& part = *field.message_type()->field(j);
      paths.push_back(part.name());
      if (IsMessage(part) && part.message_type()->field_count() > 0) {
        paths.push_back(absl::StrCat(part.name(), ".", part.message_type()->field(0)->name()));
      }
    }
  }
  return dice.OneOf(paths);
}

std::string Formatted(v1::Format format, Dice& dice) {
  switch (format) {
    case v1::FORMAT_DATE:
      return dice.OneOf({"1990-03-04", "2024-02-29", "2023-02-29", "1900-01-01", "2199-12-31",
                         "2026-11-27", "2010-06-30"});
    case v1::FORMAT_DIVISION_CODE:
      return dice.OneOf({"130723", "130802", "130700", "130000", "440000", "000000", "130723x"});
    case v1::FORMAT_TRADE_CODE:
      return dice.OneOf({"6-18-02-04", "4-10-01-06", "9-99-99-99"});
    case v1::FORMAT_MONTH:
      return dice.OneOf({"2026-11", "2026-13", "1990-01"});
    case v1::FORMAT_LANGUAGE:
      return dice.OneOf({"zh-CN", "en", "zh_CN"});
    default:
      return "";
  }
}

// What lists are asked by; most is refused for most lists.
std::string Expression(const FieldDescriptor& field, Dice& dice) {
  if (field.name() == "order_by") {
    return dice.OneOf({"name", "name desc", "create_time desc, name", "update_time", "title",
                       "openings desc", "place.division_code", ",", "name name"});
  }
  return dice.OneOf({"state = POSTING_STATE_OPEN", "title : \"缝\"",
                     "openings >= 2 AND openings < 9", "create_time > \"2020-01-01T00:00:00Z\"",
                     "channel = CHANNEL_ENTERPRISE", "place.division_code : \"1307\"",
                     "external_id.source = \"fair\"", "display_name != \"\"", "level = 2",
                     "birth_date < \"1990-01-01\"", "groups : GROUP_RELOCATED", "a = 1 AND",
                     "NOT a = 1", "x.y.z = true"});
}

void AddTexts(const Message& message, std::vector<std::string>& texts) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->type() == FieldDescriptor::TYPE_STRING) {
        texts.push_back(field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                             : reflection.GetString(message, field));
      } else if (IsMessage(*field)) {
        AddTexts(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                      : reflection.GetMessage(message, field),
                 texts);
      }
    }
  }
}

class Silent final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
};

}  // namespace

void MessageMutator::Mutate(Message& message, Dice& dice) const {
  for (int changes = dice.Between(1, 3); changes > 0; --changes) ChangeOnePlace(message, dice);
}

void MessageMutator::ChangeOnePlace(Message& message, Dice& dice) const {
  std::vector<Place> places;
  AddPlaces(message, 0, places);
  if (places.empty()) return;
  const Place& place = dice.OneOf(places);
  ChangeField(*place.holder, *place.field, dice);
}

void MessageMutator::ChangeField(Message& holder, const Field& field, Dice& dice) const {
  const Reflection& reflection = *holder.GetReflection();
  if (field.is_repeated()) {
    ChangeList(holder, field, dice);
  } else if (reflection.HasField(holder, &field) && dice.OneIn(5)) {
    reflection.ClearField(&holder, &field);
  } else {
    Put(holder, field, dice);
  }
}

void MessageMutator::ChangeList(Message& holder, const Field& field, Dice& dice) const {
  const Reflection& reflection = *holder.GetReflection();
  const int size = reflection.FieldSize(holder, &field);
  if (size == 0 || dice.OneIn(2)) {
    // Now and then more than a list may have.
    for (int i = dice.OneIn(40) ? 120 : 1; i > 0; --i) Put(holder, field, dice);
    return;
  }
  reflection.SwapElements(&holder, &field, dice.Between(0, size - 1), size - 1);
  if (dice.OneIn(3)) return;
  if (IsMessage(field) && dice.OneIn(2)) {
    const std::unique_ptr<Message> last(
        reflection.GetRepeatedMessage(holder, &field, size - 1).New());
    last->CopyFrom(reflection.GetRepeatedMessage(holder, &field, size - 1));
    reflection.AddMessage(&holder, &field)->CopyFrom(*last);
  } else {
    reflection.RemoveLast(&holder, &field);
  }
}

void MessageMutator::Put(Message& holder, const Field& field, Dice& dice) const {
  const Reflection& reflection = *holder.GetReflection();
  switch (field.cpp_type()) {
    case Field::CPPTYPE_INT32:
      return Store<int32_t>(holder, field, &Reflection::SetInt32, &Reflection::AddInt32,
                            static_cast<int32_t>(IntegerFor(field, dice)));
    case Field::CPPTYPE_INT64:
      return Store<int64_t>(holder, field, &Reflection::SetInt64, &Reflection::AddInt64,
                            IntegerFor(field, dice));
    case Field::CPPTYPE_UINT32:
      return Store<uint32_t>(holder, field, &Reflection::SetUInt32, &Reflection::AddUInt32,
                             static_cast<uint32_t>(IntegerFor(field, dice)));
    case Field::CPPTYPE_UINT64:
      return Store<uint64_t>(holder, field, &Reflection::SetUInt64, &Reflection::AddUInt64,
                             static_cast<uint64_t>(IntegerFor(field, dice)));
    case Field::CPPTYPE_FLOAT:
      return Store<float>(holder, field, &Reflection::SetFloat, &Reflection::AddFloat,
                          static_cast<float>(dice.Unit()));
    case Field::CPPTYPE_DOUBLE:
      return Store<double>(holder, field, &Reflection::SetDouble, &Reflection::AddDouble,
                           DoubleFor(field, dice));
    case Field::CPPTYPE_BOOL:
      return Store<bool>(holder, field, &Reflection::SetBool, &Reflection::AddBool, dice.OneIn(2));
    case Field::CPPTYPE_ENUM:
      return Store<int>(holder, field, &Reflection::SetEnumValue, &Reflection::AddEnumValue,
                        EnumFor(field, dice));
    case Field::CPPTYPE_STRING: {
      const bool has = !field.is_repeated() && reflection.HasField(holder, &field);
      const std::string present = has ? reflection.GetString(holder, &field) : "";
      return Store<std::string>(holder, field, &Reflection::SetString, &Reflection::AddString,
                                field.type() == Field::TYPE_BYTES ? MutateText(present, dice)
                                                                  : TextFor(field, present, dice));
    }
    case Field::CPPTYPE_MESSAGE:
      return PutMessage(holder, field, dice);
  }
}

void MessageMutator::PutMessage(Message& holder, const Field& field, Dice& dice) const {
  const Reflection& reflection = *holder.GetReflection();
  const std::string path = PathFor(holder, dice);
  Message& made = field.is_repeated() ? *reflection.AddMessage(&holder, &field)
                                      : *reflection.MutableMessage(&holder, &field);
  if (field.message_type() == google::protobuf::FieldMask::descriptor()) {
    const Field* paths = field.message_type()->FindFieldByName("paths");
    made.GetReflection()->AddString(&made, paths, path);
    return;
  }
  const int fields = made.GetDescriptor()->field_count();
  for (int i = dice.Between(0, 3); i > 0 && fields > 0; --i) {
    const Field& part = *made.GetDescriptor()->field(dice.Between(0, fields - 1));
    // A message within itself must end somewhere.
    if (!IsMessage(part) || dice.OneIn(2)) Put(made, part, dice);
  }
}

std::string MessageMutator::TextFor(const Field& field, const std::string& present,
                                    Dice& dice) const {
  const v1::FieldRule& rule = RuleOf(field);
  if (!dice.OneIn(4)) {
    if (rule.format() == v1::FORMAT_RESOURCE_NAME) return NameFor(rule.resource(), dice);
    if (rule.format() != v1::FORMAT_UNSPECIFIED) return Formatted(rule.format(), dice);
    if (field.name() == "filter" || field.name() == "order_by") return Expression(field, dice);
  }
  if (!words_.empty() && dice.OneIn(2)) return dice.OneOf(words_);
  if (dice.OneIn(8)) {
    constexpr int kUnsaid = 2'000;  // What a text may have that says nothing else.
    const int most = rule.max_length() > 0 ? static_cast<int>(rule.max_length()) : kUnsaid;
    return std::string(static_cast<size_t>(most + dice.Between(0, 1)), 'x');
  }
  return MutateUtf8(present, dice);
}

std::string MessageMutator::NameFor(const std::string& collection, Dice& dice) const {
  std::vector<std::string> fitting = {absl::StrCat("regions/13/", collection, "/nobody")};
  for (const std::string& word : words_) {
    if (absl::StrContains(word, absl::StrCat(collection, "/"))) fitting.push_back(word);
  }
  return dice.OneOf(fitting);
}

bool ReadText(absl::string_view text, Message& message) {
  google::protobuf::TextFormat::Parser parser;
  Silent silent;
  parser.RecordErrorsTo(&silent);
  return parser.ParseFromString(std::string(text), &message);
}

std::string WriteText(const Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  printer.SetHideUnknownFields(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

std::vector<std::string> TextsIn(const Message& message) {
  std::vector<std::string> texts;
  AddTexts(message, texts);
  return texts;
}

}  // namespace leye::fuzz
