// Plans::CommitPlan; the other use cases are in plans.cc.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/access/reach.h"
#include "services/app/explanation_words.h"
#include "services/app/formats.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/plan_records.h"
#include "services/app/plans.h"
#include "services/app/record_service.h"
#include "services/app/resource_checks.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

struct Plans::Commitment {
  std::vector<v1::PlanAssignment> lines;
  std::vector<v1::PlanRefusal> refusals;
};

namespace {

// Each line is up to nine records of one commit, of which a store takes 10,000.
constexpr int kMaxLines = 1'000;
constexpr size_t kMaxReason = 500;
constexpr size_t kMaxClerk = 60;
constexpr char kRefused[] = "LINES_REFUSED";

absl::Status NothingToCommit(const std::string& plan) {
  return WithMessageZh(
      Error(absl::StatusCode::kFailedPrecondition, "NOTHING_TO_COMMIT",
            absl::StrCat(plan, " has no line that has no referral yet"), {{"name", plan}}),
      absl::StrCat("计划中没有待提交的行：", plan));
}

Violation TooManyLines(int64_t count) {
  return {"lines", "OUT_OF_RANGE",
          absl::StrCat("must be at most ", kMaxLines, " at a time, not ", count,
                       ": commit the plan in parts"),
          absl::StrCat("每次至多 ", kMaxLines, " 行，请分批提交")};
}

v1::PlanRefusal RefusalOf(const v1::PlanAssignment& line, const absl::Status& why,
                          Language language) {
  v1::PlanRefusal refusal;
  refusal.set_line(line.line());
  refusal.set_candidate(line.candidate());
  refusal.set_posting(line.posting());
  const ErrorDetails details = GetErrorDetails(why);
  refusal.set_reason(details.reason);
  const bool chinese = language == Language::kChinese && !details.message_zh.empty();
  refusal.set_message(chinese ? details.message_zh : std::string(why.message()));
  return refusal;
}

v1::Referral ReferralOf(const v1::Plan& plan, const v1::PlanAssignment& line,
                        const std::string& clerk) {
  v1::Referral referral;
  referral.set_name(ReferralOfLine(plan, line.line()));
  referral.set_candidate(line.candidate());
  referral.set_posting(line.posting());
  referral.set_state(v1::REFERRAL_STATE_REFERRED);
  referral.set_clerk(clerk);
  return referral;
}

}  // namespace

absl::StatusOr<v1::CommitPlanResponse> Plans::CommitPlan(const v1::CommitPlanRequest& request,
                                                         const CallContext& context) const {
  Violations violations;
  const std::optional<ResourceName> name = ParseName(request.name(), "plans");
  if (!name.has_value()) violations.Add(BadName("name", "plans"));
  CheckReason(request.reason(), {.least = 0, .greatest = kMaxReason}, violations);
  const std::optional<size_t> length = CountCodePoints(request.clerk());
  if (!length.has_value() || *length > kMaxClerk) {
    violations.Add({"clerk", "OUT_OF_RANGE", "must have at most 60 characters of valid UTF-8",
                    "最多 60 个字符"});
  }
  const Region region = name.has_value() ? name->region : Region::FromNumber(0);
  const Mutator mutator(*records_, request, context, region);
  mutator.CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  v1::CommitPlanResponse response;
  Commitment commitment;
  const absl::Status done =
      mutator.Run([&] { return PrepareCommit(request, context, mutator, commitment); }, response);
  if (done.ok()) return response;
  if (ErrorReason(done) != kRefused) return done;
  WorkingSet set(dependencies_.store, region, dependencies_.clock.Now());
  LEYE_ASSIGN_OR_RETURN(*response.mutable_plan(), ReadPlan(request.name(), context, set));
  for (v1::PlanRefusal& refusal : commitment.refusals) {
    *response.add_refusals() = std::move(refusal);
  }
  return response;
}

absl::Status Plans::CheckLines(const v1::CommitPlanRequest& request, const v1::Plan& plan) const {
  Violations violations;
  if (request.lines_size() > kMaxLines) violations.Add(TooManyLines(request.lines_size()));
  std::set<int> seen;
  for (int i = 0; i < std::min(request.lines_size(), kMaxLines); ++i) {
    const int line = request.lines(i);
    const std::string field = absl::StrCat("lines[", i, "]");
    if (line < 1 || line > plan.lines()) {
      violations.Add({field, "OUT_OF_RANGE",
                      absl::StrCat("must be a line of the plan, 1 to ", plan.lines()),
                      absl::StrCat("须为计划的行号，1 至 ", plan.lines())});
    } else if (!seen.insert(line).second) {
      violations.Add({field, "DUPLICATE", "must not be named twice", "不得重复"});
    }
  }
  return violations.ToStatus();
}

