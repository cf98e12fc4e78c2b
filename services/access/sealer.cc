#include "services/access/sealer.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::access {

absl::Status Sealer::KeyMissing(absl::string_view name, const std::string& key_id) const {
  ++failures_.key_missing;
  return Error(absl::StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING",
               absl::StrCat("the personal part of ", name, " is sealed under master key ", key_id,
                            ", which this server does not have"),
               {{"name", std::string(name)}, {"key_id", key_id}});
}

absl::Status Sealer::Broken(absl::string_view name, const std::string& key_id,
                            absl::string_view what) const {
  ++failures_.broken;
  return Error(absl::StatusCode::kDataLoss, "SEAL_BROKEN",
               absl::StrCat("the personal part of ", name, " cannot be opened: ", what),
               {{"name", std::string(name)}, {"key_id", key_id}});
}

absl::Status PlainSealer::Seal(absl::string_view, std::string content,
                               storage::v1::Sealed& sealed) const {
  sealed.set_content(std::move(content));
  return absl::OkStatus();
}

absl::StatusOr<std::string> PlainSealer::Open(absl::string_view name,
                                              const storage::v1::Sealed& sealed) const {
  if (!sealed.key_id().empty()) return KeyMissing(name, sealed.key_id());
  return sealed.content();
}

}  // namespace leye::access
