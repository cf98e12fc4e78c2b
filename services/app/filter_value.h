// Values of fields as the filter language compares them.
#ifndef LEYE_SERVICES_APP_FILTER_VALUE_H_
#define LEYE_SERVICES_APP_FILTER_VALUE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "services/app/filter.h"

namespace leye::app {

// A field's value, and whether the message says it.
struct SaidValue {
  FilterValue value;
  bool said = true;
};

// The value of `field` (element `index` of it when it is repeated) in `message`.
SaidValue ReadValue(const google::protobuf::Message& message,
                    const google::protobuf::FieldDescriptor& field, int index);

// Which choice of the field's oneof is set, as a number of `spec.choices`.
SaidValue ReadChoice(const google::protobuf::Message& message, const FilterField& field);

// `text` as a value that `field` can be compared with. INVALID_ARGUMENT says what is expected.
absl::StatusOr<FilterValue> ParseValue(const FilterField& field, absl::string_view text);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_FILTER_VALUE_H_
