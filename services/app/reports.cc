#include "services/app/reports.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/access/reach.h"
#include "services/app/matching.h"
#include "services/app/names.h"
#include "services/app/outcome_report.h"
#include "services/app/posting_compliance.h"
#include "services/app/record_service.h"
#include "services/app/request_view.h"
#include "services/app/resource_checks.h"
#include "services/app/training_gaps.h"
#include "services/base/status.h"

namespace leye::app {

using store::Region;

namespace {

constexpr int kDefaultEmployers = 100;
constexpr int kMostEmployers = 1'000;
constexpr int kDefaultGaps = 20;
constexpr int kMostGaps = 200;

void AddTo(const v1::CoverageFigures& more, v1::CoverageFigures& sum) {
  sum.set_households(sum.households() + more.households());
  sum.set_willing_households(sum.willing_households() + more.willing_households());
  sum.set_zero_employment_households(sum.zero_employment_households() +
                                     more.zero_employment_households());
  sum.set_working_households(sum.working_households() + more.working_households());
  sum.set_people(sum.people() + more.people());
  sum.set_able(sum.able() + more.able());
  sum.set_able_and_willing(sum.able_and_willing() + more.able_and_willing());
  sum.set_earners(sum.earners() + more.earners());
  sum.set_seekers(sum.seekers() + more.seekers());
  sum.set_public_welfare_holders(sum.public_welfare_holders() + more.public_welfare_holders());
}

// 0 stands for `usual`.
int ReadMost(int asked, int usual, int most, const std::string& field, Violations& violations) {
  if (asked < 0 || asked > most) {
    violations.Add({field, "OUT_OF_RANGE", absl::StrCat("must be 0 to ", most),
                    absl::StrCat("须为 0 至 ", most)});
  }
  return asked == 0 ? usual : asked;
}

}  // namespace

Reports::Reports(const Dependencies& dependencies, const RegionPeopleSource& people,
                 MatchWorldSource worlds, const RulesetSource& rulesets)
    : dependencies_(dependencies),
      people_(people),
      worlds_(std::move(worlds)),
      rulesets_(rulesets) {}

absl::StatusOr<RegionPeople> Reports::ReachedPeople(Region region,
                                                    const CallContext& context) const {
  std::optional<RegionPeople> people = people_.PeopleOf(region, Today(dependencies_.clock));
  if (!people.has_value()) return NotReady();
  if (!ReachOf(context, dependencies_, region).whole()) {
    std::erase_if(people->areas, [&](const AreaPeople& area) {
      return !access::Covers(
          context.principal,
          {.region = region.code(), .division = area.division, .employer = "", .candidate = ""});
    });
  }
  return *std::move(people);
}

absl::StatusOr<v1::GetCoverageReportResponse> Reports::GetCoverageReport(
    const v1::GetCoverageReportRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const RegionPeople people, ReachedPeople(region, context));
  v1::GetCoverageReportResponse response;
  response.set_revision(people.revision);
  v1::CoverageRow& total = *response.mutable_total();
  total.set_division_code(region.code());
  total.mutable_figures();
  std::map<std::string, v1::CoverageFigures> counties;
  for (const AreaPeople& area : people.areas) {
    AddTo(area.figures, *total.mutable_figures());
    AddTo(area.figures, counties[area.division]);
    v1::CoverageRow& row = *response.add_areas();
    row.set_settlement_area(area.area);
    row.set_display_name(area.display_name);
    row.set_division_code(area.division);
    *row.mutable_figures() = area.figures;
  }
  for (const auto& [division, figures] : counties) {
    v1::CoverageRow& row = *response.add_counties();
    row.set_division_code(division);
    *row.mutable_figures() = figures;
  }
  return response;
}

absl::StatusOr<v1::GetOutcomeReportResponse> Reports::GetOutcomeReport(
    const v1::GetOutcomeReportRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  const absl::CivilDay today = Today(dependencies_.clock);
  const absl::CivilDay from =
      ReadDay(request.from_date(), absl::CivilDay(1970, 1, 1), "from_date", violations);
  const absl::CivilDay until = ReadDay(request.until_date(), today, "until_date", violations);
  if (violations.empty() && until < from) {
    violations.Add(
        {"until_date", "OUT_OF_RANGE", "must not be before from_date", "不得早于 from_date"});
  }
  const int most = ReadMost(request.max_employers(), kDefaultEmployers, kMostEmployers,
                            "max_employers", violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const OutcomeQuestion question{.region = region,
                                 .from = from,
                                 .until = until,
                                 .max_employers = static_cast<size_t>(most),
                                 .rulesets = rulesets_,
                                 .today = today};
  LEYE_ASSIGN_OR_RETURN(OutcomeReport report,
                        OutcomeReport::Read(question, dependencies_, context));
  // Who people are is asked of what is not older than the referrals.
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world,
                        AwaitWorld(worlds_, {report.revision()}, dependencies_.clock, context));
  LEYE_ASSIGN_OR_RETURN(const RegionPeople people, ReachedPeople(region, context));
  const RulesetSource::Ruleset ruleset = rulesets_.InForce(region, today);
  return report.Tell(*world, people, {.age = ruleset->age, .today = today}, context);
}

absl::StatusOr<v1::ListPostingComplianceResponse> Reports::ListPostingCompliance(
    const v1::ListPostingComplianceRequest& request, const CallContext& context) const {
  return ListCompliance(request, dependencies_, rulesets_, context);
}

absl::StatusOr<v1::FindTrainingGapsResponse> Reports::FindTrainingGaps(
    const v1::FindTrainingGapsRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  const std::string& area = request.settlement_area();
  const std::optional<ResourceName> name = ParseName(area, "settlementAreas");
  if (!area.empty() && !name.has_value()) {
    violations.Add(BadName("settlement_area", "settlementAreas"));
  } else if (name.has_value() && name->region != region) {
    violations.Add({"settlement_area", "WRONG_REGION", "must be of the parent's region",
                    "须属于 parent 地区"});
  }
  const int most = ReadMost(request.max_gaps(), kDefaultGaps, kMostGaps, "max_gaps", violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const MatchWorldSource::World world = worlds_.Current();
  if (world == nullptr) return NotReady();
  const RulesetSource::Ruleset ruleset = rulesets_.InForce(region, Today(dependencies_.clock));
  return FindGaps({.region = region, .area = area, .max_gaps = static_cast<size_t>(most)}, *world,
                  *ruleset, dependencies_, context);
}

}  // namespace leye::app
