#include <memory>

#include "leye/v1/report.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class ReportHandlers final : public UseCaseHandlers<v1::ReportService, app::Reports> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* GetCoverageReport(Context* context, const v1::GetCoverageReportRequest* request,
                             v1::GetCoverageReportResponse* response) override {
    return Unary(context, request, response, &app::Reports::GetCoverageReport);
  }

  Reactor* GetOutcomeReport(Context* context, const v1::GetOutcomeReportRequest* request,
                            v1::GetOutcomeReportResponse* response) override {
    return Unary(context, request, response, &app::Reports::GetOutcomeReport);
  }

  Reactor* ListPostingCompliance(Context* context, const v1::ListPostingComplianceRequest* request,
                                 v1::ListPostingComplianceResponse* response) override {
    return Unary(context, request, response, &app::Reports::ListPostingCompliance);
  }

  Reactor* FindTrainingGaps(Context* context, const v1::FindTrainingGapsRequest* request,
                            v1::FindTrainingGapsResponse* response) override {
    return Unary(context, request, response, &app::Reports::FindTrainingGaps);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewReportHandlers(const Calls& calls, const app::Reports& reports) {
  return std::make_unique<ReportHandlers>(calls, reports);
}

}  // namespace leye::rpc
