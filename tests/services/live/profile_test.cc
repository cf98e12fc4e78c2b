// Records as profiles, field by field.
#include "services/live/profile.h"

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/live/facts.h"
#include "services/live/pay.h"
#include "services/live/vocabulary.h"
#include "tests/services/live/live_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::live {
namespace {

using matcher::Day;
using ::testing::ElementsAre;
using ::testing::SizeIs;

const StubCodes kCodes;
const WorkingAge kWorkingAge;
const ProfileContext kContext{.codes = kCodes, .working_age = kWorkingAge};

CandidateFacts Person(const std::string& text) {
  return ToCandidateFacts(FromText<v1::Candidate>(text), kContext);
}
matcher::CandidateProfile Profile(const std::string& text) { return Person(text).profile; }
matcher::PostingProfile Posting(const std::string& text) {
  return ToPostingProfile(FromText<v1::Posting>(text), kContext);
}
MonthlyPay Pay(const std::string& text, PayPlace place = {}) {
  return MadeMonthly(FromText<v1::Pay>(text), place);
}
matcher::AreaProfile AreaIn(uint64_t division) {
  return {.index = {}, .division = matcher::DivisionCode::FromNumber(division), .location = {}};
}

TEST(RecordFacts, OfANumberThatNoStoreGaveAreNone) {
  RecordView record{.kind = store::Kind::kEmployer,
                    .name = "regions/13/employers/e",
                    .number = kMostRecordNumber,
                    .open = ""};
  EXPECT_THAT(ParseRecord(record, kContext), testing::IsOk());
  ++record.number;
  EXPECT_THAT(ParseRecord(record, kContext),
              testing::FailsWith(absl::StatusCode::kDataLoss, "RECORD_UNREADABLE"));
}

// --- the person ----------------------------------------------------------------------------------

TEST(CandidateProfile, AnEmptyRecordIsNotMatchedAndDoesNoHarm) {
  const CandidateFacts empty = Person("");
  EXPECT_FALSE(empty.profile.willing);
  EXPECT_EQ(empty.profile.consent, matcher::DayRange::None());
  EXPECT_GT(empty.profile.birth, Day::FromCivil(2100, 1, 1));
  EXPECT_FALSE(empty.member.AbleOn(Day::FromCivil(2024, 5, 1)));
}

TEST(CandidateProfile, TakesWhatThePersonIs) {
  const auto p = Profile(R"(birth_date: "1988-02-29" sex: SEX_FEMALE education: EDUCATION_COLLEGE
      labour_class: LABOUR_CLASS_WEAK disability { kind: DISABILITY_KIND_HEARING grade: 2 }
      maternity_protection: true experience_months: 30)");
  EXPECT_EQ(p.birth, Day::FromCivil(1988, 2, 29));
  EXPECT_EQ(p.sex, matcher::Sex::kFemale);
  EXPECT_EQ(p.education, matcher::Education::kCollege);
  EXPECT_EQ(p.labour_class, matcher::LabourClass::kWeakOrHalf);
  EXPECT_EQ(p.disability.kind, matcher::DisabilityKind::kHearing);
  EXPECT_EQ(p.disability.grade, 2);
  EXPECT_TRUE(p.maternity_protection);
  EXPECT_EQ(p.experience_months, 30);
}

TEST(CandidateProfile, UnstatedEducationIsUnknownAndNoneIsNone) {
  EXPECT_FALSE(Profile("").education.has_value());
  EXPECT_EQ(Profile("education: EDUCATION_NONE").education, matcher::Education::kNone);
}

TEST(CandidateProfile, TakesCertifiedGroupsAndIgnoresDerivedOnes) {
  const auto p =
      Profile("groups: [GROUP_RELOCATED, GROUP_VETERAN, GROUP_MONITORED, GROUP_DISABLED]");
  EXPECT_EQ(p.groups, (matcher::GroupSet{matcher::Group::kRelocated, matcher::Group::kVeteran}));
}

TEST(CandidateProfile, TakesTheCategoryByWhichAWomanRetires) {
  EXPECT_EQ(Profile("sex: SEX_FEMALE").retirement_category, matcher::RetirementCategory::kUnknown);
  EXPECT_EQ(Profile("retirement_category: RETIREMENT_CATEGORY_WOMEN_55").retirement_category,
            matcher::RetirementCategory::kWomen55);
  EXPECT_EQ(Profile("retirement_category: RETIREMENT_CATEGORY_WOMEN_50").retirement_category,
            matcher::RetirementCategory::kWomen50);
}

TEST(CandidateProfile, MergesSkillsAndCertificatesSortedEachOnce) {
  const auto p = Profile(R"(skills { skill: "skills/s7" level: 3 } skills { skill: "skills/s2" }
      skills { skill: "skills/s7" level: 5 } skills { skill: "skills/unheard-of" level: 7 }
      certificates { skill: "skills/s4" expire_date: "2025-06-30" })");
  ASSERT_THAT(p.skills, SizeIs(3));
  EXPECT_EQ(p.skills[0].skill, matcher::SkillId(2));
  EXPECT_FALSE(p.skills[0].level.known());
  EXPECT_EQ(p.skills[1].expires, Day::FromCivil(2025, 6, 30));
  EXPECT_EQ(p.skills[2].level, matcher::SkillLevel::Of(5));
  EXPECT_EQ(p.skills[2].expires, Day::Max());
}

TEST(CandidateProfile, ACertificateWithAnUnreadableExpiryIsNotValid) {
  const auto p = Profile(R"(certificates { skill: "skills/s4" expire_date: "soon" })");
  EXPECT_LT(p.skills[0].expires, Day::FromCivil(1900, 1, 1));
}

TEST(CandidateProfile, ConsentEndsWithItsExpiryOrTheDayBeforeWithdrawal) {
  const auto consent = [](const std::string& text) {
    return Profile("consent { " + text + " }").consent;
  };
  EXPECT_EQ(consent("given_date: '2024-01-01'").last, Day::Max());
  EXPECT_EQ(consent("given_date: '2024-01-01' expire_date: '2024-06-30'").last,
            Day::FromCivil(2024, 6, 30));
  EXPECT_EQ(consent("given_date: '2024-01-01' withdrawn_date: '2024-05-01'").last,
            Day::FromCivil(2024, 4, 30));
  EXPECT_EQ(consent("expire_date: '2024-06-30'"), matcher::DayRange::None());
}

TEST(CandidateProfile, ConsentIsForItsScopes) {
  const std::string given = "given_date: '2024-01-01' ";
  const auto profile = [&](const std::string& scopes) {
    return Profile("consent { " + given + scopes + " }");
  };
  const auto all = profile("");
  EXPECT_NE(all.consent, matcher::DayRange::None());
  EXPECT_TRUE(all.shown_to_employers);
  EXPECT_FALSE(all.ranking_declined);
  const auto matching = profile("scopes: CONSENT_SCOPE_MATCHING");
  EXPECT_NE(matching.consent, matcher::DayRange::None());
  EXPECT_FALSE(matching.shown_to_employers);
  const auto employers = profile("scopes: CONSENT_SCOPE_EMPLOYERS");
  EXPECT_EQ(employers.consent, matcher::DayRange::None());
  EXPECT_TRUE(employers.shown_to_employers);
  EXPECT_TRUE(profile("automated_ranking_declined: true").ranking_declined);
}

TEST(CandidateProfile, WorkEndsWaiting) {
  const auto idle = Profile("unemployed_since: '2023-01-01'");
  EXPECT_EQ(idle.unemployed_since, Day::FromCivil(2023, 1, 1));
  EXPECT_TRUE(idle.seeking);
  const auto busy = Profile(R"(unemployed_since: '2023-01-01' employment {
      state: EMPLOYMENT_STATE_EMPLOYED channel: CHANNEL_PUBLIC_WELFARE })");
  EXPECT_FALSE(busy.unemployed_since.has_value());
  EXPECT_EQ(busy.employment.channel, matcher::Channel::kPublicWelfare);
  EXPECT_EQ(busy.employment.public_welfare_kind, matcher::PublicWelfareKind::kOther);
}

