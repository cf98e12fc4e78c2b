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

PersonalData::PersonalData(const Descriptor& type) : root_(Plan(type)) {}

bool PersonalData::any() const { return !root_->leaves.empty() || !root_->children.empty(); }

// A type that contains itself meets its own unfinished plan, which is taken as it will become.
const PersonalData::Node* PersonalData::Plan(const Descriptor& type) {
  std::unique_ptr<Node>& slot = nodes_[&type];
  if (slot != nullptr) return slot.get();
  slot = std::make_unique<Node>();
  Node& node = *slot;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->options().GetExtension(v1::personal)) {
      node.leaves.push_back(field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Node* child = Plan(*field->message_type());
      if (!child->leaves.empty() || !child->children.empty()) {
        node.children.push_back({field, child});
      }
    }
  }
  return &node;
}

bool PersonalData::AnySet(const Node& node, const Message& message) {
  for (const FieldDescriptor* leaf : node.leaves) {
    if (IsSet(message, *leaf)) return true;
  }
  const Reflection& reflection = *message.GetReflection();
  for (const Child& child : node.children) {
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
  if (!AnySet(*root_, message)) return false;
  TakeNode(*root_, message, personal);
  return true;
}

void PersonalData::TakeNode(const Node& node, Message& message, Message& personal) {
  const Reflection& from = *message.GetReflection();
  const Reflection& to = *personal.GetReflection();
  if (!node.leaves.empty()) from.SwapFields(&message, &personal, node.leaves);
  for (const Child& child : node.children) {
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
  PutNode(*root_, personal, message);
}

void PersonalData::PutNode(const Node& node, Message& personal, Message& message) {
  const Reflection& from = *personal.GetReflection();
  const Reflection& to = *message.GetReflection();
  if (!node.leaves.empty()) from.SwapFields(&personal, &message, node.leaves);
  for (const Child& child : node.children) {
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

void PersonalData::Redact(Message& message) const { RedactNode(*root_, message); }

void PersonalData::RedactNode(const Node& node, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* leaf : node.leaves) reflection.ClearField(&message, leaf);
  for (const Child& child : node.children) {
    if (!child.field->is_repeated()) {
      if (reflection.HasField(message, child.field)) {
        RedactNode(*child.node, *reflection.MutableMessage(&message, child.field));
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, child.field); ++i) {
      RedactNode(*child.node, *reflection.MutableRepeatedMessage(&message, child.field, i));
    }
  }
}

}  // namespace leye::access
