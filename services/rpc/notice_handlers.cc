#include <memory>

#include "leye/v1/notice.grpc.pb.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

class NoticeHandlers final : public UseCaseHandlers<v1::NoticeService, app::Notices> {
 public:
  using UseCaseHandlers::UseCaseHandlers;

  Reactor* SuggestFromNotice(Context* context, const v1::SuggestFromNoticeRequest* request,
                             v1::SuggestFromNoticeResponse* response) override {
    return Unary(context, request, response, &app::Notices::SuggestFromNotice);
  }
};

}  // namespace

std::unique_ptr<grpc::Service> NewNoticeHandlers(const Calls& calls, const app::Notices& notices) {
  return std::make_unique<NoticeHandlers>(calls, notices);
}

}  // namespace leye::rpc
