#include "matcher/criteria.h"

#include <algorithm>
#include <cmath>

namespace leye::matcher {
namespace {

SkillMatch Unmatched(const AskedSkill& asked) {
  SkillMatch match;
  match.asked = asked;
  return match;
}

// Sums weight x credit as the asked skills go by.
class WeightedCredits {
 public:
  void Add(int64_t weight, Score credit) {
    earned_micros_ += weight * credit.micros();
    weights_ += weight;
  }

  // One if nothing was asked.
  Score Value() const {
    if (weights_ == 0) return Score::One();
    return Score::FromRatio(earned_micros_, weights_ * Score::kMicrosPerUnit);
  }

 private:
  int64_t earned_micros_ = 0;
  int64_t weights_ = 0;
};

Score TradeWish(const CandidateProfile& candidate, const PostingProfile& posting,
                const FitContext& context) {
  const WishParameters& parameters = context.ruleset.wish;
  if (candidate.wished_trades.empty() || !posting.trade.has_value()) return parameters.unstated;
  Score best;
  for (const TradeId wished : candidate.wished_trades) {
    if (wished == *posting.trade) return Score::One();
    const bool related = context.catalogue.SameSmallClass(wished, *posting.trade);
    if (related) best = parameters.same_small_class;
  }
  return best;
}

Score FormWish(const CandidateProfile& candidate, const PostingProfile& posting,
               const WishParameters& parameters) {
  if (candidate.work_forms.empty()) return parameters.unstated;
  return candidate.work_forms.Contains(posting.work_form) ? Score::One() : Score::Zero();
}

Score PlaceWish(const CandidateProfile& candidate, const PostingProfile& posting,
                const WishParameters& parameters) {
  if (candidate.wished_divisions.empty() || !posting.division.known()) return parameters.unstated;
  const bool wished = std::ranges::any_of(candidate.wished_divisions, [&](DivisionCode division) {
    return division.Contains(posting.division);
  });
  return wished ? Score::One() : Score::Zero();
}

// How often the value of a way is halved: over a great circle, in minutes.
double HalvingsOver(Kilometres distance, const Ruleset& ruleset) {
  return distance.km() * ruleset.travel.detour_factor / ruleset.proximity.half_distance.km();
}
double HalvingsIn(double minutes, const Ruleset& ruleset) {
  return minutes / ruleset.proximity.half_minutes;
}
Score DecayOf(double halvings) { return Score::FromUnit(std::exp2(-halvings)); }

}  // namespace

Score LevelCredit(SkillLevel asked, SkillLevel held, const SkillParameters& parameters) {
  if (!asked.known()) return Score::One();
  if (!held.known()) return parameters.unknown_level_credit;
  const int64_t missing = std::max(0, asked.value() - held.value());
  return Score::FromMicros(Score::kMicrosPerUnit -
                           missing * parameters.cost_per_missing_level.micros());
}

SkillMatch BestMatch(std::span<const HeldSkill> held, const AskedSkill& asked,
                     const FitContext& context) {
  const SkillParameters& parameters = context.ruleset.skills;
  SkillMatch best = Unmatched(asked);
  for (const HeldSkill& candidate_skill : held) {
    if (candidate_skill.expires < context.day) continue;
    const RelatedSkill related = context.catalogue.Relation(asked.skill, candidate_skill.skill);
    const Score credit = related.Credit(parameters.credits) *
                         LevelCredit(asked.min_level, candidate_skill.level, parameters);
    if (credit <= best.credit) continue;
    best.held = candidate_skill;
    best.relation = related.relation;
    best.credit = credit;
  }
  return best;
}

SkillMatch BestMatch(std::span<const HeldSkill> held, const RequiredSkillGroup& group,
                     const FitContext& context) {
  SkillMatch best = Unmatched(group.any_of.empty() ? AskedSkill{} : group.any_of.front());
  for (const AskedSkill& asked : group.any_of) {
    const SkillMatch match = BestMatch(held, asked, context);
    if (match.credit > best.credit) best = match;
  }
  best.required = true;
  best.weight = group.weight;
  return best;
}

Score SkillsValue(const CandidateProfile& candidate, const PostingProfile& posting,
                  const FitContext& context) {
  WeightedCredits credits;
  for (const RequiredSkillGroup& group : posting.required_skills) {
    credits.Add(group.weight, BestMatch(candidate.skills, group, context).credit);
  }
  for (const PreferredSkill& preferred : posting.preferred_skills) {
    credits.Add(preferred.weight, BestMatch(candidate.skills, preferred.asked, context).credit);
  }
  return credits.Value();
}

Score DistanceDecay(const Travel& travel, const Ruleset& ruleset) {
  return DecayOf(travel.minutes.has_value() ? HalvingsIn(*travel.minutes, ruleset)
                                            : HalvingsOver(travel.distance, ruleset));
}

Score GreatestDecay(Kilometres distance, double minutes, const Ruleset& ruleset) {
  return DecayOf(std::min(HalvingsOver(distance, ruleset), HalvingsIn(minutes, ruleset)));
}

Score ProximityValue(const Pair& pair, const Ruleset& ruleset) {
  const bool moves_there = pair.posting.lodging_given && pair.candidate.wants_to_go_out;
  if (pair.posting.home_based || moves_there) return Score::One();
  return DistanceDecay(pair.travel, ruleset);
}

Score PriorityValue(GroupSet groups, const PriorityParameters& parameters) {
  for (const PriorityTier& tier : parameters.tiers) {
    if (groups.ContainsAll(tier.all_of)) return tier.value;
  }
  return parameters.otherwise;
}

Score WageValue(std::optional<int32_t> pay, std::optional<int32_t> wish,
                const WageParameters& parameters) {
  if (!wish.has_value()) return parameters.unstated_wish;
  if (!pay.has_value()) return parameters.unstated_pay;
  if (*pay >= *wish) return Score::One();
  // (pay / wish - worthless) / (1 - worthless), kept in integers.
  const int64_t worthless = parameters.worthless_part.micros();
  return Score::FromRatio(int64_t{*pay} * Score::kMicrosPerUnit - *wish * worthless,
                          *wish * (Score::kMicrosPerUnit - worthless));
}

std::optional<int32_t> PostedPay(std::optional<int32_t> least, std::optional<int32_t> most) {
  if (!least.has_value()) return most;
  if (!most.has_value()) return least;
  return static_cast<int32_t>((int64_t{*least} + *most) / 2);
}

std::optional<int32_t> PostedPay(const PostingProfile& posting) {
  return PostedPay(posting.min_yuan_per_month, posting.max_yuan_per_month);
}

Score WishValue(const CandidateProfile& candidate, const PostingProfile& posting,
                const FitContext& context) {
  const WishParameters& parameters = context.ruleset.wish;
  const auto part = [](Score weight, Score value) {
    return int64_t{weight.micros()} * value.micros();
  };
  const int64_t sum = part(parameters.trade_part, TradeWish(candidate, posting, context)) +
                      part(parameters.form_part, FormWish(candidate, posting, parameters)) +
                      part(parameters.place_part, PlaceWish(candidate, posting, parameters));
  return Score::FromRatio(sum, int64_t{Score::kMicrosPerUnit} * Score::kMicrosPerUnit);
}

Score WaitingValue(std::optional<Day> unemployed_since, Day day,
                   const WaitingParameters& parameters) {
  if (!unemployed_since.has_value()) return Score::Zero();
  return Score::FromRatio(WholeMonthsBetween(*unemployed_since, day), parameters.saturation_months);
}

Score ChannelValue(Channel channel, bool near, const ChannelParameters& parameters) {
  switch (channel) {
    case Channel::kEnterprise:
      return near ? parameters.enterprise_near : parameters.enterprise_far;
    case Channel::kPublicWelfare:
      return parameters.public_welfare;
    case Channel::kWorkForRelief:
      return parameters.work_for_relief;
    case Channel::kCount:
      break;
  }
  return Score::Zero();
}

Score ChannelValue(const PostingProfile& posting, const Travel& travel,
                   const ChannelParameters& parameters) {
  const bool near = posting.home_based || travel.distance <= parameters.near;
  return ChannelValue(posting.channel, near, parameters);
}

Criteria EvaluateCriteria(const Pair& pair, GroupSet groups, const FitContext& context) {
  const Ruleset& ruleset = context.ruleset;
  Criteria criteria;
  criteria[Criterion::kSkills] = SkillsValue(pair.candidate, pair.posting, context);
  criteria[Criterion::kProximity] = ProximityValue(pair, ruleset);
  criteria[Criterion::kPriority] = PriorityValue(groups, ruleset.priority);
  criteria[Criterion::kWage] =
      WageValue(PostedPay(pair.posting), pair.candidate.wished_yuan_per_month, ruleset.wage);
  criteria[Criterion::kWish] = WishValue(pair.candidate, pair.posting, context);
  criteria[Criterion::kWaiting] =
      WaitingValue(pair.candidate.unemployed_since, context.day, ruleset.waiting);
  criteria[Criterion::kChannel] = ChannelValue(pair.posting, pair.travel, ruleset.channel);
  return criteria;
}

}  // namespace leye::matcher
