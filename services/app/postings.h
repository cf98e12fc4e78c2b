// The use cases of postings: see PostingService in leye/v1/posting.proto.
#ifndef LEYE_SERVICES_APP_POSTINGS_H_
#define LEYE_SERVICES_APP_POSTINGS_H_

#include <memory>

#include "absl/status/statusor.h"

#include "leye/v1/posting.pb.h"
#include "services/app/context.h"
#include "services/app/import_session.h"
#include "services/app/posting_watch.h"
#include "services/app/ruleset_source.h"

namespace leye::app {

class RecordService;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Postings {
 public:
  // `rulesets` outlives this.
  Postings(const Dependencies& dependencies, const RulesetSource& rulesets);
  ~Postings();

  absl::StatusOr<v1::CreatePostingResponse> CreatePosting(const v1::CreatePostingRequest& request,
                                                          const CallContext& context) const;
  absl::StatusOr<v1::GetPostingResponse> GetPosting(const v1::GetPostingRequest& request,
                                                    const CallContext& context) const;
  absl::StatusOr<v1::BatchGetPostingsResponse> BatchGetPostings(
      const v1::BatchGetPostingsRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListPostingsResponse> ListPostings(const v1::ListPostingsRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::UpdatePostingResponse> UpdatePosting(const v1::UpdatePostingRequest& request,
                                                          const CallContext& context) const;
  // OPEN -> CLOSED -> OPEN; FAILED_PRECONDITION (reason WRONG_STATE) from another state.
  absl::StatusOr<v1::ClosePostingResponse> ClosePosting(const v1::ClosePostingRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::ReopenPostingResponse> ReopenPosting(const v1::ReopenPostingRequest& request,
                                                          const CallContext& context) const;
  absl::StatusOr<v1::ApprovePostingResponse> ApprovePosting(
      const v1::ApprovePostingRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::RejectPostingResponse> RejectPosting(const v1::RejectPostingRequest& request,
                                                          const CallContext& context) const;
  absl::StatusOr<v1::BatchReviewPostingsResponse> BatchReviewPostings(
      const v1::BatchReviewPostingsRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListPostingReviewsResponse> ListPostingReviews(
      const v1::ListPostingReviewsRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::DeletePostingResponse> DeletePosting(const v1::DeletePostingRequest& request,
                                                          const CallContext& context) const;

  // `context` is copied.
  std::unique_ptr<PostingImport> ImportPostings(const CallContext& context) const;

  // The watch may outlive the call but not the dependencies.
  absl::StatusOr<std::unique_ptr<PostingWatch>> WatchPostings(
      const v1::WatchPostingsRequest& request, const CallContext& context) const;

 private:
  // One decision about one posting.
  absl::Status Review(const google::protobuf::Message& request, const v1::PostingVerdict& verdict,
                      const CallContext& context, google::protobuf::Message& response) const;

  const Dependencies dependencies_;
  std::unique_ptr<RecordService> records_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTINGS_H_
