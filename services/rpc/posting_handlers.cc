#include <memory>

#include "leye/v1/posting.grpc.pb.h"
#include "services/base/status.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class PostingHandlers final : public UseCaseHandlers<v1::PostingService, app::Postings> {
 public:
  PostingHandlers(const WatchSurroundings& around, const app::Postings& postings)
      : UseCaseHandlers(around.calls, postings), around_(around) {
    ServeImport(&app::Postings::ImportPostings);
  }

  Reactor* CreatePosting(Context* context, const v1::CreatePostingRequest* request,
                         v1::CreatePostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::CreatePosting);
  }

  Reactor* GetPosting(Context* context, const v1::GetPostingRequest* request,
                      v1::GetPostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::GetPosting);
  }

  Reactor* BatchGetPostings(Context* context, const v1::BatchGetPostingsRequest* request,
                            v1::BatchGetPostingsResponse* response) override {
    return Unary(context, request, response, &app::Postings::BatchGetPostings);
  }

  Reactor* ListPostings(Context* context, const v1::ListPostingsRequest* request,
                        v1::ListPostingsResponse* response) override {
    return Unary(context, request, response, &app::Postings::ListPostings);
  }

  Reactor* UpdatePosting(Context* context, const v1::UpdatePostingRequest* request,
                         v1::UpdatePostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::UpdatePosting);
  }

  Reactor* ClosePosting(Context* context, const v1::ClosePostingRequest* request,
                        v1::ClosePostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::ClosePosting);
  }

  Reactor* ReopenPosting(Context* context, const v1::ReopenPostingRequest* request,
                         v1::ReopenPostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::ReopenPosting);
  }

  Reactor* ApprovePosting(Context* context, const v1::ApprovePostingRequest* request,
                          v1::ApprovePostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::ApprovePosting);
  }

  Reactor* RejectPosting(Context* context, const v1::RejectPostingRequest* request,
                         v1::RejectPostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::RejectPosting);
  }

  Reactor* BatchReviewPostings(Context* context, const v1::BatchReviewPostingsRequest* request,
                               v1::BatchReviewPostingsResponse* response) override {
    return Unary(context, request, response, &app::Postings::BatchReviewPostings);
  }

  Reactor* ListPostingReviews(Context* context, const v1::ListPostingReviewsRequest* request,
                              v1::ListPostingReviewsResponse* response) override {
    return Unary(context, request, response, &app::Postings::ListPostingReviews);
  }

  Reactor* DeletePosting(Context* context, const v1::DeletePostingRequest* request,
                         v1::DeletePostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::DeletePosting);
  }

  grpc::ServerWriteReactor<v1::WatchPostingsResponse>* WatchPostings(
      Context* context, const v1::WatchPostingsRequest* request) override {
    return Watched(around_, *context, *request, &app::Postings::WatchPostings);
  }

 private:
  const WatchSurroundings around_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewPostingHandlers(const Calls& calls, const app::Postings& postings,
                                                  app::WatchHub& hub, const Clock& clock) {
  return std::make_unique<PostingHandlers>(WatchSurroundings{calls, hub, clock}, postings);
}

}  // namespace leye::rpc
