#include "services/leyectl/sample/people.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/leyectl/sample/dice.h"
#include "services/leyectl/sample/identity.h"
#include "services/leyectl/sample/people_skills.h"

namespace leye::ctl::sample {
namespace {

// Households with 1 to 5 workers; the mean is 2.31.
constexpr int kWorkers[] = {200, 420, 270, 90, 20};

// NONE to BACHELOR, by generation: born before 1965, 1980, 1995, and since.
constexpr int kEducation[4][6] = {{80, 520, 360, 40, 0, 0},
                                  {20, 300, 580, 90, 10, 0},
                                  {2, 80, 580, 220, 88, 30},
                                  {0, 10, 340, 320, 220, 110}};

// VISUAL to MULTIPLE, and grades 1 to 4.
constexpr int kDisabilityKinds[] = {90, 110, 30, 560, 90, 90, 30};
constexpr int kDisabilityGrades[] = {60, 160, 300, 480};

constexpr int kDistances[] = {3, 5, 8, 10, 15, 20, 30, 50};

int AgeOf(const v1::Candidate& person, absl::CivilDay date) {
  int year = 0, month = 0, day = 0;
  if (sscanf(person.birth_date().c_str(), "%d-%d-%d", &year, &month, &day) != 3) return 0;
  const int age = static_cast<int>(date.year()) - year;
  return date < absl::CivilDay(date.year(), month, day) ? age - 1 : age;
}

// What a member is to the head, of which sex and age.
struct Role {
  const char* relation;
  v1::Sex sex;
  int age;
};

v1::Sex Opposite(v1::Sex sex) { return sex == v1::SEX_MALE ? v1::SEX_FEMALE : v1::SEX_MALE; }

// The head is drawn from the household's own stream, so that every member knows the head.
Role RoleOf(const WorldOptions& options, const HouseholdPlan& plan, int member, Dice& dice) {
  Dice head_dice(options.seed, Stream::kHousehold, plan.number);
  const v1::Sex head_sex = head_dice.Chance(780) ? v1::SEX_MALE : v1::SEX_FEMALE;
  const int head_age = head_dice.Between(27, 66);
  if (member == 0) return {"户主", head_sex, head_age};
  if (member == 1) {
    return {"配偶", Opposite(head_sex), std::clamp(head_age + dice.Between(-6, 3), 21, 68)};
  }
  const v1::Sex sex = dice.Chance(540) ? v1::SEX_MALE : v1::SEX_FEMALE;
  const bool man = sex == v1::SEX_MALE;
  if (head_age >= 43) {
    return {man ? "之子" : "之女", sex, std::clamp(head_age - dice.Between(22, 29), 17, 42)};
  }
  return {man ? "之父" : "之母", sex, std::clamp(head_age + dice.Between(21, 29), 46, 69)};
}

v1::Education DrawEducation(Dice& dice, int birth_year) {
  const int generation = birth_year < 1965 ? 0 : birth_year < 1980 ? 1 : birth_year < 1995 ? 2 : 3;
  return static_cast<v1::Education>(v1::EDUCATION_NONE + PickIndex(dice, kEducation[generation]));
}

v1::LabourClass DrawLabourClass(Dice& dice, int age, bool disabled) {
  constexpr int kYoung[] = {240, 680, 70, 10};
  constexpr int kOld[] = {60, 440, 450, 50};
  constexpr int kDisabled[] = {40, 200, 640, 120};
  const int drawn = disabled    ? PickIndex(dice, kDisabled)
                    : age >= 60 ? PickIndex(dice, kOld)
                                : PickIndex(dice, kYoung);
  return static_cast<v1::LabourClass>(v1::LABOUR_CLASS_SKILLED + drawn);
}

void AddHealth(Dice& dice, int age, v1::Candidate& person) {
  const bool disabled = dice.Chance(age >= 50 ? 75 : 35);
  person.set_labour_class(DrawLabourClass(dice, age, disabled));
  if (!disabled) return;
  v1::Disability* disability = person.mutable_disability();
  disability->set_kind(static_cast<v1::DisabilityKind>(v1::DISABILITY_KIND_VISUAL +
                                                       PickIndex(dice, kDisabilityKinds)));
  disability->set_grade(1 + PickIndex(dice, kDisabilityGrades));
}

void AddGroups(Dice& dice, int age, bool seeking, v1::Candidate& person) {
  person.add_groups(v1::GROUP_RELOCATED);
  const bool older = age >= (person.sex() == v1::SEX_MALE ? 50 : 40);
  if (seeking && dice.Chance(older ? 180 : 40)) {
    person.add_groups(v1::GROUP_EMPLOYMENT_DIFFICULTY);
  }
  if (person.sex() == v1::SEX_MALE && dice.Chance(18)) person.add_groups(v1::GROUP_VETERAN);
  if (seeking && age <= 25 && person.education() >= v1::EDUCATION_COLLEGE) {
    person.add_groups(v1::GROUP_GRADUATE);
  }
  if (dice.Chance(seeking ? 120 : 40)) person.add_groups(v1::GROUP_RETURNED_MIGRANT);
  if (dice.Chance(15)) person.add_groups(v1::GROUP_SINGLE_PARENT);
}

void AddPublicWelfarePost(Dice& dice, v1::Candidate& person) {
  v1::Employment& work = *person.mutable_employment();
  work.set_channel(v1::CHANNEL_PUBLIC_WELFARE);
  work.set_public_welfare_kind(static_cast<v1::PublicWelfareKind>(dice.Between(
      v1::PUBLIC_WELFARE_KIND_FOREST_GUARD, v1::PUBLIC_WELFARE_KIND_COMMUNITY_SERVICE)));
  work.set_monthly_income_yuan(dice.Between(3, 20) * 100);
  person.mutable_public_welfare_history()->set_months(dice.Between(1, 34));
  person.mutable_public_welfare_history()->set_placements(1);
}

void AddJob(Dice& dice, const WorldOptions& options, const HouseholdPlan& plan,
            v1::Candidate& person) {
  v1::Employment& work = *person.mutable_employment();
  work.set_state(v1::EMPLOYMENT_STATE_EMPLOYED);
  work.set_start_date(DateText(options.date, -dice.Between(20, 2000)));
  work.set_division_code(plan.area->division_code);
  if (dice.Chance(140)) return AddPublicWelfarePost(dice, person);
  work.set_channel(dice.Chance(50) ? v1::CHANNEL_WORK_FOR_RELIEF : v1::CHANNEL_ENTERPRISE);
  work.set_monthly_income_yuan(dice.Between(18, 62) * 100);
  if (dice.Chance(380)) work.set_division_code(dice.Chance(500) ? "110115" : "120116");
}

void AddOtherState(Dice& dice, const WorldOptions& options, const HouseholdPlan& plan,
                   v1::Candidate& person) {
  v1::Employment& work = *person.mutable_employment();
  const int age = AgeOf(person, options.date);
  if (age <= 22 && dice.Chance(450)) {
    person.set_student(true);
    work.set_state(v1::EMPLOYMENT_STATE_STUDENT);
  } else if (person.labour_class() == v1::LABOUR_CLASS_LOST || dice.Chance(age >= 60 ? 250 : 30)) {
    work.set_state(v1::EMPLOYMENT_STATE_OUT_OF_LABOUR_FORCE);
  } else if (dice.Chance(70)) {
    work.set_state(v1::EMPLOYMENT_STATE_SELF_EMPLOYED);
    work.set_monthly_income_yuan(dice.Between(15, 80) * 100);
  } else {
    AddJob(dice, options, plan, person);
  }
}

// Children at school and old people at home leave only the day.
void AddCareLimits(Dice& dice, int age, v1::Candidate& person) {
  v1::Preferences& wishes = *person.mutable_preferences();
  const bool cares =
      person.sex() == v1::SEX_FEMALE ? age >= 24 && age <= 45 && dice.Chance(420) : dice.Chance(60);
  if (cares) {
    wishes.add_shifts(v1::SHIFT_DAY);
    if (dice.Chance(500)) wishes.set_max_hours_per_day(8);
    if (dice.Chance(180)) {
      wishes.add_forms(v1::WORK_FORM_PART_TIME);
      wishes.add_forms(v1::WORK_FORM_HOME_BASED);
    }
  } else if (dice.Chance(120)) {
    wishes.add_shifts(v1::SHIFT_DAY);
    wishes.add_shifts(v1::SHIFT_EVENING);
  }
  if (person.labour_class() == v1::LABOUR_CLASS_WEAK) {
    wishes.set_max_intensity(dice.Chance(500) ? v1::LABOUR_INTENSITY_LIGHT
                                              : v1::LABOUR_INTENSITY_MEDIUM);
  }
}

void AddDistance(Dice& dice, int age, const HouseholdPlan& plan, v1::Candidate& person) {
  v1::Preferences& wishes = *person.mutable_preferences();
  const bool man = person.sex() == v1::SEX_MALE;
  if (dice.Chance(850)) wishes.set_max_distance_km(kDistances[dice.Below(8)]);
  if (dice.Chance(age < 45 ? (man ? 480 : 260) : (man ? 150 : 60))) {
    wishes.set_willing_to_leave_home(true);
    wishes.set_needs_lodging(dice.Chance(800));
  }
  wishes.set_needs_transport(dice.Chance(100));
  if (dice.Chance(180)) wishes.add_division_codes(plan.area->division_code);
}

void AddWishes(Dice& dice, const WorldOptions& options, const HouseholdPlan& plan,
               v1::Candidate& person) {
  const int age = AgeOf(person, options.date);
  v1::Preferences& wishes = *person.mutable_preferences();
  wishes.set_willing(true);
  AddDistance(dice, age, plan, person);
  AddCareLimits(dice, age, person);
  const int base = person.sex() == v1::SEX_MALE ? 24 : 18;
  if (dice.Chance(880)) {
    const int most = age < 45 ? 30 : 14;
    const int hundreds = base + dice.Between(0, most) - (age >= 58 ? 10 : 0);
    wishes.set_monthly_pay_yuan(std::max(12, hundreds) * 100);
  }
  if (dice.Chance(80)) wishes.set_available_from(DateText(options.date, dice.Between(1, 45)));
  if (dice.Chance(70)) {
    wishes.add_training(absl::StrCat("skills/", PickAny(dice, CommonSkills()).id));
  }
}

// Since when without work: most for months, some for years.
void AddWaiting(Dice& dice, const WorldOptions& options, v1::Candidate& person) {
  person.mutable_employment()->set_state(v1::EMPLOYMENT_STATE_UNEMPLOYED);
  const int days = dice.Chance(700) ? dice.Between(5, 300) : dice.Between(301, 1100);
  person.set_unemployed_since(DateText(options.date, -days));
  if (dice.Chance(350)) {
    person.set_unemployment_registration_date(DateText(options.date, -dice.Between(1, days)));
  }
  if (dice.Chance(60)) {
    person.mutable_public_welfare_history()->set_months(dice.Between(6, 40));
    person.mutable_public_welfare_history()->set_placements(dice.Between(1, 2));
  }
}

void AddConsent(Dice& dice, const WorldOptions& options, v1::Candidate& person) {
  if (dice.Chance(20)) return;  // Not given.
  person.mutable_consent()->set_given_date(DateText(options.date, -dice.Between(10, 700)));
  if (dice.Chance(10)) {
    person.mutable_consent()->set_withdrawn_date(DateText(options.date, -dice.Between(1, 9)));
  }
}

void AddIdentity(Dice& dice, const WorldOptions& options, const HouseholdPlan& plan, int member,
                 v1::Candidate& person) {
  const Role role = RoleOf(options, plan, member, dice);
  Dice family(options.seed, Stream::kHousehold, plan.number + (member == 1 ? 7'000'000'000 : 0));
  const absl::CivilDay birth =
      absl::CivilDay(options.date.year() - role.age, options.date.month(), options.date.day()) -
      dice.Between(0, 364);
  const uint64_t number = plan.first_person + static_cast<uint64_t>(member);
  person.set_name(NameOf(options, "candidates", absl::StrFormat("c%06d", number)));
  person.set_household(NameOf(options, "households", absl::StrFormat("h%06d", plan.number)));
  person.set_sex(role.sex);
  person.set_relation_to_head(role.relation);
  person.set_birth_date(DateText(birth));
  const int year = static_cast<int>(birth.year());
  person.set_full_name(absl::StrCat(Surname(family), GivenName(dice, role.sex, year)));
  person.set_id_number(IdNumber(birth, role.sex, number));
  person.set_phone(Telephone(dice, plan.area->division_code));
  person.set_education(DrawEducation(dice, year));
}

}  // namespace

int DrawWorkers(uint64_t seed, uint64_t household_number) {
  Dice dice(seed, Stream::kHousehold, household_number + 3'000'000'000);
  return 1 + PickIndex(dice, kWorkers);
}

v1::Household MakeHousehold(const WorldOptions& options, const HouseholdPlan& plan) {
  Dice dice(options.seed, Stream::kHousehold, plan.number + 5'000'000'000);
  v1::Household household;
  household.set_name(NameOf(options, "households", absl::StrFormat("h%06d", plan.number)));
  household.set_settlement_area(NameOf(options, "settlementAreas", plan.area->id));
  // Thrown one by one: compilers differ in the order in which they evaluate arguments.
  const int building = dice.Between(1, 30);
  const int entrance = dice.Between(1, 4);
  const int floor = dice.Between(1, 6);
  const int door = dice.Between(1, 2);
  household.set_address(absl::StrFormat("%d号楼%d单元%d0%d", building, entrance, floor, door));
  constexpr int kCategories[] = {820, 160, 20};
  household.set_category(static_cast<v1::HouseholdCategory>(
      v1::HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY + PickIndex(dice, kCategories)));
  if (dice.Chance(45)) {
    household.set_monitoring(static_cast<v1::MonitoringKind>(
        dice.Between(v1::MONITORING_KIND_UNSTABLE, v1::MONITORING_KIND_SUDDEN_DIFFICULTY)));
    household.set_risk_removed(dice.Chance(550));
  }
  household.set_subsistence_allowance(dice.Chance(160));
  if (dice.Chance(60)) {
    household.add_exclusions(static_cast<v1::HouseholdExclusion>(dice.Between(
        v1::HOUSEHOLD_EXCLUSION_PUBLIC_PAYROLL, v1::HOUSEHOLD_EXCLUSION_OWNS_COMMERCIAL_HOUSING)));
  }
  return household;
}

v1::Candidate MakeCandidate(const WorldOptions& options, const HouseholdPlan& plan, int member) {
  Dice dice(options.seed, Stream::kPerson, plan.first_person + static_cast<uint64_t>(member));
  v1::Candidate person;
  AddIdentity(dice, options, plan, member, person);
  const int age = AgeOf(person, options.date);
  AddHealth(dice, age, person);
  const bool seeking =
      person.labour_class() != v1::LABOUR_CLASS_LOST && dice.Chance(options.seekers_permille);
  AddGroups(dice, age, seeking, person);
  AddSkills(dice, options.date, person);
  if (dice.Chance(600)) person.set_experience_months(dice.Between(3, std::max(6, (age - 18) * 6)));
  if (seeking) {
    AddWaiting(dice, options, person);
    AddWishes(dice, options, plan, person);
  } else {
    AddOtherState(dice, options, plan, person);
    person.clear_preferences();
  }
  AddConsent(dice, options, person);
  if (person.sex() == v1::SEX_FEMALE && age >= 21 && age <= 40) {
    person.set_maternity_protection(dice.Chance(35));
  }
  return person;
}

}  // namespace leye::ctl::sample
