#include "services/app/update_mask.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/util/message_differencer.h"

#include "leye/v1/options.pb.h"

namespace leye::app {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::MessageDifferencer;

namespace {

v1::Behavior BehaviorOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule).behavior();
}

bool MayChange(const FieldDescriptor& field) {
  return BehaviorOf(field) != v1::BEHAVIOR_OUTPUT_ONLY &&
         BehaviorOf(field) != v1::BEHAVIOR_IMMUTABLE && field.name() != "etag";
}

std::vector<std::string> ChangeableFields(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) {
    if (MayChange(*type.field(i))) names.push_back(type.field(i)->name());
  }
  return names;
}

bool IsAllowed(const Descriptor& type, absl::string_view path) {
  const Descriptor* at = &type;
  for (absl::string_view step : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field = at == nullptr ? nullptr : at->FindFieldByName(std::string(step));
    if (field == nullptr || !MayChange(*field)) return false;
    at = field->is_repeated() ? nullptr : field->message_type();
  }
  return true;
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                             : message.GetReflection()->HasField(message, &field);
}

FieldMask FieldsSetIn(const Message& given) {
  FieldMask mask;
  const Descriptor& type = *given.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (MayChange(*type.field(i)) && IsSet(given, *type.field(i))) {
      mask.add_paths(type.field(i)->name());
    }
  }
  return mask;
}

bool SameField(const Message& a, const Message& b, const FieldDescriptor& field) {
  MessageDifferencer differencer;
  const bool in_a = IsSet(a, field);
  if (in_a != IsSet(b, field)) return false;
  return !in_a || differencer.CompareWithFields(a, b, {&field}, {&field});
}

}  // namespace

FieldMask CheckedMask(const FieldMask& mask, const Message& given, Violations& violations) {
  if (mask.paths().empty()) return FieldsSetIn(given);
  const Descriptor& type = *given.GetDescriptor();
  const std::vector<std::string> allowed = ChangeableFields(type);
  FieldMask checked;
  if (mask.paths_size() == 1 && mask.paths(0) == "*") {
    for (const std::string& name : allowed) checked.add_paths(name);
    return checked;
  }
  for (const std::string& path : mask.paths()) {
    if (IsAllowed(type, path)) {
      checked.add_paths(path);
      continue;
    }
    const std::string names = absl::StrJoin(allowed, ", ");
    violations.Add({"update_mask", "INVALID_MASK",
                    absl::StrCat("may name `*` or fields of: ", names, "; wrong path number ",
                                 &path - &mask.paths(0) + 1),
                    absl::StrCat("只能为 `*` 或下列字段：", names)});
    break;  // The list is long: once is enough.
  }
  return checked;
}

void ApplyMask(const FieldMask& mask, const Message& given, absl::string_view path,
               Message& current, Violations& violations) {
  const Descriptor& type = *given.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (BehaviorOf(field) == v1::BEHAVIOR_IMMUTABLE && IsSet(given, field) &&
        !SameField(given, current, field)) {
      violations.Add({absl::StrCat(path, ".", field.name()), "IMMUTABLE",
                      "cannot be changed once it is set at creation", "创建后不得更改"});
    }
  }
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(given, mask, options, &current);
}

}  // namespace leye::app
