#include "matcher/candidate_query.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "matcher/criteria.h"

namespace leye::matcher {
namespace {

using Column = CandidateColumn;

constexpr double kEverywhere = std::numeric_limits<double>::infinity();
// exp2(-21) < 0.0000005: from so many half-distances on, proximity is zero millionths.
constexpr double kHalvingsToZero = 21;
// Ages are compared by birth; the civil calendar may be off by less than this.
constexpr int kCalendarSlackDays = 3;
// Nobody can say that they would travel so long.
constexpr double kMostMinutes = 65'536;

constexpr double kHalfCircleKm = 20015.2;

// A squared chord that only distances above the limit exceed.
double WidenedChord(Kilometres limit) {
  if (!(limit.km() < kHalfCircleKm)) return kEverywhere;
  return SquaredChordOf(limit) * kChordSlack + kChordFloor;
}

constexpr uint32_t Bit(Group group) { return GroupSet{group}.bits(); }

GroupSet WithOlderWorker(GroupSet standing) {
  standing.Insert(Group::kOlderWorker);
  return standing;
}

}  // namespace

CandidateQuery::CandidateQuery(const PostingProfile& posting, Side side, const FitContext& basis)
    : posting_(posting),
      basis_(basis),
      side_(side),
      at_(ToUnitVector(posting.location)),
      skills_(posting, basis),
      pay_(PostedPay(posting)) {
  if (Enabled(RuleId::kOpen)) {
    takes_nobody_ =
        !posting.open || !posting.window.Contains(basis.day) || posting.openings_left == 0;
  }
  if (basis.travel_times != nullptr && !posting.home_based) {
    ways_ = basis.travel_times->WaysTo(at_, basis.ruleset.travel.modes);
  }
  FindWhatMatters();
  CompileAges();
  CompileReach();
}

void CandidateQuery::FindWhatMatters() {
  const Weights& forward = basis_.ruleset.ForwardWeights(posting_.channel);
  const Weights& reverse = basis_.ruleset.reverse_weights;
  for (size_t i = 0; i < matters_.size(); ++i) {
    const auto criterion = static_cast<Criterion>(i);
    const bool ahead = side_ != Side::kReverse && forward[criterion] != Score::Zero();
    const bool behind = side_ != Side::kForward && reverse[criterion] != Score::Zero();
    matters_[i] = ahead || behind;
  }
}

void CandidateQuery::CompileAges() {
  int min_years = 0;
  int max_years = 1000;
  if (Enabled(RuleId::kAgeMin)) min_years = basis_.ruleset.age.min_years;
  // Where some range speaks of everybody, everybody is judged by a range, whichever it is: nobody
  // outside all of them is admitted.
  const auto speaks_of_all = [](const AgeRange& range) {
    return range.sex == Sex::kUnknown && range.groups.empty();
  };
  const auto& ranges = posting_.age_ranges;
  if (Enabled(RuleId::kAgeRange) && std::ranges::any_of(ranges, speaks_of_all)) {
    int least = 1000;
    int most = 0;
    for (const AgeRange& range : ranges) {
      const AgeLimits& limits = range.limits;
      const int upper = limits.max_years.has_value()
                            ? std::max(*limits.max_years, limits.relaxable_to_years.value_or(0))
                            : 1000;
      least = std::min<int>(least, limits.min_years.value_or(0));
      most = std::max(most, upper);
    }
    min_years = std::max(min_years, least);
    max_years = std::min(max_years, most);
  }
  if (min_years > 0) {
    last_birth_ = DayOrdinal(PlusMonths(basis_.day, -12 * min_years).PlusDays(kCalendarSlackDays));
  }
  if (max_years < 200) {
    first_birth_ =
        DayOrdinal(PlusMonths(basis_.day, -12 * (max_years + 1)).PlusDays(-kCalendarSlackDays));
  }
}

void CandidateQuery::CompileReach() {
  const Ruleset& ruleset = basis_.ruleset;
  const double detour = ruleset.travel.detour_factor;
  const bool reach = Enabled(RuleId::kReach) && !posting_.home_based;
  radius_chord_ =
      reach && posting_.radius.has_value() ? WidenedChord(*posting_.radius) : kEverywhere;
  for (uint32_t code = 0; code < kReachCodes; ++code) {
    const Kilometres limit = code == 0 ? ruleset.reach.unstated_limit : ReachLimit(code);
    reach_chords_[code] = reach ? WidenedChord(Kilometres::Of(limit.km() / detour)) : kEverywhere;
  }
  double far_km = std::max(kHalvingsToZero * ruleset.proximity.half_distance.km() / detour,
                           ruleset.channel.near.km()) *
                  1.000001;
  // So far that known ways are worth nothing either, however fast: with a bound above what they are
  // worth, all who tie there would be judged.
  const auto worth = [&] {
    const Kilometres far = Kilometres::Of(far_km);
    return GreatestDecay(far, ways_.LeastMinutes(far), ruleset);
  };
  while (worth() > Score::Zero() && far_km < kHalfCircleKm) far_km *= 1.1;
  far_from_ = Kilometres::Of(far_km);
  far_chord_ = posting_.home_based ? kEverywhere : WidenedChord(far_from_);
  // As MayHold says of whoever is that far. In minutes, some may go farther.
  const double goes = std::max(far_chord_, *std::ranges::max_element(reach_chords_));
  const bool by_distance = basis_.travel_times == nullptr;
  reach_ = by_distance ? std::sqrt(std::min(radius_chord_, goes)) : kEverywhere;
}

Travel CandidateQuery::TravelFrom(AreaIndex area, double squared_chord) const {
  return TravelOver(DistanceOf(squared_chord), ways_.From(area));
}

Nearest CandidateQuery::NearestOf(const Travel& travel, double squared_chord) {
  Nearest nearest{.chord = squared_chord};
  if (travel.minutes.has_value()) nearest.minutes = *travel.minutes;
  return nearest;
}

Nearest CandidateQuery::NearestBeyond(Kilometres distance, double squared_chord) const {
  return {.chord = squared_chord, .minutes = ways_.LeastMinutes(distance)};
}

bool CandidateQuery::MayHold(const CandidateSummary& summary, const Nearest& nearest,
                             Scope scope) const {
  if (Enabled(RuleId::kSeeking) && !summary.any_ready) return false;
  if (nearest.chord > radius_chord_) return false;
  if (scope == Scope::kEverybody && summary.any_far) return true;
  if (nearest.minutes <= summary.most_minutes) return true;
  const uint32_t codes = summary.near_reach_codes;
  if ((codes & 1) != 0 && nearest.chord <= reach_chords_[0]) return true;
  // Codes from 1 ascend, and so do their limits: whoever goes farthest decides.
  const int farthest = std::bit_width(codes) - 1;
  return farthest > 0 && nearest.chord <= reach_chords_[static_cast<size_t>(farthest)];
}

Criteria CandidateQuery::PlaceBounds(const Travel& travel) const {
  return PlaceBounds(DistanceDecay(travel, basis_.ruleset), travel.distance);
}

// Whose way is known is bounded by its minutes, whose is not by the distance.
Criteria CandidateQuery::PlaceBoundsBeyond(Kilometres nearest) const {
  return PlaceBounds(GreatestDecay(nearest, ways_.LeastMinutes(nearest), basis_.ruleset), nearest);
}

Criteria CandidateQuery::PlaceBounds(Score proximity, Kilometres nearest) const {
  const ChannelParameters& channel = basis_.ruleset.channel;
  Criteria bounds;
  bounds[Criterion::kProximity] = posting_.home_based ? Score::One() : proximity;
  // Near may be worth less than far in some ruleset.
  const auto value = [&](Kilometres distance) {
    return ChannelValue(posting_, {.distance = distance, .minutes = std::nullopt}, channel);
  };
  bounds[Criterion::kChannel] = std::max(value(nearest), value(Kilometres::Unlimited()));
  return bounds;
}

// A part of which the posting, or everybody, says nothing is worth the same for all.
Score CandidateQuery::WishBound(const CandidateSummary& summary) const {
  const WishParameters& parameters = basis_.ruleset.wish;
  int64_t sum = 0;
  const auto add = [&](Score part, bool said) {
    sum += int64_t{part.micros()} * (said ? Score::One() : parameters.unstated).micros();
  };
  add(parameters.trade_part, posting_.trade.has_value() && summary.any_wished_trade);
  add(parameters.form_part, summary.any_wished_form);
  add(parameters.place_part, posting_.division.known() && summary.any_wished_division);
  return Score::FromRatio(sum, int64_t{Score::kMicrosPerUnit} * Score::kMicrosPerUnit);
}

Score CandidateQuery::WaitingBound(std::optional<Day> since) const {
  return WaitingValue(since, basis_.day, basis_.ruleset.waiting);
}

CandidateOrder CandidateQuery::OrderWith(const Criteria& bounds, Day waiting_since,
                                         CandidateId id) const {
  PairScore score;
  const Ruleset& ruleset = basis_.ruleset;
  if (side_ != Side::kReverse) {
    score.forward = WeightedSum(ruleset.ForwardWeights(posting_.channel), bounds);
  }
  if (side_ != Side::kForward) score.reverse = WeightedSum(ruleset.reverse_weights, bounds);
  score.mutual = Mean(score.forward, score.reverse);
  const bool by_waiting = ruleset.candidate_ties == TieBreak::kLongerWaitingFirst;
  return {.score = score.BySide(side_),
          .waiting_since = by_waiting ? waiting_since : Day::Max(),
          .id = id};
}

CandidateOrder CandidateQuery::Bound(const CandidateSummary& summary, const Criteria& place,
                                     Score skills) const {
  const Ruleset& ruleset = basis_.ruleset;
  Criteria bounds = place;
  bounds[Criterion::kSkills] = skills;
  if (posting_.lodging_given && summary.any_wants_to_go_out) {
    bounds[Criterion::kProximity] = Score::One();
  }
  bounds[Criterion::kPriority] = PriorityValue(WithOlderWorker(summary.groups), ruleset.priority);
  const bool wage = Matters(Criterion::kWage);
  if (wage && summary.least_wished_pay != std::numeric_limits<int32_t>::max()) {
    bounds[Criterion::kWage] = WageValue(pay_, summary.least_wished_pay, ruleset.wage);
  }
  if (wage && summary.any_without_wished_pay) {
    bounds[Criterion::kWage] =
        std::max(bounds[Criterion::kWage], WageValue(pay_, std::nullopt, ruleset.wage));
  }
  if (Matters(Criterion::kWish)) bounds[Criterion::kWish] = WishBound(summary);
  if (Matters(Criterion::kWaiting) && summary.longest_waiting != Day::Max()) {
    bounds[Criterion::kWaiting] = WaitingBound(summary.longest_waiting);
  }
  return OrderWith(bounds, summary.longest_waiting, summary.least_id);
}

void CandidateQuery::Select(const CandidateBlock& block, Scope scope, const Nearest& nearest,
                            RowMask& mask) const {
  const ColumnTable& columns = block.columns();
  if (Enabled(RuleId::kSeeking)) KeepBit(columns.Planes(ColumnOf(Column::kReady)), 0, mask);
  if (scope == Scope::kNearOnly) DropBit(columns.Planes(ColumnOf(Column::kFar)), 0, mask);
  if (mask.empty()) return;
  SelectReach(block, nearest, mask);
  if (Enabled(RuleId::kEducationMin) && posting_.education_min.has_value()) {
    KeepAtLeast(columns.Planes(ColumnOf(Column::kEducation)),
                1 + static_cast<uint32_t>(*posting_.education_min), mask);
  }
  if (mask.empty()) return;
  SelectAges(block, mask);
  SelectGroups(block, mask);
}

void CandidateQuery::SelectAges(const CandidateBlock& block, RowMask& mask) const {
  if (first_birth_ == 0 && last_birth_ == ~uint32_t{0}) return;
  const PlaneColumn spans = block.columns().Planes(ColumnOf(Column::kBirthSpan));
  if (first_birth_ != 0) KeepAtLeast(spans, BirthSpan(first_birth_), mask);
  if (last_birth_ != ~uint32_t{0}) KeepAtMost(spans, BirthSpan(last_birth_), mask);
}

void CandidateQuery::SelectGroups(const CandidateBlock& block, RowMask& mask) const {
  const PlaneColumn groups = block.columns().Planes(ColumnOf(Column::kStandingGroups));
  // Who is an older worker follows from the day: the column does not know.
  const auto keep_any = [&](GroupSet asked) {
    if (!asked.Contains(Group::kOlderWorker)) KeepAnyBit(groups, asked.bits(), mask);
  };
  if (Enabled(RuleId::kPublicWelfareWho) && posting_.channel == Channel::kPublicWelfare) {
    const bool urban = posting_.public_welfare.scheme == PublicWelfareScheme::kUrban;
    const PublicWelfareParameters& parameters = basis_.ruleset.public_welfare;
    keep_any(urban ? parameters.urban_groups : parameters.rural_groups);
  }
  if (Enabled(RuleId::kRegistration) && posting_.unemployment_registration_required) {
    keep_any({Group::kRegisteredUnemployed});
  }
  const bool reserved = posting_.reserved_openings_left >= posting_.openings_left;
  if (Enabled(RuleId::kOpen) && reserved) keep_any({posting_.reserved_for});
  if (Enabled(RuleId::kGroups) && !posting_.eligible_groups.empty()) {
    RowMask eligible;
    for (const EligibleGroup& group : posting_.eligible_groups) {
      RowMask members = mask;
      KeepAllBits(groups, group.all_of.bits() & ~Bit(Group::kOlderWorker), members);
      eligible |= members;
    }
    mask = eligible;
  }
}

void CandidateQuery::SelectReach(const CandidateBlock& block, const Nearest& nearest,
                                 RowMask& mask) const {
  // Codes from 1 ascend, and so do their limits.
  uint32_t least_code = 1;
  while (least_code < kReachCodes && nearest.chord > reach_chords_[least_code]) ++least_code;
  const bool unstated_reaches = nearest.chord <= reach_chords_[0];
  if (least_code == 1 && unstated_reaches) return;
  const ColumnTable& columns = block.columns();
  const PlaneColumn reach = columns.Planes(ColumnOf(Column::kReach));
  const PlaneColumn flags = columns.Planes(ColumnOf(Column::kFlags));
  RowMask near = mask;
  if (least_code < kReachCodes) {
    KeepAtLeast(reach, least_code, near);
  } else {
    near = RowMask();
  }
  if (unstated_reaches) {
    RowMask unstated = mask;
    KeepAtMost(reach, 0, unstated);
    near |= unstated;
  }
  if (nearest.minutes < kMostMinutes) {
    RowMask in_time = mask;
    const auto least = static_cast<uint32_t>(std::ceil(nearest.minutes));
    KeepAtLeast(columns.Planes(ColumnOf(Column::kMaxMinutes)), 1 + least, in_time);
    near |= in_time;
  }
  RowMask leaving = mask;
  KeepBit(flags, static_cast<int>(CandidateFlag::kLeavesHome), leaving);
  if (!posting_.lodging_given) {
    DropBit(flags, static_cast<int>(CandidateFlag::kNeedsLodging), leaving);
  }
  near |= leaving;
  mask = near;
}

RowBounds::RowBounds(const CandidateQuery& query, const CandidateBlock& block,
                     const Criteria& place)
    : query_(query), block_(block), place_(place) {
  const auto view = [&](Column column) { return block.columns().View(ColumnOf(column)); };
  const bool by_waiting = query.basis_.ruleset.candidate_ties == TieBreak::kLongerWaitingFirst;
  id_ = view(Column::kId);
  if (query.posting_.lodging_given) flags_ = view(Column::kFlags);
  if (query.Matters(Criterion::kPriority)) groups_ = view(Column::kStandingGroups);
  if (query.Matters(Criterion::kWage)) wished_pay_ = view(Column::kWishedPay);
  if (query.Matters(Criterion::kWish)) {
    work_forms_ = view(Column::kWorkForms);
    for (size_t i = 0; i < wished_trades_.size(); ++i) {
      wished_trades_[i] = block.columns().View(ColumnOf(Column::kWishedTrade1) + i);
    }
  }
  if (by_waiting || query.Matters(Criterion::kWaiting)) {
    unemployed_since_ = view(Column::kUnemployedSince);
  }
}

Score RowBounds::WishOf(size_t row) const {
  const WishParameters& parameters = query_.basis_.ruleset.wish;
  const PostingProfile& posting = query_.posting_;
  const auto part = [](Score weight, Score value) {
    return int64_t{weight.micros()} * value.micros();
  };
  // As WishValue; a wished trade that is not the posting's may be related to it.
  Score trade = parameters.unstated;
  if (posting.trade.has_value() && wished_trades_.front().Get(row) != 0) {
    trade = parameters.same_small_class;
    for (const ColumnView& wished : wished_trades_) {
      if (wished.Get(row) == 1U + posting.trade->value()) trade = Score::One();
    }
  }
  const uint64_t forms = work_forms_.Get(row);
  const bool accepted = ((forms >> static_cast<int>(posting.work_form)) & 1) != 0;
  const Score form = forms == 0 ? parameters.unstated : Score::FromMicros(accepted ? 1'000'000 : 0);
  const bool place_open = !block_.any_wished_divisions() || !posting.division.known();
  const Score place = place_open ? parameters.unstated : Score::One();
  return Score::FromRatio(part(parameters.trade_part, trade) + part(parameters.form_part, form) +
                              part(parameters.place_part, place),
                          int64_t{Score::kMicrosPerUnit} * Score::kMicrosPerUnit);
}

CandidateOrder RowBounds::Of(size_t row, Score skills) const {
  const Ruleset& ruleset = query_.basis_.ruleset;
  Criteria bounds = place_;
  bounds[Criterion::kSkills] = skills;
  const uint64_t wants_to_go_out =
      flags_.Get(row) >> static_cast<int>(CandidateFlag::kWantsToGoOut);
  if (query_.posting_.lodging_given && (wants_to_go_out & 1) != 0) {
    bounds[Criterion::kProximity] = Score::One();
  }
  if (query_.Matters(Criterion::kPriority)) {
    const auto standing = GroupSet::FromBits(static_cast<uint32_t>(groups_.Get(row)));
    bounds[Criterion::kPriority] = PriorityValue(WithOlderWorker(standing), ruleset.priority);
  }
  if (query_.Matters(Criterion::kWage)) {
    bounds[Criterion::kWage] =
        WageValue(query_.pay_, WishedPay(wished_pay_.Get(row)), ruleset.wage);
  }
  if (query_.Matters(Criterion::kWish)) bounds[Criterion::kWish] = WishOf(row);
  const std::optional<Day> since = UnemployedSince(unemployed_since_.Get(row));
  if (query_.Matters(Criterion::kWaiting)) {
    bounds[Criterion::kWaiting] = query_.WaitingBound(since);
  }
  return query_.OrderWith(bounds, since.value_or(Day::Max()), CandidateId(id_.Get(row)));
}

}  // namespace leye::matcher
