#include "tests/oracle/random_world.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tests/oracle/benchmark_ruleset.h"
#include "tests/oracle/dice.h"
#include "tests/oracle/random_people.h"
#include "tests/oracle/random_postings.h"

namespace leye::matcher::oracle {
namespace {

// Three trades in two small classes; every fourth skill is a certificate, the first of them one for
// special operations that skill 0 asks; neighbours at random, some with full credit.
SkillCatalogue RandomCatalogue(Dice& dice, int skills) {
  constexpr int kTrades = 3;
  SkillCatalogue::Builder builder;
  for (int i = 0; i < kTrades; ++i) {
    builder.AddTrade({.id = TradeId(static_cast<uint16_t>(i)),
                      .small_class = SmallClassId(static_cast<uint16_t>(i / 2)),
                      .operation_certificate = {}});
  }
  for (int i = 0; i < skills; ++i) {
    SkillDefinition skill;
    skill.id = SkillId(static_cast<uint16_t>(i));
    if (i % 4 == 3) skill.kind = SkillKind::kCertificate;
    skill.special_operation = i == 3;
    if (!dice.OneIn(4)) skill.trade = TradeId(static_cast<uint16_t>(dice.Between(0, kTrades - 1)));
    if (i == 0 && skills > 3) skill.operation_certificate = SkillId(3);
    builder.AddSkill(skill);
  }
  for (int asked = 0; asked < skills; ++asked) {
    const int held = dice.Between(0, skills - 1);
    if (held == asked || !dice.OneIn(2)) continue;
    builder.AddNeighbour({.asked = SkillId(static_cast<uint16_t>(asked)),
                          .held = SkillId(static_cast<uint16_t>(held)),
                          .credit = dice.OneOf({Score::One(), Score::FromRatio(1, 2), Score{}})});
  }
  return *std::move(builder).Build();
}

// Parts of one that add up exactly, some of them zero.
Weights RandomWeights(Dice& dice) {
  Weights weights;
  int32_t left = Score::kMicrosPerUnit;
  for (size_t i = 0; i + 1 < kCriterionCount; ++i) {
    if (dice.OneIn(3)) continue;
    const int32_t part = dice.Between(0, left);
    weights.scores[i] = Score::FromMicros(part);
    left -= part;
  }
  weights.scores[kCriterionCount - 1] = Score::FromMicros(left);
  return weights;
}

Ruleset RandomRuleset(Dice& dice) {
  Ruleset ruleset = dice.OneIn(4) ? BenchmarkRuleset() : DefaultRuleset();
  if (dice.OneIn(3)) {
    for (Weights& weights : ruleset.forward_weights) weights = RandomWeights(dice);
    ruleset.reverse_weights = RandomWeights(dice);
  }
  if (dice.OneIn(4)) ruleset.enabled = RuleSet::FromBits(~dice.Set<RuleId>(5).bits());
  if (dice.OneIn(3)) ruleset.rank_candidates_by = dice.OneOf({Side::kReverse, Side::kMutual});
  if (dice.OneIn(3)) ruleset.recommend_postings_by = dice.OneOf({Side::kForward, Side::kMutual});
  if (dice.OneIn(4)) ruleset.candidate_ties = TieBreak::kIdOnly;
  if (dice.OneIn(3)) ruleset.travel.detour_factor = dice.OneOf({1.3, 1.7, 5.0});
  if (dice.OneIn(3)) ruleset.travel.modes = dice.Set<TravelMode>(2);
  if (dice.OneIn(3)) ruleset.skills.unknown_level_meets_required = true;
  return ruleset;
}

// A handful of places within some 100 km, now and then one on top of another, one far away.
std::vector<AreaProfile> RandomAreas(Dice& dice, int count) {
  std::vector<AreaProfile> areas;
  for (int i = 0; i < count; ++i) {
    AreaProfile area;
    area.index = AreaIndex(static_cast<uint32_t>(i));
    area.division = DivisionCode::FromNumber(dice.OneOf<uint64_t>({130723, 130724, 130624}));
    const bool far = i > 0 && dice.OneIn(5);
    area.location = far ? ClampedPoint(22.5 + dice.Unit(), 113.9 + dice.Unit())
                        : ClampedPoint(41.3 + dice.Unit(), 114.1 + dice.Unit());
    if (i > 0 && dice.OneIn(6)) area.location = areas.back().location;
    areas.push_back(area);
  }
  return areas;
}

// Places at postings and beside them, now and then two on one point; half of the ways from the
// areas to them, in some worlds by the distance, in others as slow as walking or faster than
// anything drives. Areas are of two regions in turn.
std::shared_ptr<const TravelTable> RandomTravelTimes(Dice& dice, const World& world) {
  TravelIndex index;
  const bool by_distance = dice.OneIn(2);
  for (const AreaProfile& area : world.areas) index.PutArea(area);
  for (int i = dice.Between(1, 8); i > 0 && !world.postings.empty(); --i) {
    TravelIndex::PlaceTimes place;
    const GeoPoint near = dice.OneOf(world.postings).location;
    place.at = dice.OneIn(2) ? near
                             : ClampedPoint(near.latitude_degrees() + dice.Unit() * 0.02,
                                            near.longitude_degrees() + dice.Unit() * 0.02);
    place.radius = Kilometres::Of(dice.OneOf({0.05, 1.0, 2.5, 5.0}));
    const auto region = static_cast<uint32_t>(dice.Between(0, 1));
    for (const AreaProfile& area : world.areas) {
      if (area.index.value() % 2 != region) continue;
      for (int mode = 0; mode < kEnumCount<TravelMode>; ++mode) {
        if (!dice.OneIn(3)) continue;
        TravelIndex::Time time{.area = area.index, .mode = static_cast<TravelMode>(mode)};
        time.minutes = dice.OneOf<uint16_t>({1, 12, 30, 31, 60, 90, 150, 400, 1440});
        if (by_distance) {
          const double km = DistanceBetween(area.location, place.at).km();
          time.minutes = static_cast<uint16_t>(std::min(1440.0, 1 + km * dice.Between(1, 3)));
        }
        if (dice.OneIn(2)) time.cost_fen = dice.Between(0, 900);
        place.times.push_back(time);
      }
    }
    index.PutPlace(RegionCode(static_cast<uint8_t>(13 + region)), "p" + std::to_string(i), place);
  }
  return index.Publish();
}

}  // namespace

Pair World::PairOf(const CandidateProfile& candidate, const PostingProfile& posting) const {
  return {.candidate = candidate,
          .household = HouseholdOf(candidate),
          .posting = posting,
          .travel = TravelBetween(AreaOf(candidate), posting, Context())};
}

FitContext World::Context() const {
  return {
      .ruleset = ruleset, .catalogue = catalogue, .day = day, .travel_times = travel_times.get()};
}

World RandomWorld(uint64_t seed, const WorldOptions& options) {
  Dice dice(seed);
  World world;
  world.day = Day::FromCivil(dice.OneOf({2025, 2026, 2027, 2028}), dice.OneOf({1, 2, 3, 6}),
                             dice.OneOf({1, 15, 28}));
  world.catalogue = RandomCatalogue(dice, options.skills);
  world.ruleset = RandomRuleset(dice);
  world.areas = RandomAreas(dice, options.areas);
  world.households = RandomHouseholds(dice, options.households);
  world.candidates = RandomCandidates(dice, world, options.candidates);
  world.postings = RandomPostings(dice, world, options.postings);
  if (dice.OneIn(2)) world.travel_times = RandomTravelTimes(dice, world);
  PlaceLimitsOnDistances(dice, world);
  return world;
}

}  // namespace leye::matcher::oracle
