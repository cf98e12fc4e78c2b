#include "tests/e2e/fields.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/field_mask.pb.h"

namespace leye::e2e {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldMask;
using google::protobuf::Reflection;

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

bool CallerSets(const FieldDescriptor& field) {
  if (RuleOf(field).behavior() == v1::BEHAVIOR_OUTPUT_ONLY) return false;
  return !IsMessage(field) ||
         !absl::StartsWith(field.message_type()->full_name(), "google.protobuf.");
}

void Walk(const Descriptor& type, FieldPath& path, std::vector<FieldPath>& found) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!CallerSets(field)) continue;
    path.steps.push_back(&field);
    if (IsMessage(field)) {
      Walk(*field.message_type(), path, found);
    } else {
      found.push_back(path);
    }
    path.steps.pop_back();
  }
}

// The message within `holder` that `step` leads to, made when there is none.
Message& Enter(Message& holder, const FieldDescriptor& step) {
  const Reflection& reflection = *holder.GetReflection();
  if (!step.is_repeated()) return *reflection.MutableMessage(&holder, &step);
  if (reflection.FieldSize(holder, &step) == 0) return *reflection.AddMessage(&holder, &step);
  return *reflection.MutableRepeatedMessage(&holder, &step, 0);
}

// "posting.pay.unit" -> an update of "pay".
void MaskOnly(Message& request, const FieldPath& field) {
  const FieldDescriptor* mask = request.GetDescriptor()->FindFieldByName("update_mask");
  if (mask == nullptr || field.steps.size() < 2) return;
  FieldMask only;
  only.add_paths(field.steps[1]->name());
  request.GetReflection()->MutableMessage(&request, mask)->CopyFrom(only);
}

void SetInteger(Message& holder, const FieldDescriptor& leaf, double number) {
  const Reflection& reflection = *holder.GetReflection();
  if (leaf.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    reflection.SetInt64(&holder, &leaf, static_cast<int64_t>(number));
  } else {
    reflection.SetInt32(&holder, &leaf, static_cast<int32_t>(number));
  }
}

}  // namespace

std::string FieldPath::Text() const {
  std::string text;
  for (const FieldDescriptor* step : steps) {
    absl::StrAppend(&text, text.empty() ? "" : ".", step->name(), step->is_repeated() ? "[0]" : "");
  }
  return text;
}

const v1::FieldRule& RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

std::vector<FieldPath> FieldsOf(const Message& request) {
  std::vector<FieldPath> found;
  FieldPath path;
  Walk(*request.GetDescriptor(), path, found);
  return found;
}

Put PutText(std::string text) {
  return [text = std::move(text)](Message& holder, const FieldDescriptor& leaf) {
    const Reflection& reflection = *holder.GetReflection();
    if (!leaf.is_repeated()) {
      reflection.SetString(&holder, &leaf, text);
    } else {
      reflection.ClearField(&holder, &leaf);
      reflection.AddString(&holder, &leaf, text);
    }
  };
}

Put PutEnum(int number) {
  return [number](Message& holder, const FieldDescriptor& leaf) {
    const Reflection& reflection = *holder.GetReflection();
    if (leaf.is_repeated()) {
      reflection.ClearField(&holder, &leaf);
      reflection.AddEnumValue(&holder, &leaf, number);
    } else {
      reflection.SetEnumValue(&holder, &leaf, number);
    }
  };
}

Put PutNumber(double number) {
  return [number](Message& holder, const FieldDescriptor& leaf) {
    if (leaf.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
      holder.GetReflection()->SetDouble(&holder, &leaf, number);
    } else {
      SetInteger(holder, leaf, number);
    }
  };
}

std::unique_ptr<Message> With(const Message& request, const FieldPath& field, const Put& put) {
  std::unique_ptr<Message> changed(request.New());
  changed->CopyFrom(request);
  Message* holder = changed.get();
  for (size_t i = 0; i + 1 < field.steps.size(); ++i) holder = &Enter(*holder, *field.steps[i]);
  put(*holder, *field.leaf());
  MaskOnly(*changed, field);
  return changed;
}

}  // namespace leye::e2e