TEST(CandidateProfile, WhoIsOutOfTheLabourForceDoesNotSeek) {
  EXPECT_FALSE(Profile("employment { state: EMPLOYMENT_STATE_OUT_OF_LABOUR_FORCE }").seeking);
}

TEST(CandidateProfile, APupilIsAStudent) {
  const CandidateFacts p = Person("student: true birth_date: '2000-01-01'");
  EXPECT_EQ(p.profile.employment.state, matcher::EmploymentState::kStudent);
  EXPECT_FALSE(p.member.AbleOn(Day::FromCivil(2024, 5, 1)));
}

TEST(CandidateProfile, TakesHistoryAndRegistration) {
  const auto p = Profile(R"(public_welfare_history { months: 14 placements: 1 }
      unemployment_registration_date: "2024-02-01")");
  EXPECT_EQ(p.public_welfare.months_used, 14);
  EXPECT_EQ(p.public_welfare.placements, 1);
  EXPECT_TRUE(p.registered_unemployed);
}

TEST(CandidateProfile, TakesWishesAndLimits) {
  const auto p = Profile(R"(preferences { willing: true trades: ["6-00-00-03", "9-99-99-99"]
      max_distance_km: 0 max_travel_minutes: 40 willing_to_leave_home: true needs_lodging: true
      needs_transport: true monthly_pay_yuan: 4200 available_from: "2024-07-01"
      forms: [WORK_FORM_PART_TIME] shifts: [SHIFT_DAY, SHIFT_WEEKEND] max_hours_per_day: 6
      max_intensity: LABOUR_INTENSITY_MEDIUM division_codes: ["130000", "x"] })");
  EXPECT_TRUE(p.willing);
  EXPECT_THAT(p.wished_trades, ElementsAre(matcher::TradeId(3)));
  EXPECT_EQ(p.max_distance, matcher::Kilometres::Of(0));
  EXPECT_EQ(p.max_travel_minutes, 40);
  EXPECT_TRUE(p.willing_to_leave_home && p.needs_lodging && p.needs_transport);
  EXPECT_EQ(p.wished_yuan_per_month, 4200);
  EXPECT_EQ(p.available.first, Day::FromCivil(2024, 7, 1));
  EXPECT_EQ(p.available.last, Day::Max());
  EXPECT_EQ(p.work_forms, matcher::WorkFormSet{matcher::WorkForm::kPartTime});
  EXPECT_EQ(p.shifts, (matcher::ShiftSet{matcher::Shift::kDay, matcher::Shift::kWeekend}));
  EXPECT_EQ(p.max_hours_per_day, 6);
  EXPECT_EQ(p.intensity_limit, 2);
  EXPECT_THAT(p.wished_divisions, ElementsAre(matcher::DivisionCode::FromNumber(130000)));
}

