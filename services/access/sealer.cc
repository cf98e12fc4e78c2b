#include "services/access/sealer.h"

#include <utility>

#include "services/base/status.h"

namespace leye::access {

absl::Status PlainSealer::Seal(absl::string_view, std::string content,
                               storage::v1::Sealed& sealed) const {
  sealed.set_content(std::move(content));
  return absl::OkStatus();
}

absl::StatusOr<std::string> PlainSealer::Open(absl::string_view name,
                                              const storage::v1::Sealed& sealed) const {
  if (!sealed.key_id().empty()) {
    return Error(absl::StatusCode::kDataLoss, "SEAL_BROKEN",
                 "the record was sealed with a key that this server does not have",
                 {{"name", std::string(name)}, {"key_id", sealed.key_id()}});
  }
  return sealed.content();
}

}  // namespace leye::access
