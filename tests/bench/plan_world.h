// The benchmark's people and postings with what a plan needs besides: households, reserved
// openings, household caps. README.md says how they are made up.
#ifndef LEYE_TESTS_BENCH_PLAN_WORLD_H_
#define LEYE_TESTS_BENCH_PLAN_WORLD_H_

#include <memory>
#include <vector>

#include "matcher/plan/plan.h"
#include "tests/bench/dataset.h"

namespace leye::bench {

// What binds a plan besides the rules of each pair.
enum class PlanRules : uint8_t { kAll, kNone };

class PlanWorld {
 public:
  // With kNone nobody has a household and no opening is reserved: the greatest sum of scores alone.
  PlanWorld(const Dataset& data, PlanRules rules);

  // Lives as long as the world.
  matcher::plan::PlanRequest Request() const;

 private:
  matcher::Ruleset ruleset_;
  matcher::SkillCatalogue catalogue_;
  std::shared_ptr<const matcher::CandidateSnapshot> people_;
  std::shared_ptr<const matcher::PostingSnapshot> postings_;
};

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PLAN_WORLD_H_
