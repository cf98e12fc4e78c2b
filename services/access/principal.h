// Who is calling.
//
//   const access::Principal clerk = access::LocalOperator();
//   clerk.view.personal_data;   // true: answers carry names and numbers
//
// Today there is one principal, the operator of the machine that leyed runs on. Whoever proves an
// identity later (a certificate, a token) makes other principals; nothing below changes.
#ifndef LEYE_SERVICES_ACCESS_PRINCIPAL_H_
#define LEYE_SERVICES_ACCESS_PRINCIPAL_H_

#include <cstdint>
#include <string>

namespace leye::access {

// What a principal is to leye. The policy table gives each role its methods.
enum class Role : uint8_t {
  kOperator,  // Runs this leyed: may do everything in every region.
};

// "operator": for messages and the audit.
std::string RoleName(Role role);

// What answers show to a principal.
struct View {
  bool personal_data = false;  // Fields marked (leye.v1.personal).
};

// Immutable value.
struct Principal {
  std::string id;  // Stable, for the audit; holds no personal data.
  Role role = Role::kOperator;
  View view = {};
};

// The caller on a loopback listener without authentication.
Principal LocalOperator();

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_PRINCIPAL_H_
