// The planner against its twins: everything tried on tiny worlds, network simplex on larger ones. A
// failing world is named by its seed.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "matcher/plan/pair_sweep.h"
#include "matcher/plan/plan.h"
#include "matcher/plan/priced_sweep.h"
#include "matcher/plan/roster.h"
#include "tests/oracle/dice.h"
#include "tests/oracle/flow_plan.h"
#include "tests/oracle/indexed_world.h"
#include "tests/oracle/plain_plan.h"
#include "tests/testing/status_matchers.h"

namespace leye::matcher::plan {
namespace {

using leye::testing::IsOk;
using oracle::Dice;
using oracle::PlanValue;
using oracle::PlanWorld;
using oracle::World;
using ::testing::IsEmpty;

constexpr uint64_t kTinyWorlds = 400;

// Many may take many postings, so that there is something to decide.
World CrowdedWorld(uint64_t seed, const oracle::WorldOptions& options) {
  World world = oracle::IndexableWorld(seed, options);
  Dice dice(seed + 1000);
  if (!dice.OneIn(3)) {
    world.ruleset.enabled = {RuleId::kOpen, RuleId::kSeeking, RuleId::kReach};
    if (dice.OneIn(2)) world.ruleset.enabled.Insert(RuleId::kHouseholdCap);
  }
  for (CandidateProfile& candidate : world.candidates) {
    candidate.willing_to_leave_home = candidate.willing_to_leave_home || dice.OneIn(2);
  }
  for (HouseholdProfile& household : world.households) {
    if (household.id != HouseholdId() && dice.OneIn(2)) household.earners = 0;
    household.public_welfare_holders = {};
  }
  for (PostingProfile& posting : world.postings) {
    posting.openings_left = dice.OneOf<uint16_t>({0, 1, 1, 1, 2, 2, 3});
    posting.reserved_openings_left = dice.OneOf<uint16_t>({0, 0, 0, 1, 2});
    if (dice.OneIn(2)) posting.reserved_for = dice.Any<Group>();
    if (!dice.OneIn(3)) continue;
    posting.channel = Channel::kPublicWelfare;
    posting.public_welfare.kind =
        dice.OneOf({PublicWelfareKind::kForestGuard, PublicWelfareKind::kCleaning});
    posting.public_welfare.household_cap = dice.OneOf<uint8_t>({1, 1, 2});
  }
  return world;
}

PlanOptions Sided(Side side) {
  PlanOptions options;
  options.side = side;
  return options;
}

class Indexed {
 public:
  explicit Indexed(const World& world)
      : world_(world),
        people_(oracle::IndexPeople(world)),
        postings_(oracle::IndexPostings(world)) {}

  PlanRequest Request(const PlanWorld& task) const {
    return {.people = *people_,
            .postings = *postings_,
            .basis = world_.Context(),
            .areas = {},
            .pins = task.pins,
            .bans = task.bans};
  }

