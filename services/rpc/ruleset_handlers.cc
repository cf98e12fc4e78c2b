#include <memory>

#include "leye/v1/ruleset.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class RulesetHandlers final : public UseCaseHandlers<v1::RulesetService, app::Rulesets> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* CreateRuleset(Context* context, const v1::CreateRulesetRequest* request,
                         v1::CreateRulesetResponse* response) override {
    return Unary(context, request, response, &app::Rulesets::CreateRuleset);
  }

  Reactor* GetRuleset(Context* context, const v1::GetRulesetRequest* request,
                      v1::GetRulesetResponse* response) override {
    return Unary(context, request, response, &app::Rulesets::GetRuleset);
  }

  Reactor* ListRulesets(Context* context, const v1::ListRulesetsRequest* request,
                        v1::ListRulesetsResponse* response) override {
    return Unary(context, request, response, &app::Rulesets::ListRulesets);
  }

  Reactor* ActivateRuleset(Context* context, const v1::ActivateRulesetRequest* request,
                           v1::ActivateRulesetResponse* response) override {
    return Unary(context, request, response, &app::Rulesets::ActivateRuleset);
  }

  Reactor* GetRulesetSchedule(Context* context, const v1::GetRulesetScheduleRequest* request,
                              v1::GetRulesetScheduleResponse* response) override {
    return Unary(context, request, response, &app::Rulesets::GetRulesetSchedule);
  }

  Reactor* SimulateRuleset(Context* context, const v1::SimulateRulesetRequest* request,
                           v1::SimulateRulesetResponse* response) override {
    return Unary(context, request, response, &app::Rulesets::SimulateRuleset);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewRulesetHandlers(const Calls& calls,
                                                  const app::Rulesets& rulesets) {
  return std::make_unique<RulesetHandlers>(calls, rulesets);
}

}  // namespace leye::rpc
