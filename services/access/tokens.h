// Tokens by which an app acts for a person for some minutes: signed, so nothing is looked up.
//
//   LEYE_ASSIGN_OR_RETURN(const TokenSigner signer, TokenSigner::FromPem(private_pem));
//   const std::string token = signer.Sign({.identity = "leye://app/13/li", ...});
//   LEYE_ASSIGN_OR_RETURN(const TokenKeys keys, TokenKeys::FromPem(public_pems));
//   LEYE_ASSIGN_OR_RETURN(const Principal app, keys.Verify(token, clock.Now()));
//
// A token is "v1.<claims>.<signature>", both in the URL-safe base64: the claims are the identity
// and the two times in Unix seconds, a line each; the signature is Ed25519 (RFC 8032) over "v1."
// and the claims as written. Only the identity of an app is taken, so that a stolen signing key
// opens no bureau.
#ifndef LEYE_SERVICES_ACCESS_TOKENS_H_
#define LEYE_SERVICES_ACCESS_TOKENS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/access/principal.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY.

namespace leye::access {

// The longest that a token may be good for.
inline constexpr absl::Duration kLongestToken = absl::Minutes(10);

struct TokenClaims {
  std::string identity;    // "leye://app/13/li"
  absl::Time issue_time;   // Whole seconds count.
  absl::Time expire_time;  // At most kLongestToken later.
};

// A new pair of keys, as PEM.
struct KeyPair {
  std::string private_pem;
  std::string public_pem;
};
absl::StatusOr<KeyPair> NewTokenKeys();

using SharedKey = std::shared_ptr<evp_pkey_st>;

// Immutable, safe for concurrent use.
class TokenSigner {
 public:
  // INVALID_ARGUMENT (INVALID_KEY) unless it is the PEM of an Ed25519 private key, without a
  // passphrase.
  static absl::StatusOr<TokenSigner> FromPem(absl::string_view private_pem);

  // INVALID_ARGUMENT for claims that no server would take.
  absl::StatusOr<std::string> Sign(const TokenClaims& claims) const;

 private:
  explicit TokenSigner(SharedKey key) : key_(std::move(key)) {}

  SharedKey key_;
};

// The keys whose tokens are taken: two while a key is being replaced. Immutable, safe for
// concurrent use.
class TokenKeys {
 public:
  // Of one or more PEM public keys, one after the other. INVALID_ARGUMENT (INVALID_KEY) when there
  // is none, or one that is not Ed25519.
  static absl::StatusOr<TokenKeys> FromPem(absl::string_view public_pems);

  // UNAUTHENTICATED: BAD_TOKEN, or TOKEN_EXPIRED when only its time is over.
  absl::StatusOr<Principal> Verify(absl::string_view token, absl::Time now) const;

 private:
  explicit TokenKeys(std::vector<SharedKey> keys) : keys_(std::move(keys)) {}

  bool IsSigned(absl::string_view text, absl::string_view signature) const;

  std::vector<SharedKey> keys_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_TOKENS_H_
