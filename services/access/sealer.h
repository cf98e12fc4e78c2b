// Closes the personal part of a record before it reaches the store, and opens it again.
//
//   storage::v1::Sealed sealed;
//   LEYE_RETURN_IF_ERROR(sealer.Seal(name, serialised_personal_part, sealed));
//   LEYE_ASSIGN_OR_RETURN(std::string opened, sealer.Open(name, sealed));
//
// The record's name is bound to the content: what was sealed for one record opens for no other.
#ifndef LEYE_SERVICES_ACCESS_SEALER_H_
#define LEYE_SERVICES_ACCESS_SEALER_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/storage/v1/envelope.pb.h"

namespace leye::access {

// How often a personal part could not be sealed or opened, since the start.
struct SealFailures {
  std::atomic<int64_t> key_missing = 0;  // The master key is not one that this server has.
  std::atomic<int64_t> broken = 0;       // Changed, cut off, or moved from another record.
  std::atomic<int64_t> sealing = 0;      // OpenSSL failed.
};

// Thread-safe.
class Sealer {
 public:
  virtual ~Sealer() = default;

  // Writes `content`, sealed for the record `name`, into `sealed`. INTERNAL (CRYPTO_ERROR).
  virtual absl::Status Seal(absl::string_view name, std::string content,
                            storage::v1::Sealed& sealed) const = 0;

  // The content; Wipe it after use (secret.h). Errors name the record and, if there is one, the
  // key: FAILED_PRECONDITION (SEAL_KEY_MISSING)  no master key of this id: an operator must give it
  // back DATA_LOSS (SEAL_BROKEN)                 changed, cut off, or another record's
  virtual absl::StatusOr<std::string> Open(absl::string_view name,
                                           const storage::v1::Sealed& sealed) const = 0;

  const SealFailures& failures() const { return failures_; }

 protected:
  // Counts the failure and says it.
  absl::Status KeyMissing(absl::string_view name, const std::string& key_id) const;
  absl::Status Broken(absl::string_view name, const std::string& key_id,
                      absl::string_view what) const;

  mutable SealFailures failures_;
};

// Keeps the content apart, as it is.
class PlainSealer final : public Sealer {
 public:
  absl::Status Seal(absl::string_view name, std::string content,
                    storage::v1::Sealed& sealed) const override;
  absl::StatusOr<std::string> Open(absl::string_view name,
                                   const storage::v1::Sealed& sealed) const override;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_SEALER_H_
