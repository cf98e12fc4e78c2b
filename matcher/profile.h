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

  friend bool operator==(const HeldSkill&, const HeldSkill&) = default;
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
  DivisionCode residence_division;  // 户籍; residence conditions look at it

  Day birth;
  Sex sex = Sex::kUnknown;
  RetirementCategory retirement_category = RetirementCategory::kUnknown;
  std::optional<Education> education;
  LabourClass labour_class = LabourClass::kUnknown;
  Disability disability;
  uint8_t intensity_limit = 0;        // heaviest labour intensity grade, 1..4; 0 = no limit said
  bool maternity_protection = false;  // pregnant or nursing
  GroupSet groups;                    // recorded of the person

  bool seeking = false;                 // looks for work
  bool willing = false;                 // agreed to be recommended
  DayRange consent = DayRange::None();  // consent to matching; ends the day before withdrawal
  bool ranking_declined = false;        // comes to work by a human's referral only
  bool shown_to_employers = true;       // the consent is to that, too; no rule of a match

  Employment employment;
  PublicWelfareHistory public_welfare;
  std::optional<Day> unemployed_since;  // absent: no waiting time is counted
  bool registered_unemployed = false;

  absl::InlinedVector<TradeId, kMaxWishedTrades> wished_trades;  // at most kMaxWishedTrades
  std::optional<int32_t> wished_yuan_per_month;                  // > 0
  std::optional<Kilometres> max_distance;
  std::optional<uint16_t> max_travel_minutes;
  bool willing_to_leave_home = false;          // farther than the limits above, if cared for
  bool needs_lodging = false;                  // away from home only with lodging
  bool needs_transport = false;                // beyond walking distance only with transport
  bool wants_to_go_out = false;                // prefers work away from home (外出务工)
  std::vector<DivisionCode> wished_divisions;  // where the person would like to work

  DayRange available;                 // may be open at either end
  ShiftSet shifts = ShiftSet::All();  // what care duties leave free
  std::optional<uint8_t> max_hours_per_day;
  WorkFormSet work_forms;  // accepted; empty = any

  std::optional<uint16_t> experience_months;
  std::vector<HeldSkill> skills;  // ascending by skill, each skill once
};

struct HouseholdProfile {
  HouseholdId id;
  uint8_t members = 0;
  uint8_t able_members = 0;  // able and willing to work
  uint8_t earners = 0;       // members in work, public-welfare posts included
  GroupSet groups;  // 脱贫, 监测, open risk, 低保 and whatever else holds for all members
  HouseholdExclusionSet exclusions;
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

// The groups of a candidate that hold on any day: recorded of the person, of the household, or
// following from labour class, disability, employment, registration and the household's earners. An
// index may store them. Only kOlderWorker is missing; EffectiveGroups in fit.h adds it.
GroupSet StandingGroups(const CandidateProfile& candidate, const HouseholdProfile& household);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_PROFILE_H_
