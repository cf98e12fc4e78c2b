#include "services/app/plan_records.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/app/list.h"
#include "services/app/names.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

Region RegionOfPlan(absl::string_view plan) {
  return RegionOfName(plan).value_or(Region::FromNumber(0));
}

}  // namespace

store::RecordKey PlanKey(const std::string& plan) { return {Kind::kPlan, plan}; }

store::RecordKey PlanRunKey(const std::string& plan) { return {Kind::kPlanRun, plan}; }

store::RecordKey PlanPartKey(absl::string_view plan, PlanContent content, int part) {
  const absl::string_view of = content == PlanContent::kLines ? "lines" : "outcomes";
  return {Kind::kPlanPart, absl::StrFormat("%s/%s/%05d", plan, of, part)};
}

std::string ReferralOfLine(const v1::Plan& plan, int line) {
  return FormatName(RegionOfPlan(plan.name()), "referrals",
                    absl::StrCat(plan.referral_prefix(), "-", line));
}

void PutPlan(const v1::Plan& plan, WorkingSet& set) {
  v1::Plan stored = plan;
  stored.clear_name();
  stored.clear_etag();
  stored.clear_create_time();
  stored.clear_update_time();
  stored.clear_progress();
  set.Put(PlanKey(plan.name()), stored);
}

absl::StatusOr<std::vector<storage::v1::PlanPart>> ReadPlanParts(store::Store& store,
                                                                 const std::string& plan,
                                                                 PlanContent content, int first,
                                                                 int count) {
  std::vector<store::RecordKey> keys;
  for (int i = 0; i < count; ++i) keys.push_back(PlanPartKey(plan, content, first + i));
  LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(RegionOfPlan(plan), keys));
  std::vector<storage::v1::PlanPart> parts;
  for (const std::optional<store::Record>& record : records) {
    if (!record.has_value()) continue;
    if (!parts.emplace_back().ParseFromString(record->envelope.open())) {
      return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "a record cannot be read",
                   {{"name", record->name}});
    }
  }
  return parts;
}

absl::StatusOr<std::vector<store::RecordKey>> FindPlanParts(store::Store& store,
                                                            const std::string& plan) {
  const std::string prefix = absl::StrCat(plan, "/");
  std::vector<store::RecordKey> found;
  store::ScanRequest scan{.region = RegionOfPlan(plan),
                          .kind = Kind::kPlanPart,
                          .after_name = prefix,
                          .limit = kRecordsPerRead};
  for (bool more = true; more;) {
    LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, store.Scan(scan));
    more = page.more && !page.records.empty();
    for (const store::Record& record : page.records) {
      more = more && absl::StartsWith(record.name, prefix);
      if (absl::StartsWith(record.name, prefix)) found.push_back({record.kind, record.name});
    }
    if (more) scan.after_name = page.records.back().name;
  }
  return found;
}

}  // namespace leye::app
