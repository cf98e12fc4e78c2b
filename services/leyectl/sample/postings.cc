#include "services/leyectl/sample/postings.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/leyectl/sample/dice.h"
#include "services/leyectl/sample/identity.h"
#include "services/leyectl/sample/posting_kinds.h"

namespace leye::ctl::sample {
namespace {

constexpr std::array<const char*, 12> kBrands = {"禾丰", "坝上红", "新程", "安岭", "云杉", "沃野",
                                                 "合力", "鸿雁",   "青垣", "秋实", "万穗", "同心"};

// A posting in the making, with what every step needs.
struct Draft {
  const WorldOptions& options;
  const std::vector<Area>& areas;
  const Places& places;
  int index;
  Dice dice;
  Offer offer;

  bool plain() const { return index < 3; }  // To be shown: no rare conditions.
  bool Chance(int permille) { return !plain() && dice.Chance(permille); }
  const Area& PickArea() { return plain() ? areas.front() : PickAny(dice, areas); }
  v1::Posting& posting() { return offer.posting; }
  v1::Conditions& conditions() { return *offer.posting.mutable_conditions(); }
};

void SetEmployer(Draft& draft, const std::string& id, const std::string& name,
                 v1::EmployerKind kind) {
  v1::Employer& employer = draft.offer.employer;
  employer.set_name(NameOf(draft.options, "employers", id));
  employer.set_display_name(name);
  employer.set_kind(kind);
  draft.posting().set_employer(employer.name());
}

// Employer and work at a point; the employer's own figures follow from its id.
void SetPlace(Draft& draft, absl::string_view division, const std::string& address, int latitude_e5,
              int longitude_e5) {
  v1::Employer& employer = draft.offer.employer;
  employer.set_division_code(std::string(division));
  employer.set_address(address);
  *employer.mutable_location() = Point(latitude_e5, longitude_e5);
  v1::Place& place = *draft.posting().mutable_place();
  place.set_division_code(std::string(division));
  place.set_address(address);
  *place.mutable_location() = employer.location();
}

void AddContact(Draft& draft) {
  v1::Employer& employer = draft.offer.employer;
  *employer.mutable_contact() =
      ContactOf(draft.options.seed, employer.name(), employer.division_code());
  *draft.posting().mutable_contact() = employer.contact();
}

// A brand that belongs to the place and the industry.
absl::string_view BrandOf(absl::string_view id) {
  size_t sum = 0;
  for (const char letter : id) sum = sum * 31 + static_cast<unsigned char>(letter);
  return kBrands[sum % kBrands.size()];
}

void AddAge(Draft& draft, int permille, int least, int most) {
  if (!draft.plain() && !draft.dice.Chance(permille)) return;
  v1::AgeRange& range = *draft.conditions().add_ages();
  if (draft.plain() || draft.dice.Chance(900)) range.set_min_years(least);
  if (draft.plain() || draft.dice.Chance(920)) range.set_max_years(most);
  if (range.has_max_years() && draft.Chance(110)) range.set_relaxable_to_years(most + 5);
  if (draft.Chance(110) && range.has_max_years()) {
    range.set_sex(v1::SEX_MALE);
    v1::AgeRange& women = *draft.conditions().add_ages();
    women.set_min_years(least);
    women.set_max_years(most - 5);
    women.set_sex(v1::SEX_FEMALE);
  }
}

void AddOpenings(Draft& draft, int said_permille, int most) {
  v1::Posting& posting = draft.posting();
  posting.set_openings(draft.plain() ? std::min(10, most) : draft.dice.Between(1, most));
  if (!draft.plain() && !draft.dice.Chance(said_permille)) {
    posting.set_openings_text("若干");
  } else if (draft.Chance(70)) {
    posting.set_max_openings(posting.openings() + 2);
    posting.set_openings_text(absl::StrCat(posting.openings(), "-", posting.max_openings(), "人"));
  }
}

// Of the posts near home every fifth is broken down: 13 % of all, as in real announcements.
void AddParts(Draft& draft) {
  v1::Posting& posting = draft.posting();
  if (posting.has_enterprise() || !draft.Chance(195) || posting.openings() < 2) return;
  const int here = draft.dice.Between(1, posting.openings() - 1);
  for (const char* place : {"安置社区", "周边村"}) {
    v1::OpeningsPart& part = *posting.add_openings_parts();
    part.set_place(place);
    part.set_count(posting.openings_parts_size() == 1 ? here : posting.openings() - here);
  }
}

void AddSkillAsked(const char* skill, int min_level, bool required, v1::Posting& posting) {
  if (*skill == '\0') return;
  v1::AskedSkill asked;
  asked.set_skill(absl::StrCat("skills/", skill));
  if (min_level >= 0) asked.set_min_level(min_level);
  if (!required) {
    *posting.add_preferred_skills() = asked;
    return;
  }
  v1::SkillGroup& group = *posting.add_required_skills();
  group.set_quantifier(v1::QUANTIFIER_ALL);
  *group.add_skills() = asked;
}

// Amounts in round steps within the kind's range.
void AddPay(Draft& draft, int least, int most, v1::PayUnit unit, const char* measure) {
  v1::Pay& pay = *draft.posting().mutable_pay();
  const int step = most >= 1000 ? 100 : most >= 100 ? 10 : 1;
  const int span = (most - least) / step;
  const int low = least + draft.dice.Between(0, span / 2) * step;
  const int high = low + draft.dice.Between(0, span / 2) * step;
  pay.set_unit(unit);
  if (unit == v1::PAY_UNIT_MEASURE) {
    pay.set_measure(measure);
    pay.set_monthly_estimate_yuan(high);
    pay.set_text(absl::StrCat("计", measure, "，多劳多得，熟练工月均约", high, "元"));
  } else {
    pay.set_min_yuan(low);
    pay.set_max_yuan(high);
  }
  if (unit == v1::PAY_UNIT_DAY) {
    pay.set_settlement(draft.dice.Chance(400) ? v1::PAY_SETTLEMENT_DAILY
                                              : v1::PAY_SETTLEMENT_MONTHLY);
  } else {
    pay.set_settlement(v1::PAY_SETTLEMENT_MONTHLY);
  }
}

// Titles as people write them: urgent, with pay, welfare, headcount, sex, or blanks between the
// characters.
void DecorateTitle(Draft& draft, const std::string& title) {
  v1::Posting& posting = draft.posting();
  std::string text = title;
  const int number = posting.openings();
  switch (draft.plain() ? 0 : draft.dice.Between(0, 11)) {
    case 1:
      text = "急招" + title;
      break;
    case 2:
      if (posting.benefits().lodging() && posting.benefits().meals()) text = "【包吃住】" + title;
      break;
    case 3:
      text = absl::StrCat(title, number, "名");
      break;
    case 4:
      text = "诚聘 " + title;
      break;
    case 5:
      text = title + "（长期）";
      break;
    case 6:
      if (posting.conditions().sex_limit() == v1::SEX_UNSPECIFIED) text = title + "（男女不限）";
      break;
    case 7:
      text = title.substr(0, 3) + " " + title.substr(3);
      break;
    case 8:
      if (posting.pay().unit() == v1::PAY_UNIT_MONTH &&
          posting.pay().min_yuan() < posting.pay().max_yuan()) {
        text = absl::StrFormat("%s（月薪%.0f-%.0f元）", title, posting.pay().min_yuan(),
                               posting.pay().max_yuan());
      }
      break;
    default:
      break;
  }
  posting.set_title(text);
}

void AddDates(Draft& draft) {
  v1::Posting& posting = draft.posting();
  posting.set_apply_from(DateText(draft.options.date, -draft.dice.Between(0, 40)));
  // A posting that closes would take the sample's life with it: none does before ten years.
  if (draft.Chance(130)) posting.set_apply_until(DateText(draft.options.date, 3650));
  if (draft.Chance(160)) {
    posting.mutable_schedule()->set_start_date(
        DateText(draft.options.date, draft.dice.Between(3, 40)));
  }
}

// --- a job on the market ------------------------------------------------------------------------

// The place of work, and whose it is.
void PlaceNear(Draft& draft, const JobKind& kind) {
  std::vector<const Workplace*> near;
  const Area& area = draft.PickArea();
  for (const Workplace& place : draft.places.workplaces) {
    if (!place.far && RoughKilometres(place.latitude_e5, place.longitude_e5, area.latitude_e5,
                                      area.longitude_e5) <= 60) {
      near.push_back(&place);
    }
  }
  const Workplace& place =
      near.empty() ? draft.places.workplaces.front() : *PickAny(draft.dice, near);
  const std::string id = absl::StrCat(place.id, "-", kind.industry);
  SetEmployer(draft, id, absl::StrCat(BrandOf(id), "示例", kind.industry_name, "有限公司"),
              v1::EMPLOYER_KIND_ENTERPRISE);
  SetPlace(draft, place.division_code, place.name, place.latitude_e5, place.longitude_e5);
}

void PlaceFar(Draft& draft, const JobKind& kind) {
  std::vector<const Workplace*> far;
  for (const Workplace& place : draft.places.workplaces) {
    if (place.far) far.push_back(&place);
  }
  const Workplace& place =
      far.empty() ? draft.places.workplaces.front() : *PickAny(draft.dice, far);
  const bool agency = draft.dice.Chance(300);
  const std::string id = absl::StrCat(place.id, "-", agency ? "agency" : kind.industry);
  SetEmployer(
      draft, id,
      absl::StrCat(BrandOf(id), "示例", agency ? "人力资源服务" : kind.industry_name, "有限公司"),
      agency ? v1::EMPLOYER_KIND_LABOUR_AGENCY : v1::EMPLOYER_KIND_ENTERPRISE);
  SetPlace(draft, place.division_code, place.name, place.latitude_e5, place.longitude_e5);
  v1::Benefits& benefits = *draft.posting().mutable_benefits();
  benefits.set_lodging(draft.dice.Chance(920));
  benefits.set_meals(draft.dice.Chance(700));
  benefits.set_travel_refund(draft.dice.Chance(350));
}

void PlaceAtArea(Draft& draft, const JobKind& kind) {
  const Area& area = draft.PickArea();
  const std::string id = absl::StrCat(area.id, "-", kind.industry);
  SetEmployer(draft, id,
              absl::StrCat(area.name, BrandOf(id), "示例", kind.industry_name, "帮扶车间"),
              v1::EMPLOYER_KIND_SUPPORT_WORKSHOP);
  SetPlace(draft, area.division_code, area.address.empty() ? area.name : area.address,
           area.latitude_e5 + 150, area.longitude_e5 + 200);
  if (kind.setting == Setting::kHome) draft.posting().mutable_place()->set_radius_km(20);
}

void AddJobSchedule(Draft& draft, const JobKind& kind) {
  v1::Schedule& schedule = *draft.posting().mutable_schedule();
  const bool far = kind.setting == Setting::kFar;
  schedule.set_form(kind.setting == Setting::kHome   ? v1::WORK_FORM_HOME_BASED
                    : kind.unit == v1::PAY_UNIT_HOUR ? v1::WORK_FORM_HOURLY
                                                     : v1::WORK_FORM_FULL_TIME);
  if (draft.Chance(310)) {
    schedule.set_min_hours_per_day(8);
    schedule.set_max_hours_per_day(far ? 11 : draft.dice.Between(8, 10));
  }
  if (far ? draft.Chance(450) : draft.Chance(100)) {
    schedule.add_shifts(v1::SHIFT_DAY);
    schedule.add_shifts(v1::SHIFT_NIGHT);
    schedule.set_all_shifts(draft.dice.Chance(500));
  }
}

void AddJobConditions(Draft& draft, const JobKind& kind) {
  v1::Conditions& conditions = draft.conditions();
  const bool heavy = kind.intensity >= v1::LABOUR_INTENSITY_HEAVY;
  AddAge(draft, 660, 18,
         kind.setting == Setting::kFar ? 45 + draft.dice.Between(0, 5)
         : heavy                       ? 50
                                       : 50 + draft.dice.Between(0, 2) * 5);
  if (draft.Chance(300)) {
    conditions.set_min_education(draft.dice.Chance(700) ? v1::EDUCATION_JUNIOR_SECONDARY
                                                        : v1::EDUCATION_SENIOR_SECONDARY);
  }
  if (draft.Chance(240)) conditions.set_min_experience_months(draft.dice.Between(1, 3) * 6);
  if (draft.Chance(300)) conditions.set_sex_limit(heavy ? v1::SEX_MALE : v1::SEX_FEMALE);
  if (draft.Chance(60)) conditions.set_health("身体健康，能胜任岗位工作");
  if (draft.Chance(50)) conditions.set_couple(kind.setting == Setting::kFar);
  if (kind.intensity == v1::LABOUR_INTENSITY_LIGHT && draft.Chance(140)) {
    conditions.add_suitable_disabilities(v1::DISABILITY_KIND_PHYSICAL);
    conditions.add_suitable_disabilities(v1::DISABILITY_KIND_HEARING);
  }
}

void AddJobBenefits(Draft& draft, const JobKind& kind) {
  v1::Benefits& benefits = *draft.posting().mutable_benefits();
  if (kind.setting != Setting::kFar && draft.Chance(260)) {
    benefits.set_meals(true);
    benefits.set_lodging(draft.dice.Chance(400));
  }
  benefits.set_social_insurance(draft.Chance(210));
  benefits.set_accident_insurance(draft.Chance(150));
  benefits.set_transport(kind.setting == Setting::kNear && draft.Chance(200));
  benefits.set_training(draft.Chance(180));
  if (draft.Chance(90)) draft.posting().mutable_pay()->set_overtime_paid(true);
}

const char* MakeJob(Draft& draft) {
  const JobKind& kind = draft.plain() ? JobKinds().front() : Pick(draft.dice, JobKinds());
  v1::Posting& posting = draft.posting();
  posting.mutable_enterprise();
  if (kind.setting == Setting::kFar) {
    PlaceFar(draft, kind);
  } else if (kind.setting == Setting::kNear) {
    PlaceNear(draft, kind);
  } else {
    PlaceAtArea(draft, kind);
  }
  AddOpenings(draft, 970, kind.setting == Setting::kFar ? 60 : 20);
  posting.set_trade_code(kind.trade);
  AddSkillAsked(kind.skill, kind.min_level, kind.skill_required, posting);
  const bool must = kind.skill_required && *kind.certificate != '\0';
  if (must || (*kind.certificate != '\0' && draft.Chance(250))) {
    posting.add_required_certificates(absl::StrCat("skills/", kind.certificate));
  }
  AddPay(draft, kind.least_yuan, kind.most_yuan, kind.unit, kind.measure);
  posting.set_intensity(kind.intensity);
  if (kind.hazard != v1::HAZARD_UNSPECIFIED) posting.add_hazards(kind.hazard);
  AddJobConditions(draft, kind);
  AddJobSchedule(draft, kind);
  AddJobBenefits(draft, kind);
  if (draft.Chance(100)) posting.mutable_enterprise()->set_trial_months(draft.dice.Between(1, 3));
  if (draft.Chance(200) && posting.openings() >= 4) {
    posting.mutable_reserved()->set_count(posting.openings() / 2);
    posting.mutable_reserved()->set_group(v1::GROUP_RELOCATED);
  }
  DecorateTitle(draft, kind.title);
  return kind.duty;
}

// --- a public-welfare post ----------------------------------------------------------------------

void AddEligible(v1::Group group, v1::Conditions& conditions) {
  conditions.add_eligible_groups()->add_groups(group);
}

void AddWelfareConditions(Draft& draft, const WelfareKind& kind, const Area& area) {
  v1::Conditions& conditions = draft.conditions();
  AddAge(draft, 820, 18, kind.urban ? 59 : draft.dice.Chance(400) ? 65 : 60);
  if (draft.plain() || draft.dice.Chance(770)) {
    if (kind.urban) {
      AddEligible(v1::GROUP_EMPLOYMENT_DIFFICULTY, conditions);
      AddEligible(v1::GROUP_ZERO_EMPLOYMENT_HOUSEHOLD, conditions);
    } else {
      AddEligible(v1::GROUP_LIFTED_FROM_POVERTY, conditions);
      AddEligible(v1::GROUP_MONITORED, conditions);
    }
  }
  if (draft.Chance(590)) conditions.add_residence_division_codes(area.division_code);
  if (draft.Chance(150)) {
    conditions.add_priority_order(v1::GROUP_MONITORED_AT_RISK);
    conditions.add_priority_order(v1::GROUP_WEAK_LABOUR);
  }
  if (kind.household_cap > 0) conditions.set_household_cap(kind.household_cap);
  if (draft.Chance(50)) {
    conditions.add_excluded_households(v1::HOUSEHOLD_EXCLUSION_PUBLIC_PAYROLL);
    conditions.add_excluded_households(v1::HOUSEHOLD_EXCLUSION_REGISTERED_BUSINESS);
  }
  if (draft.Chance(90)) conditions.set_conduct("遵纪守法，无违法犯罪记录");
  conditions.set_unemployment_registration(kind.urban && draft.Chance(300));
}

void AddWelfareSchedule(Draft& draft, const WelfareKind& kind) {
  v1::Schedule& schedule = *draft.posting().mutable_schedule();
  schedule.set_form(kind.urban ? v1::WORK_FORM_FULL_TIME : v1::WORK_FORM_PART_TIME);
  schedule.set_max_hours_per_day(kind.urban ? 8 : 4);
  if (!kind.urban) {
    schedule.set_min_days_per_month(10);
    schedule.set_min_hours_per_month(20);
  }
  if (draft.Chance(450)) schedule.set_term_months(draft.dice.Between(1, 3) * 12);
}

const char* MakeWelfarePost(Draft& draft) {
  const WelfareKind& kind = draft.plain() ? WelfareKinds()[1] : Pick(draft.dice, WelfareKinds());
  const Area& area = draft.PickArea();
  v1::Posting& posting = draft.posting();
  v1::PublicWelfarePost& post = *posting.mutable_public_welfare();
  post.set_kind(kind.kind);
  post.set_urban(kind.urban);
  post.set_authority(kind.authority);
  post.set_publicity_days(7);
  SetEmployer(draft, area.id + "-committee", area.name + "居（村）民委员会（示例）",
              v1::EMPLOYER_KIND_COMMITTEE);
  SetPlace(draft, area.division_code, area.address.empty() ? area.name : area.address,
           area.latitude_e5 - 120, area.longitude_e5 - 160);
  if (!kind.urban) posting.mutable_place()->set_radius_km(15);
  AddOpenings(draft, 770, 8);
  posting.set_trade_code(kind.trade);
  AddSkillAsked(kind.skill, -1, false, posting);
  AddPay(draft, kind.least_yuan, kind.most_yuan, v1::PAY_UNIT_MONTH, "");
  post.set_monthly_subsidy_yuan(static_cast<int>(posting.pay().min_yuan()));
  if (kind.urban && draft.Chance(600)) posting.mutable_pay()->set_minimum_wage_percent(100);
  posting.set_intensity(kind.intensity);
  AddWelfareConditions(draft, kind, area);
  AddWelfareSchedule(draft, kind);
  posting.mutable_benefits()->set_accident_insurance(draft.Chance(350));
  if (draft.Chance(130)) {
    posting.add_papers("身份证、户口簿复印件");
    posting.add_papers("就业困难认定或脱贫（监测）证明");
  }
  DecorateTitle(draft, kind.title);
  return kind.duty;
}

// --- work for relief ----------------------------------------------------------------------------

void AddReliefConditions(Draft& draft) {
  v1::Conditions& conditions = draft.conditions();
  if (draft.plain() || draft.dice.Chance(880)) {
    AddEligible(v1::GROUP_RELOCATED, conditions);
    AddEligible(v1::GROUP_LIFTED_FROM_POVERTY, conditions);
    AddEligible(v1::GROUP_MONITORED, conditions);
  }
  if (draft.Chance(120)) AddAge(draft, 1000, 18, 60);
  if (draft.Chance(120)) conditions.set_insurance_precondition("进场前须办理人身意外伤害保险");
}

// Labour pay is at least three tenths of the central funds, as the rule has been since 2023.
void AddProject(Draft& draft, const Area& area, const ReliefKind& kind) {
  v1::WorkForReliefProject& project = *draft.posting().mutable_work_for_relief();
  project.set_project(absl::StrCat(area.name, kind.project, "（示例）"));
  project.set_duration_months(draft.dice.Between(3, 8));
  draft.posting().mutable_schedule()->set_term_months(project.duration_months());
  if (!draft.plain() && !draft.dice.Chance(500)) return;
  const int64_t funds = int64_t{draft.dice.Between(20, 60)} * 100'000;
  project.set_central_funds_yuan(funds);
  const int percent = draft.dice.Between(30, 42);
  project.set_labour_pay_yuan(funds * percent / 100);
  project.set_labour_pay_percent(percent);
}

const char* MakeReliefWork(Draft& draft) {
  const ReliefKind& kind = draft.plain() ? ReliefKinds().front() : Pick(draft.dice, ReliefKinds());
  const Area& area = draft.PickArea();
  v1::Posting& posting = draft.posting();
  AddProject(draft, area, kind);
  SetEmployer(draft, absl::StrCat("d", area.division_code, "-works"),
              absl::StrCat(area.division_code, "以工代赈项目建设单位（示例）"),
              v1::EMPLOYER_KIND_PROJECT_OWNER);
  // Thrown one by one: compilers differ in the order in which they evaluate arguments.
  const int north = draft.dice.Between(-4000, 4000);
  const int east = draft.dice.Between(-5000, 5000);
  SetPlace(draft, area.division_code, absl::StrCat(area.name, "周边项目工地"),
           area.latitude_e5 + north, area.longitude_e5 + east);
  // One owner a county: it has no point of its own.
  draft.offer.employer.clear_location();
  draft.offer.employer.clear_address();
  posting.mutable_place()->set_radius_km(30);
  AddOpenings(draft, 250, 40);
  posting.set_trade_code(kind.trade);
  AddSkillAsked(kind.skill, -1, *kind.certificate != '\0', posting);
  if (*kind.certificate != '\0') {
    posting.add_required_certificates(absl::StrCat("skills/", kind.certificate));
  }
  AddPay(draft, kind.least_yuan, kind.most_yuan, v1::PAY_UNIT_DAY, "");
  posting.mutable_pay()->set_by_ability(draft.Chance(350));
  posting.mutable_pay()->set_bank_transfer(draft.Chance(600));
  posting.set_intensity(kind.intensity);
  if (kind.hazard != v1::HAZARD_UNSPECIFIED) posting.add_hazards(kind.hazard);
  AddReliefConditions(draft);
  posting.mutable_schedule()->set_form(v1::WORK_FORM_SEASONAL);
  posting.mutable_benefits()->set_accident_insurance(true);
  posting.mutable_benefits()->set_training(draft.Chance(400));
  posting.mutable_benefits()->set_transport(draft.Chance(250));
  DecorateTitle(draft, kind.title);
  return kind.duty;
}

}  // namespace

Offer MakeOffer(const WorldOptions& options, const std::vector<Area>& areas, const Places& places,
                int index) {
  constexpr std::array<const char*, 3> kPrefixes = {"job", "post", "relief"};
  Draft draft{options,
              areas,
              places,
              index,
              Dice(options.seed, Stream::kPosting, static_cast<uint64_t>(index)),
              Offer()};
  const auto channel = static_cast<size_t>(index % 3);
  draft.posting().set_name(
      NameOf(options, "postings", absl::StrFormat("%s-%04d", kPrefixes[channel], index / 3 + 1)));
  const char* duty = channel == 0   ? MakeJob(draft)
                     : channel == 1 ? MakeWelfarePost(draft)
                                    : MakeReliefWork(draft);
  AddDates(draft);
  AddContact(draft);
  AddParts(draft);
  if (draft.posting().benefits().ByteSizeLong() == 0) draft.posting().clear_benefits();
  draft.posting().set_original_text(AnnouncementText(draft.posting(), draft.offer.employer, duty));
  return std::move(draft.offer);
}

}  // namespace leye::ctl::sample
