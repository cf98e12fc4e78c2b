#include "matcher/posting_query.h"

#include <algorithm>
#include <bit>
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

bool AnyWeight(const Ruleset& ruleset, Criterion criterion) {
  const auto weighs = [criterion](const Weights& weights) {
    return weights[criterion] != Score::Zero();
  };
  return weighs(ruleset.reverse_weights) || std::ranges::any_of(ruleset.forward_weights, weighs);
}

}  // namespace

PostingQuery::PostingQuery(const Person& person, Side side, const FitContext& basis,
                           OfferedSkills& skills)
    : person_(person),
      basis_(basis),
      side_(side),
      skills_(skills),
      at_(ToUnitVector(person.area.location)) {
  const CandidateProfile& candidate = person.candidate;
  const Ruleset& ruleset = basis.ruleset;
  const bool seeks = candidate.seeking && candidate.willing &&
                     candidate.consent.Contains(basis.day) && !candidate.employment.placed;
  takes_nothing_ = (Enabled(RuleId::kSeeking) && !seeks) ||
                   (Enabled(RuleId::kOptOut) && candidate.ranking_declined);
  limits_reach_ = Enabled(RuleId::kReach);
  requires_skills_ = Enabled(RuleId::kSkillRequired);
  if (basis.travel_times != nullptr) {
    ways_ = basis.travel_times->WaysFrom(person.area.index, ruleset.travel.modes);
  }
  Kilometres limit =
      Kilometres::Of(candidate.max_distance.value_or(ruleset.reach.unstated_limit).km() /
                     ruleset.travel.detour_factor);
  if (candidate.max_travel_minutes.has_value()) {
    limit = std::max(limit, ways_.FarthestIn(*candidate.max_travel_minutes));
  }
  const bool limited =
      limits_reach_ && !candidate.willing_to_leave_home && limit.km() < kHalfCircleKm;
  reach_chord_ = limited ? SquaredChordOf(limit) * kChordSlack + kChordFloor : kEverywhere;
  reach_ = std::sqrt(reach_chord_);
  age_ = static_cast<uint32_t>(std::clamp(WholeYearsBetween(candidate.birth, basis.day), 0, 255));
  const auto education = candidate.education;
  education_ = education.has_value() ? 1 + static_cast<uint32_t>(*education) : 0;
  wage_matters_ = AnyWeight(ruleset, Criterion::kWage);
  channel_matters_ = AnyWeight(ruleset, Criterion::kChannel) ||
                     std::ranges::any_of(ruleset.forward_weights, [&](const Weights& weights) {
                       return weights.scores != ruleset.forward_weights.front().scores;
                     });
  const GroupSet groups = EffectiveGroups(candidate, person.household, ruleset.age, basis.day);
  person_bounds_[Criterion::kPriority] = PriorityValue(groups, ruleset.priority);
  person_bounds_[Criterion::kWaiting] =
      WaitingValue(candidate.unemployed_since, basis.day, ruleset.waiting);
  person_bounds_[Criterion::kWish] = WishBound();
  person_bounds_[Criterion::kWage] = Score::One();
  skills_.Start(candidate, basis);
}

// A part of which the person says nothing is worth the same whatever is posted.
Score PostingQuery::WishBound() const {
  const WishParameters& parameters = basis_.ruleset.wish;
  const CandidateProfile& candidate = person_.candidate;
  int64_t sum = 0;
  const auto add = [&](Score part, bool silent) {
    sum += int64_t{part.micros()} * (silent ? parameters.unstated : Score::One()).micros();
  };
  add(parameters.trade_part, candidate.wished_trades.empty());
  add(parameters.form_part, candidate.work_forms.empty());
  add(parameters.place_part, candidate.wished_divisions.empty());
  return Score::FromRatio(sum, int64_t{Score::kMicrosPerUnit} * Score::kMicrosPerUnit);
}

double PostingQuery::LeastChordTo(const Circle& circle) const {
  const double to_centre = std::sqrt(ChordTo(circle.centre));
  const double nearest = std::max(0.0, to_centre - circle.radius_chord - kChordRounding);
  return nearest * nearest;
}

bool PostingQuery::MayAdmit(uint32_t least_age, uint32_t most_age, uint32_t least_education) const {
  if (Enabled(RuleId::kAgeRange) && (age_ < least_age || age_ > most_age)) return false;
  return !Enabled(RuleId::kEducationMin) || education_ >= least_education;
}

bool PostingQuery::MayHold(const PostingCellSeed& seed) const {
  double limit = reach_ + seed.circle.radius_chord;
  if (limits_reach_) limit = std::min<double>(limit, seed.reach_chord);
  if (ChordTo(seed.circle.Centre()) > limit * limit) return false;
  if (Enabled(RuleId::kOpen) && !seed.takes_people) return false;
  return MayAdmit(seed.least_age, seed.most_age, seed.least_education);
}

bool PostingQuery::MayHold(const PostingSummary& summary, double squared_chord) const {
  if (Enabled(RuleId::kOpen) && !summary.any_takes_people) return false;
  if (!MayGo(squared_chord)) return false;
  if (limits_reach_ && squared_chord > summary.radius_chord) return false;
  return MayAdmit(summary.least_age, summary.most_age, summary.least_education);
}

std::optional<Score> PostingQuery::BestSkills(const AskSummary& asks) const {
  if (asks.any_keyless) return Score::One();
  if (asks.any_preferred && skills_.MayEarn(asks.preferred)) return Score::One();
  if (asks.any_required && (!requires_skills_ || skills_.MayMeet(asks.required))) {
    return Score::One();
  }
  if (asks.any_preferred) return asks.most_without;
  return std::nullopt;
}

