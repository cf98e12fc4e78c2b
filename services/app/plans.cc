#include "services/app/plans.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/access/reach.h"
#include "services/app/formats.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/plan_problem.h"
#include "services/app/plan_records.h"
#include "services/app/record_service.h"
#include "services/app/request_view.h"
#include "services/app/resource_checks.h"
#include "services/base/random.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;
using store::Kind;
using store::Region;

namespace {

constexpr int kMaxUnfinished = 20;  // In a region.

RecordKind PlanKind() {
  return {.kind = Kind::kPlan,
          .collection = "plans",
          .noun_zh = "匹配计划",
          .prototype = &v1::Plan::default_instance(),
          .filter_fields = {{"state"},
                            {"display_name"},
                            {"division_code"},
                            {"ruleset"},
                            {"create_time"},
                            {"end_time"}},
          .order_fields = {"name", "state", "create_time", "end_time"},
          .derived_fields = {"progress"}};
}

bool IsUnfinished(const v1::Plan& plan) {
  return plan.state() == v1::PLAN_STATE_QUEUED || plan.state() == v1::PLAN_STATE_RUNNING;
}

// One person is in a plan once, and no pair is both wanted and not.
void CheckPairs(const v1::Plan& plan, const Checks& checks) {
  std::set<std::pair<std::string, std::string>> bans;
  for (const v1::PlanPair& ban : plan.bans()) bans.emplace(ban.candidate(), ban.posting());
  std::set<std::string> pinned;
  const std::set<std::string> postings(plan.postings().begin(), plan.postings().end());
  for (int i = 0; i < plan.pins_size(); ++i) {
    const v1::PlanPair& pin = plan.pins(i);
    const std::string field = absl::StrCat("pins[", i, "]");
    if (pin.candidate().empty() || pin.posting().empty()) continue;  // Told by the field's rule.
    if (!pinned.insert(pin.candidate()).second) {
      checks.Add(field + ".candidate", "DUPLICATE", "must not be pinned twice",
                 "同一人只能指定一次");
    }
    if (bans.contains({pin.candidate(), pin.posting()})) {
      checks.Add(field, "CONTRADICTION", "must not be banned as well", "不得同时禁止");
    }
    if (!postings.empty() && !postings.contains(pin.posting())) {
      checks.Add(field + ".posting", "OUT_OF_SCOPE", "must be one of the plan's postings",
                 "须为计划所含岗位");
    }
  }
}

class PlanRules final : public RecordRules {
 public:
  // `store` outlives this.
  explicit PlanRules(store::Store& store) : RecordRules(PlanKind()), store_(store) {}

  void Initialise(Message& message) const override {
    static_cast<v1::Plan&>(message).set_state(v1::PLAN_STATE_QUEUED);
  }

  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    const auto& plan = static_cast<const v1::Plan&>(message);
    const Checks checks(scope, violations);
    if (!plan.postings().empty() && !plan.posting_filter().empty()) {
      checks.Add("posting_filter", "CONTRADICTION", "must be empty where postings are named",
                 "已列出岗位时不得再设筛选条件");
    }
    if (!plan.division_code().empty() &&
        !absl::StartsWith(plan.division_code(), scope.region.code())) {
      checks.Add("division_code", "WRONG_REGION", "must be of the parent's region",
                 "须属于 parent 地区");
    }
    const std::optional<ResourceName> ruleset = ParseName(plan.ruleset(), "rulesets");
    if (plan.ruleset() != kDefaultRulesetName &&
        (!ruleset.has_value() || ruleset->region != scope.region)) {
      checks.Add("ruleset", "INVALID_NAME",
                 "must be regions/{region}/rulesets/{ruleset} of the parent's region, or "
                 "rulesets/hebei-2026",
                 "须为 parent 地区的 regions/{region}/rulesets/{ruleset}，或 rulesets/hebei-2026");
    }
    CheckPairs(plan, checks);
  }

  absl::Status Derive(Region region, const std::vector<Message*>& messages) const override {
    std::vector<store::RecordKey> keys;
    std::vector<v1::Plan*> running;
    for (Message* message : messages) {
      auto& plan = static_cast<v1::Plan&>(*message);
      if (plan.state() != v1::PLAN_STATE_RUNNING) continue;
      keys.push_back(PlanRunKey(plan.name()));
      running.push_back(&plan);
    }
    if (keys.empty()) return absl::OkStatus();
    LEYE_ASSIGN_OR_RETURN(const auto records, store_.BatchGet(region, keys));
    for (size_t i = 0; i < records.size(); ++i) {
      storage::v1::PlanRun run;
      if (!records[i].has_value() || !run.ParseFromString(records[i]->envelope.open())) continue;
      *running[i]->mutable_progress() = run.progress();
    }
    return absl::OkStatus();
  }

