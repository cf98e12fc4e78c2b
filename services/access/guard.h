// The one question before every handler: may this principal call this method on this resource?
//
//   LEYE_ASSIGN_OR_RETURN(access::Guard guard,
//                         access::Guard::Create(access::DefaultPolicy(),
//                                               access::MethodsOf({"leye.v1.PostingService"})));
//   LEYE_ASSIGN_OR_RETURN(access::Scope scope,
//                         guard.Check(principal, "/leye.v1.PostingService/GetPosting", name));
//
// It is asked before the request is validated and knows nothing but names, so that a refusal tells
// nothing about resources. Which records of its region a principal reaches is access/reach.h's.
#ifndef LEYE_SERVICES_ACCESS_GUARD_H_
#define LEYE_SERVICES_ACCESS_GUARD_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/access/policy.h"
#include "services/access/principal.h"

namespace leye::access {

// The full names ("/leye.v1.PostingService/GetPosting") of every method of the named services.
// NOT_FOUND when a service's descriptor is not linked in.
absl::StatusOr<std::vector<std::string>> MethodsOf(const std::vector<std::string>& services);

// Immutable, safe for concurrent use.
class Guard {
 public:
  // FAILED_PRECONDITION naming every method of `methods` that no line of `policy` speaks of, and
  // every line that appears twice or speaks of no such method.
  static absl::StatusOr<Guard> Create(const Policy& policy,
                                      const std::vector<std::string>& methods);

  // On what the method is allowed, or PERMISSION_DENIED (reason METHOD_NOT_ALLOWED; OUT_OF_SCOPE
  // for another region). `resource` is the name or the parent that the request is about; empty for
  // none.
  absl::StatusOr<Scope> Check(const Principal& principal, absl::string_view method,
                              absl::string_view resource) const;

 private:
  using Line = std::pair<std::string, Role>;

  explicit Guard(absl::flat_hash_map<Line, Scope> lines) : lines_(std::move(lines)) {}

  absl::flat_hash_map<Line, Scope> lines_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_GUARD_H_
