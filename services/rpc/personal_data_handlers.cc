#include <memory>

#include "leye/v1/personal_data.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class PersonalDataHandlers final
    : public UseCaseHandlers<v1::PersonalDataService, app::DataSubjects> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* WithdrawConsent(Context* context, const v1::WithdrawConsentRequest* request,
                           v1::WithdrawConsentResponse* response) override {
    return Unary(context, request, response, &app::DataSubjects::WithdrawConsent);
  }

  Reactor* ExportPerson(Context* context, const v1::ExportPersonRequest* request,
                        v1::ExportPersonResponse* response) override {
    return Unary(context, request, response, &app::DataSubjects::ExportPerson);
  }

  Reactor* ListExpiredRecords(Context* context, const v1::ListExpiredRecordsRequest* request,
                              v1::ListExpiredRecordsResponse* response) override {
    return Unary(context, request, response, &app::DataSubjects::ListExpiredRecords);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewPersonalDataHandlers(const Calls& calls,
                                                       const app::DataSubjects& subjects) {
  return std::make_unique<PersonalDataHandlers>(calls, subjects);
}

}  // namespace leye::rpc
