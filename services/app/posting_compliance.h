// Whether postings keep to what they have promised: ListPostingCompliance.
#ifndef LEYE_SERVICES_APP_POSTING_COMPLIANCE_H_
#define LEYE_SERVICES_APP_POSTING_COMPLIANCE_H_

#include <optional>

#include "absl/status/statusor.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/report.pb.h"
#include "services/app/context.h"
#include "services/app/ruleset_source.h"

namespace leye::app {

// What postings are held to. Views `lint`.
struct ComplianceRules {
  const matcher::LintParameters& lint;
  absl::CivilDay today;
};

// nullopt: it reserves nothing and says nothing of labour pay.
std::optional<v1::PostingCompliance> ComplianceOf(const v1::Posting& posting,
                                                  const storage::v1::Holds& holds,
                                                  const ComplianceRules& rules);

absl::StatusOr<v1::ListPostingComplianceResponse> ListCompliance(
    const v1::ListPostingComplianceRequest& request, const Dependencies& dependencies,
    const RulesetSource& rulesets, const CallContext& context);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_COMPLIANCE_H_