Score PostingQuery::Proximity(Kilometres nearest, bool at_home, bool lodging) const {
  const bool moves = lodging && person_.candidate.wants_to_go_out;
  if (at_home || moves) return Score::One();
  return GreatestDecay(nearest, ways_.LeastMinutes(nearest), basis_.ruleset);
}

// As ChannelValue, for this distance or any greater one.
Score PostingQuery::ChannelBound(Channel channel, const PostingFrame& frame) const {
  const ChannelParameters& parameters = basis_.ruleset.channel;
  const Score near = ChannelValue(channel, /*near=*/true, parameters);
  if (frame.at_home) return near;
  const Score far = ChannelValue(channel, /*near=*/false, parameters);
  return frame.nearest > parameters.near ? far : std::max(near, far);
}

Score PostingQuery::ScoreOf(Channel channel, const Criteria& bounds) const {
  const Ruleset& ruleset = basis_.ruleset;
  if (side_ == Side::kReverse) return WeightedSum(ruleset.reverse_weights, bounds);
  const Score forward = WeightedSum(ruleset.ForwardWeights(channel), bounds);
  if (side_ == Side::kForward) return forward;
  return Mean(forward, WeightedSum(ruleset.reverse_weights, bounds));
}

PostingFrame PostingQuery::FrameOf(const PostingSummary& summary, Kilometres nearest,
                                   bool at_home) const {
  PostingFrame frame{.bounds = person_bounds_,
                     .channels = summary.channels,
                     .least_id = summary.least_id,
                     .nearest = nearest,
                     .at_home = at_home,
                     .any_lodging = summary.any_lodging};
  frame.bounds[Criterion::kProximity] = Proximity(nearest, at_home, summary.any_lodging);
  if (!channel_matters_) frame.channels = {summary.channels.first()};
  if (!wage_matters_) return frame;
  const WageParameters& parameters = basis_.ruleset.wage;
  const auto wish = person_.candidate.wished_yuan_per_month;
  Score best;
  if (summary.greatest_pay != std::numeric_limits<int32_t>::min()) {
    best = WageValue(summary.greatest_pay, wish, parameters);
  }
  if (summary.any_without_pay) best = std::max(best, WageValue({}, wish, parameters));
  frame.bounds[Criterion::kWage] = best;
  return frame;
}

PostingFrame PostingQuery::FrameAt(const PostingFrame& frame, Kilometres nearest) const {
  PostingFrame nearer = frame;
  nearer.nearest = nearest;
  nearer.bounds[Criterion::kProximity] = Proximity(nearest, frame.at_home, frame.any_lodging);
  return nearer;
}

PostingFrame PostingQuery::FrameOf(const PostingFrame& frame, const PostingBlock& block,
                                   size_t row) const {
  PostingFrame own = frame;
  own.least_id = block.IdOf(row);
  if (channel_matters_) {
    own.channels = {static_cast<Channel>(block.Get(Column::kChannel, row))};
  }
  if (frame.any_lodging && !HasFlag(block, row, PostingFlag::kLodging)) {
    own.bounds[Criterion::kProximity] = Proximity(frame.nearest, frame.at_home, false);
  }
  if (wage_matters_) {
    const auto pay = PostedPay(PostedYuan(block.Get(Column::kLeastPay, row)),
                               PostedYuan(block.Get(Column::kMostPay, row)));
    own.bounds[Criterion::kWage] =
        WageValue(pay, person_.candidate.wished_yuan_per_month, basis_.ruleset.wage);
  }
  return own;
}

PostingFrame PostingQuery::FrameOf(const PostingFrame& own, const Travel& travel) const {
  PostingFrame exact = own;
  // One: nothing nearer, or the person would live there.
  if (own.bounds[Criterion::kProximity] != Score::One()) {
    exact.bounds[Criterion::kProximity] = DistanceDecay(travel, basis_.ruleset);
  }
  return exact;
}

PostingOrder PostingQuery::Bound(const PostingFrame& frame, Score skills) const {
  Criteria bounds = frame.bounds;
  bounds[Criterion::kSkills] = skills;
  PostingOrder order{.score = Score::Zero(), .id = frame.least_id};
  for (uint32_t left = frame.channels.bits(); left != 0; left &= left - 1) {
    const auto channel = static_cast<Channel>(std::countr_zero(left));
    if (channel_matters_) bounds[Criterion::kChannel] = ChannelBound(channel, frame);
    order.score = std::max(order.score, ScoreOf(channel, bounds));
  }
  return order;
}

RowMask PostingQuery::Select(const PostingBlock& block) const {
  const ColumnTable& columns = block.columns();
  RowMask mask(block.rows());
  if (Enabled(RuleId::kOpen)) KeepBit(columns.Planes(ColumnOf(Column::kTakesPeople)), 0, mask);
  if (Enabled(RuleId::kAgeRange)) {
    KeepAtMost(columns.Planes(ColumnOf(Column::kLeastAge)), age_, mask);
    KeepAtLeast(columns.Planes(ColumnOf(Column::kMostAge)), age_, mask);
  }
  if (Enabled(RuleId::kEducationMin)) {
    KeepAtMost(columns.Planes(ColumnOf(Column::kEducation)), education_, mask);
  }
  return mask;
}

}  // namespace leye::matcher
