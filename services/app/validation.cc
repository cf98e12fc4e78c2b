#include "services/app/validation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"

#include "services/app/formats.h"
#include "services/app/names.h"

namespace leye::app {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

struct FieldValidator::FieldPlan {
  const FieldDescriptor* field;
  v1::FieldRule rule;
  size_t max_length;  // In code points.
  int max_items;
  bool required;
  std::vector<bool> known_numbers;  // Of an enum: by number.
  const TypePlan* child = nullptr;  // Of a message.
};

struct FieldValidator::TypePlan {
  std::vector<FieldPlan> fields;
};

namespace {

using FieldPlan = FieldValidator::FieldPlan;
using TypePlan = FieldValidator::TypePlan;

constexpr size_t kDefaultMaxLength = 2'000;
constexpr int kDefaultMaxItems = 100;

// Where the walk is. Texts are made only when something is wrong.
struct Position {
  const Position* parent;
  absl::string_view name;
  int index = -1;  // Of a repeated field.

  std::string Path() const {
    std::string path = parent == nullptr ? "" : parent->Path();
    absl::StrAppend(&path, path.empty() || name.empty() ? "" : ".", name);
    if (index >= 0) absl::StrAppend(&path, "[", index, "]");
    return path;
  }
};

struct Wording {
  absl::string_view reason;
  std::string en;
  std::string zh;
};

struct FormatText {
  absl::string_view en;
  absl::string_view zh;
};

FormatText Describe(v1::Format format) {
  switch (format) {
    case v1::FORMAT_DATE:
      return {"must be a date YYYY-MM-DD from 1900-01-01 to 2199-12-31",
              "须为 1900-01-01 至 2199-12-31 的日期，格式 YYYY-MM-DD"};
    case v1::FORMAT_DIVISION_CODE:
      return {"must be a division code of GB/T 2260, 6 digits",
              "须为 6 位行政区划代码 (GB/T 2260)"};
    case v1::FORMAT_TRADE_CODE:
      return {"must be a trade code D-DD-DD-DD of the catalogue, level 4",
              "须为职业分类目录中的细类代码 D-DD-DD-DD"};
    case v1::FORMAT_MONTH:
      return {"must be a month YYYY-MM", "须为月份，格式 YYYY-MM"};
    case v1::FORMAT_LANGUAGE:
      return {"must be zh-CN or en", "须为 zh-CN 或 en"};
    default:
      return {"is malformed", "格式错误"};
  }
}

// Walks one message with its plan.
class Walk {
 public:
  Walk(const CheckScope& scope, Violations& violations) : scope_(scope), violations_(violations) {}

  void CheckMessage(const TypePlan& plan, const Message& message, const Position& at);

  bool met_unknown_fields() const { return met_unknown_fields_; }

 private:
  void CheckSingular(const FieldPlan& plan, const Message& message, const Position& at);
  void CheckRepeated(const FieldPlan& plan, const Message& message, const Position& parent);
  void CheckElement(const FieldPlan& plan, const Message& message, const Position& at);
  void CheckUnique(const FieldPlan& plan, const Message& message, const Position& parent);
  void CheckString(const FieldPlan& plan, const std::string& value, const Position& at);
  void CheckFormat(const FieldPlan& plan, const std::string& value, const Position& at);
  void CheckName(const FieldPlan& plan, const std::string& value, const Position& at);
  void CheckNumber(const FieldPlan& plan, double value, const Position& at);
  void CheckEnum(const FieldPlan& plan, int number, const Position& at);

  void Add(const Position& at, const Wording& wording) {
    violations_.Add({at.Path(), std::string(wording.reason), wording.en, wording.zh});
  }
  void AddRequired(const Position& at) { Add(at, {"REQUIRED", "must be given", "必填"}); }

