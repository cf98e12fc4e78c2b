// The use cases of rulesets: see RulesetService in leye/v1/ruleset.proto.
#ifndef LEYE_SERVICES_APP_RULESETS_H_
#define LEYE_SERVICES_APP_RULESETS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "leye/v1/ruleset.pb.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"
#include "services/app/ruleset_book.h"

namespace leye::app {

class RecordService;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Rulesets {
 public:
  // What is given outlives this.
  Rulesets(const Dependencies& dependencies, RulesetBook& book, MatchWorldSource worlds);
  ~Rulesets();

  absl::StatusOr<v1::CreateRulesetResponse> CreateRuleset(const v1::CreateRulesetRequest& request,
                                                          const CallContext& context) const;
  absl::StatusOr<v1::GetRulesetResponse> GetRuleset(const v1::GetRulesetRequest& request,
                                                    const CallContext& context) const;
  absl::StatusOr<v1::ListRulesetsResponse> ListRulesets(const v1::ListRulesetsRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::ActivateRulesetResponse> ActivateRuleset(
      const v1::ActivateRulesetRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetRulesetScheduleResponse> GetRulesetSchedule(
      const v1::GetRulesetScheduleRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::SimulateRulesetResponse> SimulateRuleset(
      const v1::SimulateRulesetRequest& request, const CallContext& context) const;

 private:
  // One attempt of a checked request.
  absl::StatusOr<v1::ActivateRulesetResponse> TryActivate(const v1::ActivateRulesetRequest& request,
                                                          store::Region region,
                                                          const std::string& from) const;
  absl::StatusOr<v1::RulesetSchedule> ReadSchedule(store::Region region) const;

  const Dependencies dependencies_;
  RulesetBook& book_;
  const MatchWorldSource worlds_;
  const std::unique_ptr<RecordService> records_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RULESETS_H_