TEST(CandidateProfile, UnstatedLimitsAreAbsentAndUnstatedShiftsAreAny) {
  const auto p = Profile("");
  EXPECT_FALSE(p.max_distance.has_value());
  EXPECT_FALSE(p.max_travel_minutes.has_value());
  EXPECT_FALSE(p.wished_yuan_per_month.has_value());
  EXPECT_EQ(p.shifts, matcher::ShiftSet::All());
  EXPECT_TRUE(p.work_forms.empty());
}

TEST(LinkToArea, ResidenceIsTheAreasUnlessRecorded) {
  CandidateFacts p = Person("");
  LinkToArea(p.profile, p.member, AreaIn(130723));
  EXPECT_EQ(p.profile.residence_division, matcher::DivisionCode::FromNumber(130723));
  CandidateFacts recorded = Person("residence_division_code: '130424'");
  LinkToArea(recorded.profile, recorded.member, AreaIn(130723));
  EXPECT_EQ(recorded.profile.residence_division, matcher::DivisionCode::FromNumber(130424));
}

TEST(LinkToArea, WorkInAnotherCountyIsOutside) {
  const auto outside = [](const std::string& division) {
    CandidateFacts p =
        Person("employment { state: EMPLOYMENT_STATE_EMPLOYED division_code: '" + division + "' }");
    LinkToArea(p.profile, p.member, AreaIn(130723));
    return p.profile.employment.outside_home_county;
  };
  EXPECT_TRUE(outside("110105"));
  EXPECT_FALSE(outside("130723"));
  EXPECT_FALSE(outside(""));
}

