#include "services/access/principal.h"

namespace leye::access {

std::string RoleName(Role role) {
  switch (role) {
    case Role::kOperator:
      return "operator";
  }
  return "unknown";
}

Principal LocalOperator() {
  return {.id = "local-operator", .role = Role::kOperator, .view = {.personal_data = true}};
}

}  // namespace leye::access