  const CheckScope& scope_;
  Violations& violations_;
  bool met_unknown_fields_ = false;
};

double NumberAt(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return one ? r.GetInt32(message, field) : r.GetRepeatedInt32(message, field, index);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(one ? r.GetInt64(message, field)
                                     : r.GetRepeatedInt64(message, field, index));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return one ? r.GetDouble(message, field) : r.GetRepeatedDouble(message, field, index);
    default:
      return 0;
  }
}

void Walk::CheckMessage(const TypePlan& plan, const Message& message, const Position& at) {
  if (!message.GetReflection()->GetUnknownFields(message).empty()) met_unknown_fields_ = true;
  for (const FieldPlan& field : plan.fields) {
    if (field.field->is_repeated()) {
      CheckRepeated(field, message, at);
    } else {
      CheckSingular(field, message, {&at, field.field->name()});
    }
  }
}

void Walk::CheckSingular(const FieldPlan& plan, const Message& message, const Position& at) {
  if (!message.GetReflection()->HasField(message, plan.field)) {
    if (plan.required) AddRequired(at);
    return;
  }
  CheckElement(plan, message, at);
}

void Walk::CheckRepeated(const FieldPlan& plan, const Message& message, const Position& parent) {
  const int size = message.GetReflection()->FieldSize(message, plan.field);
  const Position at{&parent, plan.field->name()};
  if (size == 0) {
    if (plan.required) AddRequired(at);
    return;
  }
  if (size > plan.max_items) {
    Add(at, {"TOO_MANY_ITEMS", absl::StrCat("must have at most ", plan.max_items, " elements"),
             absl::StrCat("最多 ", plan.max_items, " 项")});
    return;  // Each of them is not worth the walk.
  }
  for (int i = 0; i < size; ++i) {
    CheckElement(plan, message, {&parent, plan.field->name(), i});
  }
  if (plan.rule.unique()) CheckUnique(plan, message, parent);
}

void Walk::CheckElement(const FieldPlan& plan, const Message& message, const Position& at) {
  const Reflection& r = *message.GetReflection();
  const FieldDescriptor* field = plan.field;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckMessage(*plan.child,
                          at.index < 0 ? r.GetMessage(message, field)
                                       : r.GetRepeatedMessage(message, field, at.index),
                          at);
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      return CheckString(plan,
                         at.index < 0
                             ? r.GetStringReference(message, field, &scratch)
                             : r.GetRepeatedStringReference(message, field, at.index, &scratch),
                         at);
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(plan,
                       at.index < 0 ? r.GetEnumValue(message, field)
                                    : r.GetRepeatedEnumValue(message, field, at.index),
                       at);
    case FieldDescriptor::CPPTYPE_BOOL:
      return;
    default:
      return CheckNumber(plan, NumberAt(message, field, at.index), at);
  }
}

void Walk::CheckUnique(const FieldPlan& plan, const Message& message, const Position& parent) {
  const Reflection& r = *message.GetReflection();
  const bool is_string = plan.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  std::string a;
  std::string b;
  const auto same = [&](int i, int j) {
    if (!is_string) {
      return r.GetRepeatedEnumValue(message, plan.field, i) ==
             r.GetRepeatedEnumValue(message, plan.field, j);
    }
    return r.GetRepeatedStringReference(message, plan.field, i, &a) ==
           r.GetRepeatedStringReference(message, plan.field, j, &b);
  };
  for (int i = 1; i < r.FieldSize(message, plan.field); ++i) {
    for (int j = 0; j < i; ++j) {
      if (!same(i, j)) continue;
      Add({&parent, plan.field->name(), i},
          {"DUPLICATE", absl::StrCat("must differ from element ", j),
           absl::StrCat("与第 ", j, " 项重复")});
      break;
    }
  }
}

void Walk::CheckString(const FieldPlan& plan, const std::string& value, const Position& at) {
  if (value.empty()) {  // Only an element of a list comes here empty.
    return Add(at, {"REQUIRED", "must not be empty", "不得为空"});
  }
  const std::optional<size_t> length = CountCodePoints(value);
  if (!length.has_value()) {
    return Add(at, {"INVALID_UTF8", "must be valid UTF-8", "须为有效的 UTF-8 文本"});
  }
  if (*length > plan.max_length) {
    return Add(at, {"TOO_LONG", absl::StrCat("must have at most ", plan.max_length, " characters"),
                    absl::StrCat("最多 ", plan.max_length, " 个字符")});
  }
  if (plan.rule.format() != v1::FORMAT_UNSPECIFIED) CheckFormat(plan, value, at);
}

void Walk::CheckFormat(const FieldPlan& plan, const std::string& value, const Position& at) {
  bool good = false;
  switch (plan.rule.format()) {
    case v1::FORMAT_RESOURCE_NAME:
      return CheckName(plan, value, at);
    case v1::FORMAT_DATE:
      good = ParseDate(value).has_value();
      break;
    case v1::FORMAT_DIVISION_CODE:
      good = IsDivisionCode(value);
      break;
    case v1::FORMAT_TRADE_CODE:
      good = scope_.catalogue.FindTrade(value).has_value();
      break;
    case v1::FORMAT_MONTH:
      good = IsMonth(value);
      break;
    case v1::FORMAT_LANGUAGE:
      good = value == "zh-CN" || value == "en";
      break;
    default:
      good = true;
  }
  if (good) return;
  const FormatText text = Describe(plan.rule.format());
  Add(at, {"INVALID_FORMAT", std::string(text.en), std::string(text.zh)});
}

