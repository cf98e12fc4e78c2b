// SHA-256, for fingerprints and check sums.
#ifndef LEYE_SERVICES_APP_DIGEST_H_
#define LEYE_SERVICES_APP_DIGEST_H_

#include <string>

#include "absl/strings/string_view.h"

namespace leye::app {

// The 32 bytes of the SHA-256 of `text`.
std::string Sha256(absl::string_view text);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_DIGEST_H_
