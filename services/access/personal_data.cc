#include "services/access/personal_data.h"

#include <algorithm>

#include "leye/v1/options.pb.h"

namespace leye::access {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

}  // namespace

PersonalData::PersonalData(const Descriptor& type)
    : tree_(type, [](const FieldDescriptor& field) {
        return field.options().GetExtension(v1::personal);
      }) {}

bool PersonalData::AnySet(const FieldTree::Node& node, const Message& message) {
  for (const FieldDescriptor* field : node.picked) {
    if (IsSet(message, *field)) return true;
  }
  const Reflection& reflection = *message.GetReflection();
  for (const FieldTree::Child& child : node.children) {
    if (!child.field->is_repeated()) {
      if (reflection.HasField(message, child.field) &&
          AnySet(*child.node, reflection.GetMessage(message, child.field))) {
        return true;
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, child.field); ++i) {
      if (AnySet(*child.node, reflection.GetRepeatedMessage(message, child.field, i))) return true;
    }
  }
  return false;
}

bool PersonalData::Take(Message& message, Message& personal) const {
  if (!AnySet(tree_.root(), message)) return false;
  TakeNode(tree_.root(), message, personal);
  return true;
}

void PersonalData::TakeNode(const FieldTree::Node& node, Message& message, Message& personal) {
  const Reflection& from = *message.GetReflection();
  const Reflection& to = *personal.GetReflection();
  if (!node.picked.empty()) from.SwapFields(&message, &personal, node.picked);
  for (const FieldTree::Child& child : node.children) {
    if (!child.field->is_repeated()) {
      if (!from.HasField(message, child.field)) continue;
      Message& inner = *from.MutableMessage(&message, child.field);
      if (AnySet(*child.node, inner)) {
        TakeNode(*child.node, inner, *to.MutableMessage(&personal, child.field));
      }
      continue;
    }
    int used = from.FieldSize(message, child.field);  // Elements up to the last with anything.
    while (used > 0 &&
           !AnySet(*child.node, from.GetRepeatedMessage(message, child.field, used - 1))) {
      --used;
    }
    for (int i = 0; i < used; ++i) {
      TakeNode(*child.node, *from.MutableRepeatedMessage(&message, child.field, i),
               *to.AddMessage(&personal, child.field));
    }
  }
}

void PersonalData::Put(Message& personal, Message& message) const {
  PutNode(tree_.root(), personal, message);
}

void PersonalData::PutNode(const FieldTree::Node& node, Message& personal, Message& message) {
  const Reflection& from = *personal.GetReflection();
  const Reflection& to = *message.GetReflection();
  if (!node.picked.empty()) from.SwapFields(&personal, &message, node.picked);
  for (const FieldTree::Child& child : node.children) {
    if (!child.field->is_repeated()) {
      if (!from.HasField(personal, child.field) || !to.HasField(message, child.field)) continue;
      PutNode(*child.node, *from.MutableMessage(&personal, child.field),
              *to.MutableMessage(&message, child.field));
      continue;
    }
    const int used =
        std::min(from.FieldSize(personal, child.field), to.FieldSize(message, child.field));
    for (int i = 0; i < used; ++i) {
      PutNode(*child.node, *from.MutableRepeatedMessage(&personal, child.field, i),
              *to.MutableRepeatedMessage(&message, child.field, i));
    }
  }
}

}  // namespace leye::access
