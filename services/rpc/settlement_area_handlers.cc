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

  Reactor* ImportTravelTimes(Context* context, const v1::ImportTravelTimesRequest* request,
                             v1::ImportTravelTimesResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::ImportTravelTimes);
  }

  Reactor* GetTravelPlace(Context* context, const v1::GetTravelPlaceRequest* request,
                          v1::GetTravelPlaceResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::GetTravelPlace);
  }

  Reactor* ListTravelPlaces(Context* context, const v1::ListTravelPlacesRequest* request,
                            v1::ListTravelPlacesResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::ListTravelPlaces);
  }

  Reactor* DeleteTravelPlace(Context* context, const v1::DeleteTravelPlaceRequest* request,
                             v1::DeleteTravelPlaceResponse* response) override {
    return Unary(context, request, response, &app::SettlementAreas::DeleteTravelPlace);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewSettlementAreaHandlers(const Calls& calls,
                                                         const app::SettlementAreas& areas) {
  return std::make_unique<SettlementAreaHandlers>(calls, areas);
}

}  // namespace leye::rpc
