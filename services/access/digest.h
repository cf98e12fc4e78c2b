// SHA-256, for fingerprints, check sums and the hashes of keys.
#ifndef LEYE_SERVICES_ACCESS_DIGEST_H_
#define LEYE_SERVICES_ACCESS_DIGEST_H_

#include <string>

#include "absl/strings/string_view.h"

namespace leye::access {

// The 32 bytes of the SHA-256 of `text`, and the same in 64 hexadecimal digits.
std::string Sha256(absl::string_view text);
std::string Sha256Hex(absl::string_view text);

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_DIGEST_H_
