// Rules as data: which hard rules apply, with which parameters, and how the criteria are weighed.
//
//   Ruleset rules = DefaultRuleset();                 // "hebei-2026", DOMAIN's table
//   rules.proximity.half_distance = Kilometres::Of(20);
//   std::vector<RulesetViolation> wrong = Validate(rules);   // empty: usable
//
// A plain value. Whoever publishes one validates it first and then treats it as immutable: Fit and
// the ranker REQUIRE a valid ruleset. A request that overrides weights does so on a copy. Weights
// and credits are Scores (millionths); the weights of one side sum to one.
#ifndef LEYE_MATCHER_RULESET_H_
#define LEYE_MATCHER_RULESET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "matcher/criterion.h"
#include "matcher/posting_lint.h"
#include "matcher/retirement.h"
#include "matcher/rule_id.h"
#include "matcher/skill_catalogue.h"
#include "matcher/units.h"
#include "matcher/vocabulary.h"

namespace leye::matcher {

// AGE-MIN, AGE-MINOR, AGE-RETIRE.
struct AgeParameters {
  int min_years = 16;
  int adult_years = 18;
  HazardSet minors_barred_hazards = {Hazard::kHazardous, Hazard::kToxic, Hazard::kMine};
  int minors_barred_intensity = 4;                      // from this grade on
  HazardSet retired_barred_hazards = HazardSet::All();  // past retirement age
  int older_women_years = 40;                           // 大龄
  int older_men_years = 50;
};

// PROTECTION: work that the law closes to women whatever the posting says, and more of it while
// pregnant or nursing (女职工劳动保护特别规定, 2012, annex). Intensities bar from that grade on.
struct ProtectionParameters {
  HazardSet women_barred_hazards = {Hazard::kMine};
  int women_barred_intensity = 4;
  HazardSet maternity_barred_hazards = {Hazard::kToxic, Hazard::kMine, Hazard::kHighPlace};
  int maternity_barred_intensity = 3;
};

// SKILL-REQ and the skills criterion.
struct SkillParameters {
  RelationCredits credits;
  // Taken off the credit for each level below the one asked; full credit at it or above.
  Score cost_per_missing_level = Score::FromRatio(2, 10);
  // Credit when a level is asked and the held level is unknown.
  Score unknown_level_credit = Score::FromRatio(5, 10);
  // Does an unknown level meet a required one?
  bool unknown_level_meets_required = false;
};

// REACH.
struct ReachParameters {
  // The limit taken for a candidate who named none.
  Kilometres unstated_limit = Kilometres::Of(50);
  // Whoever needs transport gets so far without.
  Kilometres walking_limit = Kilometres::Of(3);
};

// How far a way is, for REACH and the criterion of proximity: the great circle times the factor,
// or, where a table knows it, the time by the quickest of the modes.
struct TravelParameters {
  double detour_factor = 1;  // 1..5
  TravelModeSet modes = TravelModeSet::All();
};

struct ProximityParameters {
  Kilometres half_distance = Kilometres::Of(10);  // worth one half; > 0
  double half_minutes = 30;                       // the same by travel minutes; > 0
};

// TIME: how long after the posting's start (or today) a candidate may become free.
struct TimeParameters {
  int late_start_days = 30;
};

// HEALTH.
struct HealthParameters {
  int heavy_intensity = 3;  // 弱/半劳力 are kept from this grade on
  EnumSet<LabourClass> barred_classes = {LabourClass::kLost, LabourClass::kNone};
  // A disabled person, where the posting does not say which disabilities it suits: kept from these
  // hazards and from this intensity on.
  HazardSet disabled_barred_hazards = HazardSet::All();
  int disabled_barred_intensity = 3;
};

// AGE-RETIRE (contracts), PUB-WHO, PUB-TERM.
struct PublicWelfareParameters {
  GroupSet rural_groups = {Group::kLiftedFromPoverty, Group::kMonitored};
  GroupSet urban_groups = {Group::kHardToEmploy, Group::kZeroEmploymentHousehold};
  bool retired_barred = true;
  int max_term_months = 36;
  int near_retirement_months = 60;  // within these the term may run to retirement
  int max_placements = 2;
  // Who may be placed again once a term is used up.
  GroupSet again_groups = {Group::kOlderWorker, Group::kZeroEmploymentHousehold,
                           Group::kSeverelyDisabled};
};

// BANNED: how long a pair that was refused or ended for cause is left alone.
struct BannedParameters {
  int window_days = 180;
};

// How long the steps of a referral may take, in days. No rule of a match: it stands here because
// whoever decides on the rules of a region decides on this.
struct ReferralParameters {
  int answer_days = 3;
  int step_days = 7;
  int publicity_days = 7;  // unless the posting says otherwise
  int stable_days = 90;
  std::vector<int> follow_up_days = {7, 30, 90};  // after work began, ascending
  int monitored_every_days = 30;                  // of a monitored household, as long as it works
  // After work was left in whose household nobody works now.
  int first_help_days = 3;
  int work_again_days = 5;
};

// How long records are kept that are over; 0: for good. As above.
struct RetentionParameters {
  int candidate_days = 3 * 365;
  int referral_days = 3 * 365;
  int posting_days = 2 * 365;
};

// Showings older than this are forgotten.
inline constexpr int kMaxCongestionWindowDays = 90;

// What congestion.h takes off, where a request asks for it.
struct CongestionParameters {
  int window_days = 30;    // today included; at most kMaxCongestionWindowDays
  int half_postings = 10;  // after so many half of the most is lost; > 0
  Score most = Score::FromRatio(1, 10);
  // Whoever has this priority or more loses nothing: households in which nobody works, and who
  // is at risk of falling back into poverty.
  Score spared_from_priority = Score::FromRatio(8, 10);
};

// A candidate in all these groups has at least this priority. The first tier that fits counts.
struct PriorityTier {
  GroupSet all_of;
  Score value;