void Walk::CheckName(const FieldPlan& plan, const std::string& value, const Position& at) {
  const std::string& collection = plan.rule.resource();
  if (collection == "skills") {
    if (scope_.catalogue.FindSkill(value).has_value()) return;
    return Add(at, {"NOT_FOUND", "must be skills/{skill} of the catalogue",
                    "须为目录中的技能，形如 skills/{skill}"});
  }
  const std::optional<ResourceName> name = ParseName(value, collection);
  if (!name.has_value()) {
    return Add(at, {"INVALID_FORMAT",
                    absl::StrCat("must be a name regions/{region}/", collection, "/{id}"),
                    absl::StrCat("须为资源名 regions/{region}/", collection, "/{id}")});
  }
  if (name->region == scope_.region || plan.rule.any_region()) return;
  Add(at,
      {"WRONG_REGION", absl::StrCat("must be of the same region, regions/", scope_.region.code()),
       absl::StrCat("须属于同一地区 regions/", scope_.region.code())});
}

void Walk::CheckNumber(const FieldPlan& plan, double value, const Position& at) {
  const v1::FieldRule& rule = plan.rule;
  const bool good = std::isfinite(value) && (!rule.has_min() || value >= rule.min()) &&
                    (!rule.has_max() || value <= rule.max());
  if (good) return;
  if (!rule.has_min() || !rule.has_max()) {
    return Add(at, {"OUT_OF_RANGE", "is out of range", "超出范围"});
  }
  const std::string range =
      absl::StrCat(static_cast<int64_t>(rule.min()), "..", static_cast<int64_t>(rule.max()));
  Add(at, {"OUT_OF_RANGE", absl::StrCat("must be within ", range),
           absl::StrCat("须在 ", range, " 之间")});
}

void Walk::CheckEnum(const FieldPlan& plan, int number, const Position& at) {
  const bool in_list = at.index >= 0;
  if (number >= (in_list ? 1 : 0) && number < static_cast<int>(plan.known_numbers.size()) &&
      plan.known_numbers[static_cast<size_t>(number)]) {
    return;
  }
  const std::string& type = plan.field->enum_type()->name();
  Add(at, {"UNKNOWN_ENUM_VALUE", absl::StrCat("must be a known value of ", type),
           absl::StrCat("须为 ", type, " 的已知取值")});
}

std::vector<bool> KnownNumbers(const EnumDescriptor& type) {
  std::vector<bool> known;
  for (int i = 0; i < type.value_count(); ++i) {
    const auto number = static_cast<size_t>(type.value(i)->number());
    if (known.size() <= number) known.resize(number + 1);
    known[number] = true;
  }
  return known;
}

}  // namespace

FieldValidator::FieldValidator(const Descriptor& type) : root_(Plan(type)) {}

const FieldValidator::TypePlan* FieldValidator::Plan(const Descriptor& type) {
  std::shared_ptr<TypePlan>& slot = plans_[&type];
  if (slot != nullptr) return slot.get();
  slot = std::make_shared<TypePlan>();
  TypePlan& plan = *slot;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const v1::FieldRule& rule = field->options().GetExtension(v1::rule);
    const bool free = field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
    if (free || rule.behavior() == v1::BEHAVIOR_OUTPUT_ONLY) continue;
    FieldPlan made{
        .field = field,
        .rule = rule,
        .max_length = rule.max_length() > 0 ? rule.max_length() : kDefaultMaxLength,
        .max_items = rule.max_items() > 0 ? static_cast<int>(rule.max_items()) : kDefaultMaxItems,
        .required = rule.behavior() == v1::BEHAVIOR_REQUIRED,
        .known_numbers = {}};
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      made.known_numbers = KnownNumbers(*field->enum_type());
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      made.child = Plan(*field->message_type());
    }
    plan.fields.push_back(std::move(made));
  }
  return &plan;
}

bool FieldValidator::Check(const Message& message, const CheckScope& scope,
                           Violations& violations) const {
  Walk walk(scope, violations);
  walk.CheckMessage(*root_, message, {nullptr, scope.path});
  return walk.met_unknown_fields();
}

}  // namespace leye::app
