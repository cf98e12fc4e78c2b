#include "services/access/principal.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace leye::access {
namespace {

constexpr absl::string_view kRegions = "regions/";

// "enterprise/13/yian" of "regions/13/employers/yian".
std::string IdOf(Role role, absl::string_view name) {
  const absl::string_view rest = absl::StripPrefix(name, kRegions);
  const size_t last = rest.rfind('/');
  return absl::StrCat(RoleName(role), "/", rest.substr(0, kRegionDigits),
                      last == absl::string_view::npos ? "" : rest.substr(last));
}

}  // namespace

std::string RoleName(Role role) {
  switch (role) {
    case Role::kNobody:
      return "nobody";
    case Role::kOperator:
      return "operator";
    case Role::kBureau:
      return "bureau";
    case Role::kEnterprise:
      return "enterprise";
    case Role::kApp:
      return "app";
    case Role::kAuditor:
      return "auditor";
  }
  return "unknown";
}

Principal LocalOperator() {
  return {.id = "local-operator", .role = Role::kOperator, .view = {.personal_data = true}};
}

Principal Bureau(absl::string_view division) {
  return {.id = absl::StrCat("bureau/", division),
          .role = Role::kBureau,
          .view = {.personal_data = true},
          .acts_for = std::string(division)};
}

Principal Enterprise(absl::string_view employer) {
  return {.id = IdOf(Role::kEnterprise, employer),
          .role = Role::kEnterprise,
          .view = {.personal_data = true},
          .acts_for = std::string(employer)};
}

Principal App(absl::string_view candidate) {
  return {.id = IdOf(Role::kApp, candidate),
          .role = Role::kApp,
          .view = {.personal_data = true},
          .acts_for = std::string(candidate)};
}

Principal Auditor() { return {.id = "auditor", .role = Role::kAuditor}; }

std::string RegionOf(const Principal& principal) {
  return principal.role == Role::kBureau ? principal.acts_for.substr(0, kRegionDigits) : "";
}

}  // namespace leye::access