TEST(LinkToArea, WhoWishesAPlaceElsewhereAndWouldLeaveWantsToGoOut) {
  const auto wants = [](const std::string& wishes) {
    CandidateFacts p = Person("preferences { " + wishes + " }");
    LinkToArea(p.profile, p.member, AreaIn(130723));
    return p.profile.wants_to_go_out;
  };
  EXPECT_TRUE(wants("willing_to_leave_home: true division_codes: '440300'"));
  EXPECT_FALSE(wants("division_codes: '440300'"));
  EXPECT_FALSE(wants("willing_to_leave_home: true division_codes: '130000'"));
  EXPECT_FALSE(wants("willing_to_leave_home: true"));
}

// --- the household and the area ------------------------------------------------------------------

TEST(HouseholdProfile, StandingFollowsTheRegisters) {
  using matcher::Group;
  const auto groups = [](const std::string& text) {
    return ToHouseholdStanding(FromText<v1::Household>(text)).groups;
  };
  EXPECT_TRUE(groups("").empty());
  EXPECT_EQ(groups("category: HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY"),
            matcher::GroupSet{Group::kLiftedFromPoverty});
  EXPECT_EQ(groups("monitoring: MONITORING_KIND_MARGINAL"),
            (matcher::GroupSet{Group::kMonitored, Group::kMonitoredAtRisk}));
  EXPECT_EQ(groups("monitoring: MONITORING_KIND_MARGINAL risk_removed: true"),
            matcher::GroupSet{Group::kMonitored});
  EXPECT_EQ(groups("subsistence_allowance: true"), matcher::GroupSet{Group::kSubsistenceAllowance});
}

TEST(HouseholdProfile, CountsItsMembers) {
  const Day day = Day::FromCivil(2024, 5, 1);
  HouseholdCounts counts;
  for (const char* text :
       {"birth_date: '1990-01-01' preferences { willing: true }",    // able, willing
        "birth_date: '1985-01-01'",                                  // able
        "birth_date: '2015-01-01' labour_class: LABOUR_CLASS_NONE",  // a child
        "birth_date: '1950-01-01'",                                  // retired
        R"(birth_date: '1992-01-01' employment {
          state: EMPLOYMENT_STATE_EMPLOYED channel: CHANNEL_PUBLIC_WELFARE
          public_welfare_kind: PUBLIC_WELFARE_KIND_FOREST_GUARD
        })"}) {
    Add(Person(text).member, day, counts);
  }
  EXPECT_EQ(counts.members, 5);
  EXPECT_EQ(counts.able, 3);
  EXPECT_EQ(counts.able_and_willing, 1);
  EXPECT_EQ(counts.earners, 1);
  EXPECT_FALSE(counts.ZeroEmployment());
  const auto profile = ToHouseholdProfile(matcher::HouseholdId(9), {}, counts);
  EXPECT_EQ(profile.able_members, 1);
  EXPECT_EQ(
      profile.public_welfare_holders[static_cast<size_t>(matcher::PublicWelfareKind::kForestGuard)],
      1);
}