  friend bool operator==(const PriorityTier&, const PriorityTier&) = default;
};

struct PriorityParameters {
  std::vector<PriorityTier> tiers;  // values not ascending
  Score otherwise;                  // not above any tier's
};

struct WageParameters {
  // This part of the wished pay, or less, is worth nothing; the whole of it or more is worth one;
  // linear between.
  Score worthless_part = Score::FromRatio(5, 10);
  Score unstated_pay = Score::FromRatio(5, 10);  // the posting says no pay
  Score unstated_wish = Score::One();            // the candidate wishes none
};

// The wish criterion is the sum of three parts; the parts sum to one.
struct WishParameters {
  Score trade_part = Score::FromRatio(6, 10);
  Score form_part = Score::FromRatio(2, 10);
  Score place_part = Score::FromRatio(2, 10);
  Score same_small_class = Score::FromRatio(5, 10);  // of the trade part, for a related trade
  Score unstated = Score::FromRatio(5, 10);          // of a part of which either side says nothing
};

struct WaitingParameters {
  int saturation_months = 12;  // > 0
};

// The policy's order of means, seen from the person.
struct ChannelParameters {
  Kilometres near = Kilometres::Of(50);
  Score enterprise_near = Score::One();
  Score enterprise_far = Score::FromRatio(2, 3);
  Score work_for_relief = Score::FromRatio(1, 3);
  Score public_welfare = Score::Zero();
};

enum class Side : uint8_t { kForward, kReverse, kMutual };

// Among equal scores, before the id.
enum class TieBreak : uint8_t { kLongerWaitingFirst, kIdOnly };

struct Ruleset {
  std::string version;
  RuleSet enabled = RuleSet::All();

  AgeParameters age;
  ProtectionParameters protection;
  RetirementParameters retirement;
  SkillParameters skills;
  TravelParameters travel;
  ReachParameters reach;
  ProximityParameters proximity;
  TimeParameters time;
  HealthParameters health;
  PublicWelfareParameters public_welfare;
  BannedParameters banned;
  ReferralParameters referral;
  RetentionParameters retention;
  PriorityParameters priority;
  WageParameters wage;
  WishParameters wish;
  WaitingParameters waiting;
  ChannelParameters channel;
  CongestionParameters congestion;

  std::array<Weights, kEnumCount<Channel>> forward_weights{};  // the posting's side, by channel
  Weights reverse_weights;                                     // the person's side
  Side rank_candidates_by = Side::kForward;
  Side recommend_postings_by = Side::kReverse;
  TieBreak candidate_ties = TieBreak::kLongerWaitingFirst;

  LintParameters lint;  // Nothing that matches asks it.

  const Weights& ForwardWeights(Channel of) const {
    return forward_weights[static_cast<size_t>(of)];
  }
};

// `hebei-2026`.
Ruleset DefaultRuleset();

struct RulesetViolation {
  std::string field;    // "forward_weights[PUBLIC_WELFARE]"
  std::string problem;  // "sums to 990000, not 1000000 millionths"
};

// Every violation at once; empty if the ruleset may be used.
std::vector<RulesetViolation> Validate(const Ruleset& ruleset);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_RULESET_H_
