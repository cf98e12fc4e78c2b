// The values of the soft criteria, each 0..1, one function a criterion.
//
// The same functions serve Fit and the ranker's bounds: they are monotone in the arguments that an
// index summarises (nearer is never worse, a higher credit is never worse), so that the best value
// of a block bounds the value of each of its members. Pure; no allocation.
#ifndef LEYE_MATCHER_CRITERIA_H_
#define LEYE_MATCHER_CRITERIA_H_

#include <optional>
#include <span>

#include "matcher/fit.h"

namespace leye::matcher {

// The parts of the credit for one asked skill: relation x level.
Score LevelCredit(SkillLevel asked, SkillLevel held, const SkillParameters& parameters);

// The best match among the held skills that are valid on the day; of equal credits the one held
// skill with the smallest id.
SkillMatch BestMatch(std::span<const HeldSkill> held, const AskedSkill& asked,
                     const FitContext& context);
// The best alternative of the group; of equal credits the first.
SkillMatch BestMatch(std::span<const HeldSkill> held, const RequiredSkillGroup& group,
                     const FitContext& context);

// (sum of weight x credit) / (sum of weights) over required groups and preferred skills; one if the
// posting names none or all weights are zero.
Score SkillsValue(const CandidateProfile& candidate, const PostingProfile& posting,
                  const FitContext& context);

// 0.5 ** (minutes / half minutes) where the minutes are known, else 0.5 ** (km by road / half
// distance).
Score DistanceDecay(const Travel& travel, const Ruleset& ruleset);
// The greatest of all ways that are no shorter than this great circle and, where their minutes are
// known, take no fewer.
Score GreatestDecay(Kilometres distance, double minutes, const Ruleset& ruleset);
// One for home-based work, and where lodging is given and the candidate wants to go out; otherwise
// the decay.
Score ProximityValue(const Pair& pair, const Ruleset& ruleset);

// The value of the first tier that the groups fit.
Score PriorityValue(GroupSet groups, const PriorityParameters& parameters);

// `pay` and `wish` in yuan a month.
Score WageValue(std::optional<int32_t> pay, std::optional<int32_t> wish,
                const WageParameters& parameters);
// The pay that the wage criterion looks at: the middle of the posted range, rounded down, or the
// one end that is said.
std::optional<int32_t> PostedPay(std::optional<int32_t> least, std::optional<int32_t> most);
std::optional<int32_t> PostedPay(const PostingProfile& posting);

// Trade, form of work and place against the candidate's wishes.
Score WishValue(const CandidateProfile& candidate, const PostingProfile& posting,
                const FitContext& context);

// Completed months unemployed over the saturation; zero if nobody recorded since when.
Score WaitingValue(std::optional<Day> unemployed_since, Day day,
                   const WaitingParameters& parameters);

// The policy's order of means. Home-based work is near.
Score ChannelValue(Channel channel, bool near, const ChannelParameters& parameters);
Score ChannelValue(const PostingProfile& posting, const Travel& travel,
                   const ChannelParameters& parameters);

// All of them. `groups` are the candidate's EffectiveGroups.
Criteria EvaluateCriteria(const Pair& pair, GroupSet groups, const FitContext& context);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CRITERIA_H_
