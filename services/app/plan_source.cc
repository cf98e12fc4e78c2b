#include "services/app/plan_source.h"

#include <algorithm>
#include <utility>

#include "services/app/matching.h"
#include "services/app/names.h"
#include "services/app/ruleset_codec.h"
#include "services/base/status.h"

namespace leye::app {

using store::Region;

namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr int kPlanPage = 1'000;

// The violation of ListPostings' field is that of the plan's.
absl::Status OfPlan(const absl::Status& status) {
  ErrorDetails details = GetErrorDetails(status);
  for (FieldViolation& violation : details.violations) {
    if (violation.field == "filter") violation.field = "plan.posting_filter";
  }
  return WithDetails(status, details);
}

}  // namespace

PlanSource::PlanSource(const Dependencies& dependencies, const RulesetBook& book,
                       MatchWorldSource worlds, const Postings& postings)
    : dependencies_(dependencies), book_(book), worlds_(std::move(worlds)), postings_(postings) {}

std::string PlanSource::InForce(Region region) const {
  return RulesetName(*book_.InForce(region, Today(dependencies_.clock)));
}

absl::StatusOr<MatchWorldSource::World> PlanSource::WorldOf(Region region,
                                                            absl::Time deadline) const {
  LEYE_ASSIGN_OR_RETURN(const store::Revision head, dependencies_.store.Head(region));
  const absl::Duration left = std::min(kPatience, deadline - dependencies_.clock.Now());
  return worlds_.WaitFor({{region, head}}, SteadyDeadline(left));
}

absl::StatusOr<PlanBasis> PlanSource::BasisOf(const v1::Plan& plan, absl::Time deadline) const {
  const Region region = RegionOfName(plan.name()).value_or(Region::FromNumber(0));
  LEYE_ASSIGN_OR_RETURN(RulesetSource::Ruleset rules, book_.Find(plan.ruleset()));
  LEYE_ASSIGN_OR_RETURN(MatchWorldSource::World world, WorldOf(region, deadline));
  return PlanBasis{.world = std::move(world),
                   .rules = std::move(rules),
                   .catalogue = dependencies_.catalogue,
                   .day = matcher::Day::FromCivil(Today(dependencies_.clock))};
}

absl::StatusOr<PlanBasis> PlanSource::BasisNow(const v1::Plan& plan) const {
  LEYE_ASSIGN_OR_RETURN(RulesetSource::Ruleset rules, book_.Find(plan.ruleset()));
  MatchWorldSource::World world = worlds_.Current();
  if (world == nullptr) return NotReady();
  return PlanBasis{.world = std::move(world),
                   .rules = std::move(rules),
                   .catalogue = dependencies_.catalogue,
                   .day = matcher::Day::FromCivil(Today(dependencies_.clock))};
}

absl::StatusOr<std::vector<std::string>> PlanSource::PostingsOf(const v1::Plan& plan,
                                                                const CallContext& context) const {
  if (!plan.postings().empty()) {
    return std::vector<std::string>(plan.postings().begin(), plan.postings().end());
  }
  CallContext within = context;
  within.scope = access::Scope::kOwn;
  within.principal = plan.division_code().empty()
                         ? access::LocalOperator()
                         : access::Bureau(DivisionPrefix(plan.division_code()));
  within.principal.view = {};
  v1::ListPostingsRequest request;
  request.set_parent(FormatParent(RegionOfName(plan.name()).value_or(Region::FromNumber(0))));
  request.set_filter(plan.posting_filter());
  request.set_page_size(kPlanPage);
  std::vector<std::string> names;
  do {
    const auto page = postings_.ListPostings(request, within);
    if (!page.ok()) return OfPlan(page.status());
    for (const v1::Posting& posting : page->postings()) names.push_back(posting.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && names.size() <= kMaxPlanPostings);
  return names;
}

}  // namespace leye::app
