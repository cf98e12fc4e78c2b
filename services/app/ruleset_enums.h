// The enumerators of a ruleset, of the API and of the matcher. Part of ruleset_codec.h.
#ifndef LEYE_SERVICES_APP_RULESET_ENUMS_H_
#define LEYE_SERVICES_APP_RULESET_ENUMS_H_

#include <array>
#include <optional>

#include "leye/v1/lint.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "leye/v1/travel.pb.h"
#include "matcher/enum_set.h"
#include "matcher/ruleset.h"

namespace leye::app::ruleset_codec {

using matcher::Group;
using matcher::Hazard;
using matcher::LabourClass;
using matcher::LintCode;
using matcher::RetirementCategory;
using matcher::RuleId;
using matcher::Side;
using matcher::TieBreak;
using matcher::TravelMode;

template <typename E>
struct EnumPair {
  int number;  // Of the API.
  E value;
};

// Of what is only numbered otherwise: the API's numbers are the matcher's plus one.
template <typename E>
struct NumberedFromOne {
  static std::optional<E> FromNumber(int number) {
    if (number < 1 || number > matcher::kEnumCount<E>) return std::nullopt;
    return static_cast<E>(number - 1);
  }
  static int ToNumber(E value) { return static_cast<int>(value) + 1; }
};

template <typename E>
struct Enumerators;

template <>
struct Enumerators<RuleId> : NumberedFromOne<RuleId> {};
template <>
struct Enumerators<Hazard> : NumberedFromOne<Hazard> {};
template <>
struct Enumerators<LintCode> : NumberedFromOne<LintCode> {};
template <>
struct Enumerators<TravelMode> : NumberedFromOne<TravelMode> {};
static_assert(v1::TRAVEL_MODE_COACH == static_cast<int>(TravelMode::kCoach) + 1);
static_assert(v1::RULE_ID_OPT_OUT == static_cast<int>(RuleId::kOptOut) + 1);
static_assert(v1::HAZARD_HIGH_PLACE == static_cast<int>(Hazard::kHighPlace) + 1);

template <typename E, size_t kCount>
std::optional<E> Look(const std::array<EnumPair<E>, kCount>& pairs, int number) {
  for (const EnumPair<E>& pair : pairs) {
    if (pair.number == number) return pair.value;
  }
  return std::nullopt;
}

template <typename E, size_t kCount>
int LookBack(const std::array<EnumPair<E>, kCount>& pairs, E value) {
  for (const EnumPair<E>& pair : pairs) {
    if (pair.value == value) return pair.number;
  }
  return 0;
}

inline constexpr std::array<EnumPair<Group>, 18> kGroups = {{
    {v1::GROUP_RELOCATED, Group::kRelocated},
    {v1::GROUP_LIFTED_FROM_POVERTY, Group::kLiftedFromPoverty},
    {v1::GROUP_MONITORED, Group::kMonitored},
    {v1::GROUP_MONITORED_AT_RISK, Group::kMonitoredAtRisk},
    {v1::GROUP_ZERO_EMPLOYMENT_HOUSEHOLD, Group::kZeroEmploymentHousehold},
    {v1::GROUP_WEAK_LABOUR, Group::kWeakLabour},
    {v1::GROUP_EMPLOYMENT_DIFFICULTY, Group::kHardToEmploy},
    {v1::GROUP_SUBSISTENCE_ALLOWANCE, Group::kSubsistenceAllowance},
    {v1::GROUP_DISABLED, Group::kDisabled},
    {v1::GROUP_SEVERELY_DISABLED, Group::kSeverelyDisabled},
    {v1::GROUP_OLDER_WORKER, Group::kOlderWorker},
    {v1::GROUP_REGISTERED_UNEMPLOYED, Group::kRegisteredUnemployed},
    {v1::GROUP_VETERAN, Group::kVeteran},
    {v1::GROUP_GRADUATE, Group::kGraduate},
    {v1::GROUP_RETURNED_MIGRANT, Group::kReturnedMigrant},
    {v1::GROUP_LAND_LOST, Group::kLandless},
    {v1::GROUP_REINTEGRATION, Group::kReintegration},
    {v1::GROUP_SINGLE_PARENT, Group::kSingleParent},
}};
inline constexpr std::array<EnumPair<LabourClass>, 5> kLabourClasses = {{
    {v1::LABOUR_CLASS_SKILLED, LabourClass::kSkilled},
    {v1::LABOUR_CLASS_COMMON, LabourClass::kOrdinary},
    {v1::LABOUR_CLASS_WEAK, LabourClass::kWeakOrHalf},
    {v1::LABOUR_CLASS_LOST, LabourClass::kLost},
    {v1::LABOUR_CLASS_NONE, LabourClass::kNone},
}};
inline constexpr std::array<EnumPair<RetirementCategory>, 2> kCategories = {{
    {v1::RETIREMENT_CATEGORY_WOMEN_55, RetirementCategory::kWomen55},
    {v1::RETIREMENT_CATEGORY_WOMEN_50, RetirementCategory::kWomen50},
}};
inline constexpr std::array<EnumPair<Side>, 3> kSides = {{
    {v1::SCORE_SIDE_FORWARD, Side::kForward},
    {v1::SCORE_SIDE_REVERSE, Side::kReverse},
    {v1::SCORE_SIDE_MUTUAL, Side::kMutual},
}};
inline constexpr std::array<EnumPair<TieBreak>, 2> kTies = {{
    {v1::TIE_BREAK_LONGER_WAITING_FIRST, TieBreak::kLongerWaitingFirst},
    {v1::TIE_BREAK_NAME_ONLY, TieBreak::kIdOnly},
}};

template <typename E, const auto& kPairs>
struct Listed {
  static std::optional<E> FromNumber(int number) { return Look(kPairs, number); }
  static int ToNumber(E value) { return LookBack(kPairs, value); }
};
template <>
struct Enumerators<Group> : Listed<Group, kGroups> {};
template <>
struct Enumerators<LabourClass> : Listed<LabourClass, kLabourClasses> {};
template <>
struct Enumerators<RetirementCategory> : Listed<RetirementCategory, kCategories> {};
template <>
struct Enumerators<Side> : Listed<Side, kSides> {};
template <>
struct Enumerators<TieBreak> : Listed<TieBreak, kTies> {};

}  // namespace leye::app::ruleset_codec

#endif  // LEYE_SERVICES_APP_RULESET_ENUMS_H_
