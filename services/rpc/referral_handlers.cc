#include <memory>

#include "leye/v1/referral.grpc.pb.h"
#include "services/base/status.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class ReferralHandlers final : public UseCaseHandlers<v1::ReferralService, app::Referrals> {
 public:
  ReferralHandlers(const WatchSurroundings& around, const app::Referrals& referrals)
      : UseCaseHandlers(around.calls, referrals), around_(around) {}

  Reactor* CreateReferral(Context* context, const v1::CreateReferralRequest* request,
                          v1::CreateReferralResponse* response) override {
    return Unary(context, request, response, &app::Referrals::CreateReferral);
  }

  Reactor* BatchCreateReferrals(Context* context, const v1::BatchCreateReferralsRequest* request,
                                v1::BatchCreateReferralsResponse* response) override {
    return Unary(context, request, response, &app::Referrals::BatchCreateReferrals);
  }

  Reactor* GetReferral(Context* context, const v1::GetReferralRequest* request,
                       v1::GetReferralResponse* response) override {
    return Unary(context, request, response, &app::Referrals::GetReferral);
  }

  Reactor* ListReferrals(Context* context, const v1::ListReferralsRequest* request,
                         v1::ListReferralsResponse* response) override {
    return Unary(context, request, response, &app::Referrals::ListReferrals);
  }

  Reactor* TransitionReferral(Context* context, const v1::TransitionReferralRequest* request,
                              v1::TransitionReferralResponse* response) override {
    return Unary(context, request, response, &app::Referrals::TransitionReferral);
  }

  Reactor* ListReferralTasks(Context* context, const v1::ListReferralTasksRequest* request,
                             v1::ListReferralTasksResponse* response) override {
    return Unary(context, request, response, &app::Referrals::ListReferralTasks);
  }

  grpc::ServerWriteReactor<v1::WatchReferralsResponse>* WatchReferrals(
      Context* context, const v1::WatchReferralsRequest* request) override {
    return Watched(around_, *context, *request, &app::Referrals::WatchReferrals);
  }

 private:
  const WatchSurroundings around_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewReferralHandlers(const Calls& calls,
                                                   const app::Referrals& referrals,
                                                   app::WatchHub& hub, const Clock& clock) {
  return std::make_unique<ReferralHandlers>(WatchSurroundings{calls, hub, clock}, referrals);
}

}  // namespace leye::rpc