  absl::Status Release(store::Store& store, Region region, const std::string& name,
                       std::vector<store::Mutation>& mutations) const override {
    const store::RecordKey run = PlanRunKey(name);
    LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(region, {run}));
    if (records[0].has_value()) return WrongState(name, "ended: cancel it first", "已结束");
    mutations.push_back(store::Mutation::Check(run.kind, run.name, store::Precondition::Absent()));
    LEYE_ASSIGN_OR_RETURN(const auto parts, FindPlanParts(store, name));
    for (const store::RecordKey& part : parts) {
      mutations.push_back(
          store::Mutation::Delete(part.kind, part.name, store::Precondition::Exists()));
    }
    return absl::OkStatus();
  }

 private:
  store::Store& store_;
};

// Whose people and postings a caller plans who does not say; "" for the whole region.
std::string OwnDivision(const access::Principal& principal) {
  constexpr size_t kDigits = 6;
  const std::string& own = principal.acts_for;
  if (principal.role != access::Role::kBureau || own.size() <= access::kRegionDigits) return "";
  return own + std::string(kDigits - own.size(), '0');
}

absl::Status QueueFull() {
  return WithMessageZh(
      Error(absl::StatusCode::kResourceExhausted, "PLAN_QUEUE_FULL",
            absl::StrCat("the region has ", kMaxUnfinished,
                         " plans that wait or run already: cancel one, or try again later"),
            {{"most", absl::StrCat(kMaxUnfinished)}}),
      absl::StrCat("该地区排队或运行中的计划已有 ", kMaxUnfinished, " 个，请稍后再试"));
}

absl::StatusOr<bool> IsQueueFull(store::Store& store, Region region) {
  LEYE_ASSIGN_OR_RETURN(
      const store::ScanPage page,
      store.Scan(
          {.region = region, .kind = Kind::kPlanRun, .after_name = "", .limit = kMaxUnfinished}));
  return page.records.size() >= kMaxUnfinished;
}

}  // namespace

Plans::Plans(const Dependencies& dependencies, const PlanSource& source, const Referrals& referrals)
    : dependencies_(dependencies),
      source_(source),
      referrals_(referrals),
      records_(std::make_unique<RecordService>(dependencies,
                                               std::make_unique<PlanRules>(dependencies.store))),
      assignment_lists_(*v1::PlanAssignment::descriptor(),
                        {{"line"},
                         {"candidate"},
                         {"posting"},
                         {"pinned"},
                         {"first_earner"},
                         {"of_reserved_group"}},
                        {"line"}),
      outcome_lists_(*v1::PlanOutcome::descriptor(),
                     {{"posting"}, {"title"}, {"openings"}, {"reserved"}, {"filled"}, {"empty"}},
                     {"posting"}) {}
Plans::~Plans() = default;

absl::StatusOr<v1::CreatePlanResponse> Plans::CreatePlan(const v1::CreatePlanRequest& request,
                                                         const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  CheckNewId(request.plan_id(), "", "plan_id", violations);
  const std::string id = request.plan_id().empty()
                             ? NewId(dependencies_.random, dependencies_.clock.Now())
                             : request.plan_id();
  v1::Plan plan = request.plan();
  records_->codec().ClearServerFields(plan);
  plan.DiscardUnknownFields();
  records_->rules().Initialise(plan);
  plan.set_name(FormatName(region, "plans", id));
  if (plan.division_code().empty()) plan.set_division_code(OwnDivision(context.principal));
  if (plan.ruleset().empty()) plan.set_ruleset(source_.InForce(region));
  if (request.has_plan()) {
    records_->CheckResource(plan, region, "plan", violations);
  } else {
    violations.Add({"plan", "REQUIRED", "must be given", "必填"});
  }
  const Mutator mutator(*records_, request, context, region);
  mutator.CheckRequest(violations);
  if (!ParseParent(request.parent()).has_value()) return violations.ToStatus();
  if (!ReachOf(context, dependencies_, region).AllowsContent(plan)) {
    return access::OutOfScope("plan", records_->kind().noun_zh);
  }
  v1::CreatePlanResponse response;
  const absl::Status made = mutator.Run(
      [&]() -> absl::StatusOr<Attempt> {
        LEYE_ASSIGN_OR_RETURN(const auto world, source_.WorldOf(region, context.deadline));
        Violations all = violations;
        CheckPlanNames(plan, *world, all);
        LEYE_RETURN_IF_ERROR(all.ToStatus());
        return PrepareNew(plan, context, mutator);
      },
      response);
  if (!made.ok()) return made;
  return response;
}

absl::StatusOr<Attempt> Plans::PrepareNew(const v1::Plan& plan, const CallContext& context,
                                          const Mutator& mutator) const {
  store::Store& store = dependencies_.store;
  const absl::Time now = dependencies_.clock.Now();
  const Region region = ParseName(plan.name(), "plans")->region;
  WorkingSet set(store, region, now);
  LEYE_RETURN_IF_ERROR(set.Read({PlanKey(plan.name()), PlanRunKey(plan.name())}));
  if (set.Has(PlanKey(plan.name()))) return Taken("name", "名称", plan.name());
  LEYE_RETURN_IF_ERROR(CheckProblem(plan, context));
  LEYE_ASSIGN_OR_RETURN(const bool full, IsQueueFull(store, region));
  if (full) return QueueFull();
  Attempt attempt;
  attempt.answers.push_back(mutator.Preview(plan.name(), plan));
  v1::Plan stored = plan;
  stored.set_referral_prefix(NewId(dependencies_.random, now));
  PutPlan(stored, set);
  storage::v1::PlanRun run;
  *run.mutable_queue_time() = ToTimestamp(now);
  if (plan.has_start_time()) *run.mutable_start_time() = plan.start_time();
  set.Put(PlanRunKey(plan.name()), run);
  attempt.mutations = set.Mutations();
  return attempt;
}

