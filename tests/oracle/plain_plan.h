// The planner's stupid twin: what a plan must keep to, and the best plan of a tiny world by trying
// everything.
//
//   const PlanWorld task{.world = world, .pins = {}, .bans = {}};
//   EXPECT_THAT(FaultsOf(task, plan.matches), IsEmpty());
//   EXPECT_EQ(ValueOf(task, plan.matches), BestValue(task));
//
// Written for belief: no flow, no prices, only ScorePair and counting.
#ifndef LEYE_TESTS_ORACLE_PLAIN_PLAN_H_
#define LEYE_TESTS_ORACLE_PLAIN_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "matcher/plan/plan.h"
#include "tests/oracle/random_world.h"

namespace leye::matcher::oracle {

struct PlanWorld {
  const World& world;
  Side side = Side::kForward;
  std::vector<plan::PlanPair> pins;
  std::vector<plan::PlanPair> bans;
};

// Ordered: more households are better, then more score.
struct PlanValue {
  int64_t households = 0;
  int64_t score_micros = 0;

  friend auto operator<=>(const PlanValue&, const PlanValue&) = default;
};

// The pair's score; absent if a rule turns it away.
std::optional<int64_t> ScoreOfPair(const PlanWorld& task, CandidateId candidate, PostingId posting);

// Every rule that the matches break, in words; pins left out and wrong scores too.
std::vector<std::string> FaultsOf(const PlanWorld& task,
                                  const std::vector<plan::PlannedMatch>& matches);

PlanValue ValueOf(const PlanWorld& task, const std::vector<plan::PlannedMatch>& matches);

// The best that any plan reaches. Exponential. REQUIRES: the pins can be kept.
PlanValue BestValue(const PlanWorld& task);

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_PLAIN_PLAN_H_
