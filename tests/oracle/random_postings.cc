#include "tests/oracle/random_postings.h"

#include <algorithm>

#include "tests/oracle/random_people.h"

namespace leye::matcher::oracle {
namespace {

SkillId RandomSkill(Dice& dice, const World& world) {
  // Now and then one that the catalogue does not have.
  const int count = static_cast<int>(world.catalogue.skill_count());
  return SkillId(static_cast<uint16_t>(dice.Between(0, dice.OneIn(10) ? count : count - 1)));
}

AskedSkill RandomAsked(Dice& dice, const World& world) {
  AskedSkill asked;
  asked.skill = RandomSkill(dice, world);
  if (dice.OneIn(2)) asked.min_level = SkillLevel::Of(dice.Between(0, 4));
  return asked;
}

void SetSeat(Dice& dice, const World& world, PostingProfile& posting) {
  posting.channel = dice.Any<Channel>();
  posting.public_welfare.scheme =
      dice.OneOf({PublicWelfareScheme::kRural, PublicWelfareScheme::kUrban});
  posting.public_welfare.kind =
      dice.OneOf({PublicWelfareKind::kForestGuard, PublicWelfareKind::kCleaning});
  posting.public_welfare.first_placement_only = dice.OneIn(6);
  if (dice.OneIn(2)) posting.public_welfare.household_cap = dice.OneOf<uint8_t>({1, 2});
  posting.home_based = dice.OneIn(8);
  const GeoPoint near = dice.OneOf(world.areas).location;
  posting.location = dice.OneIn(3) ? near
                                   : ClampedPoint(near.latitude_degrees() + dice.Unit() - 0.5,
                                                  near.longitude_degrees() + dice.Unit() - 0.5);
  if (dice.OneIn(4)) posting.location = ClampedPoint(22.6, 114.1);  // far away
  posting.division = DivisionCode::FromNumber(dice.OneOf<uint64_t>({130723, 130724, 440305, 0}));
  posting.open = !dice.OneIn(10);
  if (dice.OneIn(8)) posting.window.first = NearDay(dice, world.day);
  if (dice.OneIn(8)) posting.window.last = NearDay(dice, world.day);
  posting.openings_left = dice.OneOf<uint16_t>({0, 1, 2, 2, 5, 5, 5});
  if (dice.OneIn(3)) posting.reserved_openings_left = dice.OneOf<uint16_t>({1, 2});
}

void SetSkills(Dice& dice, const World& world, PostingProfile& posting) {
  if (dice.OneIn(2)) posting.trade = TradeId(static_cast<uint16_t>(dice.Between(0, 2)));
  for (int i = dice.OneOf({0, 0, 0, 1, 1, 2}); i > 0; --i) {
    RequiredSkillGroup group;
    for (int j = dice.Between(1, 3); j > 0; --j) group.any_of.push_back(RandomAsked(dice, world));
    group.weight = dice.OneOf<uint16_t>({0, 1, 1, 1, 3});
    posting.required_skills.push_back(group);
  }
  for (int i = dice.OneOf({0, 0, 1, 2, 3}); i > 0; --i) {
    PreferredSkill preferred;
    preferred.asked = RandomAsked(dice, world);
    preferred.weight = dice.OneOf<uint16_t>({0, 1, 1, 2, 100});
    posting.preferred_skills.push_back(preferred);
  }
  if (dice.OneIn(10)) posting.required_papers.emplace_back(3);
  if (dice.OneIn(10)) posting.required_papers.emplace_back(7);
}

AgeLimits RandomLimits(Dice& dice) {
  AgeLimits limits;
  if (!dice.OneIn(4)) limits.min_years = dice.OneOf<uint8_t>({16, 18, 30});
  if (!dice.OneIn(4)) limits.max_years = dice.OneOf<uint8_t>({40, 45, 50, 55, 60});
  if (dice.OneIn(4)) limits.relaxable_to_years = dice.OneOf<uint8_t>({60, 63});
  return limits;
}

void SetPeopleAsked(Dice& dice, PostingProfile& posting) {
  for (int i = dice.OneOf({0, 0, 1, 1, 2, 3}); i > 0; --i) {
    AgeRange range;
    range.limits = RandomLimits(dice);
    if (dice.OneIn(3)) range.sex = dice.OneOf({Sex::kFemale, Sex::kMale});
    if (dice.OneIn(3)) range.groups = {Group::kVeteran};
    posting.age_ranges.push_back(range);
  }
  if (dice.OneIn(4)) posting.education_min = dice.OneOf({Education::kPrimary, Education::kCollege});
  if (dice.OneIn(6)) posting.experience_min_months = 12;
  if (dice.OneIn(8)) posting.residence.push_back(DivisionCode::FromNumber(130723));
  if (dice.OneIn(6)) {
    posting.eligible_groups.push_back(
        {.all_of = {Group::kRelocated}, .limits = RandomLimits(dice), .papers = {}});
    posting.eligible_groups.push_back(
        {.all_of = {Group::kLiftedFromPoverty}, .limits = {}, .papers = {}});
  }
  if (dice.OneIn(8)) posting.excluded_groups = {Group::kStudent, Group::kGraduate};
  if (dice.OneIn(8)) posting.excluded_households = {HouseholdExclusion::kOwnsCar};
  posting.unemployment_registration_required = dice.OneIn(10);
  posting.sex_as_posted = dice.OneOf({Sex::kUnknown, Sex::kFemale, Sex::kMale});
}

void SetWork(Dice& dice, Day day, PostingProfile& posting) {
  if (dice.OneIn(3)) posting.labour_intensity = static_cast<uint8_t>(dice.Between(1, 4));
  if (dice.OneIn(5)) posting.hazards = dice.Set<Hazard>(3);
  if (dice.OneIn(6)) posting.suitable_disabilities = {DisabilityKind::kHearing};
  posting.disabled_only = dice.OneIn(20);
  if (dice.OneIn(3)) posting.shifts = dice.Set<Shift>(3);
  posting.shift_demand = dice.OneOf({ShiftDemand::kAll, ShiftDemand::kAny});
  if (dice.OneIn(3)) posting.min_hours_per_day = dice.OneOf<uint8_t>({4, 8, 9});
  if (dice.OneIn(6)) posting.start = NearDay(dice, day);
  if (dice.OneIn(6)) posting.end = NearDay(dice, day);
  if (dice.OneIn(3)) posting.work_form = dice.Any<WorkForm>();
  posting.lodging_given = dice.OneIn(2);
  posting.transport_given = dice.OneIn(4);
  if (dice.OneIn(3)) posting.radius = Kilometres::Of(dice.OneOf({20.0, 50.0, 5000.0}));
  if (!dice.OneIn(4)) posting.min_yuan_per_month = dice.OneOf({1500, 2000, 3000, 4000});
  if (!dice.OneIn(4)) posting.max_yuan_per_month = dice.OneOf({4000, 5001, 6000});
}

// Some people who are not to be matched with it.
void SetBarred(Dice& dice, const World& world, PostingProfile& posting) {
  for (const CandidateProfile& candidate : world.candidates) {
    if (!dice.OneIn(12)) continue;
    BarredPerson& barred = posting.barred.emplace_back();
    barred.candidate = candidate.id;
    if (!dice.OneIn(3)) barred.refused = world.day.PlusDays(-dice.Between(0, 400));
  }
  std::ranges::sort(posting.barred, {}, &BarredPerson::candidate);
}

}  // namespace

std::vector<PostingProfile> RandomPostings(Dice& dice, const World& world, int count) {
  std::vector<PostingProfile> postings;
  for (int i = 0; i < count; ++i) {
    PostingProfile posting;
    if (i > 0 && dice.OneIn(5)) {
      posting = dice.OneOf(postings);  // a twin
    } else {
      SetSeat(dice, world, posting);
      SetSkills(dice, world, posting);
      SetPeopleAsked(dice, posting);
      SetWork(dice, world.day, posting);
      if (dice.OneIn(3)) SetBarred(dice, world, posting);
    }
    posting.id = RegisteredId<PostingId>(RegionCode(13), static_cast<uint64_t>(i) * 2 + 1);
    postings.push_back(posting);
  }
  return postings;
}

}  // namespace leye::matcher::oracle
