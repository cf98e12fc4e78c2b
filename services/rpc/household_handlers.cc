#include <memory>

#include "leye/v1/household.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class HouseholdHandlers final : public UseCaseHandlers<v1::HouseholdService, app::Households> {
 public:
  HouseholdHandlers(const Calls& calls, const app::Households& households)
      : UseCaseHandlers(calls, households) {
    ServeImport(&app::Households::ImportHouseholds);
  }

  Reactor* CreateHousehold(Context* context, const v1::CreateHouseholdRequest* request,
                           v1::CreateHouseholdResponse* response) override {
    return Unary(context, request, response, &app::Households::CreateHousehold);
  }

  Reactor* GetHousehold(Context* context, const v1::GetHouseholdRequest* request,
                        v1::GetHouseholdResponse* response) override {
    return Unary(context, request, response, &app::Households::GetHousehold);
  }

  Reactor* ListHouseholds(Context* context, const v1::ListHouseholdsRequest* request,
                          v1::ListHouseholdsResponse* response) override {
    return Unary(context, request, response, &app::Households::ListHouseholds);
  }

  Reactor* UpdateHousehold(Context* context, const v1::UpdateHouseholdRequest* request,
                           v1::UpdateHouseholdResponse* response) override {
    return Unary(context, request, response, &app::Households::UpdateHousehold);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewHouseholdHandlers(const Calls& calls,
                                                    const app::Households& households) {
  return std::make_unique<HouseholdHandlers>(calls, households);
}

}  // namespace leye::rpc