TEST(AreaProfile, ConvertsTheDatumAndNeedsALocation) {
  const auto area = [](const std::string& text) {
    return ToAreaProfile(FromText<v1::SettlementArea>(text));
  };
  EXPECT_FALSE(area("division_code: '130723'").has_value());
  EXPECT_FALSE(area("location { latitude: 91 longitude: 0 }").has_value());
  const auto wgs = area("location { latitude: 41.85 longitude: 114.61 }");
  const auto gcj = area("location { latitude: 41.85 longitude: 114.61 datum: DATUM_GCJ02 }");
  ASSERT_TRUE(wgs.has_value() && gcj.has_value());
  const double km = matcher::DistanceBetween(wgs->location, gcj->location).km();
  EXPECT_GT(km, 0.1);
  EXPECT_LT(km, 1.0);
}

// --- the posting ---------------------------------------------------------------------------------

constexpr char kPlace[] =
    "place { division_code: '130723' location { latitude: 41.8 longitude: 114.6 } } ";

TEST(PostingProfile, IsOpenByItsStateAndWithAPlace) {
  const std::string open = "state: POSTING_STATE_OPEN ";
  EXPECT_TRUE(Posting(open + kPlace).open);
  EXPECT_FALSE(Posting(kPlace).open);
  EXPECT_FALSE(Posting(open).open);
  const auto home = Posting(open + "schedule { form: WORK_FORM_HOME_BASED }");
  EXPECT_TRUE(home.open);
  EXPECT_TRUE(home.home_based);
}

TEST(PostingProfile, OpeningsLeftAreThoseNotFilled) {
  const auto p = Posting("openings: 10 filled_openings: 4 reserved { count: 8 }");
  EXPECT_EQ(p.openings_left, 6);
  EXPECT_EQ(p.reserved_openings_left, 6);
  EXPECT_EQ(p.reserved_for, matcher::Group::kRelocated);
  EXPECT_EQ(Posting("openings: 2 filled_openings: 5").openings_left, 0);
  EXPECT_EQ(Posting("openings: 100000").openings_left, 65535);
  EXPECT_EQ(Posting("openings: 3 reserved { count: 1 group: GROUP_DISABLED }").reserved_for,
            matcher::Group::kDisabled);
}

TEST(PostingProfile, KnowsItsChannel) {
  EXPECT_EQ(Posting("enterprise {}").channel, matcher::Channel::kEnterprise);
  EXPECT_EQ(Posting("work_for_relief {}").channel, matcher::Channel::kWorkForRelief);
  const auto welfare = Posting(R"(public_welfare { kind: PUBLIC_WELFARE_KIND_CARE urban: true }
      conditions { household_cap: 1 first_placement_only: true })");
  EXPECT_EQ(welfare.channel, matcher::Channel::kPublicWelfare);
  EXPECT_EQ(welfare.public_welfare.kind, matcher::PublicWelfareKind::kCare);
  EXPECT_EQ(welfare.public_welfare.scheme, matcher::PublicWelfareScheme::kUrban);
  EXPECT_EQ(welfare.public_welfare.household_cap, 1);
  EXPECT_TRUE(welfare.public_welfare.first_placement_only);
}

TEST(PostingProfile, AllOfAGroupAreSeveralAndAnyIsOneWithAlternatives) {
  const auto p = Posting(R"(
      required_skills { skills { skill: "skills/s1" min_level: 3 } skills { skill: "skills/s2" } }
      required_skills { quantifier: QUANTIFIER_ANY skills { skill: "skills/s3" weight: 2 }
                        skills { skill: "skills/s4" weight: 5 } }
      preferred_skills { skill: "skills/s5" weight: 3 } preferred_skills { skill: "skills/zzz" }
      required_certificates: ["skills/s6"])");
  ASSERT_THAT(p.required_skills, SizeIs(3));
  EXPECT_EQ(p.required_skills[0].any_of[0].min_level, matcher::SkillLevel::Of(3));
  EXPECT_FALSE(p.required_skills[1].any_of[0].min_level.known());
  EXPECT_THAT(p.required_skills[2].any_of, SizeIs(2));
  EXPECT_EQ(p.required_skills[2].weight, 5);
  ASSERT_THAT(p.preferred_skills, SizeIs(1));
  EXPECT_EQ(p.preferred_skills[0].weight, 3);
  EXPECT_THAT(p.required_papers, ElementsAre(matcher::SkillId(6)));
}

