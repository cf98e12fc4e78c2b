// What the matcher knows of a posting: who may take it, and what it offers.
//
// As in profile.h, a default means "not said" and turns nobody away; only `open`, `openings_left`
// and the place must be given. One notice with several jobs is several postings.
#ifndef LEYE_MATCHER_POSTING_PROFILE_H_
#define LEYE_MATCHER_POSTING_PROFILE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "matcher/geo.h"
#include "matcher/ids.h"
#include "matcher/skill_level.h"
#include "matcher/units.h"
#include "matcher/vocabulary.h"

namespace leye::matcher {

struct AskedSkill {
  SkillId skill;
  SkillLevel min_level;  // unknown: any level, said or not
};

// Satisfied by any one of its alternatives. Conditions are the conjunction of groups.
struct RequiredSkillGroup {
  std::vector<AskedSkill> any_of;  // not empty
  uint16_t weight = 1;             // in the skills criterion
};

struct PreferredSkill {
  AskedSkill asked;
  uint16_t weight = 1;
};

// Completed years; both ends belong to it.
struct AgeLimits {
  std::optional<uint8_t> min_years;
  std::optional<uint8_t> max_years;
  std::optional<uint8_t> relaxable_to_years;  // admitted up to this age too, with a note
};

// "18..45, women to 40, veterans relaxable to 50" is three of these.
struct AgeRange {
  AgeLimits limits;
  Sex sex = Sex::kUnknown;  // whom the range speaks of; kUnknown = everyone
  GroupSet groups;          // all of them; empty = everyone
};

// One way of being eligible: all groups, within the own age limits, with all papers.
struct EligibleGroup {
  GroupSet all_of;
  AgeLimits limits;
  std::vector<SkillId> papers;
};

// Whether the person must be free for all of the posting's shifts or may choose one.
enum class ShiftDemand : uint8_t { kAll, kAny };

struct PublicWelfareTerms {
  PublicWelfareScheme scheme = PublicWelfareScheme::kRural;
  PublicWelfareKind kind = PublicWelfareKind::kOther;
  bool first_placement_only = false;     // never had a post of this scheme before
  std::optional<uint8_t> household_cap;  // most members of one household on this kind
};

// Somebody who is not to be matched with a posting again, or not now.
struct BarredPerson {
  CandidateId candidate;
  // When the pair last ended by a refusal or for cause; absent: it has a referral that has not
  // ended.
  std::optional<Day> refused;

  friend bool operator==(const BarredPerson&, const BarredPerson&) = default;
};

struct PostingProfile {
  PostingId id;
  Channel channel = Channel::kEnterprise;
  PublicWelfareTerms public_welfare;  // means nothing in the other channels

  bool home_based = false;  // done at home: distance and place do not matter
  GeoPoint location;        // WGS-84; REQUIRED unless home based
  DivisionCode division;

  bool open = false;
  DayRange window;                      // days on which it takes people
  uint16_t openings_left = 0;           // after hires and live holds
  uint16_t reserved_openings_left = 0;  // part of openings_left, only for the group below
  Group reserved_for = Group::kRelocated;
  std::vector<BarredPerson> barred;  // ascending by candidate, each once

  std::optional<TradeId> trade;
  std::vector<RequiredSkillGroup> required_skills;
  std::vector<PreferredSkill> preferred_skills;
  std::vector<SkillId> required_papers;  // certificates and licences, all of them

  std::vector<AgeRange> age_ranges;
  std::optional<Education> education_min;
  std::optional<uint16_t> experience_min_months;
  std::vector<DivisionCode> residence;         // 户籍 in any of these; empty = anywhere
  std::vector<EligibleGroup> eligible_groups;  // any of these; empty = everyone
  GroupSet excluded_groups;
  HouseholdExclusionSet excluded_households;
  bool unemployment_registration_required = false;
  Sex sex_as_posted = Sex::kUnknown;  // stored and flagged, never a filter and never a feature

  uint8_t labour_intensity = 0;  // grade 1..4; 0 = not said
  HazardSet hazards;
  DisabilitySet suitable_disabilities;  // empty = not said
  bool disabled_only = false;           // nobody without a disability

  ShiftSet shifts;
  ShiftDemand shift_demand = ShiftDemand::kAll;
  std::optional<uint8_t> min_hours_per_day;  // the least that must be worked
  std::optional<uint8_t> max_hours_per_day;
  std::optional<Day> start;
  std::optional<Day> end;  // of a season or project
  WorkForm work_form = WorkForm::kFullTime;

  bool lodging_given = false;
  bool transport_given = false;
  std::optional<Kilometres> radius;  // takes nobody from farther away

  std::optional<int32_t> min_yuan_per_month;  // made monthly by the caller
  std::optional<int32_t> max_yuan_per_month;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_PROFILE_H_
