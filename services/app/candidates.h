// The use cases of candidates: see CandidateService in leye/v1/candidate.proto.
#ifndef LEYE_SERVICES_APP_CANDIDATES_H_
#define LEYE_SERVICES_APP_CANDIDATES_H_

#include <memory>

#include "absl/status/statusor.h"

#include "leye/v1/candidate.pb.h"
#include "services/app/context.h"
#include "services/app/import_session.h"

namespace leye::app {

class RecordService;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Candidates {
 public:
  explicit Candidates(const Dependencies& dependencies);
  ~Candidates();

  absl::StatusOr<v1::CreateCandidateResponse> CreateCandidate(
      const v1::CreateCandidateRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetCandidateResponse> GetCandidate(const v1::GetCandidateRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::BatchGetCandidatesResponse> BatchGetCandidates(
      const v1::BatchGetCandidatesRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListCandidatesResponse> ListCandidates(
      const v1::ListCandidatesRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::UpdateCandidateResponse> UpdateCandidate(
      const v1::UpdateCandidateRequest& request, const CallContext& context) const;
  // Erases the personal data; README.md says what remains.
  absl::StatusOr<v1::DeleteCandidateResponse> DeleteCandidate(
      const v1::DeleteCandidateRequest& request, const CallContext& context) const;

  // `context` is copied.
  std::unique_ptr<CandidateImport> ImportCandidates(const CallContext& context) const;

  // For what changes a person by another use case's rules.
  const RecordService& records() const { return *records_; }

 private:
  std::unique_ptr<RecordService> records_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_CANDIDATES_H_
