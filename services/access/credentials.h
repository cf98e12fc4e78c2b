// The authenticator of a server that knows its callers: by certificate, token or key.
//
//   LEYE_ASSIGN_OR_RETURN(auto callers, Credentials::Open({.token_keys_file = "app.pem"}, ...));
//   callers->Identify({.bearer = token});
//
// A token or a key goes before the certificate of the connection it came over: a gateway has one
// connection for many people. Without any of the three a call proves nothing.
#ifndef LEYE_SERVICES_ACCESS_CREDENTIALS_H_
#define LEYE_SERVICES_ACCESS_CREDENTIALS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/access/api_keys.h"
#include "services/access/identity.h"
#include "services/access/reloaded.h"
#include "services/access/tokens.h"
#include "services/base/clock.h"
#include "services/base/logging.h"

namespace leye::access {

struct CredentialFiles {
  std::string token_keys_file = {};  // Public keys of whoever signs tokens; empty: none is taken.
  std::string api_keys_file = {};    // Empty: no key is taken.
};

// Thread-safe.
class Credentials final : public Authenticator {
 public:
  // The errors of what the files say. Clock and log outlive it.
  static absl::StatusOr<std::unique_ptr<Credentials>> Open(const CredentialFiles& files,
                                                           const Clock& clock, const Logger& log);

  absl::StatusOr<Principal> Identify(const Evidence& evidence) const override;

 private:
  explicit Credentials(const Clock& clock) : clock_(clock) {}

  const Clock& clock_;
  std::unique_ptr<Reloaded<TokenKeys>> token_keys_;  // Null: none.
  std::unique_ptr<Reloaded<ApiKeys>> api_keys_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_CREDENTIALS_H_
