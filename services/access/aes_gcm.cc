#include "services/access/aes_gcm.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "services/access/secret.h"
#include "services/base/status.h"

namespace leye::access {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }  // Wipes it.
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const uint8_t* BytesOf(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}
uint8_t* BytesOf(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

}  // namespace

absl::Status FillRandom(uint8_t* bytes, size_t size) {
  if (RAND_priv_bytes(bytes, static_cast<int>(size)) == 1) return absl::OkStatus();
  return Error(absl::StatusCode::kInternal, "CRYPTO_ERROR", "OpenSSL has no random numbers");
}

void AesGcm::FreeCipher::operator()(evp_cipher_st* cipher) const { EVP_CIPHER_free(cipher); }

absl::StatusOr<AesGcm> AesGcm::Create() {
  AesGcm aes;
  aes.cipher_.reset(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  if (aes.cipher_ == nullptr) {
    return Error(absl::StatusCode::kInternal, "CRYPTO_ERROR", "OpenSSL has no AES-256-GCM");
  }
  return aes;
}

bool AesGcm::Encrypt(const Lock& lock, absl::string_view plain, std::string& sealed) const {
  const Context context(EVP_CIPHER_CTX_new());
  sealed.resize(plain.size() + kTagBytes);
  int bytes = 0;
  return context != nullptr && lock.nonce.size() == kNonceBytes &&
         EVP_EncryptInit_ex2(context.get(), cipher_.get(), lock.key, BytesOf(lock.nonce),
                             nullptr) == 1 &&
         EVP_EncryptUpdate(context.get(), nullptr, &bytes, BytesOf(lock.bound_to),
                           static_cast<int>(lock.bound_to.size())) == 1 &&
         EVP_EncryptUpdate(context.get(), BytesOf(sealed), &bytes, BytesOf(plain),
                           static_cast<int>(plain.size())) == 1 &&
         EVP_EncryptFinal_ex(context.get(), BytesOf(sealed) + plain.size(), &bytes) == 1 &&
         EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                             BytesOf(sealed) + plain.size()) == 1;
}

bool AesGcm::Decrypt(const Lock& lock, absl::string_view sealed, std::string& plain) const {
  const Context context(EVP_CIPHER_CTX_new());
  if (context == nullptr || lock.nonce.size() != kNonceBytes || sealed.size() < kTagBytes) {
    return false;
  }
  const size_t size = sealed.size() - kTagBytes;
  std::string tag(sealed.substr(size));
  // A byte more, so that there is somewhere to point to when there is no text.
  plain.resize(size + 1);
  int bytes = 0;
  const bool opened =
      EVP_DecryptInit_ex2(context.get(), cipher_.get(), lock.key, BytesOf(lock.nonce), nullptr) ==
          1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &bytes, BytesOf(lock.bound_to),
                        static_cast<int>(lock.bound_to.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), BytesOf(plain), &bytes, BytesOf(sealed),
                        static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), BytesOf(plain) + size, &bytes) == 1;
  if (opened) {
    plain.resize(size);
  } else {
    Wipe(plain);  // Never shown unless the tag fits.
  }
  return opened;
}

}  // namespace leye::access