 private:
  const World& world_;
  std::shared_ptr<const CandidateSnapshot> people_;
  std::shared_ptr<const PostingSnapshot> postings_;
};

// Some pairs pinned, as far as they can be kept together, and some forbidden.
PlanWorld RandomTask(const World& world, Dice& dice) {
  PlanWorld task{.world = world,
                 .side = dice.OneOf({Side::kForward, Side::kReverse, Side::kMutual}),
                 .pins = {},
                 .bans = {}};
  std::vector<PlannedMatch> pinned;
  for (const CandidateProfile& candidate : world.candidates) {
    for (const PostingProfile& posting : world.postings) {
      const PlanPair pair{.candidate = candidate.id, .posting = posting.id};
      if (dice.OneIn(12)) {
        task.bans.push_back(pair);
        continue;
      }
      const auto score = oracle::ScoreOfPair(task, candidate.id, posting.id);
      if (!dice.OneIn(25) || !score.has_value()) continue;
      task.pins.push_back(pair);
      pinned.push_back({.candidate = candidate.id,
                        .posting = posting.id,
                        .score = Score::FromMicros(*score),
                        .pinned = true});
      if (oracle::FaultsOf(task, pinned).empty()) break;
      task.pins.pop_back();
      pinned.pop_back();
    }
  }
  return task;
}

void ExpectAgrees(const PlanWorld& task, const Plan& plan) {
  EXPECT_THAT(oracle::FaultsOf(task, plan.matches), IsEmpty());
  const PlanValue value = oracle::ValueOf(task, plan.matches);
  EXPECT_EQ(value.households, plan.figures.households_first_earner);
  EXPECT_EQ(value.score_micros, plan.figures.score_micros);
  EXPECT_EQ(static_cast<int64_t>(plan.matches.size()), plan.figures.filled);
}

// What is claimed of the optimum must be true of it.
void ExpectBoundHolds(const PlanFigures& figures, const PlanValue& best) {
  EXPECT_LE(best.households, figures.households_bound);
  EXPECT_GE(best.households, figures.households_first_earner);
  if (best.households == figures.households_first_earner) {
    EXPECT_LE(best.score_micros, figures.score_bound_micros);
    EXPECT_GE(best.score_micros, figures.score_micros);
  }
  EXPECT_EQ(figures.exact, figures.Gap() == 0);
}

TEST(PlanOracle, TinyWorldsReachTheOptimumOrABoundThatHolds) {
  int decided = 0;
  int exact = 0;
  for (uint64_t seed = 1; seed <= kTinyWorlds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = CrowdedWorld(
        seed, {.areas = 3, .households = 3, .candidates = 6, .postings = 4, .skills = 6});
    Dice dice(seed);
    PlanWorld task = RandomTask(world, dice);
    PlanOptions options = Sided(task.side);
    if (seed % 2 == 1) options.most_judged = 0;
    const auto plan = MakePlan(Indexed(world).Request(task), options);
    ASSERT_THAT(plan, IsOk());
    ExpectAgrees(task, *plan);
    const PlanValue best = oracle::BestValue(task);
    ExpectBoundHolds(plan->figures, best);
    std::ranges::reverse(task.pins);
    std::ranges::reverse(task.bans);
    const auto again = MakePlan(Indexed(world).Request(task), options);
    ASSERT_THAT(again, IsOk());
    EXPECT_TRUE(plan->matches == again->matches);
    if (!world.ruleset.enabled.Contains(RuleId::kHouseholdCap)) {
      EXPECT_TRUE(plan->figures.exact);
    }
    decided += best.score_micros > 0 ? 1 : 0;
    exact += plan->figures.exact ? 1 : 0;
    if (HasFailure()) return;
  }
  EXPECT_GT(decided, static_cast<int>(kTinyWorlds) / 2);
  EXPECT_GT(exact, static_cast<int>(kTinyWorlds) * 9 / 10);
  RecordProperty("exact", exact);
}

oracle::FlowTask FlowOf(const PlanWorld& task) {
  const World& world = task.world;
  oracle::FlowTask flow;
  flow.homes = static_cast<int>(world.households.size());
  for (const PostingProfile& posting : world.postings) {
    const int reserved = std::min(posting.reserved_openings_left, posting.openings_left);
    flow.jobs.push_back({posting.openings_left, posting.openings_left - reserved});
  }
  for (const CandidateProfile& candidate : world.candidates) {
    const HouseholdProfile& household = world.HouseholdOf(candidate);
    const GroupSet groups = EffectiveGroups(candidate, household, world.ruleset.age, world.day);
    oracle::FlowPerson& person = flow.people.emplace_back();
    if (household.ZeroEmployment() && household.id != HouseholdId()) {
      person.home = static_cast<int>(candidate.household.value());
    }
    for (size_t job = 0; job < world.postings.size(); ++job) {
      const PairScore score =
          ScorePair(world.PairOf(candidate, world.postings[job]), world.Context());
      if (!score.eligible()) continue;
      person.choices.push_back(
          {.job = static_cast<int>(job),
           .score_micros = score.BySide(task.side).micros(),
           .only_open_seats = !groups.Contains(world.postings[job].reserved_for)});
    }
  }
  return flow;
}

void ExpectEqualsFlow(const World& world, Side side, const PlanOptions& options) {
  const PlanWorld task{.world = world, .side = side, .pins = {}, .bans = {}};
  const auto plan = MakePlan(Indexed(world).Request(task), options);
  ASSERT_THAT(plan, IsOk());
  ExpectAgrees(task, *plan);
  const auto best = oracle::BestFlow(FlowOf(task));
  ASSERT_THAT(best, IsOk());
  EXPECT_TRUE(plan->figures.exact);
  EXPECT_EQ(best->households, plan->figures.households_first_earner);
  EXPECT_EQ(best->score_micros, plan->figures.score_micros);
}

using Listed = std::pair<PostingId, int32_t>;

// What anybody may take, best first, by the definition.
std::vector<Listed> PlainList(const PlanWorld& task, const Roster& roster, Applicant applicant) {
  std::vector<Listed> list;
  for (const PostingProfile& posting : task.world.postings) {
    const Job job = roster.job_of.at(posting.id);
    const auto score = oracle::ScoreOfPair(task, roster.applicants[applicant].id, posting.id);
    if (score.has_value() && roster.MaySit(applicant, job)) list.emplace_back(posting.id, *score);
  }
  std::ranges::sort(list, [](const Listed& a, const Listed& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return list;
}

TEST(PlanOracle, ASweepFindsWhatEverybodyMayTake) {
  size_t listed = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const oracle::WorldOptions size{
        .areas = 5, .households = 20, .candidates = 60, .postings = 25, .skills = 8};
    const World world =
        seed % 3 == 0 ? CrowdedWorld(seed, size) : oracle::IndexableWorld(seed, size);
    Dice dice(seed);
    const PlanWorld task = RandomTask(world, dice);
    const Indexed indexed(world);
    const PlanRequest request = indexed.Request(task);
    const auto roster = MakeRoster(request, task.side);
    ASSERT_THAT(roster, IsOk());
    const PairSweep sweep(request, *roster, task.side);
    size_t people = 0;
    for (size_t i = 0; i < sweep.area_count(); ++i) {
      const PairSweep::Area area = sweep.Sweep(i);
      people += area.people.size();
      size_t at = 0;
      for (size_t p = 0; p < area.people.size(); ++p) {
        std::vector<Listed> list;
        for (const size_t end = at + area.counts[p]; at < end; ++at) {
          list.emplace_back(roster->jobs[area.choices[at].job].id, area.choices[at].score_micros);
        }
        EXPECT_EQ(list, PlainList(task, *roster, area.people[p]));
        listed += list.size();
      }
    }
    EXPECT_EQ(people, roster->applicants.size());
    if (HasFailure()) return;
  }
  EXPECT_GT(listed, 1000U);
}

// A price for every kind of seat, some of them more than any score.
LotPrices RandomPrices(const Roster& roster, Dice& dice) {
  std::vector<int64_t> prices(2 * roster.jobs.size(), kUnaffordable);
  for (Job job = 0; job < roster.jobs.size(); ++job) {
    const JobFacts& facts = roster.jobs[job];
    const auto price = [&] { return dice.OneIn(2) ? 0 : dice.Between(0, 1'300'000); };
    if (facts.open_seats > 0) prices[LotPrices::Open(job)] = price();
    if (facts.HasReserve()) prices[LotPrices::Reserved(job)] = price();
  }
  return LotPrices(std::move(prices));
}

// What is listed is there and worth what is said; nothing else is worth more than `unlisted`, which
// is hardly more than the worst that is listed.
void ExpectShortListHolds(const PlanWorld& task, const Roster& roster, const LotPrices& prices,
                          const PricedSweep::Asked& asked, const std::vector<Listed>& list,
                          int64_t unlisted) {
  const auto value_of = [&](const Listed& listed) {
    const Job job = roster.job_of.at(listed.first);
    return listed.second - prices.For(job, roster.IsReservedFor(job, asked.applicant));
  };
  int64_t worst = kUnaffordable;
  for (const Listed& listed : list) worst = std::min(worst, value_of(listed));
  size_t found = 0;
  for (const Listed& listed : PlainList(task, roster, asked.applicant)) {
    if (std::ranges::find(list, listed) != list.end()) {
      ++found;
    } else {
      EXPECT_LE(value_of(listed), unlisted);
      EXPECT_EQ(list.size(), asked.most);
    }
  }
  EXPECT_EQ(found, list.size());
  if (unlisted != PricedSweep::kNothing) {
    EXPECT_LE(unlisted, worst + PricedSweep::kSlackMicros);
  }
}

TEST(PlanOracle, AShortListHoldsWhatIsBestAtThePricesAndBoundsTheRest) {
  int bounded = 0;
  int far = 0;  // farther than jobs are kept by area
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const oracle::WorldOptions size{
        .areas = 5, .households = 20, .candidates = 60, .postings = 60, .skills = 8};
    const World world =
        seed % 3 == 0 ? CrowdedWorld(seed, size) : oracle::IndexableWorld(seed, size);
    Dice dice(seed);
    const PlanWorld task = RandomTask(world, dice);
    const Indexed indexed(world);
    const PlanRequest request = indexed.Request(task);
    const auto roster = MakeRoster(request, task.side);
    ASSERT_THAT(roster, IsOk());
    const LotPrices prices = RandomPrices(*roster, dice);
    PricedSweep sweep(request, *roster, task.side);
    sweep.SetPrices(prices, 2);
    PricedSweep::Desk desk;
    for (Applicant applicant = 0; applicant < roster->applicants.size(); ++applicant) {
      const PricedSweep::Asked asked{.applicant = applicant,
                                     .most = static_cast<uint32_t>(dice.Between(1, 6))};
      const PricedSweep::Found found = sweep.Sweep(std::span(&asked, 1), desk);
      std::vector<Listed> list;
      const auto area = request.people.FindArea(roster->applicants[applicant].area);
      for (const Choice& choice : found.choices) {
        const PostingId id = roster->jobs[choice.job].id;
        list.emplace_back(id, choice.score_micros);
        const Travel travel = TravelBetween(*area, *request.postings.Find(id), request.basis);
        far += travel.distance > Kilometres::Of(150) ? 1 : 0;
      }
      ExpectShortListHolds(task, *roster, prices, asked, list, found.unlisted.front());
      bounded += found.unlisted.front() != PricedSweep::kNothing ? 1 : 0;
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(bounded, 500);
  EXPECT_GT(far, 100);
}

// Seats are scarce in some worlds and people in others; lists begin short, so that they are
// extended on the way.
TEST(PlanOracle, LargerWorldsEqualNetworkSimplex) {
  for (uint64_t seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = CrowdedWorld(seed, {.areas = 6,
                                      .households = 60,
                                      .candidates = 150,
                                      .postings = seed % 2 == 0 ? 20 : 90,
                                      .skills = 12});
    world.ruleset.enabled.Remove(RuleId::kHouseholdCap);
    PlanOptions options;
    options.first_choices = 1 + seed % 5;
    options.side = Side::kForward;
    if (seed % 2 == 1) options.most_judged = 0;
    ExpectEqualsFlow(world, Side::kForward, options);
    if (HasFailure()) return;
  }
}

TEST(PlanOracle, ATownEqualsNetworkSimplex) {
  World world = CrowdedWorld(
      7, {.areas = 12, .households = 500, .candidates = 1200, .postings = 150, .skills = 30});
  world.ruleset.enabled.Remove(RuleId::kHouseholdCap);
  for (PostingProfile& posting : world.postings) posting.openings_left *= 4;
  ExpectEqualsFlow(world, Side::kForward, Sided(Side::kForward));
}

// Limits make a plan worse, never wrong, and the bound says by how much at most.
TEST(PlanOracle, LimitedSearchesKeepEveryRuleAndABoundThatHolds) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = CrowdedWorld(
        seed, {.areas = 5, .households = 20, .candidates = 60, .postings = 25, .skills = 8});
    world.ruleset.enabled.Remove(RuleId::kHouseholdCap);
    const PlanWorld task{.world = world, .side = Side::kMutual, .pins = {}, .bans = {}};
    PlanOptions options = Sided(Side::kMutual);
    options.most_judged = 0;
    options.first_choices = 2;
    options.most_choices = 2 + seed % 7;
    if (seed % 3 == 0) {
      options.slack = Score::FromMicros(100'000);
    } else {
      options.search_people = seed % 5;
    }
    const auto plan = MakePlan(Indexed(world).Request(task), options);
    ASSERT_THAT(plan, IsOk());
    ExpectAgrees(task, *plan);
    const auto best = oracle::BestFlow(FlowOf(task));
    ASSERT_THAT(best, IsOk());
    ExpectBoundHolds(plan->figures, *best);
    if (HasFailure()) return;
  }
}

// The auction, which is for many people, on worlds whose best plan is known.
TEST(PlanOracle, AnAuctionKeepsEveryRuleAndABoundThatHolds) {
  for (uint64_t seed = 1; seed <= kTinyWorlds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = CrowdedWorld(
        seed, {.areas = 3, .households = 3, .candidates = 6, .postings = 4, .skills = 6});
    Dice dice(seed);
    const PlanWorld task = RandomTask(world, dice);
    PlanOptions options = Sided(task.side);
    options.most_exact = 0;
    options.first_choices = 1 + seed % 3;
    if (seed % 2 == 1) options.most_judged = 0;
    const auto plan = MakePlan(Indexed(world).Request(task), options);
    ASSERT_THAT(plan, IsOk());
    ExpectAgrees(task, *plan);
    ExpectBoundHolds(plan->figures, oracle::BestValue(task));
    if (HasFailure()) return;
  }
}

// Less so with lists that begin with a few postings (README.md).
TEST(PlanOracle, AnAuctionIsMostlyNearlyAsGoodAsNetworkSimplex) {
  constexpr int kWorlds = 24;
  int as_good = 0;
  for (uint64_t seed = 1; seed <= kWorlds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = CrowdedWorld(seed, {.areas = 6,
                                      .households = 60,
                                      .candidates = 150,
                                      .postings = seed % 2 == 0 ? 20 : 90,
                                      .skills = 12});
    world.ruleset.enabled.Remove(RuleId::kHouseholdCap);
    const PlanWorld task{.world = world, .side = Side::kForward, .pins = {}, .bans = {}};
    PlanOptions options = Sided(Side::kForward);
    options.most_exact = 0;
    if (seed % 2 == 1) options.most_judged = 0;
    options.first_choices = 1 + seed % 5;
    const auto plan = MakePlan(Indexed(world).Request(task), options);
    ASSERT_THAT(plan, IsOk());
    ExpectAgrees(task, *plan);
    const auto best = oracle::BestFlow(FlowOf(task));
    ASSERT_THAT(best, IsOk());
    ExpectBoundHolds(plan->figures, *best);
    const int64_t lost = best->score_micros - plan->figures.score_micros;
    const int64_t most_lost_per_mille = seed % 2 == 1 ? 30 : 5;
    const bool near = lost * 1000 <= best->score_micros * most_lost_per_mille;
    if (near && plan->figures.households_first_earner == best->households) ++as_good;
    if (HasFailure()) return;
  }
  EXPECT_GE(as_good, kWorlds * 3 / 4);
  RecordProperty("as_good", as_good);
}

// Whatever it has at its end is a plan, and the bound says how good.
TEST(PlanOracle, AnAuctionThatMayNotBidOftenIsHonest) {
  World world = CrowdedWorld(
      7, {.areas = 12, .households = 500, .candidates = 1200, .postings = 150, .skills = 30});
  world.ruleset.enabled.Remove(RuleId::kHouseholdCap);
  const PlanWorld task{.world = world, .side = Side::kForward, .pins = {}, .bans = {}};
  PlanOptions options = Sided(Side::kForward);
  options.most_exact = 0;
  options.most_bids = 100;
  const auto plan = MakePlan(Indexed(world).Request(task), options);
  ASSERT_THAT(plan, IsOk());
  ExpectAgrees(task, *plan);
  const auto best = oracle::BestFlow(FlowOf(task));
  ASSERT_THAT(best, IsOk());
  ExpectBoundHolds(plan->figures, *best);
  EXPECT_FALSE(plan->figures.exact);
}

}  // namespace
}  // namespace leye::matcher::plan
