// What a plan asks for, in the matcher's terms: postings, areas, pins and bans at one moment.
//
//   Violations violations;
//   const PlanProblem problem(plan, postings, {world, rules, catalogue, day}, violations);
//   if (violations.empty()) matcher::plan::MakePlan(problem.request(), options);
#ifndef LEYE_SERVICES_APP_PLAN_PROBLEM_H_
#define LEYE_SERVICES_APP_PLAN_PROBLEM_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "leye/v1/plan.pb.h"
#include "matcher/plan/plan.h"
#include "services/app/catalogue.h"
#include "services/app/matching_world.h"
#include "services/app/ruleset_source.h"
#include "services/app/violations.h"

namespace leye::app {

inline constexpr size_t kMaxPlanPostings = 10'000;
inline constexpr size_t kMaxPlanPeople = 200'000;

// By what a plan is made.
struct PlanBasis {
  MatchWorldSource::World world;
  RulesetSource::Ruleset rules;
  const Catalogue& catalogue;
  matcher::Day day;
};

// The leading digits of a division code, which all codes within it share: "1307" of "130700".
absl::string_view DivisionPrefix(absl::string_view division_code);

// A violation for each name in the plan, bans included, that is well-formed and leads nowhere.
void CheckPlanNames(const v1::Plan& plan, const MatchWorld& world, Violations& violations);

// Immutable, thread-safe.
class PlanProblem {
 public:
  // `postings` are the names of those that take part; the others of the arguments as the plan has
  // them. What makes no sense goes to `violations`, and the problem may then not be used. Bans that
  // name nobody are passed over. The catalogue outlives the problem.
  PlanProblem(const v1::Plan& plan, const std::vector<std::string>& postings,
              const PlanBasis& basis, Violations& violations);

  // Views the problem. REQUIRES: nothing was wrong.
  matcher::plan::PlanRequest request() const;

  const MatchWorld& world() const { return *basis_.world; }
  matcher::FitContext fit() const {
    return {.ruleset = *basis_.rules,
            .catalogue = basis_.catalogue.matcher_catalogue(),
            .day = basis_.day,
            .travel_times = basis_.world->travel_times()};
  }
  const std::vector<matcher::AreaIndex>& areas() const { return areas_; }

 private:
  void FindPostings(const std::vector<std::string>& names, Violations& violations);
  void FindAreas(const v1::Plan& plan, Violations& violations);
  void FindPins(const v1::Plan& plan, Violations& violations);
  void CheckSize(Violations& violations) const;
  std::optional<matcher::plan::PlanPair> Find(const v1::PlanPair& pair) const;

  const PlanBasis basis_;
  std::shared_ptr<const matcher::PostingSnapshot> postings_;
  std::vector<matcher::AreaIndex> areas_;  // Never empty: empty is everywhere to the matcher.
  std::vector<matcher::plan::PlanPair> pins_;
  std::vector<matcher::plan::PlanPair> bans_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PLAN_PROBLEM_H_
