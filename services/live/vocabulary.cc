#include "services/live/vocabulary.h"

#include <array>
#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace leye::live {
namespace {

using std::nullopt;

// The enumerator at `number`, or `otherwise` outside the table.
template <typename T, size_t n>
T Lookup(const std::array<T, n>& table, int number, T otherwise) {
  if (number < 0 || static_cast<size_t>(number) >= n) return otherwise;
  return table[static_cast<size_t>(number)];
}

bool IsDigits(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

int DigitsAt(absl::string_view text, size_t at, size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

matcher::Sex ToSex(v1::Sex sex) {
  if (sex == v1::SEX_MALE) return matcher::Sex::kMale;
  if (sex == v1::SEX_FEMALE) return matcher::Sex::kFemale;
  return matcher::Sex::kUnknown;
}

std::optional<matcher::Education> ToEducation(v1::Education education) {
  using E = matcher::Education;
  static constexpr std::array<std::optional<E>, 7> kTable = {
      nullopt,     E::kNone,      E::kPrimary, E::kJuniorSecondary, E::kSeniorSecondary,
      E::kCollege, E::kUniversity};
  return Lookup(kTable, education, std::optional<E>());
}

matcher::RetirementCategory ToRetirementCategory(v1::RetirementCategory category) {
  using R = matcher::RetirementCategory;
  static constexpr std::array<R, 3> kTable = {R::kUnknown, R::kWomen55, R::kWomen50};
  return Lookup(kTable, category, R::kUnknown);
}

matcher::LabourClass ToLabourClass(v1::LabourClass labour_class) {
  using L = matcher::LabourClass;
  static constexpr std::array<L, 6> kTable = {L::kUnknown,    L::kSkilled, L::kOrdinary,
                                              L::kWeakOrHalf, L::kLost,    L::kNone};
  return Lookup(kTable, labour_class, L::kUnknown);
}

matcher::DisabilityKind ToDisabilityKind(v1::DisabilityKind kind) {
  using D = matcher::DisabilityKind;
  static constexpr std::array<D, 8> kTable = {D::kNone,   D::kVisual,   D::kHearing,
                                              D::kSpeech, D::kPhysical, D::kIntellectual,
                                              D::kMental, D::kMultiple};
  return Lookup(kTable, kind, D::kNone);
}

std::optional<matcher::Group> ToGroup(v1::Group group) {
  using G = matcher::Group;
  static constexpr std::array<std::optional<G>, 19> kTable = {nullopt,
                                                              G::kRelocated,
                                                              G::kLiftedFromPoverty,
                                                              G::kMonitored,
                                                              G::kMonitoredAtRisk,
                                                              G::kZeroEmploymentHousehold,
                                                              G::kWeakLabour,
                                                              G::kHardToEmploy,
                                                              G::kSubsistenceAllowance,
                                                              G::kDisabled,
                                                              G::kSeverelyDisabled,
                                                              G::kOlderWorker,
                                                              G::kRegisteredUnemployed,
                                                              G::kVeteran,
                                                              G::kGraduate,
                                                              G::kReturnedMigrant,
                                                              G::kLandless,
                                                              G::kReintegration,
                                                              G::kSingleParent};
  return Lookup(kTable, group, std::optional<G>());
}

std::optional<matcher::HouseholdExclusion> ToExclusion(v1::HouseholdExclusion exclusion) {
  using H = matcher::HouseholdExclusion;
  static constexpr std::array<std::optional<H>, 6> kTable = {
      nullopt,     H::kPublicPayroll,      H::kVillageCadre, H::kRegisteredBusiness,
      H::kOwnsCar, H::kOwnsCommercialHouse};
  return Lookup(kTable, exclusion, std::optional<H>());
}

matcher::EmploymentState ToEmploymentState(v1::EmploymentState state) {
  using S = matcher::EmploymentState;
  static constexpr std::array<S, 6> kTable = {S::kUnemployed, S::kUnemployed,
                                              S::kEmployed,   S::kSelfEmployed,
                                              S::kStudent,    S::kNotInLabourForce};
  return Lookup(kTable, state, S::kUnemployed);
}

std::optional<matcher::Channel> ToChannel(v1::Channel channel) {
  using C = matcher::Channel;
  static constexpr std::array<std::optional<C>, 4> kTable = {nullopt, C::kEnterprise,
                                                             C::kPublicWelfare, C::kWorkForRelief};
  return Lookup(kTable, channel, std::optional<C>());
}

matcher::PublicWelfareKind ToPublicWelfareKind(v1::PublicWelfareKind kind) {
  using K = matcher::PublicWelfareKind;
  static constexpr std::array<K, 9> kTable = {
      K::kNone, K::kForestGuard, K::kRoadMaintenance,  K::kCleaning, K::kWaterManagement,
      K::kCare, K::kSecurity,    K::kCommunityService, K::kOther};
  return Lookup(kTable, kind, K::kNone);
}

std::optional<matcher::Shift> ToShift(v1::Shift shift) {
  using S = matcher::Shift;
  static constexpr std::array<std::optional<S>, 5> kTable = {nullopt, S::kDay, S::kEvening,
                                                             S::kNight, S::kWeekend};
  return Lookup(kTable, shift, std::optional<S>());
}

matcher::WorkForm ToWorkForm(v1::WorkForm form) {
  using W = matcher::WorkForm;
  static constexpr std::array<W, 6> kTable = {W::kFullTime, W::kFullTime, W::kPartTime,
                                              W::kHourly,   W::kSeasonal, W::kHomeBased};
  return Lookup(kTable, form, W::kFullTime);
}

std::optional<matcher::Hazard> ToHazard(v1::Hazard hazard) {
  using H = matcher::Hazard;
  static constexpr std::array<std::optional<H>, 5> kTable = {nullopt, H::kHazardous, H::kToxic,
                                                             H::kMine, H::kHighPlace};
  return Lookup(kTable, hazard, std::optional<H>());
}

uint8_t ToIntensityGrade(v1::LabourIntensity intensity) {
  static constexpr std::array<uint8_t, 5> kTable = {0, 1, 2, 3, 4};
  return Lookup(kTable, intensity, uint8_t{0});
}

bool IsRecordedOfPerson(matcher::Group group) {
  using G = matcher::Group;
  static constexpr matcher::GroupSet kRecorded = {
      G::kRelocated,       G::kHardToEmploy, G::kVeteran,       G::kGraduate,
      G::kReturnedMigrant, G::kLandless,     G::kReintegration, G::kSingleParent};
  return kRecorded.Contains(group);
}

matcher::GroupSet ToGroupSet(const google::protobuf::RepeatedField<int>& groups) {
  return ToSet<matcher::Group>(groups,
                               [](int number) { return ToGroup(static_cast<v1::Group>(number)); });
}

matcher::ShiftSet ToShiftSet(const google::protobuf::RepeatedField<int>& shifts) {
  return ToSet<matcher::Shift>(shifts,
                               [](int number) { return ToShift(static_cast<v1::Shift>(number)); });
}

std::optional<matcher::Day> ToDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return nullopt;
  if (!IsDigits(text.substr(0, 4)) || !IsDigits(text.substr(5, 2)) || !IsDigits(text.substr(8))) {
    return nullopt;
  }
  // By the calendar that does not put days right: a load reads tens of millions.
  const std::chrono::year_month_day civil(
      std::chrono::year(DigitsAt(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(DigitsAt(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(DigitsAt(text, 8, 2))));
  if (!civil.ok()) return nullopt;  // Such as 30 February.
  const auto days = std::chrono::sys_days(civil).time_since_epoch().count();
  return matcher::Day::FromNumber(static_cast<int32_t>(days));
}

matcher::DayRange ToDayRange(absl::string_view first, absl::string_view last) {
  return {.first = ToDay(first).value_or(matcher::Day::Min()),
          .last = ToDay(last).value_or(matcher::Day::Max())};
}

matcher::DivisionCode ToDivision(absl::string_view code) {
  uint64_t number = 0;
  if (code.size() != 6 || !IsDigits(code) || !absl::SimpleAtoi(code, &number)) return {};
  return matcher::DivisionCode::FromNumber(number);
}

std::optional<matcher::GeoPoint> ToPoint(const v1::GeoPoint& point) {
  const absl::StatusOr<matcher::GeoPoint> given =
      matcher::GeoPoint::FromDegrees(point.latitude(), point.longitude());
  if (!given.ok()) return nullopt;
  if (point.datum() == v1::DATUM_GCJ02) return matcher::FromGcj02(*given);
  if (point.datum() == v1::DATUM_BD09) return matcher::FromBd09(*given);
  return *given;
}

}  // namespace leye::live
