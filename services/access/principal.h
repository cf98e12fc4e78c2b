// Who is calling, and what for.
//
//   const access::Principal clerk = access::Bureau("130723");
//   const access::Principal firm = access::Enterprise("regions/13/employers/yian-garment");
//   clerk.id;                    // "bureau/130723": for the audit
//   clerk.view.personal_data;    // true: personal parts of records are opened for it
//
// Whoever proves an identity (a certificate, a token, a key) makes one of these; nothing below the
// handlers asks how it was proved.
#ifndef LEYE_SERVICES_ACCESS_PRINCIPAL_H_
#define LEYE_SERVICES_ACCESS_PRINCIPAL_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace leye::access {

// What a principal is to leye. The policy table gives each role its methods.
enum class Role : uint8_t {
  kNobody,      // Has proved nothing: may do nothing.
  kOperator,    // Runs this leyed: may do everything in every region.
  kBureau,      // An office: the people and the work of its division.
  kEnterprise,  // An employer: its own record, its postings, and their referrals.
  kApp,         // Acts for one person.
  kAuditor,     // Reads the audit, and calls nothing else.
};

inline constexpr int kRoleCount = 6;

// The digits of a division code that name its region.
inline constexpr size_t kRegionDigits = 2;

// "operator": for messages and the audit.
std::string RoleName(Role role);

// What is opened for a principal. Which fields of it are answered is access/mask.h's to say.
struct View {
  bool personal_data = false;  // Personal parts of records (leye.v1.personal).
};

// Immutable value.
struct Principal {
  std::string id;  // Stable, for the audit; holds no personal data.
  Role role = Role::kNobody;
  View view = {};
  // What it acts for. Of a bureau the leading digits of its division code: "13", "1307", "130723";
  // of an enterprise and an app the full name of the employer and of the candidate; else "".
  std::string acts_for = {};
};

// The caller on a loopback listener without authentication.
Principal LocalOperator();

// `division`: 2, 4 or 6 digits that do not end in "00".
Principal Bureau(absl::string_view division);
Principal Enterprise(absl::string_view employer);
Principal App(absl::string_view candidate);
Principal Auditor();

// The two digits of the only region that a bureau may touch; "" for others, whose records may be in
// any: an employer's referrals are where the people live.
std::string RegionOf(const Principal& principal);

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_PRINCIPAL_H_