absl::StatusOr<std::vector<v1::PlanAssignment>> Plans::LinesToCommit(
    const v1::CommitPlanRequest& request, const v1::Plan& plan) const {
  store::Store& store = dependencies_.store;
  const int parts = (plan.lines() + kPerPart - 1) / kPerPart;
  LEYE_ASSIGN_OR_RETURN(const auto found,
                        ReadPlanParts(store, plan.name(), PlanContent::kLines, 0, parts));
  const std::set<int> wanted(request.lines().begin(), request.lines().end());
  std::vector<v1::PlanAssignment> lines;
  std::vector<store::RecordKey> keys;
  for (const storage::v1::PlanPart& part : found) {
    for (const v1::PlanAssignment& line : part.assignments()) {
      if (!wanted.empty() && !wanted.contains(line.line())) continue;
      lines.push_back(line);
      keys.push_back({Kind::kReferral, ReferralOfLine(plan, line.line())});
    }
  }
  if (!wanted.empty()) return lines;
  std::vector<v1::PlanAssignment> left;
  for (size_t begin = 0; begin < keys.size(); begin += store::kMaxMutations) {
    const size_t end = std::min(keys.size(), begin + store::kMaxMutations);
    LEYE_ASSIGN_OR_RETURN(const auto records,
                          store.BatchGet(ParseName(plan.name(), "plans")->region,
                                         {keys.begin() + static_cast<std::ptrdiff_t>(begin),
                                          keys.begin() + static_cast<std::ptrdiff_t>(end)}));
    for (size_t i = begin; i < end; ++i) {
      if (!records[i - begin].has_value()) left.push_back(std::move(lines[i]));
    }
  }
  return left;
}

// People who have moved out of the caller's reach are, for the caller, not there.
absl::Status Plans::RefuseUnreached(const CallContext& context, Commitment& commitment) const {
  if (commitment.lines.empty()) return absl::OkStatus();
  const Region region = *RegionOfName(commitment.lines.front().candidate());
  access::Reach reach = ReachOf(context, dependencies_, region);
  if (reach.whole()) return absl::OkStatus();
  std::vector<store::RecordKey> keys;
  for (const v1::PlanAssignment& line : commitment.lines) {
    keys.push_back({Kind::kCandidate, line.candidate()});
  }
  LEYE_ASSIGN_OR_RETURN(const auto records, dependencies_.store.BatchGet(region, keys));
  LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered, reach.Covers(records));
  std::vector<v1::PlanAssignment> reached;
  for (size_t i = 0; i < covered.size(); ++i) {
    v1::PlanAssignment& line = commitment.lines[i];
    if (covered[i]) {
      reached.push_back(std::move(line));
      continue;
    }
    commitment.refusals.push_back(
        RefusalOf(line, NoSuchRecord(line.candidate(), "求职者"), LanguageOf(context.language)));
  }
  commitment.lines = std::move(reached);
  return absl::OkStatus();
}

absl::StatusOr<Attempt> Plans::PrepareCommit(const v1::CommitPlanRequest& request,
                                             const CallContext& context, const Mutator& mutator,
                                             Commitment& commitment) const {
  WorkingSet set(dependencies_.store, ParseName(request.name(), "plans")->region,
                 dependencies_.clock.Now());
  LEYE_ASSIGN_OR_RETURN(v1::Plan plan, ReadPlan(request.name(), context, set));
  LEYE_RETURN_IF_ERROR(mutator.CheckEtag(request.etag(), *set.Find(PlanKey(request.name()))));
  if (plan.state() != v1::PLAN_STATE_SUCCEEDED) {
    return WrongState(plan.name(), "SUCCEEDED", "已完成");
  }
  LEYE_RETURN_IF_ERROR(CheckLines(request, plan));
  commitment = {};
  LEYE_ASSIGN_OR_RETURN(commitment.lines, LinesToCommit(request, plan));
  if (commitment.lines.empty()) return NothingToCommit(plan.name());
  if (commitment.lines.size() > kMaxLines) {
    Violations violations;
    violations.Add(TooManyLines(static_cast<int64_t>(commitment.lines.size())));
    return violations.ToStatus();
  }
  LEYE_RETURN_IF_ERROR(RefuseUnreached(context, commitment));
  std::vector<v1::Referral> referrals;
  for (const v1::PlanAssignment& line : commitment.lines) {
    referrals.push_back(ReferralOf(plan, line, request.clerk()));
  }
  LEYE_ASSIGN_OR_RETURN(const std::vector<Referrals::Refusal> refused,
                        referrals_.BeginEach({.reason = request.reason(),
                                              .validate_only = mutator.validate_only(),
                                              .refusals = Referrals::Refusals::kAll},
                                             context, absl::MakeSpan(referrals), set));
  for (const Referrals::Refusal& refusal : refused) {
    commitment.refusals.push_back(
        RefusalOf(commitment.lines[refusal.index], refusal.why, LanguageOf(context.language)));
  }
  if (!commitment.refusals.empty()) {
    std::ranges::sort(commitment.refusals, {}, &v1::PlanRefusal::line);
    return Error(absl::StatusCode::kFailedPrecondition, kRefused, "lines no longer hold");
  }
  plan.set_committed_lines(plan.committed_lines() + static_cast<int>(referrals.size()));
  PutPlan(plan, set);
  Attempt attempt;
  attempt.answers.push_back(mutator.Preview(plan.name(), plan));
  attempt.mutations = set.Mutations();
  return attempt;
}

}  // namespace leye::app
