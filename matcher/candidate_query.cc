#include "matcher/candidate_query.h"

#include <algorithm>
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

// A squared chord that only distances above the limit exceed.
double WidenedChord(Kilometres limit) {
  constexpr double kHalfCircleKm = 20015.2;
  if (!(limit.km() < kHalfCircleKm)) return kEverywhere;
  return SquaredChordOf(limit) * kChordSlack + kChordFloor;
}

constexpr uint32_t Bit(Group group) { return GroupSet{group}.bits(); }

uint32_t FlagOf(const CandidateBlock& block, size_t row, CandidateFlag flag) {
  return (block.Get(Column::kFlags, row) >> static_cast<int>(flag)) & 1;
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
  CompileAges();
  CompileReach();
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
  const bool reach = Enabled(RuleId::kReach) && !posting_.home_based;
  radius_chord_ =
      reach && posting_.radius.has_value() ? WidenedChord(*posting_.radius) : kEverywhere;
  for (uint32_t code = 0; code < kReachCodes; ++code) {
    const Kilometres limit = code == 0 ? ruleset.reach.unstated_limit : ReachLimit(code);
    reach_chords_[code] = reach ? WidenedChord(limit) : kEverywhere;
  }
  far_from_ = Kilometres::Of(
      std::max(kHalvingsToZero * ruleset.proximity.half_distance.km(), ruleset.channel.near.km()) *
      1.000001);
  far_chord_ = posting_.home_based ? kEverywhere : WidenedChord(far_from_);
}

Travel CandidateQuery::TravelOver(double squared_chord) const {
  return {.distance = DistanceOf(squared_chord), .minutes = std::nullopt};
}

bool CandidateQuery::MayHold(const CandidateSummary& summary, double squared_chord,
                             Scope scope) const {
  if (Enabled(RuleId::kSeeking) && !summary.any_ready) return false;
  if (squared_chord > radius_chord_) return false;
  if (scope == Scope::kEverybody && summary.any_far) return true;
  for (uint32_t left = summary.near_reach_codes; left != 0; left &= left - 1) {
    if (squared_chord <= reach_chords_[static_cast<size_t>(std::countr_zero(left))]) return true;
  }
  return false;
}

Criteria CandidateQuery::PlaceBounds(Kilometres nearest) const {
  const Ruleset& ruleset = basis_.ruleset;
  Criteria bounds;
  const Travel travel{.distance = nearest, .minutes = std::nullopt};
  bounds[Criterion::kProximity] =
      posting_.home_based ? Score::One() : DistanceDecay(travel, ruleset.proximity);
  // Near may be worth less than far in some ruleset.
  const Travel farther{.distance = Kilometres::Unlimited(), .minutes = std::nullopt};
  bounds[Criterion::kChannel] = std::max(ChannelValue(posting_, travel, ruleset.channel),
                                         ChannelValue(posting_, farther, ruleset.channel));
  return bounds;
}

GroupSet CandidateQuery::WithOlderWorker(GroupSet standing) const {
  standing.Insert(Group::kOlderWorker);
  return standing;
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
  if (summary.least_wished_pay != std::numeric_limits<int32_t>::max()) {
    bounds[Criterion::kWage] = WageValue(pay_, summary.least_wished_pay, ruleset.wage);
  }
  if (summary.any_without_wished_pay) {
    bounds[Criterion::kWage] =
        std::max(bounds[Criterion::kWage], WageValue(pay_, std::nullopt, ruleset.wage));
  }
  bounds[Criterion::kWish] = Score::One();
  if (summary.longest_waiting != Day::Max()) {
    bounds[Criterion::kWaiting] = WaitingBound(summary.longest_waiting);
  }
  return OrderWith(bounds, summary.longest_waiting, summary.least_id);
}

RowMask CandidateQuery::Select(const CandidateBlock& block, Scope scope,
                               double squared_chord) const {
  const ColumnTable& columns = block.columns();
  RowMask mask(block.rows());
  if (Enabled(RuleId::kSeeking)) KeepBit(columns.Planes(ColumnOf(Column::kReady)), 0, mask);
  if (scope == Scope::kNearOnly) DropBit(columns.Planes(ColumnOf(Column::kFar)), 0, mask);
  skills_.KeepSkilled(block.skills(), mask);
  if (mask.empty()) return mask;
  SelectReach(block, squared_chord, mask);
  SelectAges(block, mask);
  if (Enabled(RuleId::kEducationMin) && posting_.education_min.has_value()) {
    KeepAtLeast(columns.Planes(ColumnOf(Column::kEducation)),
                1 + static_cast<uint32_t>(*posting_.education_min), mask);
  }
  SelectGroups(block, mask);
  return mask;
}

