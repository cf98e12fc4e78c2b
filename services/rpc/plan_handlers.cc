#include <memory>

#include "leye/v1/plan.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class PlanHandlers final : public UseCaseHandlers<v1::PlanService, app::Plans> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* CreatePlan(Context* context, const v1::CreatePlanRequest* request,
                      v1::CreatePlanResponse* response) override {
    return Unary(context, request, response, &app::Plans::CreatePlan);
  }

  Reactor* GetPlan(Context* context, const v1::GetPlanRequest* request,
                   v1::GetPlanResponse* response) override {
    return Unary(context, request, response, &app::Plans::GetPlan);
  }

  Reactor* ListPlans(Context* context, const v1::ListPlansRequest* request,
                     v1::ListPlansResponse* response) override {
    return Unary(context, request, response, &app::Plans::ListPlans);
  }

  Reactor* ListPlanAssignments(Context* context, const v1::ListPlanAssignmentsRequest* request,
                               v1::ListPlanAssignmentsResponse* response) override {
    return Unary(context, request, response, &app::Plans::ListPlanAssignments);
  }

  Reactor* ListPlanOutcomes(Context* context, const v1::ListPlanOutcomesRequest* request,
                            v1::ListPlanOutcomesResponse* response) override {
    return Unary(context, request, response, &app::Plans::ListPlanOutcomes);
  }

  Reactor* CancelPlan(Context* context, const v1::CancelPlanRequest* request,
                      v1::CancelPlanResponse* response) override {
    return Unary(context, request, response, &app::Plans::CancelPlan);
  }

  Reactor* CommitPlan(Context* context, const v1::CommitPlanRequest* request,
                      v1::CommitPlanResponse* response) override {
    return Unary(context, request, response, &app::Plans::CommitPlan);
  }

  Reactor* DeletePlan(Context* context, const v1::DeletePlanRequest* request,
                      v1::DeletePlanResponse* response) override {
    return Unary(context, request, response, &app::Plans::DeletePlan);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewPlanHandlers(const Calls& calls, const app::Plans& plans) {
  return std::make_unique<PlanHandlers>(calls, plans);
}

}  // namespace leye::rpc