TEST(PostingProfile, WhatIsAskedAndNotInTheCatalogueIsHeldByNobody) {
  const auto p = Posting(R"(required_skills { skills { skill: "skills/zzz" } }
      required_certificates: ["skills/zzz"] trade_code: "9-99-99-99")");
  EXPECT_EQ(p.required_skills[0].any_of[0].skill, kUnknownSkill);
  EXPECT_EQ(p.required_papers[0], kUnknownSkill);
  EXPECT_FALSE(p.trade.has_value());
}

TEST(PostingProfile, TakesAgesWithSexGroupAndRelaxation) {
  const auto p = Posting(R"(conditions { ages { min_years: 18 }
      ages { max_years: 40 sex: SEX_FEMALE relaxable_to_years: 45 }
      ages { max_years: 50 group: GROUP_VETERAN } })");
  ASSERT_THAT(p.age_ranges, SizeIs(3));
  EXPECT_EQ(p.age_ranges[0].limits.min_years, 18);
  EXPECT_FALSE(p.age_ranges[0].limits.max_years.has_value());
  EXPECT_EQ(p.age_ranges[1].sex, matcher::Sex::kFemale);
  EXPECT_EQ(p.age_ranges[1].limits.relaxable_to_years, 45);
  EXPECT_EQ(p.age_ranges[2].groups, matcher::GroupSet{matcher::Group::kVeteran});
}

TEST(PostingProfile, AGroupsOwnAgeIsItsLimitOrARangeOfThePosting) {
  const auto p = Posting(R"(conditions {
      eligible_groups { groups: [GROUP_LIFTED_FROM_POVERTY] age { max_years: 60 }
                        required_certificates: ["skills/s4", "skills/unheard-of"] }
      eligible_groups { groups: [GROUP_MONITORED] age { max_years: 55 sex: SEX_FEMALE } } })");
  ASSERT_THAT(p.eligible_groups, SizeIs(2));
  EXPECT_EQ(p.eligible_groups[0].limits.max_years, 60);
  EXPECT_THAT(p.eligible_groups[0].papers, ElementsAre(matcher::SkillId(4), kUnknownSkill));
  EXPECT_FALSE(p.eligible_groups[1].limits.max_years.has_value());
  ASSERT_THAT(p.age_ranges, SizeIs(1));
  EXPECT_EQ(p.age_ranges[0].groups, matcher::GroupSet{matcher::Group::kMonitored});
}

TEST(PostingProfile, TakesTheOtherConditions) {
  const auto p = Posting(R"(conditions { min_education: EDUCATION_PRIMARY min_experience_months: 6
      sex_limit: SEX_MALE residence_division_codes: ["130700"] excluded_groups: [GROUP_DISABLED]
      excluded_households: [HOUSEHOLD_EXCLUSION_OWNS_CAR] unemployment_registration: true
      suitable_disabilities: [DISABILITY_KIND_PHYSICAL] disabled_only: true })");
  EXPECT_EQ(p.education_min, matcher::Education::kPrimary);
  EXPECT_EQ(p.experience_min_months, 6);
  EXPECT_EQ(p.sex_as_posted, matcher::Sex::kMale);
  EXPECT_THAT(p.residence, ElementsAre(matcher::DivisionCode::FromNumber(130700)));
  EXPECT_EQ(p.excluded_groups, matcher::GroupSet{matcher::Group::kDisabled});
  EXPECT_EQ(p.excluded_households,
            matcher::HouseholdExclusionSet{matcher::HouseholdExclusion::kOwnsCar});
  EXPECT_TRUE(p.unemployment_registration_required && p.disabled_only);
  EXPECT_EQ(p.suitable_disabilities, matcher::DisabilitySet{matcher::DisabilityKind::kPhysical});
}

