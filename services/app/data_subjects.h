// The use cases of people about their own data: see PersonalDataService in
// leye/v1/personal_data.proto.
#ifndef LEYE_SERVICES_APP_DATA_SUBJECTS_H_
#define LEYE_SERVICES_APP_DATA_SUBJECTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "leye/v1/personal_data.pb.h"
#include "services/app/candidates.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"
#include "services/app/referrals.h"
#include "services/app/retention.h"
#include "services/app/ruleset_source.h"

namespace leye::app {

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class DataSubjects {
 public:
  // All outlive this.
  struct Parts {
    const Candidates& candidates;
    const Referrals& referrals;
    const RulesetSource& rulesets;
    const Retention& retention;
    MatchWorldSource worlds;
    std::string audit_file;  // Empty: no audit is kept.
  };

  DataSubjects(const Dependencies& dependencies, Parts parts)
      : dependencies_(dependencies), parts_(std::move(parts)) {}

  absl::StatusOr<v1::WithdrawConsentResponse> WithdrawConsent(
      const v1::WithdrawConsentRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ExportPersonResponse> ExportPerson(const v1::ExportPersonRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::ListExpiredRecordsResponse> ListExpiredRecords(
      const v1::ListExpiredRecordsRequest& request, const CallContext& context) const {
    return parts_.retention.ListExpiredRecords(request, context);
  }

 private:
  absl::StatusOr<std::vector<v1::Referral>> ReferralsOf(const std::string& person,
                                                        const CallContext& context) const;
  // `open`: of the record of the person's showings.
  void AddShownFor(const std::string& open, v1::ExportPersonResponse& response) const;
  absl::Status AddAccesses(const std::string& person, v1::ExportPersonResponse& response) const;

  const Dependencies dependencies_;
  const Parts parts_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_DATA_SUBJECTS_H_
