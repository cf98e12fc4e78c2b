#include "services/leyectl/files/flat_record.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/util/message_differencer.h>
#include <nlohmann/json.hpp>

#include "leye/v1/options.pb.h"
#include "services/base/mutex.h"
#include "services/leyectl/fields.h"
#include "services/leyectl/files/enum_words.h"
#include "services/leyectl/json.h"
#include "services/leyectl/words.h"

namespace leye::ctl::files {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

const v1::FieldRule& RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

// Fields that a file may give: those of the caller, and the name.
bool IsGiven(const FieldDescriptor& field) {
  if (field.name() == "name") return true;
  return field.name() != "etag" && RuleOf(field).behavior() != v1::BEHAVIOR_OUTPUT_ONLY;
}

void Flatten(const Descriptor& type, const FlatField& above, std::vector<FlatField>& fields) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!IsGiven(field)) continue;
    const google::protobuf::OneofDescriptor* oneof = field.real_containing_oneof();
    if (oneof != nullptr && oneof->field(0) == &field) {
      FlatField which = above;
      absl::StrAppend(&which.path, oneof->name());
      which.oneof = oneof;
      fields.push_back(std::move(which));
    }
    FlatField flat = above;
    absl::StrAppend(&flat.path, field.name());
    flat.steps.push_back(&field);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated()) {
      flat.path += '.';
      Flatten(*field.message_type(), flat, fields);
    } else {
      fields.push_back(std::move(flat));
    }
  }
}

// The message that holds the field itself; null where one on the way is not set.
const Message* HolderOf(const Message& message, const FlatField& field) {
  const Message* holder = &message;
  const size_t steps = field.oneof != nullptr ? field.steps.size() : field.steps.size() - 1;
  for (size_t i = 0; i < steps; ++i) {
    if (!holder->GetReflection()->HasField(*holder, field.steps[i])) return nullptr;
    holder = &holder->GetReflection()->GetMessage(*holder, field.steps[i]);
  }
  return holder;
}

Message* MutableHolder(Message* message, const FlatField& field) {
  const size_t steps = field.oneof != nullptr ? field.steps.size() : field.steps.size() - 1;
  for (size_t i = 0; i < steps; ++i) {
    message = message->GetReflection()->MutableMessage(message, field.steps[i]);
  }
  return message;
}

std::string DoubleText(double number) {
  const std::string text = absl::StrFormat("%.15g", number);
  double back = 0;
  return absl::SimpleAtod(text, &back) && back == number ? text : absl::StrFormat("%.17g", number);
}

