#include "services/app/postings.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/app/importer.h"
#include "services/app/posting_rules.h"
#include "services/app/record_service.h"
#include "services/app/resource_checks.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;

namespace {

constexpr size_t kMaxReason = 500;

}  // namespace

Postings::Postings(const Dependencies& dependencies)
    : dependencies_(dependencies),
      records_(std::make_unique<RecordService>(dependencies, NewPostingRules())) {}
Postings::~Postings() = default;

absl::StatusOr<v1::CreatePostingResponse> Postings::CreatePosting(
    const v1::CreatePostingRequest& request, const CallContext& context) const {
  return records_->Call<v1::CreatePostingResponse>(&RecordService::Create, request, context);
}

absl::StatusOr<v1::GetPostingResponse> Postings::GetPosting(const v1::GetPostingRequest& request,
                                                            const CallContext& context) const {
  return records_->Call<v1::GetPostingResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::BatchGetPostingsResponse> Postings::BatchGetPostings(
    const v1::BatchGetPostingsRequest& request, const CallContext& context) const {
  return records_->Call<v1::BatchGetPostingsResponse>(&RecordService::BatchGet, request, context);
}

absl::StatusOr<v1::ListPostingsResponse> Postings::ListPostings(
    const v1::ListPostingsRequest& request, const CallContext& context) const {
  return records_->Call<v1::ListPostingsResponse>(&RecordService::List, request, context);
}

absl::StatusOr<v1::UpdatePostingResponse> Postings::UpdatePosting(
    const v1::UpdatePostingRequest& request, const CallContext& context) const {
  return records_->Call<v1::UpdatePostingResponse>(&RecordService::Update, request, context);
}

absl::StatusOr<v1::DeletePostingResponse> Postings::DeletePosting(
    const v1::DeletePostingRequest& request, const CallContext& context) const {
  return records_->Call<v1::DeletePostingResponse>(&RecordService::Delete, request, context);
}

absl::StatusOr<v1::ClosePostingResponse> Postings::ClosePosting(
    const v1::ClosePostingRequest& request, const CallContext& context) const {
  Violations violations;
  CheckReason(request.reason(), {.least = 0, .greatest = kMaxReason}, violations);
  const auto close = [&](Message& message) {
    auto& posting = static_cast<v1::Posting&>(message);
    if (posting.state() != v1::POSTING_STATE_OPEN) {
      return WrongState(posting.name(), "OPEN", "开放");
    }
    posting.set_state(v1::POSTING_STATE_CLOSED);
    posting.set_close_reason(request.reason());
    return absl::OkStatus();
  };
  v1::ClosePostingResponse response;
  absl::Status status = records_->Change(request, context, violations, close, response);
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::ReopenPostingResponse> Postings::ReopenPosting(
    const v1::ReopenPostingRequest& request, const CallContext& context) const {
  const auto reopen = [](Message& message) {
    auto& posting = static_cast<v1::Posting&>(message);
    if (posting.state() != v1::POSTING_STATE_CLOSED) {
      return WrongState(posting.name(), "CLOSED", "关闭");
    }
    posting.set_state(v1::POSTING_STATE_OPEN);
    posting.clear_close_reason();
    return absl::OkStatus();
  };
  v1::ReopenPostingResponse response;
  absl::Status status = records_->Change(request, context, {}, reopen, response);
  if (!status.ok()) return status;
  return response;
}

std::unique_ptr<PostingImport> Postings::ImportPostings(const CallContext& context) const {
  return NewImportSession<v1::ImportPostingsRequest, v1::ImportPostingsResponse>(
      *records_, context,
      [](v1::ImportPostingsRequest& request) { return request.mutable_postings(); });
}

absl::StatusOr<std::unique_ptr<PostingWatch>> Postings::WatchPostings(
    const v1::WatchPostingsRequest& request, const CallContext& context) const {
  LEYE_ASSIGN_OR_RETURN(const store::RegionRevision from,
                        WatchFrom(request.parent(), request.revision(), dependencies_.store));
  return std::make_unique<PostingWatch>(dependencies_, context, from);
}

}  // namespace leye::app
