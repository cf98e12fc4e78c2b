#include "services/access/credentials.h"

#include <vector>

#include "absl/strings/match.h"

#include "services/base/status.h"

namespace leye::access {
namespace {

absl::Status Unauthenticated(absl::string_view reason, absl::string_view message,
                             absl::string_view message_zh) {
  return WithMessageZh(Error(absl::StatusCode::kUnauthenticated, reason, message), message_zh);
}

// Names of other systems may stand beside ours.
absl::StatusOr<Principal> OfCertificate(const std::vector<std::string>& uris) {
  std::vector<std::string> ours;
  for (const std::string& uri : uris) {
    if (absl::StartsWith(uri, "leye://")) ours.push_back(uri);
  }
  if (ours.size() == 1) {
    if (absl::StatusOr<Principal> principal = ParseIdentity(ours.front()); principal.ok()) {
      return principal;
    }
  }
  return Unauthenticated("BAD_CERTIFICATE",
                         "the certificate must carry exactly one URI name of leye's",
                         "证书须且只能包含一个 leye 身份");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Credentials>> Credentials::Open(const CredentialFiles& files,
                                                               const Clock& clock,
                                                               const Logger& log) {
  std::unique_ptr<Credentials> credentials(new Credentials(clock));
  if (!files.token_keys_file.empty()) {
    LEYE_ASSIGN_OR_RETURN(
        credentials->token_keys_,
        Reloaded<TokenKeys>::Open(files.token_keys_file, TokenKeys::FromPem, clock, log));
  }
  if (!files.api_keys_file.empty()) {
    LEYE_ASSIGN_OR_RETURN(credentials->api_keys_,
                          Reloaded<ApiKeys>::Open(files.api_keys_file, ApiKeys::Parse, clock, log));
  }
  return credentials;
}

absl::StatusOr<Principal> Credentials::Identify(const Evidence& evidence) const {
  if (!evidence.bearer.empty() && !evidence.api_key.empty()) {
    return Unauthenticated("TWO_IDENTITIES", "present a token or a key, not both",
                           "令牌与密钥只能提供其一");
  }
  if (!evidence.bearer.empty() && token_keys_ != nullptr) {
    return token_keys_->Get()->Verify(evidence.bearer, clock_.Now());
  }
  if (!evidence.api_key.empty() && api_keys_ != nullptr) {
    return api_keys_->Get()->Find(evidence.api_key, clock_.Now());
  }
  if (!evidence.bearer.empty() || !evidence.api_key.empty()) {
    return Unauthenticated(evidence.bearer.empty() ? "BAD_API_KEY" : "BAD_TOKEN",
                           "this server takes none of the kind", "服务器不接受此类凭证");
  }
  if (!evidence.certificate_uris.empty()) return OfCertificate(evidence.certificate_uris);
  return Unauthenticated("NO_IDENTITY", "present a certificate, a token or a key",
                         "请提供证书、令牌或密钥");
}

}  // namespace leye::access
