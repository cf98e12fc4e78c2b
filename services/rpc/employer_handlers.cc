#include <memory>

#include "leye/v1/employer.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class EmployerHandlers final : public UseCaseHandlers<v1::EmployerService, app::Employers> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* CreateEmployer(Context* context, const v1::CreateEmployerRequest* request,
                          v1::CreateEmployerResponse* response) override {
    return Unary(context, request, response, &app::Employers::CreateEmployer);
  }

  Reactor* GetEmployer(Context* context, const v1::GetEmployerRequest* request,
                       v1::GetEmployerResponse* response) override {
    return Unary(context, request, response, &app::Employers::GetEmployer);
  }

  Reactor* ListEmployers(Context* context, const v1::ListEmployersRequest* request,
                         v1::ListEmployersResponse* response) override {
    return Unary(context, request, response, &app::Employers::ListEmployers);
  }

  Reactor* UpdateEmployer(Context* context, const v1::UpdateEmployerRequest* request,
                          v1::UpdateEmployerResponse* response) override {
    return Unary(context, request, response, &app::Employers::UpdateEmployer);
  }

  Reactor* SuspendEmployer(Context* context, const v1::SuspendEmployerRequest* request,
                           v1::SuspendEmployerResponse* response) override {
    return Unary(context, request, response, &app::Employers::SuspendEmployer);
  }

  Reactor* ReinstateEmployer(Context* context, const v1::ReinstateEmployerRequest* request,
                             v1::ReinstateEmployerResponse* response) override {
    return Unary(context, request, response, &app::Employers::ReinstateEmployer);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewEmployerHandlers(const Calls& calls,
                                                   const app::Employers& employers) {
  return std::make_unique<EmployerHandlers>(calls, employers);
}

}  // namespace leye::rpc
