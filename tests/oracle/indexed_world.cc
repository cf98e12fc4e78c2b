#include "tests/oracle/indexed_world.h"

#include <algorithm>
#include <tuple>

namespace leye::matcher::oracle {
namespace {

template <typename T, typename Equal>
bool SameLists(const T& a, const T& b, const Equal& equal) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

bool SameLimits(const AgeLimits& a, const AgeLimits& b) {
  return std::tie(a.min_years, a.max_years, a.relaxable_to_years) ==
         std::tie(b.min_years, b.max_years, b.relaxable_to_years);
}

bool SameSkill(const AskedSkill& a, const AskedSkill& b) {
  return a.skill == b.skill && a.min_level == b.min_level;
}

bool SamePerson(const CandidateProfile& a, const CandidateProfile& b) {
  return std::tie(a.id, a.household, a.area, a.residence_division, a.birth, a.sex,
                  a.retirement_category, a.education, a.labour_class, a.disability.kind,
                  a.disability.grade, a.intensity_limit, a.maternity_protection, a.groups) ==
         std::tie(b.id, b.household, b.area, b.residence_division, b.birth, b.sex,
                  b.retirement_category, b.education, b.labour_class, b.disability.kind,
                  b.disability.grade, b.intensity_limit, b.maternity_protection, b.groups);
}

bool SameStanding(const CandidateProfile& a, const CandidateProfile& b) {
  return std::tie(a.seeking, a.willing, a.consent, a.employment.state, a.employment.channel,
                  a.employment.public_welfare_kind, a.employment.outside_home_county,
                  a.employment.placed, a.public_welfare.months_used, a.public_welfare.placements,
                  a.unemployed_since, a.registered_unemployed, a.experience_months,
                  a.ranking_declined, a.shown_to_employers) ==
         std::tie(b.seeking, b.willing, b.consent, b.employment.state, b.employment.channel,
                  b.employment.public_welfare_kind, b.employment.outside_home_county,
                  b.employment.placed, b.public_welfare.months_used, b.public_welfare.placements,
                  b.unemployed_since, b.registered_unemployed, b.experience_months,
                  b.ranking_declined, b.shown_to_employers);
}

bool SameWishes(const CandidateProfile& a, const CandidateProfile& b) {
  return std::tie(a.wished_trades, a.wished_yuan_per_month, a.max_distance, a.max_travel_minutes,
                  a.willing_to_leave_home, a.needs_lodging, a.needs_transport, a.wants_to_go_out,
                  a.wished_divisions, a.available, a.shifts, a.max_hours_per_day, a.work_forms) ==
         std::tie(b.wished_trades, b.wished_yuan_per_month, b.max_distance, b.max_travel_minutes,
                  b.willing_to_leave_home, b.needs_lodging, b.needs_transport, b.wants_to_go_out,
                  b.wished_divisions, b.available, b.shifts, b.max_hours_per_day, b.work_forms);
}

bool SameSkills(const PostingProfile& a, const PostingProfile& b) {
  const auto same_asked = [](const AskedSkill& x, const AskedSkill& y) { return SameSkill(x, y); };
  return SameLists(a.required_skills, b.required_skills,
                   [&](const RequiredSkillGroup& x, const RequiredSkillGroup& y) {
                     return x.weight == y.weight && SameLists(x.any_of, y.any_of, same_asked);
                   }) &&
         SameLists(a.preferred_skills, b.preferred_skills,
                   [&](const PreferredSkill& x, const PreferredSkill& y) {
                     return x.weight == y.weight && SameSkill(x.asked, y.asked);
                   }) &&
         a.required_papers == b.required_papers;
}

bool SameConditions(const PostingProfile& a, const PostingProfile& b) {
  return SameLists(a.age_ranges, b.age_ranges,
                   [](const AgeRange& x, const AgeRange& y) {
                     return SameLimits(x.limits, y.limits) && x.sex == y.sex &&
                            x.groups == y.groups;
                   }) &&
         SameLists(a.eligible_groups, b.eligible_groups,
                   [](const EligibleGroup& x, const EligibleGroup& y) {
                     return x.all_of == y.all_of && SameLimits(x.limits, y.limits) &&
                            x.papers == y.papers;
                   }) &&
         std::tie(a.education_min, a.experience_min_months, a.residence, a.excluded_groups,
                  a.excluded_households, a.unemployment_registration_required, a.sex_as_posted,
                  a.suitable_disabilities, a.disabled_only) ==
             std::tie(b.education_min, b.experience_min_months, b.residence, b.excluded_groups,
                      b.excluded_households, b.unemployment_registration_required, b.sex_as_posted,
                      b.suitable_disabilities, b.disabled_only);
}

bool SameWork(const PostingProfile& a, const PostingProfile& b) {
  return a.barred == b.barred &&
         std::tie(a.id, a.channel, a.public_welfare.scheme, a.public_welfare.kind,
                  a.public_welfare.first_placement_only, a.public_welfare.household_cap,
                  a.home_based, a.location, a.division, a.open, a.window, a.openings_left,
                  a.reserved_openings_left, a.reserved_for, a.trade) ==
             std::tie(b.id, b.channel, b.public_welfare.scheme, b.public_welfare.kind,
                      b.public_welfare.first_placement_only, b.public_welfare.household_cap,
                      b.home_based, b.location, b.division, b.open, b.window, b.openings_left,
                      b.reserved_openings_left, b.reserved_for, b.trade) &&
         std::tie(a.labour_intensity, a.hazards, a.shifts, a.shift_demand, a.min_hours_per_day,
                  a.max_hours_per_day, a.start, a.end, a.work_form, a.lodging_given,
                  a.transport_given, a.radius, a.min_yuan_per_month, a.max_yuan_per_month) ==
             std::tie(b.labour_intensity, b.hazards, b.shifts, b.shift_demand, b.min_hours_per_day,
                      b.max_hours_per_day, b.start, b.end, b.work_form, b.lodging_given,
                      b.transport_given, b.radius, b.min_yuan_per_month, b.max_yuan_per_month);
}

}  // namespace

World IndexableWorld(uint64_t seed, const WorldOptions& options) {
  World world = RandomWorld(seed, options);
  const auto next = [](HouseholdId id) { return HouseholdId(id.value() + 1); };
  for (HouseholdProfile& household : world.households) household.id = next(household.id);
  world.households.insert(world.households.begin(), HouseholdProfile());
  for (CandidateProfile& candidate : world.candidates) {
    // One in sixteen lives in none.
    const bool none = (candidate.id.value() ^ seed) % 16 == 0;
    candidate.household = none ? HouseholdId() : next(candidate.household);
  }
  return world;
}

std::shared_ptr<const CandidateSnapshot> IndexPeople(const World& world) {
  CandidateIndex index;
  for (const AreaProfile& area : world.areas) index.UpsertArea(area);
  for (const HouseholdProfile& household : world.households) index.UpsertHousehold(household);
  for (const CandidateProfile& candidate : world.candidates) index.Upsert(candidate);
  return index.Publish();
}

std::shared_ptr<const PostingSnapshot> IndexPostings(const World& world) {
  PostingIndex index;
  for (const PostingProfile& posting : world.postings) index.Upsert(posting);
  return index.Publish();
}

std::shared_ptr<const PostingSnapshot> LoadPostings(const World& world) {
  PostingIndex index;
  index.Load(
      world.postings.size(),
      [&](size_t i, PostingProfile& profile) { profile = world.postings[i]; }, 2);
  return index.Publish();
}

Person PersonOf(const World& world, const CandidateProfile& candidate) {
  return {.candidate = candidate,
          .household = world.HouseholdOf(candidate),
          .area = world.AreaOf(candidate)};
}

bool Same(const CandidateProfile& a, const CandidateProfile& b) {
  return SamePerson(a, b) && SameStanding(a, b) && SameWishes(a, b) &&
         SameLists(a.skills, b.skills, [](const HeldSkill& x, const HeldSkill& y) {
           return x.skill == y.skill && x.level == y.level && x.expires == y.expires;
         });
}

bool Same(const HouseholdProfile& a, const HouseholdProfile& b) {
  return std::tie(a.id, a.members, a.able_members, a.earners, a.groups, a.exclusions,
                  a.public_welfare_holders) == std::tie(b.id, b.members, b.able_members, b.earners,
                                                        b.groups, b.exclusions,
                                                        b.public_welfare_holders);
}

bool Same(const PostingProfile& a, const PostingProfile& b) {
  return SameWork(a, b) && SameSkills(a, b) && SameConditions(a, b);
}

}  // namespace leye::matcher::oracle
