// What the matcher knows of people: candidates, their households and their settlement areas.
//
// Profiles are plain values with no names, numbers, contacts or free text. They are made from the
// stored records (services/live) or by scenario builders (tests/testing) and are immutable once an
// index holds them. Defaults mean "not said" and turn nobody away, except consent, seeking and
// willing, which must be given. `std::optional` marks what may be unknown where zero has a meaning.
#ifndef LEYE_MATCHER_PROFILE_H_
#define LEYE_MATCHER_PROFILE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"

#include "matcher/geo.h"
#include "matcher/ids.h"
#include "matcher/skill_level.h"
#include "matcher/units.h"
#include "matcher/vocabulary.h"

namespace leye::matcher {

// A skill, certificate or licence that somebody holds.
struct HeldSkill {
  SkillId skill;
  SkillLevel level;          // unknown for most certificates
  Day expires = Day::Max();  // last valid day; Max if it does not expire
};

struct Disability {
  DisabilityKind kind = DisabilityKind::kNone;
  uint8_t grade = 0;  // 1 (most severe) .. 4; 0 = not said
};

struct Employment {
  EmploymentState state = EmploymentState::kUnemployed;
  std::optional<Channel> channel;                                    // of the present work
  PublicWelfareKind public_welfare_kind = PublicWelfareKind::kNone;  // post held now
  bool outside_home_county = false;
  bool placed = false;  // hired through leye and not left: not to be offered again
};

// Earlier subsidised public-welfare terms.
struct PublicWelfareHistory {
  uint16_t months_used = 0;  // subsidised months in all
  uint8_t placements = 0;    // times placed, the present post included
};

// Which statutory retirement age a woman has. By default the ruleset says.
enum class RetirementCategory : uint8_t { kUnknown, kMen, kWomen55, kWomen50 };

inline constexpr int kMaxWishedTrades = 3;

struct CandidateProfile {
  CandidateId id;
  HouseholdId household;
  AreaIndex area;
  DivisionCode home_division;  // where the person lives; residence conditions look at it

  Day birth;
  Sex sex = Sex::kUnknown;
  RetirementCategory retirement_category = RetirementCategory::kUnknown;
  std::optional<Education> education;
  LabourClass labour_class = LabourClass::kUnknown;
  Disability disability;
  uint8_t intensity_limit = 0;  // heaviest labour intensity grade, 1..4; 0 = no limit said
  GroupSet groups;              // groups recorded of the person
  CircumstanceSet circumstances;

  bool seeking = false;                 // looks for work
  bool willing = false;                 // agreed to be recommended
  DayRange consent = DayRange::None();  // consent to matching; ends the day before withdrawal

  Employment employment;
  PublicWelfareHistory public_welfare;
  std::optional<Day> unemployed_since;  // absent: no waiting time is counted
  bool registered_unemployed = false;

  absl::InlinedVector<TradeId, kMaxWishedTrades> wished_trades;  // at most kMaxWishedTrades
  std::optional<int32_t> wished_yuan_per_month;                  // > 0
  std::optional<Kilometres> max_distance;
  std::optional<uint16_t> max_travel_minutes;
  bool willing_to_leave_home = false;  // farther than the limits above, if cared for
  bool needs_lodging = false;          // away from home only with lodging
  bool needs_transport = false;        // away from home only with transport or lodging
  bool wants_to_go_out = false;        // prefers work outside the home county

  DayRange available;                 // may be open at either end
  ShiftSet shifts = ShiftSet::All();  // what care duties leave free
  std::optional<uint8_t> max_hours_per_day;
  WorkFormSet work_forms;  // empty = any

  std::vector<HeldSkill> skills;  // ascending by skill, each skill once
};

struct HouseholdProfile {
  HouseholdId id;
  uint8_t members = 0;
  uint8_t able_members = 0;  // able and willing to work
  uint8_t earners = 0;       // members in work, public-welfare posts included
  GroupSet groups;  // 脱贫, 监测, open risk, 低保 and whatever else holds for all members
  CircumstanceSet circumstances;  // of any member
  // How many members hold a post of each kind now.
  std::array<uint8_t, kEnumCount<PublicWelfareKind>> public_welfare_holders{};

  // 零就业家庭: somebody could work and nobody does.
  bool ZeroEmployment() const { return able_members > 0 && earners == 0; }
};

struct AreaProfile {
  AreaIndex index;
  DivisionCode division;
  GeoPoint location;  // WGS-84
};

// Every group that the candidate belongs to: recorded of the person, of the household, or following
// from labour class, disability, employment, registration and the household's earners. Rules and
// priority tiers look at these only. Does not depend on the day, so that an index may store them.
GroupSet EffectiveGroups(const CandidateProfile& candidate, const HouseholdProfile& household);

// True if the groups of the two kinds above make sense together: nothing derived is recorded.
bool OnlyRecordedGroups(GroupSet groups);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_PROFILE_H_
