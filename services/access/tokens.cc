#include "services/access/tokens.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "services/access/identity.h"
#include "services/base/status.h"

namespace leye::access {
namespace {

constexpr char kVersion[] = "v1";
constexpr size_t kSignatureBytes = 64;
constexpr size_t kLongestText = 2'000;  // Of a token; an honest one has some 200 bytes.
constexpr absl::Duration kClockSkew = absl::Seconds(30);

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using UniqueBio = std::unique_ptr<BIO, FreeBio>;
using UniqueContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

SharedKey Owned(EVP_PKEY* key) {
  return {key, [](EVP_PKEY* owned) { EVP_PKEY_free(owned); }};
}

UniqueBio ReaderOf(absl::string_view text) {
  return UniqueBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// OpenSSL would ask for it at the terminal, and hold up whoever reads the file.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

std::string Written(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

bool IsEd25519(const SharedKey& key) {
  return key != nullptr && EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519;
}

absl::Status InvalidKey(absl::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_KEY",
               absl::StrCat("must be the PEM of ", what));
}

absl::Status BadToken() {
  return WithMessageZh(Error(absl::StatusCode::kUnauthenticated, "BAD_TOKEN",
                             "the token is not one that this server takes"),
                       "令牌无效");
}

absl::Status TokenExpired() {
  return WithMessageZh(Error(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED",
                             "the token's time is over: get a new one"),
                       "令牌已过期，请重新获取");
}

std::string Encoded(const TokenClaims& claims) {
  return absl::StrCat(claims.identity, "\n", absl::ToUnixSeconds(claims.issue_time), "\n",
                      absl::ToUnixSeconds(claims.expire_time));
}

absl::StatusOr<TokenClaims> Decoded(absl::string_view text) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  int64_t issued = 0;
  int64_t expires = 0;
  if (lines.size() != 3 || !absl::SimpleAtoi(lines[1], &issued) ||
      !absl::SimpleAtoi(lines[2], &expires)) {
    return BadToken();
  }
  return TokenClaims{.identity = lines[0],
                     .issue_time = absl::FromUnixSeconds(issued),
                     .expire_time = absl::FromUnixSeconds(expires)};
}

// The principal of claims that are sound whatever the time is now.
absl::StatusOr<Principal> PrincipalOf(const TokenClaims& claims) {
  LEYE_ASSIGN_OR_RETURN(Principal principal, ParseIdentity(claims.identity));
  const absl::Duration life = claims.expire_time - claims.issue_time;
  if (principal.role != Role::kApp || life <= absl::ZeroDuration() || life > kLongestToken) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_CLAIMS",
                 "a token is an app's (leye://app/<region>/<id>) and good for at most 10 minutes");
  }
  return principal;
}

}  // namespace

absl::StatusOr<KeyPair> NewTokenKeys() {
  const SharedKey key = Owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const UniqueBio secret(BIO_new(BIO_s_mem()));
  const UniqueBio open(BIO_new(BIO_s_mem()));
  if (key == nullptr ||
      PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1 ||
      PEM_write_bio_PUBKEY(open.get(), key.get()) != 1) {
    return Error(absl::StatusCode::kInternal, "CRYPTO_ERROR", "no key could be made");
  }
  return KeyPair{.private_pem = Written(secret.get()), .public_pem = Written(open.get())};
}

absl::StatusOr<TokenSigner> TokenSigner::FromPem(absl::string_view private_pem) {
  const UniqueBio reader = ReaderOf(private_pem);
  SharedKey key = Owned(PEM_read_bio_PrivateKey(reader.get(), nullptr, NoPassphrase, nullptr));
  if (!IsEd25519(key)) return InvalidKey("an Ed25519 private key");
  return TokenSigner(std::move(key));
}

absl::StatusOr<std::string> TokenSigner::Sign(const TokenClaims& claims) const {
  LEYE_RETURN_IF_ERROR(PrincipalOf(claims));
  const std::string text = absl::StrCat(kVersion, ".", absl::WebSafeBase64Escape(Encoded(claims)));
  const UniqueContext context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Bytes(text), text.size()) != 1) {
    return Error(absl::StatusCode::kInternal, "CRYPTO_ERROR", "the token could not be signed");
  }
  return absl::StrCat(text, ".", absl::WebSafeBase64Escape(signature));
}

absl::StatusOr<TokenKeys> TokenKeys::FromPem(absl::string_view public_pems) {
  const UniqueBio reader = ReaderOf(public_pems);
  std::vector<SharedKey> keys;
  while (SharedKey key = Owned(PEM_read_bio_PUBKEY(reader.get(), nullptr, NoPassphrase, nullptr))) {
    if (!IsEd25519(key)) return InvalidKey("Ed25519 public keys only");
    keys.push_back(std::move(key));
  }
  if (keys.empty()) return InvalidKey("one or more Ed25519 public keys");
  return TokenKeys(std::move(keys));
}

bool TokenKeys::IsSigned(absl::string_view text, absl::string_view signature) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const SharedKey& key) {
    const UniqueContext context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text),
                            text.size()) == 1;
  });
}

absl::StatusOr<Principal> TokenKeys::Verify(absl::string_view token, absl::Time now) const {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  std::string claims_text;
  std::string signature;
  const bool readable = token.size() <= kLongestText && parts.size() == 3 && parts[0] == kVersion &&
                        absl::WebSafeBase64Unescape(parts[1], &claims_text) &&
                        absl::WebSafeBase64Unescape(parts[2], &signature);
  if (!readable || !IsSigned(token.substr(0, parts[0].size() + 1 + parts[1].size()), signature)) {
    return BadToken();
  }
  LEYE_ASSIGN_OR_RETURN(const TokenClaims claims, Decoded(claims_text));
  absl::StatusOr<Principal> principal = PrincipalOf(claims);
  if (!principal.ok() || claims.issue_time > now + kClockSkew) return BadToken();
  if (now >= claims.expire_time) return TokenExpired();
  return principal;
}

}  // namespace leye::access
