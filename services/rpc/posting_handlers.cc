#include <memory>

#include "leye/v1/posting.grpc.pb.h"
#include "services/base/status.h"
#include "services/rpc/handlers.h"
#include "services/rpc/posting_watch_reactor.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class PostingHandlers final : public UseCaseHandlers<v1::PostingService, app::Postings> {
 public:
  PostingHandlers(const Calls& calls, const app::Postings& postings, app::WatchHub& hub,
                  const Clock& clock)
      : UseCaseHandlers(calls, postings), hub_(hub), clock_(clock) {
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

  Reactor* DeletePosting(Context* context, const v1::DeletePostingRequest* request,
                         v1::DeletePostingResponse* response) override {
    return Unary(context, request, response, &app::Postings::DeletePosting);
  }

  grpc::ServerWriteReactor<v1::WatchPostingsResponse>* WatchPostings(
      Context* context, const v1::WatchPostingsRequest* request) override {
    return PostingWatchReactor::Start(calls_, hub_, clock_, Open(*context, *request));
  }

 private:
  PostingWatchReactor::Watch Open(const Context& context,
                                  const v1::WatchPostingsRequest& request) const {
    LEYE_RETURN_IF_ERROR(calls_.Check(MethodOf<v1::WatchPostingsRequest>(), ResourceOf(request)));
    return use_cases_.WatchPostings(request, Calls::Caller(context));
  }

  app::WatchHub& hub_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewPostingHandlers(const Calls& calls, const app::Postings& postings,
                                                  app::WatchHub& hub, const Clock& clock) {
  return std::make_unique<PostingHandlers>(calls, postings, hub, clock);
}

}  // namespace leye::rpc
