#include "services/access/field_tree.h"

namespace leye::access {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Reflection;

FieldTree::FieldTree(const Descriptor& type, Picks picks) : root_(Plan(type, picks)) {}

// A type that contains itself meets its own unfinished plan, which is taken as it will become.
const FieldTree::Node* FieldTree::Plan(const Descriptor& type, Picks picks) {
  std::unique_ptr<Node>& slot = nodes_[&type];
  if (slot != nullptr) return slot.get();
  slot = std::make_unique<Node>();
  Node& node = *slot;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (picks(*field)) {
      node.picked.push_back(field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Node* child = Plan(*field->message_type(), picks);
      if (child->any()) node.children.push_back({field, child});
    }
  }
  return &node;
}

void FieldTree::ClearNode(const Node& node, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : node.picked) reflection.ClearField(&message, field);
  for (const Child& child : node.children) {
    if (!child.field->is_repeated()) {
      if (reflection.HasField(message, child.field)) {
        ClearNode(*child.node, *reflection.MutableMessage(&message, child.field));
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, child.field); ++i) {
      ClearNode(*child.node, *reflection.MutableRepeatedMessage(&message, child.field, i));
    }
  }
}

}  // namespace leye::access
