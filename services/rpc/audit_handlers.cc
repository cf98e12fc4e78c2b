#include <memory>

#include "leye/v1/audit.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class AuditHandlers final : public UseCaseHandlers<v1::AuditService, app::AuditTrail> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* ListAuditEntries(Context* context, const v1::ListAuditEntriesRequest* request,
                            v1::ListAuditEntriesResponse* response) override {
    return Unary(context, request, response, &app::AuditTrail::ListAuditEntries);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewAuditHandlers(const Calls& calls, const app::AuditTrail& trail) {
  return std::make_unique<AuditHandlers>(calls, trail);
}

}  // namespace leye::rpc
