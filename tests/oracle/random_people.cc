#include "tests/oracle/random_people.h"

#include <algorithm>

#include "matcher/retirement.h"

namespace leye::matcher::oracle {
namespace {

// On, just before or just after a birthday that some rule asks about, or somewhere between.
Day RandomBirth(Dice& dice, Day day) {
  const int years = dice.OneIn(2) ? dice.OneOf({15, 16, 17, 18, 30, 40, 45, 50, 55, 60, 63})
                                  : dice.Between(17, 62);
  const int months = dice.OneIn(3) ? dice.Between(0, 11) : 0;
  const Day birth = PlusMonths(day, -(years * 12 + months));
  return birth.PlusDays(dice.OneOf({-1, 0, 0, 1}));
}

void SetPerson(Dice& dice, Day day, CandidateProfile& candidate) {
  candidate.birth = RandomBirth(dice, day);
  candidate.sex = dice.OneOf({Sex::kFemale, Sex::kMale, Sex::kMale, Sex::kUnknown});
  if (dice.OneIn(8)) candidate.retirement_category = RetirementCategory::kWomen50;
  if (!dice.OneIn(5)) candidate.education = dice.Any<Education>();
  candidate.labour_class = dice.OneIn(3) ? dice.Any<LabourClass>() : LabourClass::kOrdinary;
  if (dice.OneIn(8)) {
    candidate.disability.kind = dice.OneOf({DisabilityKind::kVisual, DisabilityKind::kHearing});
    candidate.disability.grade = static_cast<uint8_t>(dice.Between(0, 4));
  }
  if (dice.OneIn(5)) candidate.intensity_limit = static_cast<uint8_t>(dice.Between(1, 4));
  candidate.maternity_protection = candidate.sex == Sex::kFemale && dice.OneIn(8);
  candidate.groups =
      dice.Set<Group>(4) & GroupSet{Group::kRelocated, Group::kHardToEmploy, Group::kVeteran,
                                    Group::kGraduate, Group::kLiftedFromPoverty};
  candidate.residence_division =
      DivisionCode::FromNumber(dice.OneOf<uint64_t>({0, 130723001, 130724, 130624}));
}

void SetStanding(Dice& dice, Day day, CandidateProfile& candidate) {
  candidate.seeking = !dice.OneIn(15);
  candidate.willing = !dice.OneIn(15);
  candidate.consent = DayRange{};
  if (dice.OneIn(8)) candidate.consent.last = NearDay(dice, day);
  candidate.ranking_declined = dice.OneIn(12);
  candidate.shown_to_employers = !dice.OneIn(12);
  if (dice.OneIn(3)) {
    Employment& employment = candidate.employment;
    employment.state = dice.OneOf(
        {EmploymentState::kEmployed, EmploymentState::kSelfEmployed, EmploymentState::kStudent});
    if (dice.OneIn(2)) employment.channel = dice.Any<Channel>();
    employment.outside_home_county = dice.OneIn(3);
    employment.placed = dice.OneIn(6);
  }
  if (dice.OneIn(4)) {
    candidate.public_welfare.months_used = dice.OneOf<uint16_t>({0, 12, 35, 36, 40});
    candidate.public_welfare.placements = dice.OneOf<uint8_t>({0, 1, 1, 2});
  }
  if (dice.OneIn(2)) {
    candidate.unemployed_since =
        PlusMonths(day, -dice.Between(0, 14)).PlusDays(dice.OneOf({-1, 0, 0, 1}));
  }
  candidate.registered_unemployed = dice.OneIn(2);
}

void SetWishes(Dice& dice, Day day, CandidateProfile& candidate) {
  while (candidate.wished_trades.size() < kMaxWishedTrades && dice.OneIn(2)) {
    candidate.wished_trades.push_back(TradeId(static_cast<uint16_t>(dice.Between(0, 2))));
  }
  if (dice.OneIn(2)) candidate.wished_yuan_per_month = dice.OneOf({2000, 3000, 4000, 6001});
  if (!dice.OneIn(4)) {
    candidate.max_distance = Kilometres::Of(dice.OneOf({0.0, 10.0, 30.0, 100.0, 5000.0}));
  }
  if (dice.OneIn(2)) {
    candidate.max_travel_minutes = dice.OneOf<uint16_t>({0, 11, 12, 30, 60, 150, 600});
  }
  candidate.willing_to_leave_home = dice.OneIn(3);
  candidate.needs_lodging = dice.OneIn(3);
  candidate.needs_transport = dice.OneIn(6);
  candidate.wants_to_go_out = candidate.willing_to_leave_home && dice.OneIn(2);
  if (dice.OneIn(3)) {
    candidate.wished_divisions.push_back(
        DivisionCode::FromNumber(dice.OneOf<uint64_t>({13, 1307, 130723, 44})));
  }
  if (dice.OneIn(6)) candidate.available.first = NearDay(dice, day.PlusDays(30));
  if (dice.OneIn(6)) candidate.available.last = NearDay(dice, day);
  if (dice.OneIn(4)) candidate.shifts = dice.Set<Shift>(2);
  if (dice.OneIn(4)) candidate.max_hours_per_day = dice.OneOf<uint8_t>({4, 8, 10});
  if (dice.OneIn(4)) candidate.work_forms = dice.Set<WorkForm>(2);
}

void SetSkills(Dice& dice, const World& world, CandidateProfile& candidate) {
  if (dice.OneIn(4)) candidate.experience_months = dice.OneOf<uint16_t>({0, 11, 12, 24});
  const int count = static_cast<int>(world.catalogue.skill_count());
  for (int skill = 0; skill < count; ++skill) {
    if (!dice.OneIn(3)) continue;
    HeldSkill held;
    held.skill = SkillId(static_cast<uint16_t>(skill));
    if (!dice.OneIn(4)) held.level = SkillLevel::Of(dice.Between(0, SkillLevel::kMax));
    if (dice.OneIn(5)) held.expires = NearDay(dice, world.day);
    candidate.skills.push_back(held);
  }
}

}  // namespace

Day NearDay(Dice& dice, Day day) { return day.PlusDays(dice.OneOf({-400, -1, 0, 1, 30, 31, 400})); }

std::vector<HouseholdProfile> RandomHouseholds(Dice& dice, int count) {
  std::vector<HouseholdProfile> households;
  for (int i = 0; i < count; ++i) {
    HouseholdProfile household;
    household.id = HouseholdId(static_cast<uint64_t>(i));
    household.members = static_cast<uint8_t>(dice.Between(1, 6));
    household.able_members = static_cast<uint8_t>(dice.Between(0, household.members));
    household.earners = static_cast<uint8_t>(dice.Between(0, household.able_members));
    household.groups =
        dice.Set<Group>(3) & GroupSet{Group::kLiftedFromPoverty, Group::kMonitored,
                                      Group::kMonitoredAtRisk, Group::kSubsistenceAllowance};
    household.exclusions = dice.Set<HouseholdExclusion>(6);
    for (uint8_t& holders : household.public_welfare_holders) {
      holders = static_cast<uint8_t>(dice.OneIn(4) ? dice.Between(1, 2) : 0);
    }
    households.push_back(household);
  }
  return households;
}

std::vector<CandidateProfile> RandomCandidates(Dice& dice, const World& world, int count) {
  std::vector<CandidateProfile> candidates;
  for (int i = 0; i < count; ++i) {
    CandidateProfile candidate;
    if (i > 0 && dice.OneIn(4)) {
      candidate = dice.OneOf(candidates);  // a twin
    } else {
      candidate.household = dice.OneOf(world.households).id;
      candidate.area = dice.OneOf(world.areas).index;
      SetPerson(dice, world.day, candidate);
      SetStanding(dice, world.day, candidate);
      SetWishes(dice, world.day, candidate);
      SetSkills(dice, world, candidate);
    }
    // Ids in two regions, not dense, ascending.
    const auto region = RegionCode(static_cast<uint8_t>(i < count / 2 ? 13 : 15));
    candidate.id = RegisteredId<CandidateId>(region, static_cast<uint64_t>(i) * 3 + 1);
    candidates.push_back(candidate);
  }
  return candidates;
}

void PlaceLimitsOnDistances(Dice& dice, World& world) {
  for (CandidateProfile& candidate : world.candidates) {
    if (world.postings.empty() || !dice.OneIn(4)) continue;
    candidate.max_distance =
        RoadOf(TravelBetween(world.AreaOf(candidate), dice.OneOf(world.postings), world.Context()),
               world.ruleset);
  }
  for (PostingProfile& posting : world.postings) {
    if (!dice.OneIn(4)) continue;
    posting.radius = TravelBetween(dice.OneOf(world.areas), posting, world.Context()).distance;
  }
}

}  // namespace leye::matcher::oracle