TEST(PostingProfile, TakesTheScheduleAndUnstatedShiftsAreDay) {
  const auto p = Posting(R"(schedule { shifts: [SHIFT_DAY, SHIFT_NIGHT] all_shifts: true
      min_hours_per_day: 8 max_hours_per_day: 10 start_date: "2024-06-01" end_date: "2024-09-30"
      form: WORK_FORM_SEASONAL } apply_from: "2024-05-01" apply_until: "2024-05-20")");
  EXPECT_EQ(p.shifts, (matcher::ShiftSet{matcher::Shift::kDay, matcher::Shift::kNight}));
  EXPECT_EQ(p.shift_demand, matcher::ShiftDemand::kAll);
  EXPECT_EQ(p.min_hours_per_day, 8);
  EXPECT_EQ(p.max_hours_per_day, 10);
  EXPECT_EQ(p.start, Day::FromCivil(2024, 6, 1));
  EXPECT_EQ(p.end, Day::FromCivil(2024, 9, 30));
  EXPECT_EQ(p.work_form, matcher::WorkForm::kSeasonal);
  EXPECT_EQ(p.window.first, Day::FromCivil(2024, 5, 1));
  EXPECT_EQ(p.window.last, Day::FromCivil(2024, 5, 20));
  EXPECT_EQ(Posting("").shifts, matcher::ShiftSet{matcher::Shift::kDay});
  EXPECT_EQ(Posting("").shift_demand, matcher::ShiftDemand::kAny);
}

TEST(PostingProfile, TakesStrainDangersAndBenefits) {
  const auto p = Posting(R"(intensity: LABOUR_INTENSITY_HEAVY hazards: [HAZARD_TOXIC, HAZARD_MINE]
      benefits { lodging: true transport: true } place { radius_km: 0 })");
  EXPECT_EQ(p.labour_intensity, 3);
  EXPECT_EQ(p.hazards, (matcher::HazardSet{matcher::Hazard::kToxic, matcher::Hazard::kMine}));
  EXPECT_TRUE(p.lodging_given && p.transport_given);
  EXPECT_EQ(p.radius, matcher::Kilometres::Of(0));
}

// --- pay and dates -------------------------------------------------------------------------------

TEST(Pay, IsMadeMonthly) {
  EXPECT_EQ(Pay("unit: PAY_UNIT_MONTH min_yuan: 3000 max_yuan: 4500"), (MonthlyPay{3000, 4500}));
  EXPECT_EQ(Pay("unit: PAY_UNIT_HOUR min_yuan: 20"), (MonthlyPay{3480, std::nullopt}));
  EXPECT_EQ(Pay("unit: PAY_UNIT_DAY max_yuan: 200"), (MonthlyPay{std::nullopt, 4350}));
  EXPECT_EQ(Pay("unit: PAY_UNIT_YEAR min_yuan: 60000"), (MonthlyPay{5000, std::nullopt}));
}

TEST(Pay, AnHourlyPartTimerEarnsForTheHoursWorked) {
  EXPECT_EQ(Pay("unit: PAY_UNIT_HOUR min_yuan: 20", {.division = {}, .max_hours_per_day = 4}),
            (MonthlyPay{1740, std::nullopt}));
}

TEST(Pay, ByMeasureIsKnownByItsEstimate) {
  EXPECT_EQ(Pay("unit: PAY_UNIT_MEASURE min_yuan: 2"), MonthlyPay());
  EXPECT_EQ(Pay("unit: PAY_UNIT_MEASURE min_yuan: 2 monthly_estimate_yuan: 3600"),
            (MonthlyPay{3600, 3600}));
}

