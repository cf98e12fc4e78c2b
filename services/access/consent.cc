#include "services/access/consent.h"

#include <algorithm>
#include <string>

namespace leye::access {

bool IsFor(v1::ConsentScope scope, const v1::Consent& consent) {
  const auto& scopes = consent.scopes();
  return scopes.empty() || std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

bool IsInForce(const v1::Consent& consent, v1::ConsentScope scope, absl::CivilDay day) {
  if (consent.given_date().empty() || !IsFor(scope, consent)) return false;
  const std::string date = absl::FormatCivilTime(day);  // Dates sort as their texts do.
  return consent.given_date() <= date &&
         (consent.expire_date().empty() || date <= consent.expire_date()) &&
         (consent.withdrawn_date().empty() || date < consent.withdrawn_date());
}

}  // namespace leye::access
