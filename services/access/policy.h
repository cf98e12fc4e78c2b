// What each role may call, and on what: a table, not code.
//
//   access::Policy policy = access::DefaultPolicy();
//   policy.push_back({"/leye.v1.PostingService/GetPosting", Role::kApp, Scope::kEverywhere});
//
// A method of a role that has no line is refused. That every method has a line is checked when the
// server starts (Guard::Create), so a new RPC cannot be forgotten.
#ifndef LEYE_SERVICES_ACCESS_POLICY_H_
#define LEYE_SERVICES_ACCESS_POLICY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/access/principal.h"

namespace leye::access {

// On which resources a line allows its method.
enum class Scope : uint8_t {
  kNowhere,     // Written down as refused.
  kOwn,         // On what the principal reaches (access/reach.h).
  kEverywhere,  // On all of them.
};

struct PolicyLine {
  std::string method;  // Full RPC name with leading slash: "/leye.v1.PostingService/GetPosting".
  Role role;
  Scope scope;
};

using Policy = std::vector<PolicyLine>;

// The table that is shipped: every method of leye.v1 for every role. (Health and reflection are
// answered without asking.)
Policy DefaultPolicy();

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_POLICY_H_
