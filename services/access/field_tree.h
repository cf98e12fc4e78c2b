// The fields that somebody picks out of messages of one type, at any depth.
//
//   const access::FieldTree numbers(*v1::Candidate::descriptor(), &IsNumber);
//   numbers.Clear(candidate);
//
// What to visit is worked out once, by the constructor: clearing goes only where something is.
#ifndef LEYE_SERVICES_ACCESS_FIELD_TREE_H_
#define LEYE_SERVICES_ACCESS_FIELD_TREE_H_

#include <map>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace leye::access {

// Immutable, safe for concurrent use.
class FieldTree {
 public:
  using Message = google::protobuf::Message;
  using Picks = absl::FunctionRef<bool(const google::protobuf::FieldDescriptor& field)>;

  struct Node;
  struct Child {
    const google::protobuf::FieldDescriptor* field;
    const Node* node;
  };
  // What to visit in messages of one type.
  struct Node {
    std::vector<const google::protobuf::FieldDescriptor*> picked;
    std::vector<Child> children;  // Messages, not picked, that lead to something picked.

    bool any() const { return !picked.empty() || !children.empty(); }
  };

  FieldTree(const google::protobuf::Descriptor& type, Picks picks);

  // Lives as long as the tree, also when that is moved.
  const Node& root() const { return *root_; }

  // True if some message of the type has something picked.
  bool any() const { return root_->any(); }

  // Clears what is picked.
  void Clear(Message& message) const { ClearNode(*root_, message); }

 private:
  const Node* Plan(const google::protobuf::Descriptor& type, Picks picks);
  static void ClearNode(const Node& node, Message& message);

  std::map<const google::protobuf::Descriptor*, std::unique_ptr<Node>> nodes_;
  const Node* root_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_FIELD_TREE_H_
