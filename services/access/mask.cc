#include "services/access/mask.h"

#include "leye/v1/options.pb.h"

namespace leye::access {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool Hides(Role role, const FieldDescriptor& field) {
  const bool about_person = field.containing_type()->options().GetExtension(v1::about_person);
  const bool personal = field.options().GetExtension(v1::personal);
  switch (role) {
    case Role::kOperator:
    case Role::kBureau:
      return false;
    case Role::kEnterprise:
      return about_person && !field.options().GetExtension(v1::for_employer);
    case Role::kApp:
      return personal && !about_person;
    default:
      return personal || about_person;
  }
}

Masks::Masks(const Descriptor& type) {
  for (int role = 0; role < kRoleCount; ++role) {
    masks_.emplace_back(type, [role](const FieldDescriptor& field) {
      return Hides(static_cast<Role>(role), field);
    });
  }
}

}  // namespace leye::access
