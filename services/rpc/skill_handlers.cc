#include <memory>

#include "leye/v1/skill.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class SkillHandlers final : public UseCaseHandlers<v1::SkillService, app::Skills> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* GetSkill(Context* context, const v1::GetSkillRequest* request,
                    v1::GetSkillResponse* response) override {
    return Unary(context, request, response, &app::Skills::GetSkill, Runs::kInline);
  }

  Reactor* ListSkills(Context* context, const v1::ListSkillsRequest* request,
                      v1::ListSkillsResponse* response) override {
    return Unary(context, request, response, &app::Skills::ListSkills, Runs::kInline);
  }

  Reactor* SearchSkills(Context* context, const v1::SearchSkillsRequest* request,
                        v1::SearchSkillsResponse* response) override {
    return Unary(context, request, response, &app::Skills::SearchSkills, Runs::kInline);
  }

  Reactor* GetTrade(Context* context, const v1::GetTradeRequest* request,
                    v1::GetTradeResponse* response) override {
    return Unary(context, request, response, &app::Skills::GetTrade, Runs::kInline);
  }

  Reactor* ListTrades(Context* context, const v1::ListTradesRequest* request,
                      v1::ListTradesResponse* response) override {
    return Unary(context, request, response, &app::Skills::ListTrades, Runs::kInline);
  }

  Reactor* NormalizeSkills(Context* context, const v1::NormalizeSkillsRequest* request,
                           v1::NormalizeSkillsResponse* response) override {
    return Unary(context, request, response, &app::Skills::NormalizeSkills);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewSkillHandlers(const Calls& calls, const app::Skills& skills) {
  return std::make_unique<SkillHandlers>(calls, skills);
}

}  // namespace leye::rpc
