#include <algorithm>
#include <limits>

#include "services/live/pay.h"
#include "services/live/profile.h"
#include "services/live/vocabulary.h"

namespace leye::live {
namespace {

using matcher::PostingProfile;

template <typename T>
T ClampTo(int64_t value) {
  return static_cast<T>(
      std::clamp<int64_t>(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

// What is asked and not in the catalogue stays asked: nobody holds it.
matcher::AskedSkill ToAsked(const v1::AskedSkill& asked, const CodeBook& codes) {
  const auto level = asked.has_min_level() ? matcher::SkillLevel::Of(asked.min_level())
                                           : matcher::SkillLevel::Unknown();
  return {.skill = codes.FindSkill(asked.skill()).value_or(kUnknownSkill), .min_level = level};
}

uint16_t WeightOf(const v1::AskedSkill& asked) {
  return asked.has_weight() ? ClampTo<uint16_t>(asked.weight()) : uint16_t{1};
}

void AddRequired(const v1::SkillGroup& group, const CodeBook& codes, PostingProfile& profile) {
  if (group.quantifier() != v1::QUANTIFIER_ANY) {
    for (const v1::AskedSkill& asked : group.skills()) {
      profile.required_skills.push_back(
          {.any_of = {ToAsked(asked, codes)}, .weight = WeightOf(asked)});
    }
    return;
  }
  if (group.skills().empty()) return;
  matcher::RequiredSkillGroup any{.any_of = {}, .weight = 0};
  for (const v1::AskedSkill& asked : group.skills()) {
    any.any_of.push_back(ToAsked(asked, codes));
    any.weight = std::max(any.weight, WeightOf(asked));
  }
  profile.required_skills.push_back(std::move(any));
}

void SetSkills(const v1::Posting& posting, const CodeBook& codes, PostingProfile& profile) {
  profile.trade = codes.FindTrade(posting.trade_code());
  for (const v1::SkillGroup& group : posting.required_skills()) AddRequired(group, codes, profile);
  for (const v1::AskedSkill& asked : posting.preferred_skills()) {
    const matcher::AskedSkill preferred = ToAsked(asked, codes);
    if (preferred.skill == kUnknownSkill) continue;
    profile.preferred_skills.push_back({.asked = preferred, .weight = WeightOf(asked)});
  }
  for (const std::string& paper : posting.required_certificates()) {
    profile.required_papers.push_back(codes.FindSkill(paper).value_or(kUnknownSkill));
  }
}

matcher::AgeLimits ToLimits(const v1::AgeRange& range) {
  matcher::AgeLimits limits;
  if (range.has_min_years()) limits.min_years = ClampTo<uint8_t>(range.min_years());
  if (range.has_max_years()) limits.max_years = ClampTo<uint8_t>(range.max_years());
  if (range.has_relaxable_to_years()) {
    limits.relaxable_to_years = ClampTo<uint8_t>(range.relaxable_to_years());
  }
  return limits;
}

matcher::AgeRange ToAgeRange(const v1::AgeRange& range) {
  matcher::AgeRange made{.limits = ToLimits(range), .sex = ToSex(range.sex()), .groups = {}};
  const std::optional<matcher::Group> group = ToGroup(range.group());
  if (group.has_value()) made.groups.Insert(*group);
  return made;
}

// A group's own age range that speaks of one sex or of a further group is one of the posting's
// ranges, narrowed to this group; otherwise it is the group's.
void AddEligible(const v1::EligibleGroup& eligible, const CodeBook& codes,
                 PostingProfile& profile) {
  matcher::EligibleGroup made{.all_of = ToGroupSet(eligible.groups()), .limits = {}, .papers = {}};
  for (const std::string& paper : eligible.required_certificates()) {
    made.papers.push_back(codes.FindSkill(paper).value_or(kUnknownSkill));
  }
  if (eligible.has_age()) {
    matcher::AgeRange range = ToAgeRange(eligible.age());
    if (range.sex == matcher::Sex::kUnknown && range.groups.empty()) {
      made.limits = range.limits;
    } else {
      range.groups = range.groups | made.all_of;
      profile.age_ranges.push_back(range);
    }
  }
  profile.eligible_groups.push_back(std::move(made));
}

void SetConditions(const v1::Conditions& conditions, const CodeBook& codes,
                   PostingProfile& profile) {
  for (const v1::AgeRange& range : conditions.ages()) {
    profile.age_ranges.push_back(ToAgeRange(range));
  }
  profile.education_min = ToEducation(conditions.min_education());
  if (conditions.has_min_experience_months()) {
    profile.experience_min_months = ClampTo<uint16_t>(conditions.min_experience_months());
  }
  profile.sex_as_posted = ToSex(conditions.sex_limit());
  for (const std::string& code : conditions.residence_division_codes()) {
    profile.residence.push_back(ToDivision(code));
  }
  for (const v1::EligibleGroup& group : conditions.eligible_groups()) {
    AddEligible(group, codes, profile);
  }
  profile.excluded_groups = ToGroupSet(conditions.excluded_groups());
  profile.excluded_households = ToSet<matcher::HouseholdExclusion>(
      conditions.excluded_households(),
      [](int number) { return ToExclusion(static_cast<v1::HouseholdExclusion>(number)); });
  profile.unemployment_registration_required = conditions.unemployment_registration();
  for (const int kind : conditions.suitable_disabilities()) {
    profile.suitable_disabilities.Insert(ToDisabilityKind(static_cast<v1::DisabilityKind>(kind)));
  }
  profile.suitable_disabilities.Remove(matcher::DisabilityKind::kNone);
  profile.disabled_only = conditions.disabled_only();
  profile.public_welfare.first_placement_only = conditions.first_placement_only();
  if (conditions.has_household_cap()) {
    profile.public_welfare.household_cap = ClampTo<uint8_t>(conditions.household_cap());
  }
}

void SetSchedule(const v1::Schedule& schedule, PostingProfile& profile) {
  const matcher::ShiftSet shifts = ToShiftSet(schedule.shifts());
  profile.shifts = shifts.empty() ? matcher::ShiftSet{matcher::Shift::kDay} : shifts;
  profile.shift_demand =
      schedule.all_shifts() ? matcher::ShiftDemand::kAll : matcher::ShiftDemand::kAny;
  if (schedule.has_min_hours_per_day()) {
    profile.min_hours_per_day = ClampTo<uint8_t>(schedule.min_hours_per_day());
  }
  if (schedule.has_max_hours_per_day()) {
    profile.max_hours_per_day = ClampTo<uint8_t>(schedule.max_hours_per_day());
  }
  profile.start = ToDay(schedule.start_date());
  profile.end = ToDay(schedule.end_date());
  profile.work_form = ToWorkForm(schedule.form());
  profile.home_based = profile.work_form == matcher::WorkForm::kHomeBased;
}

void SetChannel(const v1::Posting& posting, PostingProfile& profile) {
  if (posting.has_public_welfare()) {
    profile.channel = matcher::Channel::kPublicWelfare;
    const auto kind = ToPublicWelfareKind(posting.public_welfare().kind());
    profile.public_welfare.kind =
        kind == matcher::PublicWelfareKind::kNone ? matcher::PublicWelfareKind::kOther : kind;
    profile.public_welfare.scheme = posting.public_welfare().urban()
                                        ? matcher::PublicWelfareScheme::kUrban
                                        : matcher::PublicWelfareScheme::kRural;
  } else if (posting.has_work_for_relief()) {
    profile.channel = matcher::Channel::kWorkForRelief;
  }
}

void SetOpenings(const v1::Posting& posting, PostingProfile& profile) {
  SetOpeningsLeft(ToOpenings(posting), {}, profile);
  profile.reserved_for = ToGroup(posting.reserved().group()).value_or(matcher::Group::kRelocated);
  profile.window = ToDayRange(posting.apply_from(), posting.apply_until());
}

void SetPlace(const v1::Posting& posting, PostingProfile& profile) {
  const v1::Place& place = posting.place();
  profile.division = ToDivision(place.division_code());
  if (place.has_radius_km()) {
    profile.radius = matcher::Kilometres::Of(std::max(0, place.radius_km()));
  }
  const std::optional<matcher::GeoPoint> location =
      place.has_location() ? ToPoint(place.location()) : std::nullopt;
  if (location.has_value()) profile.location = *location;
  profile.open = posting.state() == v1::POSTING_STATE_OPEN && IsPublished(posting) &&
                 (location.has_value() || profile.home_based);
}

void SetPay(const v1::Posting& posting, PostingProfile& profile) {
  const MonthlyPay pay =
      MadeMonthly(posting.pay(),
                  {.division = profile.division, .max_hours_per_day = profile.max_hours_per_day});
  profile.min_yuan_per_month = pay.min_yuan;
  profile.max_yuan_per_month = pay.max_yuan;
}

}  // namespace

bool IsPublished(const v1::Posting& posting) {
  return posting.publication() == v1::POSTING_PUBLICATION_UNSPECIFIED ||
         posting.publication() == v1::POSTING_PUBLICATION_PUBLISHED;
}

matcher::Openings ToOpenings(const v1::Posting& posting) {
  return {.openings = posting.openings(),
          .filled = posting.filled_openings(),
          .reserved = posting.reserved().count()};
}

void SetOpeningsLeft(const matcher::Openings& posted, const matcher::Holders& holders,
                     PostingProfile& profile) {
  const matcher::OpeningsLeft left = matcher::LeftOf(posted, holders);
  profile.openings_left = ClampTo<uint16_t>(left.all);
  profile.reserved_openings_left =
      ClampTo<uint16_t>(std::min<int64_t>(left.reserved, profile.openings_left));
}

PostingProfile ToPostingProfile(const v1::Posting& posting, const ProfileContext& context) {
  PostingProfile profile;
  SetChannel(posting, profile);
  SetConditions(posting.conditions(), context.codes, profile);
  SetSchedule(posting.schedule(), profile);
  SetOpenings(posting, profile);
  SetPlace(posting, profile);
  SetSkills(posting, context.codes, profile);
  SetPay(posting, profile);
  profile.labour_intensity = ToIntensityGrade(posting.intensity());
  profile.hazards = ToSet<matcher::Hazard>(
      posting.hazards(), [](int number) { return ToHazard(static_cast<v1::Hazard>(number)); });
  profile.lodging_given = posting.benefits().lodging();
  profile.transport_given = posting.benefits().transport();
  return profile;
}

}  // namespace leye::live
