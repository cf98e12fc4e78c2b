#include <memory>

#include "leye/v1/candidate.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class CandidateHandlers final : public UseCaseHandlers<v1::CandidateService, app::Candidates> {
 public:
  CandidateHandlers(const Calls& calls, const app::Candidates& candidates)
      : UseCaseHandlers(calls, candidates) {
    ServeImport(&app::Candidates::ImportCandidates);
  }

  Reactor* CreateCandidate(Context* context, const v1::CreateCandidateRequest* request,
                           v1::CreateCandidateResponse* response) override {
    return Unary(context, request, response, &app::Candidates::CreateCandidate);
  }

  Reactor* GetCandidate(Context* context, const v1::GetCandidateRequest* request,
                        v1::GetCandidateResponse* response) override {
    return Unary(context, request, response, &app::Candidates::GetCandidate);
  }

  Reactor* BatchGetCandidates(Context* context, const v1::BatchGetCandidatesRequest* request,
                              v1::BatchGetCandidatesResponse* response) override {
    return Unary(context, request, response, &app::Candidates::BatchGetCandidates);
  }

  Reactor* ListCandidates(Context* context, const v1::ListCandidatesRequest* request,
                          v1::ListCandidatesResponse* response) override {
    return Unary(context, request, response, &app::Candidates::ListCandidates);
  }

  Reactor* UpdateCandidate(Context* context, const v1::UpdateCandidateRequest* request,
                           v1::UpdateCandidateResponse* response) override {
    return Unary(context, request, response, &app::Candidates::UpdateCandidate);
  }

  Reactor* DeleteCandidate(Context* context, const v1::DeleteCandidateRequest* request,
                           v1::DeleteCandidateResponse* response) override {
    return Unary(context, request, response, &app::Candidates::DeleteCandidate);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewCandidateHandlers(const Calls& calls,
                                                    const app::Candidates& candidates) {
  return std::make_unique<CandidateHandlers>(calls, candidates);
}

}  // namespace leye::rpc
