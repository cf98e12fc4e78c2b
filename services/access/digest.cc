#include "services/access/digest.h"

#include "absl/strings/escaping.h"
#include <openssl/sha.h>

namespace leye::access {

std::string Sha256(absl::string_view text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string Sha256Hex(absl::string_view text) { return absl::BytesToHexString(Sha256(text)); }

}  // namespace leye::access
