#include "matcher/fit.h"

#include <utility>

#include "matcher/criteria.h"
#include "matcher/rules.h"

namespace leye::matcher {
namespace {

struct Scores {
  Score forward;
  Score reverse;
  Score mutual;
};

Scores ScoresOf(const Criteria& criteria, Channel channel, const Ruleset& ruleset) {
  const Score forward = WeightedSum(ruleset.ForwardWeights(channel), criteria);
  const Score reverse = WeightedSum(ruleset.reverse_weights, criteria);
  return {.forward = forward, .reverse = reverse, .mutual = Mean(forward, reverse)};
}

template <typename Scored>
Score ScoreOnSide(const Scored& scored, Side side) {
  switch (side) {
    case Side::kForward:
      return scored.forward;
    case Side::kReverse:
      return scored.reverse;
    case Side::kMutual:
      break;
  }
  return scored.mutual;
}

// Of an eligible pair.
PairScore EligibleScore(const Pair& pair, GroupSet groups, const FitContext& context) {
  PairScore result;
  result.criteria = EvaluateCriteria(pair, groups, context);
  const Scores scores = ScoresOf(result.criteria, pair.posting.channel, context.ruleset);
  result.forward = scores.forward;
  result.reverse = scores.reverse;
  result.mutual = scores.mutual;
  return result;
}

std::vector<SkillMatch> MatchSkills(const Pair& pair, const FitContext& context) {
  std::vector<SkillMatch> matches;
  for (const RequiredSkillGroup& group : pair.posting.required_skills) {
    matches.push_back(BestMatch(pair.candidate.skills, group, context));
  }
  for (const PreferredSkill& preferred : pair.posting.preferred_skills) {
    matches.push_back(BestMatch(pair.candidate.skills, preferred.asked, context));
    matches.back().weight = preferred.weight;
  }
  return matches;
}

}  // namespace

Score PairScore::BySide(Side side) const { return ScoreOnSide(*this, side); }
Score FitResult::BySide(Side side) const { return ScoreOnSide(*this, side); }

Travel TravelOver(Kilometres distance, const std::optional<KnownWay>& known) {
  Travel travel{.distance = distance, .minutes = std::nullopt};
  if (!known.has_value()) return travel;
  travel.minutes = known->minutes;
  travel.mode = known->mode;
  travel.cost_fen = known->cost_fen;
  return travel;
}

Travel TravelBetween(const AreaProfile& area, const PostingProfile& posting,
                     const FitContext& context) {
  if (posting.home_based) return TravelOver(Kilometres::Of(0), std::nullopt);
  const UnitVector work = ToUnitVector(posting.location);
  std::optional<KnownWay> known;
  if (context.travel_times != nullptr) {
    known = context.travel_times->WaysFrom(area.index, context.ruleset.travel.modes).To(work);
  }
  return TravelOver(DistanceBetween(ToUnitVector(area.location), work), known);
}

Kilometres RoadOf(const Travel& travel, const Ruleset& ruleset) {
  return Kilometres::Of(travel.distance.km() * ruleset.travel.detour_factor);
}

GroupSet EffectiveGroups(const CandidateProfile& candidate, const HouseholdProfile& household,
                         const AgeParameters& parameters, Day day) {
  GroupSet groups = StandingGroups(candidate, household);
  const int age_years = WholeYearsBetween(candidate.birth, day);
  const int older_years =
      candidate.sex == Sex::kFemale ? parameters.older_women_years : parameters.older_men_years;
  if (age_years >= older_years) groups.Insert(Group::kOlderWorker);
  return groups;
}

FitResult Fit(const Pair& pair, const FitContext& context) {
  const PairFacts facts = FactsOf(pair, context);
  Findings findings = Findings::Detailed();
  EvaluateRules(facts, findings);

  FitResult result;
  result.failed = findings.failed();
  result.failures = std::move(findings.failures());
  result.notes = std::move(findings.notes());
  result.criteria = EvaluateCriteria(pair, facts.groups, context);
  const Scores scores = ScoresOf(result.criteria, pair.posting.channel, context.ruleset);
  result.forward = scores.forward;
  result.reverse = scores.reverse;
  result.mutual = scores.mutual;
  result.forward_weights = context.ruleset.ForwardWeights(pair.posting.channel);
  result.reverse_weights = context.ruleset.reverse_weights;
  result.travel = pair.travel;
  result.skills = MatchSkills(pair, context);
  return result;
}

PairScore ScorePair(const Pair& pair, const FitContext& context) {
  const PairFacts facts = FactsOf(pair, context);
  Findings findings = Findings::VerdictOnly();
  EvaluateRules(facts, findings);

  if (findings.failed().empty()) return EligibleScore(pair, facts.groups, context);
  PairScore result;
  result.failed = findings.failed();
  return result;
}

PersonFit::PersonFit(const CandidateProfile& candidate, const HouseholdProfile& household,
                     const FitContext& context)
    : candidate_(candidate),
      household_(household),
      context_(context),
      age_years_(WholeYearsBetween(candidate.birth, context.day)),
      groups_(EffectiveGroups(candidate, household, context.ruleset.age, context.day)) {}

bool PersonFit::IsEligible(const PostingProfile& posting, const Travel& travel) const {
  return PassesRules({.candidate = candidate_,
                      .household = household_,
                      .posting = posting,
                      .travel = travel,
                      .context = context_,
                      .age_years = age_years_,
                      .groups = groups_});
}

std::optional<PairScore> PersonFit::Score(const PostingProfile& posting,
                                          const Travel& travel) const {
  if (!IsEligible(posting, travel)) return std::nullopt;
  return EligibleScore(
      {.candidate = candidate_, .household = household_, .posting = posting, .travel = travel},
      groups_, context_);
}

CandidateOrder OrderOf(const CandidateProfile& candidate, Score score, TieBreak ties) {
  CandidateOrder order{.score = score, .waiting_since = Day::Max(), .id = candidate.id};
  if (ties == TieBreak::kLongerWaitingFirst) {
    order.waiting_since = candidate.unemployed_since.value_or(Day::Max());
  }
  return order;
}

std::strong_ordering operator<=>(const CandidateOrder& a, const CandidateOrder& b) {
  if (a.score != b.score) return b.score <=> a.score;
  if (a.waiting_since != b.waiting_since) return a.waiting_since <=> b.waiting_since;
  return a.id <=> b.id;
}

std::strong_ordering operator<=>(const PostingOrder& a, const PostingOrder& b) {
  if (a.score != b.score) return b.score <=> a.score;
  return a.id <=> b.id;
}

}  // namespace leye::matcher
