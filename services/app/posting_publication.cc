#include "services/app/posting_publication.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/field_mask_util.h"

#include "services/app/formats.h"
#include "services/app/posting_lint.h"
#include "services/app/posting_twins.h"
#include "services/base/status.h"

namespace leye::app {

namespace {

bool IsSame(const v1::LintFinding& a, const v1::LintFinding& b) {
  return a.code() == b.code() && a.field() == b.field() && a.evidence() == b.evidence();
}

// What whoever reviews a posting looks at. Not how many are sought, whom to call, when to apply.
const google::protobuf::FieldMask& ReviewedFields() {
  static const auto& fields = *new google::protobuf::FieldMask([] {
    google::protobuf::FieldMask mask;
    google::protobuf::util::FieldMaskUtil::FromString(
        "employer,title,original_text,enterprise,public_welfare,work_for_relief,place,"
        "openings_text,required_skills,required_certificates,conditions,schedule,pay,benefits,"
        "intensity,hazards",
        &mask);
    return mask;
  }());
  return fields;
}

std::string ReviewedPart(const v1::Posting& posting) {
  v1::Posting part;
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(
      posting, ReviewedFields(), google::protobuf::util::FieldMaskUtil::MergeOptions(), &part);
  return part.SerializeAsString();
}

v1::PostingPublication Decide(const v1::Posting* before, const v1::Posting& posting) {
  bool holding = false;
  for (const v1::LintFinding& finding : OpenFindings(posting)) {
    if (finding.severity() == v1::LINT_SEVERITY_BLOCKING) return v1::POSTING_PUBLICATION_BLOCKED;
    holding = true;
  }
  if (posting.review().verdict() == v1::REVIEW_VERDICT_REJECTED) {
    const bool stands = posting.publication() == v1::POSTING_PUBLICATION_REJECTED &&
                        before != nullptr && ReviewedPart(*before) == ReviewedPart(posting);
    return stands ? v1::POSTING_PUBLICATION_REJECTED : v1::POSTING_PUBLICATION_IN_REVIEW;
  }
  return holding ? v1::POSTING_PUBLICATION_IN_REVIEW : v1::POSTING_PUBLICATION_PUBLISHED;
}

// Whether somebody of the bureau should look at it.
bool AwaitsReview(const v1::Posting& posting) {
  if (posting.state() != v1::POSTING_STATE_OPEN) return false;
  if (posting.publication() != v1::POSTING_PUBLICATION_PUBLISHED) {
    return posting.publication() == v1::POSTING_PUBLICATION_IN_REVIEW;
  }
  return std::any_of(posting.findings().begin(), posting.findings().end(),
                     [&](const auto& finding) { return !IsAccepted(finding, posting.review()); });
}

class PostingSettlement final : public Settlement {
 public:
  PostingSettlement(const RulesetSource& rulesets, store::Store& store, store::Region region,
                    const Clock& clock)
      : now_(clock.Now()),
        lint_(PostingLint::Make(rulesets.InForce(region, DayInChina(now_)), DayInChina(now_))),
        twins_(store, region, now_) {}

  absl::Status Read(const std::vector<const Message*>& resources) override {
    std::vector<const v1::Posting*> postings;
    postings.reserve(resources.size());
    for (const Message* each : resources) {
      postings.push_back(static_cast<const v1::Posting*>(each));
    }
    return twins_.Read(postings);
  }

  absl::Status Settle(const std::string& name, const Message* before, Message& resource) override {
    LEYE_RETURN_IF_ERROR(lint_.status());
    const auto* stored = static_cast<const v1::Posting*>(before);
    auto& posting = static_cast<v1::Posting&>(resource);
    LEYE_ASSIGN_OR_RETURN(const std::string twin, twins_.Place(name, stored, posting));
    const std::vector<v1::LintFinding> findings = lint_->Find(posting, twin);
    posting.mutable_findings()->Assign(findings.begin(), findings.end());
    posting.set_publication(Decide(stored, posting));
    posting.set_awaits_review(AwaitsReview(posting));
    const bool changed = stored == nullptr || stored->publication() != posting.publication();
    *posting.mutable_publication_time() = changed ? ToTimestamp(now_) : stored->publication_time();
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& name, const Message& resource) override {
    return twins_.Remove(name, static_cast<const v1::Posting&>(resource));
  }

  void Append(std::vector<store::Mutation>& mutations) const override { twins_.Append(mutations); }

 private:
  const absl::Time now_;
  const absl::StatusOr<PostingLint> lint_;
  PostingTwins twins_;
};

}  // namespace

bool IsAccepted(const v1::LintFinding& finding, const v1::PostingReview& review) {
  return std::any_of(review.accepted().begin(), review.accepted().end(),
                     [&](const auto& accepted) { return IsSame(finding, accepted); });
}

std::vector<v1::LintFinding> OpenFindings(const v1::Posting& posting) {
  std::vector<v1::LintFinding> open;
  for (const v1::LintFinding& finding : posting.findings()) {
    const bool counts =
        finding.severity() == v1::LINT_SEVERITY_BLOCKING ||
        (finding.severity() == v1::LINT_SEVERITY_HOLDING && !IsAccepted(finding, posting.review()));
    if (counts) open.push_back(finding);
  }
  return open;
}

std::unique_ptr<Settlement> NewPostingSettlement(const RulesetSource& rulesets, store::Store& store,
                                                 store::Region region, const Clock& clock) {
  return std::make_unique<PostingSettlement>(rulesets, store, region, clock);
}

}  // namespace leye::app
