// What the services of handlers.h have in common: an RPC is the use case of the same name.
//
//   class Handlers final : public UseCaseHandlers<v1::SkillService, app::Skills> {
//    public:
//     using UseCaseHandlers::UseCaseHandlers;
//     Reactor* GetSkill(Context* context, const v1::GetSkillRequest* request,
//                       v1::GetSkillResponse* response) override {
//       return Unary(context, request, response, &app::Skills::GetSkill);
//     }
//   };

#ifndef LEYE_SERVICES_RPC_USE_CASE_HANDLERS_H_
#define LEYE_SERVICES_RPC_USE_CASE_HANDLERS_H_

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <google/protobuf/descriptor.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "services/app/context.h"
#include "services/app/import_session.h"
#include "services/rpc/calls.h"
#include "services/rpc/import_reactor.h"
#include "services/rpc/watch_reactor.h"

namespace leye::rpc {

// Thread-safe.
template <typename Service, typename UseCases>
class UseCaseHandlers : public Service::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  UseCaseHandlers(const Calls& calls, const UseCases& use_cases)
      : calls_(calls), use_cases_(use_cases) {}

 protected:
  // The full method name of the RPC whose request type is `Request`.
  template <typename Request>
  static const std::string& MethodOf() {
    static const std::string& method =
        *new std::string(absl::StrCat("/", Service::service_full_name(), "/",
                                      absl::StripSuffix(Request::descriptor()->name(), "Request")));
    return method;
  }

  template <typename Request, typename Response>
  using UseCase = absl::StatusOr<Response> (UseCases::*)(const Request&,
                                                         const app::CallContext&) const;

  template <typename Request, typename Response>
  Reactor* Unary(Context* context, const Request* request, Response* response,
                 UseCase<Request, Response> use_case, Runs runs = Runs::kOnPool) const {
    return calls_.Unary({*context, MethodOf<Request>(), runs}, *request, *response,
                        [this, use_case](const Request& asked, const app::CallContext& caller) {
                          return (use_cases_.*use_case)(asked, caller);
                        });
  }

  template <typename Request, typename Response>
  using ImportUseCase = std::unique_ptr<app::ImportSession<Request, Response>> (UseCases::*)(
      const app::CallContext&) const;

  // Has the RPC whose request type is `Request` answered by `use_case`. For the constructor: the
  // stream is one of bytes (import_reactor.h), for which the generated class has no virtual
  // function that could be overridden beside the others.
  template <typename Request, typename Response>
  void ServeImport(ImportUseCase<Request, Response> use_case) {
    const google::protobuf::ServiceDescriptor& service =
        *google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            Service::service_full_name());
    const std::string rpc(absl::StripSuffix(Request::descriptor()->name(), "Request"));
    this->MarkMethodRawCallback(
        service.FindMethodByName(rpc)->index(),
        new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
            [this, use_case](Context* context) {
              const absl::StatusOr<Admission> admitted =
                  calls_.Admit(*context, MethodOf<Request>(), "");
              return new ImportReactor<Request, Response>(
                  calls_, admitted,
                  admitted.ok() ? (use_cases_.*use_case)(admitted->caller) : nullptr);
            }));
  }

  template <typename Request, typename Watch>
  using WatchUseCase = absl::StatusOr<std::unique_ptr<Watch>> (UseCases::*)(
      const Request&, const app::CallContext&) const;

  // The stream of what the watch that `use_case` opens tells.
  template <typename Request, typename Watch>
  WatchReactor<Watch>* Watched(const WatchSurroundings& around, const Context& context,
                               const Request& request,
                               WatchUseCase<Request, Watch> use_case) const {
    const absl::StatusOr<Admission> admitted =
        calls_.Admit(context, MethodOf<Request>(), ResourceOf(request));
    if (!admitted.ok()) return WatchReactor<Watch>::Start(around, {}, admitted.status());
    return WatchReactor<Watch>::Start(around, *admitted,
                                      (use_cases_.*use_case)(request, admitted->caller));
  }

  const Calls& calls_;
  const UseCases& use_cases_;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_USE_CASE_HANDLERS_H_