std::string SingleText(const Message& holder, const FieldDescriptor* field, Language language) {
  const Reflection& reflection = *holder.GetReflection();
  if (!reflection.HasField(holder, field)) return "";
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(holder, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(*reflection.GetEnum(holder, field), language);
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(holder, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(holder, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return std::string(Say(language, "yes", "是"));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return DoubleText(reflection.GetDouble(holder, field));
    default:
      return "";
  }
}

std::string ListText(const Message& holder, const FieldDescriptor* field, Language language) {
  const Reflection& reflection = *holder.GetReflection();
  const int size = reflection.FieldSize(holder, field);
  if (size == 0) return "";
  std::vector<std::string> words;
  for (int i = 0; i < size; ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      words.push_back(reflection.GetRepeatedString(holder, field, i));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      words.push_back(EnumWord(*reflection.GetRepeatedEnum(holder, field, i), language));
    }
  }
  if (!words.empty()) return absl::StrJoin(words, "; ");
  // Messages: the array out of the holder's JSON.
  const std::unique_ptr<Message> alone(holder.New());
  for (int i = 0; i < size; ++i) {
    reflection.AddMessage(alone.get(), field)
        ->CopyFrom(reflection.GetRepeatedMessage(holder, field, i));
  }
  return nlohmann::json::parse(ToJson(*alone)).begin()->dump();
}

v1::ImportProblem Problem(absl::string_view field, absl::string_view reason,
                          absl::string_view english, absl::string_view chinese) {
  v1::ImportProblem problem;
  problem.set_field(std::string(field));
  problem.set_reason(std::string(reason));
  problem.set_description(std::string(english));
  problem.set_description_zh(std::string(chinese));
  return problem;
}

v1::ImportProblem NoSuchWord(const FlatField& field, const google::protobuf::EnumDescriptor& type) {
  const std::string choices = EnumChoices(type);
  return Problem(field.path, "UNKNOWN_WORD", absl::StrCat("must be one of ", choices),
                 absl::StrCat("应为：", choices));
}

// Sets whole numbers of either width within the rule's limits, which the server checks again.
template <typename T>
std::optional<v1::ImportProblem> SetWhole(const FlatField& field, absl::string_view cell,
                                          void (Reflection::*set)(Message*, const FieldDescriptor*,
                                                                  T) const,
                                          Message* holder) {
  if (SaysNothing(cell)) return std::nullopt;
  const Read<int64_t> number = ParseWhole(cell);
  if (!number.ok()) return ProblemOf(field.path, number.fault());
  const FieldDescriptor* leaf = field.steps.back();
  if (*number > std::numeric_limits<T>::max()) {
    return Problem(field.path, "OUT_OF_RANGE", "is too large", "数值过大");
  }
  (holder->GetReflection()->*set)(holder, leaf, static_cast<T>(*number));
  return std::nullopt;
}

std::optional<v1::ImportProblem> SetString(const FlatField& field, absl::string_view cell,
                                           Message* holder) {
  const FieldDescriptor* leaf = field.steps.back();
  std::string value(cell);
  if (RuleOf(*leaf).format() == v1::FORMAT_DATE) {
    if (SaysNothing(cell)) return std::nullopt;
    const Read<Date> date = ParseDate(cell);
    if (!date.ok()) return ProblemOf(field.path, date.fault());
    value = date->ToString();
  } else if (leaf->name() == "phone") {
    if (SaysNothing(cell)) return std::nullopt;
    const Read<std::string> phone = ParsePhone(cell);
    if (!phone.ok()) return ProblemOf(field.path, phone.fault());
    value = *phone;
  } else if (leaf->name() == "id_number") {
    const Read<Identity> identity = ParseIdNumber(cell);
    if (!identity.ok()) return ProblemOf(field.path, identity.fault());
    value = identity->number;
  }
  holder->GetReflection()->SetString(holder, leaf, value);
  return std::nullopt;
}

std::optional<v1::ImportProblem> SetSingle(const FlatField& field, absl::string_view cell,
                                           Message* holder) {
  const FieldDescriptor* leaf = field.steps.back();
  const Reflection& reflection = *holder->GetReflection();
  switch (leaf->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return SetString(field, cell, holder);
    case FieldDescriptor::CPPTYPE_INT32:
      return SetWhole<int32_t>(field, cell, &Reflection::SetInt32, holder);
    case FieldDescriptor::CPPTYPE_INT64:
      return SetWhole<int64_t>(field, cell, &Reflection::SetInt64, holder);
    case FieldDescriptor::CPPTYPE_BOOL: {
      if (absl::StrContains(cell, "不限")) return std::nullopt;
      const Read<bool> yes = ParseYesNo(cell);
      if (!yes.ok()) return ProblemOf(field.path, yes.fault());
      reflection.SetBool(holder, leaf, *yes);
      return std::nullopt;
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const Read<double> number = ParseNumber(cell);
      if (!number.ok()) return ProblemOf(field.path, number.fault());
      reflection.SetDouble(holder, leaf, *number);
      return std::nullopt;
    }
    default: {
      const std::optional<int> value = ReadEnum(*leaf->enum_type(), cell);
      if (value.has_value()) {
        reflection.SetEnumValue(holder, leaf, *value);
        return std::nullopt;
      }
      if (SaysNothing(cell) || absl::StrContains(cell, "不限")) return std::nullopt;
      return NoSuchWord(field, *leaf->enum_type());
    }
  }
}

std::optional<v1::ImportProblem> SetJsonList(const FlatField& field, absl::string_view cell,
                                             Message* holder) {
  const std::unique_ptr<Message> alone(holder->New());
  const std::string json = absl::StrCat("{\"", field.steps.back()->json_name(), "\":", cell, "}");
  const absl::Status status = FromJson(json, alone.get());
  if (!status.ok()) {
    return Problem(field.path, "MALFORMED", absl::StrCat("must be a JSON list: ", status.message()),
                   "应为 JSON 列表");
  }
  holder->MergeFrom(*alone);
  return std::nullopt;
}

std::optional<v1::ImportProblem> SetList(const FlatField& field, absl::string_view cell,
                                         Message* holder) {
  const FieldDescriptor* leaf = field.steps.back();
  if (leaf->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return SetJsonList(field, cell, holder);
  const bool is_enum = leaf->cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  const std::string list = absl::StrReplaceAll(
      cell, is_enum ? std::vector<std::pair<std::string, std::string>>{{"；", ";"},
                                                                       {"、", ";"},
                                                                       {"，", ";"},
                                                                       {",", ";"}}
                    : std::vector<std::pair<std::string, std::string>>{{"；", ";"}});
  for (const absl::string_view part : absl::StrSplit(list, ';', absl::SkipEmpty())) {
    const std::string word = Tidy(part);
    if (word.empty() || SaysNothing(word)) continue;
    if (!is_enum) {
      holder->GetReflection()->AddString(holder, leaf, word);
      continue;
    }
    const std::optional<int> value = ReadEnum(*leaf->enum_type(), word);
    if (!value.has_value()) return NoSuchWord(field, *leaf->enum_type());
    holder->GetReflection()->AddEnumValue(holder, leaf, *value);
  }
  return std::nullopt;
}

std::optional<v1::ImportProblem> SetOneof(const FlatField& field, absl::string_view cell,
                                          Message* holder) {
  const std::string bare = Bare(cell);
  std::vector<std::string> words;
  for (int i = 0; i < field.oneof->field_count(); ++i) {
    const FieldDescriptor* choice = field.oneof->field(i);
    words.push_back(OneofWord(choice->name(), Language::kChinese));
    if (bare != choice->name() && bare != Bare(words.back()) &&
        bare != Bare(OneofWord(choice->name(), Language::kEnglish))) {
      continue;
    }
    holder->GetReflection()->MutableMessage(holder, choice);
    return std::nullopt;
  }
  const std::string choices = absl::StrJoin(words, "、");
  return Problem(field.path, "UNKNOWN_WORD", absl::StrCat("must be one of ", choices),
                 absl::StrCat("应为：", choices));
}

bool AreSame(const Message& left, const Message& right, const FieldDescriptor* field) {
  // The differencer takes a message that is set but empty for one that is not.
  if (field->has_presence() && left.GetReflection()->HasField(left, field) !=
                                   right.GetReflection()->HasField(right, field)) {
    return false;
  }
  google::protobuf::util::MessageDifferencer differencer;
  return differencer.CompareWithFields(left, right, {field}, {field});
}

// By a type: its fields, and their places by path.
struct Layout {
  std::vector<FlatField> fields;
  std::map<std::string, size_t, std::less<>> places;
};

const Layout& LayoutOf(const Descriptor* type) {
  static Mutex mutex;
  static auto* const layouts = new std::map<const Descriptor*, std::unique_ptr<const Layout>>();
  MutexLock lock(mutex);
  std::unique_ptr<const Layout>& layout = (*layouts)[type];
  if (layout == nullptr) {
    auto made = std::make_unique<Layout>();
    Flatten(*type, {}, made->fields);
    for (size_t i = 0; i < made->fields.size(); ++i) made->places[made->fields[i].path] = i;
    layout = std::move(made);
  }
  return *layout;
}

}  // namespace

const std::vector<FlatField>& FlatFields(const Descriptor* type) { return LayoutOf(type).fields; }

std::optional<FlatField> FindFlatField(const Descriptor* type, absl::string_view path) {
  const Layout& layout = LayoutOf(type);
  const auto found = layout.places.find(path);
  if (found == layout.places.end()) return std::nullopt;
  return layout.fields[found->second];
}

std::string TextOf(const Message& message, const FlatField& field, Language language) {
  const Message* holder = HolderOf(message, field);
  if (holder == nullptr) return "";
  if (field.oneof != nullptr) {
    const FieldDescriptor* which =
        holder->GetReflection()->GetOneofFieldDescriptor(*holder, field.oneof);
    return which == nullptr ? "" : OneofWord(which->name(), language);
  }
  const FieldDescriptor* leaf = field.steps.back();
  return leaf->is_repeated() ? ListText(*holder, leaf, language)
                             : SingleText(*holder, leaf, language);
}

std::optional<v1::ImportProblem> SetFromText(const FlatField& field, absl::string_view cell,
                                             Message* message) {
  Message* holder = MutableHolder(message, field);
  if (field.oneof != nullptr) return SetOneof(field, cell, holder);
  return field.steps.back()->is_repeated() ? SetList(field, cell, holder)
                                           : SetSingle(field, cell, holder);
}

void KeepGiven(Message* message) {
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (!IsGiven(*field)) message->GetReflection()->ClearField(message, field);
  }
}

