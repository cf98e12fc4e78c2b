#include <memory>

#include "leye/v1/settlement_area.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class SettlementAreaHandlers final
    : public UseCaseHandlers<v1::SettlementAreaService, app::SettlementAreas> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* CreateSettlementArea(Context* context, const v1::CreateSettlementAreaRequest* request,
                                v1::CreateSettlementAreaResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::CreateSettlementArea);
  }

  Reactor* GetSettlementArea(Context* context, const v1::GetSettlementAreaRequest* request,
                             v1::GetSettlementAreaResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::GetSettlementArea);
  }

  Reactor* ListSettlementAreas(Context* context, const v1::ListSettlementAreasRequest* request,
                               v1::ListSettlementAreasResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::ListSettlementAreas);
  }

  Reactor* UpdateSettlementArea(Context* context, const v1::UpdateSettlementAreaRequest* request,
                                v1::UpdateSettlementAreaResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::UpdateSettlementArea);
  }

  Reactor* DeleteSettlementArea(Context* context, const v1::DeleteSettlementAreaRequest* request,
                                v1::DeleteSettlementAreaResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::DeleteSettlementArea);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewSettlementAreaHandlers(const Calls& calls,
                                                         const app::SettlementAreas& areas) {
  return std::make_unique<SettlementAreaHandlers>(calls, areas);
}

}  // namespace leye::rpc
