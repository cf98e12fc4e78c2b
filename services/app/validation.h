// Checks a message against what its fields say of themselves in the protos ((leye.v1.rule)).
//
//   const FieldValidator validator(*v1::Candidate::descriptor());
//   Violations violations;
//   validator.Check(candidate, {.region = region, .catalogue = catalogue, .path = "candidate"},
//                   violations);
//
// Every string is valid UTF-8 and not too long, every list not too long, every enum number known,
// every number finite and in range, every required field there, every format right, every skill and
// trade in the catalogue, every named resource of the record's own region. Fields that the server
// sets are not looked at. What two fields must be to each other is checked by hand, per resource.
// What to look at is worked out once, by the constructor: a check allocates nothing unless it finds
// something.
#ifndef LEYE_SERVICES_APP_VALIDATION_H_
#define LEYE_SERVICES_APP_VALIDATION_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "leye/v1/options.pb.h"
#include "services/app/catalogue.h"
#include "services/app/violations.h"
#include "services/store/region.h"

namespace leye::app {

// What a message is checked against, beside its own fields.
struct CheckScope {
  store::Region region;        // That resources named in it must belong to.
  const Catalogue& catalogue;  // That skills and trades named in it must be in.
  absl::string_view path;      // Of the message within the request, "" for the request itself.
  absl::CivilDay today = absl::CivilDay();  // In China, for what must not lie in the future.
};

// Immutable, safe for concurrent use.
class FieldValidator {
 public:
  explicit FieldValidator(const google::protobuf::Descriptor& type);

  // Returns whether the message holds fields that this server does not know, at any depth.
  bool Check(const google::protobuf::Message& message, const CheckScope& scope,
             Violations& violations) const;

  // What has to be known of one field, and of all fields of one type.
  struct FieldPlan;
  struct TypePlan;

 private:
  const TypePlan* Plan(const google::protobuf::Descriptor& type);

  std::map<const google::protobuf::Descriptor*, std::shared_ptr<TypePlan>> plans_;
  const TypePlan* root_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_VALIDATION_H_
