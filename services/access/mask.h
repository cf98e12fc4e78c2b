// What of an answer a principal is shown: the rest is cleared before the answer leaves.
//
//   const access::Masks masks(*v1::RankCandidatesResponse::descriptor());
//   masks.For(access::Role::kEnterprise).Clear(response);          // criteria and notes are gone
//
// The protos say it (leye/v1/options.proto). Of a message `about_person` an employer is shown what
// is marked `for_employer`, the person everything. What is `personal` in other messages, such as a
// posting's contact, an app is not shown. Operators and bureaus are shown everything, auditors and
// nobody neither persons nor anything personal.
#ifndef LEYE_SERVICES_ACCESS_MASK_H_
#define LEYE_SERVICES_ACCESS_MASK_H_

#include <vector>

#include "google/protobuf/descriptor.h"

#include "services/access/field_tree.h"
#include "services/access/principal.h"

namespace leye::access {

// Whether `role` is kept from a field of an answer.
bool Hides(Role role, const google::protobuf::FieldDescriptor& field);

// What to clear for every role in messages of one type. Immutable, safe for concurrent use.
class Masks {
 public:
  explicit Masks(const google::protobuf::Descriptor& type);

  const FieldTree& For(Role role) const { return masks_[static_cast<size_t>(role)]; }

 private:
  std::vector<FieldTree> masks_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_MASK_H_
