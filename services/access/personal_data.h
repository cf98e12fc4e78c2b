// Parts a message into what is about an identified person and the rest.
//
//   const access::PersonalData personal_data(*v1::Candidate::descriptor());
//   v1::Candidate personal;
//   personal_data.Take(candidate, personal);   // moves full_name, phone, ... out of `candidate`
//   personal_data.Put(personal, candidate);    // and back
//   personal_data.Redact(candidate);           // drops them
//
// Which fields are personal is said in the protos, by the option (leye.v1.personal). Fields of
// nested messages keep their place: element i of a repeated field in `personal` belongs to element
// i of the same field in the open part. What to visit is worked out once, by the constructor.
#ifndef LEYE_SERVICES_ACCESS_PERSONAL_DATA_H_
#define LEYE_SERVICES_ACCESS_PERSONAL_DATA_H_

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "services/access/field_tree.h"

namespace leye::access {

// Immutable, safe for concurrent use.
class PersonalData {
 public:
  using Message = google::protobuf::Message;

  // For messages of `type`.
  explicit PersonalData(const google::protobuf::Descriptor& type);

  // True if the type has personal fields, at any depth.
  bool any() const { return tree_.any(); }

  // Moves the personal fields of `message` to `personal`; returns whether any was set.
  // REQUIRES: both are of the type, `personal` is empty.
  bool Take(Message& message, Message& personal) const;

  // Moves them back. What belongs to elements that `message` does not have is dropped.
  void Put(Message& personal, Message& message) const;

  // Clears the personal fields.
  void Redact(Message& message) const { tree_.Clear(message); }

 private:
  static bool AnySet(const FieldTree::Node& node, const Message& message);
  static void TakeNode(const FieldTree::Node& node, Message& message, Message& personal);
  static void PutNode(const FieldTree::Node& node, Message& personal, Message& message);

  const FieldTree tree_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_PERSONAL_DATA_H_
