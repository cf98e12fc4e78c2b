#include "services/app/posting_reviews.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/app/formats.h"
#include "services/app/posting_publication.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

constexpr size_t kMaxNote = 500;

bool Names(const v1::PostingVerdict& verdict, v1::LintCode code) {
  const auto& codes = verdict.accepted_codes();
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

absl::Status NothingToReview(const std::string& name) {
  return WithMessageZh(
      Error(absl::StatusCode::kFailedPrecondition, "NOTHING_TO_REVIEW",
            absl::StrCat(name, " is published and nothing was found"), {{"name", name}}),
      absl::StrCat("岗位已发布且无审查提示：", name));
}

absl::Status NotAccepted(const std::string& name, const std::set<std::string>& codes) {
  const std::string told = absl::StrJoin(codes, ", ");
  return WithMessageZh(
      Error(absl::StatusCode::kFailedPrecondition, "FINDINGS_NOT_ACCEPTED",
            absl::StrCat(name,
                         " is kept back by findings that must be accepted, or mended where "
                         "they are blocking: ",
                         told),
            {{"name", name}, {"codes", told}}),
      absl::StrCat("须确认接受下列提示，阻断类须先更正：", told));
}

absl::Status Approve(const v1::PostingVerdict& verdict, v1::Posting& posting) {
  std::set<std::string> missing;
  const std::vector<v1::LintFinding> open = OpenFindings(posting);
  for (const v1::LintFinding& finding : open) {
    const bool blocking = finding.severity() == v1::LINT_SEVERITY_BLOCKING;
    if (blocking || !Names(verdict, finding.code())) {
      missing.insert(v1::LintCode_Name(finding.code()));
    }
  }
  if (!missing.empty()) return NotAccepted(posting.name(), missing);
  std::vector<v1::LintFinding> accepted;
  for (const v1::LintFinding& finding : posting.findings()) {
    if (Names(verdict, finding.code()) || IsAccepted(finding, posting.review())) {
      accepted.push_back(finding);
    }
  }
  posting.mutable_review()->mutable_accepted()->Assign(accepted.begin(), accepted.end());
  posting.mutable_review()->clear_reason();
  return absl::OkStatus();
}

}  // namespace

v1::PostingVerdict VerdictOf(const v1::ApprovePostingRequest& request) {
  v1::PostingVerdict verdict;
  verdict.set_name(request.name());
  verdict.set_etag(request.etag());
  verdict.set_verdict(v1::REVIEW_VERDICT_APPROVED);
  *verdict.mutable_accepted_codes() = request.accepted_codes();
  verdict.set_note(request.note());
  return verdict;
}

v1::PostingVerdict VerdictOf(const v1::RejectPostingRequest& request) {
  v1::PostingVerdict verdict;
  verdict.set_name(request.name());
  verdict.set_etag(request.etag());
  verdict.set_verdict(v1::REVIEW_VERDICT_REJECTED);
  verdict.set_reason(request.reason());
  verdict.set_note(request.note());
  return verdict;
}

void CheckVerdict(const v1::PostingVerdict& verdict, const std::string& prefix,
                  Violations& violations) {
  const auto add = [&](const std::string& field, const char* reason, const char* en,
                       const char* zh) {
    violations.Add({absl::StrCat(prefix, field), reason, en, zh});
  };
  const bool rejects = verdict.verdict() == v1::REVIEW_VERDICT_REJECTED;
  if (!rejects && verdict.verdict() != v1::REVIEW_VERDICT_APPROVED) {
    add("verdict", "REQUIRED", "must be REVIEW_VERDICT_APPROVED or REVIEW_VERDICT_REJECTED",
        "须为通过或退回");
    return;
  }
  for (int i = 0; i < verdict.accepted_codes_size(); ++i) {
    const v1::LintCode code = verdict.accepted_codes(i);
    if (!v1::LintCode_IsValid(code) || code == v1::LINT_CODE_UNSPECIFIED) {
      add(absl::StrCat("accepted_codes[", i, "]"), "UNKNOWN_VALUE", "must be the code of a finding",
          "须为审查提示代码");
    }
  }
  if (rejects && !verdict.accepted_codes().empty()) {
    add("accepted_codes", "CONTRADICTION", "goes only with an approval", "仅适用于通过");
  }
  const bool reasoned = v1::RejectionReason_IsValid(verdict.reason()) &&
                        verdict.reason() != v1::REJECTION_REASON_UNSPECIFIED;
  if (rejects && !reasoned) {
    add("reason", "REQUIRED", "must be one of the reasons that the API names", "须选择退回原因");
  }
  if (!rejects && verdict.reason() != v1::REJECTION_REASON_UNSPECIFIED) {
    add("reason", "CONTRADICTION", "goes only with a rejection", "仅适用于退回");
  }
  const std::optional<size_t> length = CountCodePoints(verdict.note());
  if (!length.has_value() || *length > kMaxNote) {
    add("note", "OUT_OF_RANGE", "must have at most 500 characters of valid UTF-8",
        "最多 500 个字符");
  }
  if (verdict.reason() == v1::REJECTION_REASON_OTHER && verdict.note().empty()) {
    add("note", "REQUIRED", "must be given when the reason is OTHER", "原因为其他时须说明");
  }
}

absl::Status ApplyVerdict(const Decision& decision, v1::Posting& posting) {
  const v1::PostingVerdict& verdict = decision.verdict;
  if (posting.publication() == v1::POSTING_PUBLICATION_PUBLISHED && posting.findings().empty()) {
    return NothingToReview(posting.name());
  }
  v1::PostingReview& review = *posting.mutable_review();
  if (verdict.verdict() == v1::REVIEW_VERDICT_APPROVED) {
    LEYE_RETURN_IF_ERROR(Approve(verdict, posting));
  } else {
    review.set_reason(verdict.reason());
    posting.set_publication(v1::POSTING_PUBLICATION_REJECTED);
  }
  review.set_verdict(verdict.verdict());
  review.set_note(verdict.note());
  review.set_reviewer(decision.reviewer);
  *review.mutable_time() = ToTimestamp(decision.time);
  return absl::OkStatus();
}

}  // namespace leye::app
