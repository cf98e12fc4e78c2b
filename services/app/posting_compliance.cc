#include "services/app/posting_compliance.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/access/reach.h"
#include "services/app/digest.h"
#include "services/app/formats.h"
#include "services/app/list.h"
#include "services/app/page_token.h"
#include "services/app/posting_lint.h"
#include "services/app/record_codec.h"
#include "services/app/record_service.h"
#include "services/app/referral_ledger.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1'000;

std::string DigestOf(const v1::ListPostingComplianceRequest& request) {
  v1::ListPostingComplianceRequest alone = request;
  alone.clear_page_size();
  alone.clear_page_token();
  return Sha256(alone.SerializeAsString());
}

// The compliance of each of a page of records, nullopt for those that are not listed.
absl::StatusOr<std::vector<std::optional<v1::PostingCompliance>>> Judge(
    const std::vector<store::Record>& records, store::Store& store, access::Reach& reach,
    const ComplianceRules& rules) {
  std::vector<v1::Posting> postings(records.size());
  std::vector<const access::Reach::Message*> messages;
  std::vector<store::RecordKey> keys;
  for (size_t i = 0; i < records.size(); ++i) {
    LEYE_RETURN_IF_ERROR(DecodeOpenInto(records[i], postings[i]));
    messages.push_back(&postings[i]);
    keys.push_back({Kind::kHolds, records[i].name});
  }
  LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered, reach.Covers(messages));
  LEYE_ASSIGN_OR_RETURN(const auto held, store.BatchGet(reach.region(), keys));
  std::vector<std::optional<v1::PostingCompliance>> judged(records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    if (!covered[i]) continue;
    storage::v1::Holds holds;
    if (held[i].has_value() && !holds.ParseFromString(held[i]->envelope.open())) {
      return Error(absl::StatusCode::kDataLoss, "RECORD_UNREADABLE", "a record cannot be read");
    }
    judged[i] = ComplianceOf(postings[i], holds, rules);
  }
  return judged;
}

}  // namespace

std::optional<v1::PostingCompliance> ComplianceOf(const v1::Posting& posting,
                                                  const storage::v1::Holds& holds,
                                                  const ComplianceRules& rules) {
  const std::optional<LabourPay> labour_pay = LabourPayOf(posting, rules.lint, rules.today);
  const int64_t reserved = posting.reserved().count();
  if (reserved == 0 && !labour_pay.has_value()) return std::nullopt;
  v1::PostingCompliance told;
  told.set_posting(posting.name());
  told.set_title(posting.title());
  told.set_channel(PostingChannel(posting));
  told.set_openings(posting.openings());
  told.set_filled_elsewhere(posting.filled_openings());
  told.set_held(holds.holds_size());
  bool compliant = true;
  if (reserved > 0) {
    const v1::Group group = ReservedGroupOf(posting);
    const auto of_group = std::count_if(
        holds.holds().begin(), holds.holds().end(),
        [group](const storage::v1::Hold& hold) { return hold.reserved_group() == group; });
    const int64_t left = LeftOf(posting, holds).all;
    told.set_reserved(reserved);
    told.set_reserved_group(group);
    told.set_held_by_group(of_group);
    told.set_reserved_lost(std::max<int64_t>(0, reserved - of_group - left));
    compliant = told.reserved_lost() == 0;
  }
  if (labour_pay.has_value()) {
    const int asked = labour_pay->asked.value_or(0);
    told.set_labour_pay_percent(labour_pay->percent);
    told.set_labour_pay_percent_asked(asked);
    compliant = compliant && labour_pay->percent >= asked;
  }
  told.set_compliant(compliant);
  return told;
}

absl::StatusOr<v1::ListPostingComplianceResponse> ListCompliance(
    const v1::ListPostingComplianceRequest& request, const Dependencies& dependencies,
    const RulesetSource& rulesets, const CallContext& context) {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  const std::string digest = DigestOf(request);
  std::optional<PageCursor> cursor;
  if (!request.page_token().empty()) {
    cursor = DecodePageToken(digest, request.page_token());
    if (!cursor.has_value()) {
      violations.Add(BadPageToken());
    }
  }
  if (request.page_size() < 0) {
    violations.Add({"page_size", "OUT_OF_RANGE", "must not be negative", "不得为负"});
  }
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const int size =
      std::min(request.page_size() == 0 ? kDefaultPage : request.page_size(), kMaxPage);
  access::Reach reach = ReachOf(context, dependencies, region);
  const absl::CivilDay today = Today(dependencies.clock);
  const RulesetSource::Ruleset ruleset = rulesets.InForce(region, today);
  const ComplianceRules rules{.lint = ruleset->lint, .today = today};
  v1::ListPostingComplianceResponse response;
  store::ScanRequest scan{.region = region,
                          .kind = Kind::kPosting,
                          .after_name = cursor.has_value() ? cursor->name : "",
                          .limit = kRecordsPerRead};
  for (bool more = true; more;) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies.clock));
    LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, dependencies.store.Scan(scan));
    LEYE_ASSIGN_OR_RETURN(auto judged, Judge(page.records, dependencies.store, reach, rules));
    for (std::optional<v1::PostingCompliance>& posting : judged) {
      if (!posting.has_value() || (request.only_failing() && posting->compliant())) continue;
      if (response.postings_size() == size) {
        const std::string& last = response.postings(size - 1).posting();
        response.set_next_page_token(
            EncodePageToken(digest, {.began = {}, .sort_key = "", .name = last}));
        return response;
      }
      *response.add_postings() = *std::move(posting);
    }
    more = page.more && !page.records.empty();
    if (more) scan.after_name = page.records.back().name;
  }
  return response;
}

}  // namespace leye::app
