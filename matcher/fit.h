// The one definition of a match: may this person take this posting on this day, why not, and how
// good would it be.
//
//   const FitContext context{.ruleset = rules, .catalogue = catalogue, .day = today};
//   const Pair pair{.candidate = c, .household = h, .posting = p, .travel = TravelBetween(area,
//   p, context)}; const FitResult fit = Fit(pair, context); if (!fit.eligible()) for (const
//   Finding& failure : fit.failures) ... const PairScore quick = ScorePair(pair, context);       //
//   the same, without the evidence
//
// Written for clarity. The ranker, the explainer and the planner must agree with it exactly; random
// worlds in tests/ compare them. Pure functions: thread-safe, no clock, no state. ScorePair does
// not allocate; Fit allocates its lists.
#ifndef LEYE_MATCHER_FIT_H_
#define LEYE_MATCHER_FIT_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "matcher/criterion.h"
#include "matcher/finding.h"
#include "matcher/geo.h"
#include "matcher/ids.h"
#include "matcher/posting_profile.h"
#include "matcher/profile.h"
#include "matcher/ruleset.h"
#include "matcher/skill_catalogue.h"
#include "matcher/travel_table.h"
#include "matcher/units.h"

namespace leye::matcher {

// The way from the candidate's area to the work.
struct Travel {
  Kilometres distance;                             // great circle
  std::optional<uint16_t> minutes;                 // where the table of travel times knows it
  TravelMode mode = TravelMode::kFoot;             // of the minutes
  std::optional<int32_t> cost_fen = std::nullopt;  // of that way

  friend bool operator==(const Travel&, const Travel&) = default;
};

// REQUIRES: `household` is the candidate's, and `travel` starts at the candidate's area.
struct Pair {
  const CandidateProfile& candidate;
  const HouseholdProfile& household;
  const PostingProfile& posting;
  Travel travel;
};

// REQUIRES: a valid ruleset. Skills that the catalogue lacks match themselves alone.
struct FitContext {
  const Ruleset& ruleset;
  const SkillCatalogue& catalogue;
  Day day;
  const TravelTable* travel_times = nullptr;  // null: no time is known
};

// The way of every pair, whoever asks: the great circle, and the time where the table knows it.
// Zero and without minutes for a home-based posting.
Travel TravelBetween(const AreaProfile& area, const PostingProfile& posting,
                     const FitContext& context);
Travel TravelOver(Kilometres distance, const std::optional<KnownWay>& known);
// What the way counts where its time is not known: the distance times the detour factor.
Kilometres RoadOf(const Travel& travel, const Ruleset& ruleset);

// How one asked skill was met: the best credit over all skills held.
struct SkillMatch {
  AskedSkill asked;  // of an ANY group, the alternative that earned the most
  bool required = false;
  uint16_t weight = 1;
  std::optional<HeldSkill> held;  // absent: nothing earned any credit
  SkillRelation relation = SkillRelation::kNone;
  Score credit;
};

// The verdict and the scores. Criteria and scores are zero unless eligible.
struct PairScore {
  RuleSet failed;
  Criteria criteria;
  Score forward;  // the posting's side, with the channel's weights
  Score reverse;  // the person's side
  Score mutual;   // their mean

  bool eligible() const { return failed.empty(); }
  Score BySide(Side side) const;
};

// Everything Fit has to say. Criteria and scores are given for pairs that fail too, as if they were
// eligible: an answer may say what a person is missing out on.
struct FitResult {
  RuleSet failed;
  std::vector<Finding> failures;  // in the order of RuleId; a rule may fail for several causes
  std::vector<Finding> notes;
  Criteria criteria;
  Score forward;
  Score reverse;
  Score mutual;
  Weights forward_weights;  // as applied
  Weights reverse_weights;
  Travel travel;
  std::vector<SkillMatch> skills;  // required groups, then preferred skills, as posted

  bool eligible() const { return failed.empty(); }
  Score BySide(Side side) const;
};

// Every group that a candidate belongs to on a day: StandingGroups and, by age, kOlderWorker. Rules
// and priority tiers look at these only.
GroupSet EffectiveGroups(const CandidateProfile& candidate, const HouseholdProfile& household,
                         const AgeParameters& parameters, Day day);

FitResult Fit(const Pair& pair, const FitContext& context);

// The same definition without evidence and without allocation. Evaluates every enabled rule, so
// that `failed` is complete and may be counted.
PairScore ScorePair(const Pair& pair, const FitContext& context);

// One person against many postings: ScorePair of those that may be taken. What depends on the
// person alone is computed once, and the first rule that fails ends it. Immutable; thread-safe.
class PersonFit {
 public:
  // The arguments outlive it. REQUIRES: `household` is the candidate's.
  PersonFit(const CandidateProfile& candidate, const HouseholdProfile& household,
            const FitContext& context);

  // REQUIRES of both: `travel` starts at the candidate's area.
  bool IsEligible(const PostingProfile& posting, const Travel& travel) const;
  // Absent: not eligible.
  std::optional<PairScore> Score(const PostingProfile& posting, const Travel& travel) const;

 private:
  const CandidateProfile& candidate_;
  const HouseholdProfile& household_;
  const FitContext& context_;
  int age_years_;
  GroupSet groups_;
};

// The place of a candidate in a ranking: ascending is better first. Score descending, then longer
// waiting first (who does not wait comes last) unless the ruleset breaks ties by id only, then id.
struct CandidateOrder {
  Score score;
  Day waiting_since = Day::Max();
  CandidateId id;

  friend std::strong_ordering operator<=>(const CandidateOrder& a, const CandidateOrder& b);
  friend bool operator==(const CandidateOrder&, const CandidateOrder&) = default;
};
CandidateOrder OrderOf(const CandidateProfile& candidate, Score score, TieBreak ties);

// The place of a posting in a recommendation: score descending, then id.
struct PostingOrder {
  Score score;
  PostingId id;

  friend std::strong_ordering operator<=>(const PostingOrder& a, const PostingOrder& b);
  friend bool operator==(const PostingOrder&, const PostingOrder&) = default;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_FIT_H_
