#include "tests/oracle/random_world.h"

#include <algorithm>
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

}  // namespace

Pair World::PairOf(const CandidateProfile& candidate, const PostingProfile& posting) const {
  return {.candidate = candidate,
          .household = HouseholdOf(candidate),
          .posting = posting,
          .travel = TravelBetween(AreaOf(candidate), posting)};
}

FitContext World::Context() const {
  return {.ruleset = ruleset, .catalogue = catalogue, .day = day};
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
  PlaceLimitsOnDistances(dice, world);
  return world;
}

}  // namespace leye::matcher::oracle