TEST(Pay, TiedToTheMinimumWageIsALowerBoundWhereTheWageIsKnown) {
  const auto hebei = matcher::DivisionCode::FromNumber(130723);
  EXPECT_EQ(Pay("minimum_wage_percent: 120", {.division = hebei}),
            (MonthlyPay{2160, std::nullopt}));
  EXPECT_EQ(
      Pay("minimum_wage_percent: 120", {.division = matcher::DivisionCode::FromNumber(440300)}),
      MonthlyPay());
}

TEST(Vocabulary, ReadsEveryDayOfTheCalendarAndNoOther) {
  for (int year = 0; year < 10'000; year += year < 1'990 || year > 2'040 ? 97 : 1) {
    for (int month = 0; month <= 13; ++month) {
      for (int day = 0; day <= 32; ++day) {
        const absl::CivilDay civil(year, month, day);
        const bool is_day = civil.month() == month && civil.day() == day;
        ASSERT_EQ(ToDay(absl::StrFormat("%04d-%02d-%02d", year, month, day)).value_or(Day::Max()),
                  is_day ? Day::FromCivil(civil) : Day::Max());
      }
    }
  }
}

TEST(Vocabulary, ReadsDatesAndDivisionsOrNothing) {
  EXPECT_EQ(ToDay("2024-02-29"), Day::FromCivil(2024, 2, 29));
  for (const char* bad : {"", "2023-02-29", "2024-13-01", "2024/01/01", "20240101", "2024-1-1"}) {
    EXPECT_FALSE(ToDay(bad).has_value()) << bad;
  }
  EXPECT_EQ(ToDivision("130723"), matcher::DivisionCode::FromNumber(130723));
  EXPECT_FALSE(ToDivision("13072").known());
  EXPECT_FALSE(ToDivision("13072x").known());
}

TEST(Vocabulary, EveryEnumeratorOfTheApiHasItsCounterpart) {
  for (int i = 1; i < v1::Group_ARRAYSIZE; ++i) {
    EXPECT_TRUE(ToGroup(static_cast<v1::Group>(i)).has_value()) << i;
  }
  for (int i = 1; i < v1::Education_ARRAYSIZE; ++i) {
    EXPECT_TRUE(ToEducation(static_cast<v1::Education>(i)).has_value()) << i;
  }
  for (int i = 1; i < v1::HouseholdExclusion_ARRAYSIZE; ++i) {
    EXPECT_TRUE(ToExclusion(static_cast<v1::HouseholdExclusion>(i)).has_value()) << i;
  }
  for (int i = 1; i < v1::Shift_ARRAYSIZE; ++i) {
    EXPECT_TRUE(ToShift(static_cast<v1::Shift>(i)).has_value()) << i;
  }
  for (int i = 1; i < v1::Hazard_ARRAYSIZE; ++i) {
    EXPECT_TRUE(ToHazard(static_cast<v1::Hazard>(i)).has_value()) << i;
  }
  EXPECT_EQ(v1::DisabilityKind_ARRAYSIZE, matcher::kEnumCount<matcher::DisabilityKind>);
  EXPECT_EQ(v1::PublicWelfareKind_ARRAYSIZE, matcher::kEnumCount<matcher::PublicWelfareKind>);
  EXPECT_EQ(v1::LabourClass_ARRAYSIZE, matcher::kEnumCount<matcher::LabourClass>);
  EXPECT_EQ(v1::WorkForm_ARRAYSIZE, matcher::kEnumCount<matcher::WorkForm> + 1);
}

TEST(Vocabulary, ANumberFromANewerLeyeIsNotSaid) {
  EXPECT_FALSE(ToGroup(static_cast<v1::Group>(900)).has_value());
  EXPECT_EQ(ToIntensityGrade(static_cast<v1::LabourIntensity>(-1)), 0);
}

}  // namespace
}  // namespace leye::live
