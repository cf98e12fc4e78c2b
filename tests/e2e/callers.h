// A server that knows its callers, and callers of every kind.
//
//   Callers callers;
//   ServerInProcess server(callers.Options());
//   const Client clerk = callers.Of("leye://bureau/130723", server.address());
//
// Apps come with tokens, bureaus and enterprises with keys, the operator and the auditor with
// certificates; so the server has TLS.

#ifndef LEYE_TESTS_E2E_CALLERS_H_
#define LEYE_TESTS_E2E_CALLERS_H_

#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include <grpcpp/channel.h>

#include "services/access/tokens.h"
#include "services/leyed/options.h"
#include "tests/e2e/certificates.h"
#include "tests/e2e/client.h"
#include "tests/testing/temp_dir.h"

namespace leye::e2e {

// Thread-compatible. Aborts when keys cannot be made.
class Callers {
 public:
  Callers();

  // Of a server that takes this object's keys and tokens.
  LeyedOptions Options() const;

  // The operator, the auditor, bureaus 13, 130723, 130802 and 44, enterprises garment and other;
  // any app, by a token of ten minutes; "": nobody. On a connection of its own.
  Client Of(absl::string_view identity, const std::string& address) const;

  // A new connection that shows the certificate of `identity`, or none.
  std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                         absl::string_view identity = "") const;

  // What proves `identity` on any connection. REQUIRES: it has a key or is an app, or "".
  Headers HeadersOf(absl::string_view identity) const;

  std::string key_file() const { return folder_.File("keys"); }
  std::string token_key_file() const { return folder_.File("token-keys.pem"); }

 private:
  testing::TempDir folder_;
  const Authority authority_;
  std::map<std::string, std::string, std::less<>> keys_;  // By identity.
  std::unique_ptr<access::TokenSigner> signer_;
};

// Replaces the file in one step.
void WriteFile(const std::string& path, absl::string_view text);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_CALLERS_H_
