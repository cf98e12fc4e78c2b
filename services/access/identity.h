// Who a caller proves to be.
//
//   const auto caller = authenticator.Identify({.certificate_uris = {"leye://bureau/1307"}});
//   caller->role == Role::kBureau;
//
// A name as certificates and keys carry it, and what it stands for:
//   leye://operator                     everything
//   leye://bureau/<2, 4 or 6 digits>    the office of a region, a city, a county
//   leye://enterprise/<region>/<id>     the employer regions/<region>/employers/<id>
//   leye://app/<region>/<id>            whoever acts for regions/<region>/candidates/<id>
//   leye://auditor                      reads the audit
#ifndef LEYE_SERVICES_ACCESS_IDENTITY_H_
#define LEYE_SERVICES_ACCESS_IDENTITY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/access/principal.h"

namespace leye::access {

// The principal of a name; INVALID_ARGUMENT (INVALID_IDENTITY) for anything else.
absl::StatusOr<Principal> ParseIdentity(absl::string_view name);

// What came with a call. None of it is empty text: what is not there is absent.
struct Evidence {
  std::vector<std::string> certificate_uris =
      {};                    // URI names of a client certificate that was verified.
  std::string bearer = {};   // Of `authorization: Bearer ...`.
  std::string api_key = {};  // Of `x-api-key`.
};

// Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // UNAUTHENTICATED when nothing is proved: reason NO_IDENTITY without evidence, BAD_CERTIFICATE,
  // BAD_TOKEN, TOKEN_EXPIRED, BAD_API_KEY, TWO_IDENTITIES otherwise.
  virtual absl::StatusOr<Principal> Identify(const Evidence& evidence) const = 0;
};

// Takes everybody for the operator: for a listener that only this machine reaches, and for tests.
// Immutable.
class TrustsEverybody final : public Authenticator {
 public:
  absl::StatusOr<Principal> Identify(const Evidence&) const override { return LocalOperator(); }
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_IDENTITY_H_
