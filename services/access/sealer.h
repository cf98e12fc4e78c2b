// Closes the personal part of a record before it reaches the store, and opens it again.
//
//   storage::v1::Sealed sealed;
//   LEYE_RETURN_IF_ERROR(sealer.Seal(name, serialised_personal_part, sealed));
//   LEYE_ASSIGN_OR_RETURN(std::string opened, sealer.Open(name, sealed));
//
// The record's name is bound to the content: what was sealed for one record opens for no other.
#ifndef LEYE_SERVICES_ACCESS_SEALER_H_
#define LEYE_SERVICES_ACCESS_SEALER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/storage/v1/envelope.pb.h"

namespace leye::access {

// Thread-safe.
class Sealer {
 public:
  virtual ~Sealer() = default;

  // Writes `content`, sealed for the record `name`, into `sealed`.
  virtual absl::Status Seal(absl::string_view name, std::string content,
                            storage::v1::Sealed& sealed) const = 0;

  // The content. DATA_LOSS (reason SEAL_BROKEN) when it cannot be opened.
  virtual absl::StatusOr<std::string> Open(absl::string_view name,
                                           const storage::v1::Sealed& sealed) const = 0;
};

// Keeps the content apart, as it is. Immutable, thread-safe.
class PlainSealer final : public Sealer {
 public:
  absl::Status Seal(absl::string_view name, std::string content,
                    storage::v1::Sealed& sealed) const override;
  absl::StatusOr<std::string> Open(absl::string_view name,
                                   const storage::v1::Sealed& sealed) const override;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_SEALER_H_