// Everything that would make the run fail, told now.
absl::Status Plans::CheckProblem(const v1::Plan& plan, const CallContext& context) const {
  const absl::StatusOr<PlanBasis> basis = source_.BasisOf(plan, context.deadline);
  Violations violations;
  if (absl::IsNotFound(basis.status())) {
    violations.Add({"plan.ruleset", "NOT_FOUND", "must name one of the rulesets that exist",
                    "所指的规则集不存在"});
    return violations.ToStatus();
  }
  LEYE_RETURN_IF_ERROR(basis);
  LEYE_ASSIGN_OR_RETURN(const std::vector<std::string> postings, source_.PostingsOf(plan, context));
  const PlanProblem problem(plan, postings, *basis, violations);
  return violations.ToStatus();
}

absl::StatusOr<v1::GetPlanResponse> Plans::GetPlan(const v1::GetPlanRequest& request,
                                                   const CallContext& context) const {
  return records_->Call<v1::GetPlanResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::ListPlansResponse> Plans::ListPlans(const v1::ListPlansRequest& request,
                                                       const CallContext& context) const {
  LEYE_ASSIGN_OR_RETURN(
      auto response, records_->Call<v1::ListPlansResponse>(&RecordService::List, request, context));
  for (v1::Plan& plan : *response.mutable_plans()) {
    plan.clear_postings();
    plan.clear_settlement_areas();
    plan.clear_pins();
    plan.clear_bans();
  }
  return response;
}

absl::StatusOr<v1::DeletePlanResponse> Plans::DeletePlan(const v1::DeletePlanRequest& request,
                                                         const CallContext& context) const {
  return records_->Call<v1::DeletePlanResponse>(&RecordService::Delete, request, context);
}

absl::StatusOr<v1::CancelPlanResponse> Plans::CancelPlan(const v1::CancelPlanRequest& request,
                                                         const CallContext& context) const {
  Violations violations;
  const std::optional<ResourceName> name = ParseName(request.name(), "plans");
  if (!name.has_value()) violations.Add(BadName("name", "plans"));
  const Region region = name.has_value() ? name->region : Region::FromNumber(0);
  const Mutator mutator(*records_, request, context, region);
  mutator.CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  v1::CancelPlanResponse response;
  LEYE_RETURN_IF_ERROR(
      mutator.Run([&] { return PrepareCancel(request, context, mutator); }, response));
  return response;
}

// Without its run whoever works the plan out can write no more.
absl::StatusOr<Attempt> Plans::PrepareCancel(const v1::CancelPlanRequest& request,
                                             const CallContext& context,
                                             const Mutator& mutator) const {
  const absl::Time now = dependencies_.clock.Now();
  WorkingSet set(dependencies_.store, ParseName(request.name(), "plans")->region, now);
  LEYE_ASSIGN_OR_RETURN(v1::Plan plan, ReadPlan(request.name(), context, set));
  LEYE_RETURN_IF_ERROR(mutator.CheckEtag(request.etag(), *set.Find(PlanKey(request.name()))));
  if (!IsUnfinished(plan)) return WrongState(plan.name(), "QUEUED or RUNNING", "排队或运行中");
  LEYE_RETURN_IF_ERROR(set.Read({PlanRunKey(plan.name())}));
  plan.set_state(v1::PLAN_STATE_CANCELLED);
  *plan.mutable_end_time() = ToTimestamp(now);
  PutPlan(plan, set);
  set.Delete(PlanRunKey(plan.name()));
  Attempt attempt;
  attempt.answers.push_back(mutator.Preview(plan.name(), plan));
  attempt.mutations = set.Mutations();
  return attempt;
}

absl::StatusOr<v1::Plan> Plans::ReadPlan(const std::string& name, const CallContext& context,
                                         WorkingSet& set) const {
  LEYE_RETURN_IF_ERROR(set.Read({PlanKey(name)}));
  const store::Record* record = set.Find(PlanKey(name));
  if (record == nullptr) return NoSuchRecord(name, records_->kind().noun_zh);
  access::Reach reach = ReachOf(context, dependencies_, set.region());
  LEYE_ASSIGN_OR_RETURN(const bool covered, reach.Covers(*record));
  if (!covered) return NoSuchRecord(name, records_->kind().noun_zh);
  v1::Plan plan;
  LEYE_RETURN_IF_ERROR(DecodeOpenInto(*record, plan));
  return plan;
}

}  // namespace leye::app
