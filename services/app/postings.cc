#include "services/app/postings.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "services/app/importer.h"
#include "services/app/names.h"
#include "services/app/posting_reviews.h"
#include "services/app/posting_rules.h"
#include "services/app/record_service.h"
#include "services/app/resource_checks.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;

namespace {

constexpr size_t kMaxReason = 500;
constexpr int kMaxVerdicts = 200;
constexpr char kAwaitsReview[] = "awaits_review = true";

// What offices and the employer have to say to each other is not for those who look for work.
void ShowTo(const CallContext& caller, v1::Posting& posting) {
  if (caller.principal.role != access::Role::kApp) return;
  posting.clear_findings();
  posting.clear_review();
  posting.clear_awaits_review();
}

void CheckVerdicts(const v1::BatchReviewPostingsRequest& request, Violations& violations) {
  if (request.verdicts().empty() || request.verdicts_size() > kMaxVerdicts) {
    violations.Add({"verdicts", "OUT_OF_RANGE", "must be 1 to 200 decisions", "须为 1 至 200 项"});
    return;
  }
  std::set<std::string> names;
  for (int i = 0; i < request.verdicts_size(); ++i) {
    const v1::PostingVerdict& verdict = request.verdicts(i);
    const std::string prefix = absl::StrCat("verdicts[", i, "].");
    const std::string field = absl::StrCat(prefix, "name");
    if (!ParseName(verdict.name(), "postings")) violations.Add(BadName(field, "postings"));
    if (!names.insert(verdict.name()).second) {
      violations.Add({field, "DUPLICATE", "must not be named twice", "不得重复"});
    }
    CheckVerdict(verdict, prefix, violations);
  }
}

}  // namespace

Postings::Postings(const Dependencies& dependencies, const RulesetSource& rulesets)
    : dependencies_(dependencies),
      records_(std::make_unique<RecordService>(dependencies, NewPostingRules(rulesets))) {}
Postings::~Postings() = default;

absl::StatusOr<v1::CreatePostingResponse> Postings::CreatePosting(
    const v1::CreatePostingRequest& request, const CallContext& context) const {
  return records_->Call<v1::CreatePostingResponse>(&RecordService::Create, request, context);
}

absl::StatusOr<v1::GetPostingResponse> Postings::GetPosting(const v1::GetPostingRequest& request,
                                                            const CallContext& context) const {
  auto answer = records_->Call<v1::GetPostingResponse>(&RecordService::Get, request, context);
  if (answer.ok()) ShowTo(context, *answer->mutable_posting());
  return answer;
}

absl::StatusOr<v1::BatchGetPostingsResponse> Postings::BatchGetPostings(
    const v1::BatchGetPostingsRequest& request, const CallContext& context) const {
  auto answer =
      records_->Call<v1::BatchGetPostingsResponse>(&RecordService::BatchGet, request, context);
  if (!answer.ok()) return answer;
  for (v1::Posting& posting : *answer->mutable_postings()) ShowTo(context, posting);
  return answer;
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

absl::Status Postings::Review(const Message& request, const v1::PostingVerdict& verdict,
                              const CallContext& context, Message& response) const {
  Violations violations;
  CheckVerdict(verdict, "", violations);
  const Decision decision{verdict, context.principal.id, dependencies_.clock.Now()};
  const auto review = [&](Message& message) {
    return ApplyVerdict(decision, static_cast<v1::Posting&>(message));
  };
  return records_->Change(request, context, violations, review, response);
}

absl::StatusOr<v1::ApprovePostingResponse> Postings::ApprovePosting(
    const v1::ApprovePostingRequest& request, const CallContext& context) const {
  v1::ApprovePostingResponse response;
  LEYE_RETURN_IF_ERROR(Review(request, VerdictOf(request), context, response));
  return response;
}

absl::StatusOr<v1::RejectPostingResponse> Postings::RejectPosting(
    const v1::RejectPostingRequest& request, const CallContext& context) const {
  v1::RejectPostingResponse response;
  LEYE_RETURN_IF_ERROR(Review(request, VerdictOf(request), context, response));
  return response;
}

absl::StatusOr<v1::BatchReviewPostingsResponse> Postings::BatchReviewPostings(
    const v1::BatchReviewPostingsRequest& request, const CallContext& context) const {
  Violations violations;
  CheckVerdicts(request, violations);
  std::vector<RecordService::ChangeOfMany> changes;
  for (const v1::PostingVerdict& verdict : request.verdicts()) {
    const Decision decision{verdict, context.principal.id, dependencies_.clock.Now()};
    changes.push_back({.name = verdict.name(),
                       .etag = verdict.etag(),
                       .transition = [decision](Message& message) {
                         return ApplyVerdict(decision, static_cast<v1::Posting&>(message));
                       }});
  }
  v1::BatchReviewPostingsResponse response;
  LEYE_RETURN_IF_ERROR(records_->ChangeMany(request, context, violations, changes, response));
  return response;
}

absl::StatusOr<v1::ListPostingReviewsResponse> Postings::ListPostingReviews(
    const v1::ListPostingReviewsRequest& request, const CallContext& context) const {
  v1::ListPostingReviewsRequest asked = request;
  // Behind what the caller says, so that places in it are told as the caller counts.
  const bool all = absl::StripAsciiWhitespace(request.filter()).empty();
  asked.set_filter(all ? kAwaitsReview : absl::StrCat(request.filter(), " AND ", kAwaitsReview));
  if (request.order_by().empty()) asked.set_order_by("publication_time");
  return records_->Call<v1::ListPostingReviewsResponse>(&RecordService::List, asked, context);
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