v1::ImportProblem ProblemOf(absl::string_view field, const Fault& fault) {
  return Problem(field, fault.reason, fault.english, fault.chinese);
}

std::string RestOf(const Message& rebuilt, const Message& wanted) {
  const std::unique_ptr<Message> rest(wanted.New());
  nlohmann::json cleared = nlohmann::json::object();
  for (int i = 0; i < wanted.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = wanted.GetDescriptor()->field(i);
    if (!IsGiven(*field) || AreSame(rebuilt, wanted, field)) continue;
    const std::unique_ptr<Message> copy(wanted.New());
    copy->CopyFrom(wanted);
    std::vector<const FieldDescriptor*> set;
    copy->GetReflection()->ListFields(*copy, &set);
    for (const FieldDescriptor* other : set) {
      if (other != field) copy->GetReflection()->ClearField(copy.get(), other);
    }
    if (copy->ByteSizeLong() == 0) cleared[field->json_name()] = nullptr;
    rest->MergeFrom(*copy);
  }
  nlohmann::json json = nlohmann::json::parse(ToJson(*rest));
  json.update(cleared);
  return json.empty() ? "" : json.dump();
}

std::optional<v1::ImportProblem> ApplyRest(absl::string_view json, Message* message) {
  nlohmann::json rest =
      nlohmann::json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  const auto malformed = [] {
    return Problem(kRestColumn, "MALFORMED", "must be a JSON object as leyectl export writes it",
                   "应为 leyectl export 写出的 JSON 对象");
  };
  if (!rest.is_object()) return malformed();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    const auto found = rest.find(field->json_name());
    if (found == rest.end()) continue;
    message->GetReflection()->ClearField(message, field);
    if (found->is_null()) rest.erase(found);
  }
  const std::unique_ptr<Message> fields(message->New());
  if (!FromJson(rest.dump(), fields.get()).ok()) return malformed();
  message->MergeFrom(*fields);
  return std::nullopt;
}

}  // namespace leye::ctl::files
