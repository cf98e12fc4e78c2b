// The use cases of reports: see ReportService in leye/v1/report.proto.
//
//   const Reports reports(dependencies, people, holder, rulesets);
//   reports.GetCoverageReport(request, context);
#ifndef LEYE_SERVICES_APP_REPORTS_H_
#define LEYE_SERVICES_APP_REPORTS_H_

#include "absl/status/statusor.h"

#include "leye/v1/report.pb.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"
#include "services/app/region_people.h"
#include "services/app/ruleset_source.h"

namespace leye::app {

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Reports {
 public:
  // What is given outlives this.
  Reports(const Dependencies& dependencies, const RegionPeopleSource& people,
          MatchWorldSource worlds, const RulesetSource& rulesets);

  absl::StatusOr<v1::GetCoverageReportResponse> GetCoverageReport(
      const v1::GetCoverageReportRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetOutcomeReportResponse> GetOutcomeReport(
      const v1::GetOutcomeReportRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListPostingComplianceResponse> ListPostingCompliance(
      const v1::ListPostingComplianceRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::FindTrainingGapsResponse> FindTrainingGaps(
      const v1::FindTrainingGapsRequest& request, const CallContext& context) const;

 private:
  // What the caller reaches of the region's people.
  absl::StatusOr<RegionPeople> ReachedPeople(store::Region region,
                                             const CallContext& context) const;

  const Dependencies dependencies_;
  const RegionPeopleSource& people_;
  const MatchWorldSource worlds_;
  const RulesetSource& rulesets_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REPORTS_H_
