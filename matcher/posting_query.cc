#include "matcher/posting_query.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "matcher/criteria.h"

namespace leye::matcher {
namespace {

using Column = PostingColumn;

constexpr double kEverywhere = std::numeric_limits<double>::infinity();
// Far above the rounding of a chord between unit vectors; six micrometres on the ground.
constexpr double kChordRounding = 1e-12;
constexpr double kHalfCircleKm = 20015.2;

bool HasFlag(const PostingBlock& block, size_t row, PostingFlag flag) {
  return ((block.Get(Column::kFlags, row) >> static_cast<int>(flag)) & 1) != 0;
}

}  // namespace

PostingQuery::PostingQuery(const Person& person, Side side, const FitContext& basis)
    : person_(person), basis_(basis), side_(side), at_(ToUnitVector(person.area.location)) {
  const CandidateProfile& candidate = person.candidate;
  const Ruleset& ruleset = basis.ruleset;
  const bool seeks = candidate.seeking && candidate.willing &&
                     candidate.consent.Contains(basis.day) && !candidate.employment.placed;
  takes_nothing_ = Enabled(RuleId::kSeeking) && !seeks;
  age_years_ = WholeYearsBetween(candidate.birth, basis.day);
  const GroupSet groups = EffectiveGroups(candidate, person.household, ruleset.age, basis.day);
  priority_ = PriorityValue(groups, ruleset.priority);
  waiting_ = WaitingValue(candidate.unemployed_since, basis.day, ruleset.waiting);
  const Kilometres limit = candidate.max_distance.value_or(ruleset.reach.unstated_limit);
  const bool limited =
      Enabled(RuleId::kReach) && !candidate.willing_to_leave_home && limit.km() < kHalfCircleKm;
  reach_chord_ = limited ? SquaredChordOf(limit) * kChordSlack + kChordFloor : kEverywhere;
}

double PostingQuery::LeastChordTo(const Circle& circle) const {
  const double to_centre = std::sqrt(ChordTo(circle.centre));
  const double nearest = std::max(0.0, to_centre - circle.radius_chord - kChordRounding);
  return nearest * nearest;
}

bool PostingQuery::MayHold(const PostingSummary& summary, double squared_chord) const {
  if (Enabled(RuleId::kOpen) && !summary.any_takes_people) return false;
  return squared_chord <= reach_chord_;
}

Score PostingQuery::BestOf(EnumSet<Channel> channels, const Criteria& bounds) const {
  const Ruleset& ruleset = basis_.ruleset;
  PairScore score;
  score.reverse = WeightedSum(ruleset.reverse_weights, bounds);
  for (uint32_t left = channels.bits(); left != 0; left &= left - 1) {
    const auto channel = static_cast<Channel>(std::countr_zero(left));
    score.forward = std::max(score.forward, WeightedSum(ruleset.ForwardWeights(channel), bounds));
  }
  score.mutual = Mean(score.forward, score.reverse);
  return score.BySide(side_);
}

PostingOrder PostingQuery::Bound(const PostingSummary& summary, Kilometres nearest,
                                 bool at_home) const {
  const Ruleset& ruleset = basis_.ruleset;
  const auto wish = person_.candidate.wished_yuan_per_month;
  const Travel travel{.distance = nearest, .minutes = std::nullopt};
  const bool moves = summary.any_lodging && person_.candidate.wants_to_go_out;
  Criteria bounds;
  bounds[Criterion::kSkills] = Score::One();
  bounds[Criterion::kProximity] =
      at_home || moves ? Score::One() : DistanceDecay(travel, ruleset.proximity);
  bounds[Criterion::kPriority] = priority_;
  if (summary.greatest_pay != std::numeric_limits<int32_t>::min()) {
    bounds[Criterion::kWage] = WageValue(summary.greatest_pay, wish, ruleset.wage);
  }
  if (summary.any_without_pay) {
    bounds[Criterion::kWage] =
        std::max(bounds[Criterion::kWage], WageValue(std::nullopt, wish, ruleset.wage));
  }
  bounds[Criterion::kWish] = Score::One();
  bounds[Criterion::kWaiting] = waiting_;
  bounds[Criterion::kChannel] = Score::One();
  return {.score = BestOf(summary.channels, bounds), .id = summary.least_id};
}

RowMask PostingQuery::Select(const PostingBlock& block) const {
  const ColumnTable& columns = block.columns();
  RowMask mask(block.rows());
  if (Enabled(RuleId::kOpen)) KeepBit(columns.Planes(ColumnOf(Column::kTakesPeople)), 0, mask);
  if (Enabled(RuleId::kAgeRange)) {
    const auto age = static_cast<uint32_t>(std::clamp(age_years_, 0, 255));
    KeepAtMost(columns.Planes(ColumnOf(Column::kLeastAge)), age, mask);
    KeepAtLeast(columns.Planes(ColumnOf(Column::kMostAge)), age, mask);
  }
  if (Enabled(RuleId::kEducationMin)) {
    const auto education = person_.candidate.education;
    const uint32_t most = education.has_value() ? 1 + static_cast<uint32_t>(*education) : 0;
    KeepAtMost(columns.Planes(ColumnOf(Column::kEducation)), most, mask);
  }
  return mask;
}

bool PostingQuery::MayHaveSkills(const PostingBlock& block, size_t row) const {
  if (!Enabled(RuleId::kSkillRequired)) return true;
  const uint64_t needed = block.Get(Column::kNeeded, row);
  if (needed == 0) return true;
  const SkillId asked(static_cast<uint16_t>(needed - 1));
  return std::ranges::any_of(person_.candidate.skills, [&](const HeldSkill& held) {
    return held.skill == asked || basis_.catalogue.Covers(asked, held.skill);
  });
}

PostingOrder PostingQuery::RowBound(const PostingBlock& block, size_t row,
                                    Kilometres distance) const {
  const Ruleset& ruleset = basis_.ruleset;
  PostingProfile posting;  // as much of it as the criteria below look at
  posting.channel = static_cast<Channel>(block.Get(Column::kChannel, row));
  posting.home_based = HasFlag(block, row, PostingFlag::kHomeBased);
  posting.lodging_given = HasFlag(block, row, PostingFlag::kLodging);
  posting.min_yuan_per_month = PostedYuan(block.Get(Column::kLeastPay, row));
  posting.max_yuan_per_month = PostedYuan(block.Get(Column::kMostPay, row));
  const Pair pair{.candidate = person_.candidate,
                  .household = person_.household,
                  .posting = posting,
                  .travel = {.distance = distance, .minutes = std::nullopt}};
  Criteria bounds;
  bounds[Criterion::kSkills] = Score::One();
  bounds[Criterion::kProximity] = ProximityValue(pair, ruleset);
  bounds[Criterion::kPriority] = priority_;
  bounds[Criterion::kWage] =
      WageValue(PostedPay(posting), person_.candidate.wished_yuan_per_month, ruleset.wage);
  bounds[Criterion::kWish] = Score::One();
  bounds[Criterion::kWaiting] = waiting_;
  bounds[Criterion::kChannel] = ChannelValue(posting, pair.travel, ruleset.channel);
  return {.score = BestOf({posting.channel}, bounds), .id = block.IdOf(row)};
}

}  // namespace leye::matcher
