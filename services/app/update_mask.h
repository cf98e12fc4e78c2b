// Update masks (AIP-134): which fields of a resource a request changes.
//
//   const FieldMask mask = CheckedMask(request.update_mask(), given, "update_mask", violations);
//   ApplyMask(mask, given, "posting", current, violations);
//
// `*` names every field that may be changed; an empty mask those that are set in the request. A
// path may lead into messages ("preferences.willing"), not into lists. A field that the mask names
// and the request does not set is cleared.
#ifndef LEYE_SERVICES_APP_UPDATE_MASK_H_
#define LEYE_SERVICES_APP_UPDATE_MASK_H_

#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

#include "services/app/violations.h"

namespace leye::app {

// `mask` with `*` and emptiness resolved for the resource `given`. A path that is unknown, set by
// the server or fixed at creation is a violation of "update_mask" that lists what is allowed.
google::protobuf::FieldMask CheckedMask(const google::protobuf::FieldMask& mask,
                                        const google::protobuf::Message& given,
                                        Violations& violations);

// Changes the fields of `current` that `mask` names to those of `given`. Where `given` sets a field
// that is fixed at creation to something else than `current` has, that is a violation of
// "<path>.<field>".
void ApplyMask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& given,
               absl::string_view path, google::protobuf::Message& current, Violations& violations);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_UPDATE_MASK_H_