void CandidateQuery::SelectAges(const CandidateBlock& block, RowMask& mask) const {
  if (first_birth_ == 0 && last_birth_ == ~uint32_t{0}) return;
  const PlaneColumn births = block.columns().Planes(ColumnOf(Column::kBirth));
  if (first_birth_ != 0) KeepAtLeast(births, first_birth_, mask);
  if (last_birth_ != ~uint32_t{0}) KeepAtMost(births, last_birth_, mask);
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

void CandidateQuery::SelectReach(const CandidateBlock& block, double squared_chord,
                                 RowMask& mask) const {
  // Codes from 1 ascend, and so do their limits.
  uint32_t least_code = 1;
  while (least_code < kReachCodes && squared_chord > reach_chords_[least_code]) ++least_code;
  const bool unstated_reaches = squared_chord <= reach_chords_[0];
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
  RowMask leaving = mask;
  KeepBit(flags, static_cast<int>(CandidateFlag::kLeavesHome), leaving);
  if (!posting_.lodging_given) {
    DropBit(flags, static_cast<int>(CandidateFlag::kNeedsLodging), leaving);
  }
  near |= leaving;
  mask = near;
}

Score CandidateQuery::WishBound(const CandidateBlock& block, size_t row) const {
  const WishParameters& parameters = basis_.ruleset.wish;
  const auto part = [](Score weight, Score value) {
    return int64_t{weight.micros()} * value.micros();
  };
  // As WishValue; a wished trade that is not the posting's may be related to it.
  Score trade = parameters.unstated;
  if (posting_.trade.has_value() && block.Get(Column::kWishedTrade1, row) != 0) {
    trade = parameters.same_small_class;
    for (size_t i = 0; i < kMaxWishedTrades; ++i) {
      const uint64_t wished = block.columns().Get(ColumnOf(Column::kWishedTrade1) + i, row);
      if (wished == 1U + posting_.trade->value()) trade = Score::One();
    }
  }
  const uint64_t forms = block.Get(Column::kWorkForms, row);
  const bool accepted = ((forms >> static_cast<int>(posting_.work_form)) & 1) != 0;
  const Score form = forms == 0 ? parameters.unstated : Score::FromMicros(accepted ? 1'000'000 : 0);
  const bool place_open = !block.any_wished_divisions() || !posting_.division.known();
  const Score place = place_open ? parameters.unstated : Score::One();
  return Score::FromRatio(part(parameters.trade_part, trade) + part(parameters.form_part, form) +
                              part(parameters.place_part, place),
                          int64_t{Score::kMicrosPerUnit} * Score::kMicrosPerUnit);
}

CandidateOrder CandidateQuery::RowBound(const CandidateBlock& block, size_t row,
                                        const Criteria& place, Score skills) const {
  const Ruleset& ruleset = basis_.ruleset;
  Criteria bounds = place;
  bounds[Criterion::kSkills] = skills;
  if (posting_.lodging_given && FlagOf(block, row, CandidateFlag::kWantsToGoOut) != 0) {
    bounds[Criterion::kProximity] = Score::One();
  }
  const auto standing = static_cast<uint32_t>(block.Get(Column::kStandingGroups, row));
  bounds[Criterion::kPriority] =
      PriorityValue(WithOlderWorker(GroupSet::FromBits(standing)), ruleset.priority);
  bounds[Criterion::kWage] =
      WageValue(pay_, WishedPay(block.Get(Column::kWishedPay, row)), ruleset.wage);
  bounds[Criterion::kWish] = WishBound(block, row);
  const std::optional<Day> since = UnemployedSince(block.Get(Column::kUnemployedSince, row));
  bounds[Criterion::kWaiting] = WaitingBound(since);
  return OrderWith(bounds, since.value_or(Day::Max()), block.IdOf(row));
}

}  // namespace leye::matcher
