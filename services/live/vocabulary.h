// The API's closed lists as the matcher's, one function a list. Pure and total: a number that is
// not known (from a newer leye) counts as "not said".
#ifndef LEYE_SERVICES_LIVE_VOCABULARY_H_
#define LEYE_SERVICES_LIVE_VOCABULARY_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/common.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "matcher/geo.h"
#include "matcher/profile.h"
#include "matcher/units.h"
#include "matcher/vocabulary.h"

namespace leye::live {

matcher::Sex ToSex(v1::Sex sex);
std::optional<matcher::Education> ToEducation(v1::Education education);
matcher::RetirementCategory ToRetirementCategory(v1::RetirementCategory category);
matcher::LabourClass ToLabourClass(v1::LabourClass labour_class);
matcher::DisabilityKind ToDisabilityKind(v1::DisabilityKind kind);
std::optional<matcher::Group> ToGroup(v1::Group group);
std::optional<matcher::HouseholdExclusion> ToExclusion(v1::HouseholdExclusion exclusion);
matcher::EmploymentState ToEmploymentState(v1::EmploymentState state);
std::optional<matcher::Channel> ToChannel(v1::Channel channel);
matcher::PublicWelfareKind ToPublicWelfareKind(v1::PublicWelfareKind kind);
std::optional<matcher::Shift> ToShift(v1::Shift shift);
matcher::WorkForm ToWorkForm(v1::WorkForm form);
std::optional<matcher::Hazard> ToHazard(v1::Hazard hazard);
uint8_t ToIntensityGrade(v1::LabourIntensity intensity);

// The groups that are recorded of a person; those that follow from other facts are not.
bool IsRecordedOfPerson(matcher::Group group);

// A repeated enum field as a set: members that convert to nothing are left out.
template <typename E, typename Field, typename Convert>
matcher::EnumSet<E> ToSet(const Field& field, Convert convert) {
  matcher::EnumSet<E> set;
  for (const int number : field) {
    const std::optional<E> member = convert(number);
    if (member.has_value()) set.Insert(*member);
  }
  return set;
}
matcher::GroupSet ToGroupSet(const google::protobuf::RepeatedField<int>& groups);
matcher::ShiftSet ToShiftSet(const google::protobuf::RepeatedField<int>& shifts);

// "YYYY-MM-DD"; nullopt when empty or not a date.
std::optional<matcher::Day> ToDay(absl::string_view text);
// The days from `first` to `last`; an end that is empty is open.
matcher::DayRange ToDayRange(absl::string_view first, absl::string_view last);

// Six digits; no place when empty or malformed.
matcher::DivisionCode ToDivision(absl::string_view code);

// WGS-84; nullopt unless the point lies on the globe.
std::optional<matcher::GeoPoint> ToPoint(const v1::GeoPoint& point);

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_VOCABULARY_H_
