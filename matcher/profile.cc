#include "matcher/profile.h"

namespace leye::matcher {
namespace {

constexpr int kSevereDisabilityGrade = 2;  // and 1

}  // namespace

GroupSet StandingGroups(const CandidateProfile& candidate, const HouseholdProfile& household) {
  GroupSet groups = candidate.groups | household.groups;
  const Disability& disability = candidate.disability;
  if (disability.kind != DisabilityKind::kNone) {
    groups.Insert(Group::kDisabled);
    const bool severe = disability.grade > 0 && disability.grade <= kSevereDisabilityGrade;
    if (severe) groups.Insert(Group::kSeverelyDisabled);
  }
  if (household.ZeroEmployment()) groups.Insert(Group::kZeroEmploymentHousehold);
  if (candidate.labour_class == LabourClass::kWeakOrHalf) groups.Insert(Group::kWeakLabour);
  if (candidate.registered_unemployed) groups.Insert(Group::kRegisteredUnemployed);
  if (candidate.employment.state == EmploymentState::kStudent) groups.Insert(Group::kStudent);
  return groups;
}

}  // namespace leye::matcher
