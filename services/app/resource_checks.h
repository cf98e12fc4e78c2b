// Checks between fields that several resources share, written as the resources' rules read.
//
//   const Checks checks(scope, violations);
//   checks.DatesInOrder(posting.apply_from(), posting.apply_until(), "apply_until", "apply_from");
#ifndef LEYE_SERVICES_APP_RESOURCE_CHECKS_H_
#define LEYE_SERVICES_APP_RESOURCE_CHECKS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "leye/v1/common.pb.h"
#include "services/app/validation.h"
#include "services/app/violations.h"

namespace leye::app {

// Views what it is made from. Field paths are relative to the resource.
class Checks {
 public:
  enum class Wanted : uint8_t {
    kSkill,  // Something one can do.
    kPaper,  // A certificate or a licence.
  };
  using PathMaker = absl::FunctionRef<std::string()>;

  Checks(const CheckScope& scope, Violations& violations)
      : scope_(scope), violations_(violations) {}

  const CheckScope& scope() const { return scope_; }

  void Add(absl::string_view field, absl::string_view reason, absl::string_view description,
           absl::string_view description_zh) const;

  // Unless both are given and in order, `later_field` is at fault. Malformed dates are passed over.
  void DatesInOrder(absl::string_view earlier, absl::string_view later,
                    absl::string_view later_field, absl::string_view earlier_field) const;

  // The same of two numbers, each of which may be absent.
  void InOrder(std::optional<double> least, std::optional<double> greatest,
               absl::string_view greatest_field, absl::string_view least_field) const;

  // The skill, when the catalogue has it, is of the wanted kind.
  void SkillIs(absl::string_view skill, Wanted wanted, PathMaker field) const;

  void Phone(absl::string_view phone, absl::string_view field) const;

  // 0 N, 0 E is a point that nobody filled in.
  void PointIsSet(const v1::GeoPoint& point, absl::string_view field) const;

 private:
  const CheckScope& scope_;
  Violations& violations_;
};

// Brings a point of another datum to WGS-84. A point out of range stays as it is.
void NormalisePoint(v1::GeoPoint& point);

// Checks the `reason` of a verb.
struct LengthLimit {
  size_t least;  // In code points.
  size_t greatest;
};
void CheckReason(const std::string& reason, LengthLimit limit, Violations& violations);

// FAILED_PRECONDITION (reason WRONG_STATE): the verb needs the state `needed`.
absl::Status WrongState(absl::string_view name, absl::string_view needed,
                        absl::string_view needed_zh);

// The day that a request's field says, `absent` when it is empty or, with a violation, no date.
absl::CivilDay ReadDay(const std::string& text, absl::CivilDay absent, const std::string& field,
                       Violations& violations);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RESOURCE_CHECKS_H_
