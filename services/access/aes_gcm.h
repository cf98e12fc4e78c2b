// AES-256-GCM by OpenSSL, with a random nonce of 96 bits and a tag of 128.
//
//   LEYE_ASSIGN_OR_RETURN(const AesGcm aes, AesGcm::Create());
//   aes.Encrypt({key, nonce, bound_to}, plain, cipher_text);    // the tag is its end
//   aes.Decrypt({key, nonce, bound_to}, cipher_text, plain);
//
// What a text is bound to is not in it: it opens only where the same is said again. NIST SP
// 800-38D.
#ifndef LEYE_SERVICES_ACCESS_AES_GCM_H_
#define LEYE_SERVICES_ACCESS_AES_GCM_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct evp_cipher_st;

namespace leye::access {

inline constexpr size_t kNonceBytes = 12;
inline constexpr size_t kTagBytes = 16;

// Fills `bytes` from OpenSSL's generator for secrets. INTERNAL (CRYPTO_ERROR).
absl::Status FillRandom(uint8_t* bytes, size_t size);

// Immutable, safe for concurrent use.
class AesGcm {
 public:
  struct Lock {
    const uint8_t* key;       // kKeyBytes bytes.
    absl::string_view nonce;  // kNonceBytes bytes, never the same twice under one key.
    absl::string_view bound_to = {};
  };

  // INTERNAL (CRYPTO_ERROR) when this OpenSSL does not have it.
  static absl::StatusOr<AesGcm> Create();

  // Cipher text and tag. False when OpenSSL fails.
  bool Encrypt(const Lock& lock, absl::string_view plain, std::string& sealed) const;

  // False when it was not sealed with this lock or was changed; `plain` is empty then.
  bool Decrypt(const Lock& lock, absl::string_view sealed, std::string& plain) const;

 private:
  struct FreeCipher {
    void operator()(evp_cipher_st* cipher) const;
  };

  AesGcm() = default;

  std::unique_ptr<evp_cipher_st, FreeCipher> cipher_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_AES_GCM_H_
