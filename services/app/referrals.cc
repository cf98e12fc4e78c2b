#include "services/app/referrals.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "services/app/clock_context.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_service.h"
#include "services/app/references.h"
#include "services/app/referral_ledger.h"
#include "services/app/resource_checks.h"
#include "services/base/random.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;
using store::Kind;
using store::Region;

namespace {

constexpr size_t kMaxReason = 500;
constexpr int kMaxBatch = 500;

RecordKind ReferralKind() {
  return {.kind = Kind::kReferral,
          .collection = "referrals",
          .noun_zh = "推荐",
          .prototype = &v1::Referral::default_instance(),
          .filter_fields = {{"candidate"},
                            {"posting"},
                            {"state"},
                            {"clerk"},
                            {"channel"},
                            {"household"},
                            {"settlement_area"},
                            {"employer"},
                            {"due_time"},
                            {"onboard_time"},
                            {"end_time"},
                            {"create_time"},
                            {"update_time"}},
          .order_fields = {"name", "state", "due_time", "create_time", "update_time"}};
}

class ReferralRules final : public RecordRules {
 public:
  ReferralRules() : RecordRules(ReferralKind()) {}

  void Initialise(Message& message) const override {
    auto& referral = static_cast<v1::Referral&>(message);
    if (referral.state() == v1::REFERRAL_STATE_UNSPECIFIED) {
      referral.set_state(v1::REFERRAL_STATE_REFERRED);
    }
  }

  // Of a new referral; afterwards only steps change it.
  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    const v1::ReferralState state = static_cast<const v1::Referral&>(message).state();
    if (state == v1::REFERRAL_STATE_RECOMMENDED || state == v1::REFERRAL_STATE_PUSHED ||
        state == v1::REFERRAL_STATE_REFERRED) {
      return;
    }
    Checks(scope, violations)
        .Add("state", "INVALID_VALUE", "must be RECOMMENDED, PUSHED or REFERRED on creation",
             "新建时只能为已推荐、已推送或已转介");
  }
};

void CheckStepRequest(const v1::TransitionReferralRequest& request, Violations& violations) {
  CheckReason(request.reason(), {.least = 0, .greatest = kMaxReason}, violations);
  const bool known = v1::ReferralEvent_IsValid(request.event());
  if (!known || request.event() == v1::REFERRAL_EVENT_UNSPECIFIED ||
      request.event() == v1::REFERRAL_EVENT_CREATE ||
      request.event() == v1::REFERRAL_EVENT_EXPIRE) {
    violations.Add({"event", "INVALID_VALUE",
                    "must be a step of the life cycle other than CREATE and EXPIRE",
                    "须为流程中的一个步骤（不含新建、过期）"});
  }
  const bool leaves = request.event() == v1::REFERRAL_EVENT_LEAVE;
  const bool has_reason = request.leaving_reason() != v1::LEAVING_REASON_UNSPECIFIED;
  if (!v1::LeavingReason_IsValid(request.leaving_reason())) {
    violations.Add(
        {"leaving_reason", "INVALID_VALUE", "must be one of the reasons", "须为规定的离岗原因"});
  } else if (leaves && !has_reason) {
    violations.Add({"leaving_reason", "REQUIRED", "must be given with LEAVE", "离岗须填写原因"});
  } else if (!leaves && has_reason) {
    violations.Add({"leaving_reason", "CONTRADICTION", "goes only with LEAVE", "仅适用于离岗"});
  }
}

// A bureau also writes down what others have said and done.
bool MayTake(access::Role role, StepBy by) {
  switch (role) {
    case access::Role::kEnterprise:
      return by == StepBy::kEmployer;
    case access::Role::kApp:
      return by == StepBy::kPerson;
    default:
      return true;
  }
}

store::RecordKey KeyOf(const std::string& name) { return {Kind::kReferral, name}; }

// Whether an error says that this one cannot begin, rather than that nobody can be asked.
bool IsRefusal(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) || absl::IsNotFound(status) ||
         absl::IsAlreadyExists(status);
}

}  // namespace

Referrals::Referrals(const Dependencies& dependencies, const PairJudge& judge,
                     const HouseholdFiguresSource& figures)
    : dependencies_(dependencies),
      figures_(figures),
      claims_(dependencies.store, dependencies.clock),
      steps_(judge, claims_),
      records_(std::make_unique<RecordService>(dependencies, std::make_unique<ReferralRules>())) {}
Referrals::~Referrals() = default;

absl::StatusOr<v1::GetReferralResponse> Referrals::GetReferral(
    const v1::GetReferralRequest& request, const CallContext& context) const {
  return records_->Call<v1::GetReferralResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::ListReferralsResponse> Referrals::ListReferrals(
    const v1::ListReferralsRequest& request, const CallContext& context) const {
  return records_->Call<v1::ListReferralsResponse>(&RecordService::List, request, context);
}

absl::StatusOr<std::unique_ptr<ReferralWatch>> Referrals::WatchReferrals(
    const v1::WatchReferralsRequest& request, const CallContext& context) const {
  LEYE_ASSIGN_OR_RETURN(const store::RegionRevision from,
                        WatchFrom(request.parent(), request.revision(), dependencies_.store));
  return std::make_unique<ReferralWatch>(dependencies_, context, from);
}

void Referrals::Add(const v1::Referral& given, const std::string& path, const std::string& id,
                    Newcomers& newcomers) const {
  v1::Referral referral = given;
  records_->codec().ClearServerFields(referral);
  referral.DiscardUnknownFields();
  records_->rules().Initialise(referral);
  records_->CheckResource(referral, newcomers.region, path, newcomers.violations);
  referral.set_name(FormatName(newcomers.region, "referrals", id));
  newcomers.referrals.push_back(std::move(referral));
  newcomers.paths.push_back(path);
}

absl::StatusOr<v1::CreateReferralResponse> Referrals::CreateReferral(
    const v1::CreateReferralRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  CheckNewId(request.referral_id(), "", "referral_id", violations);
  Newcomers newcomers{.region = region,
                      .referrals = {},
                      .paths = {},
                      .reason = request.reason(),
                      .by_hand = true,
                      .violations = std::move(violations)};
  if (request.has_referral()) {
    const std::string id = request.referral_id().empty()
                               ? NewId(dependencies_.random, dependencies_.clock.Now())
                               : request.referral_id();
    Add(request.referral(), "referral", id, newcomers);
  } else {
    newcomers.violations.Add({"referral", "REQUIRED", "must be given", "必填"});
  }
  v1::CreateReferralResponse response;
  LEYE_RETURN_IF_ERROR(BeginAll(request, context, newcomers, response));
  return response;
}

absl::StatusOr<v1::BatchCreateReferralsResponse> Referrals::BatchCreateReferrals(
    const v1::BatchCreateReferralsRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  if (request.referrals().empty() || request.referrals_size() > kMaxBatch) {
    violations.Add(
        {"referrals", "OUT_OF_RANGE", "must be 1 to 500 referrals", "须为 1 至 500 条推荐"});
  }
  Newcomers newcomers{.region = region,
                      .referrals = {},
                      .paths = {},
                      .reason = request.reason(),
                      .by_hand = false,
                      .violations = std::move(violations)};
  // What is written in the order of names is answered in the order asked.
  std::vector<std::string> ids;
  const int count = std::min(request.referrals_size(), kMaxBatch);
  for (int i = 0; i < count; ++i) {
    ids.push_back(NewId(dependencies_.random, dependencies_.clock.Now()));
  }
  std::sort(ids.begin(), ids.end());
  for (int i = 0; i < count; ++i) {
    Add(request.referrals(i), absl::StrCat("referrals[", i, "]"), ids[static_cast<size_t>(i)],
        newcomers);
  }
  v1::BatchCreateReferralsResponse response;
  LEYE_RETURN_IF_ERROR(BeginAll(request, context, newcomers, response));
  return response;
}

absl::Status Referrals::BeginAll(const Message& request, const CallContext& context,
                                 Newcomers& newcomers, Message& response) const {
  const Mutator mutator(*records_, request, context, newcomers.region);
  mutator.CheckRequest(newcomers.violations);
  CheckReason(newcomers.reason, {.least = 0, .greatest = kMaxReason}, newcomers.violations);
  if (!ParseParent(RequestView(request).Text("parent")).has_value()) {
    return newcomers.violations.ToStatus();
  }
  const absl::Status begun =
      mutator.Run([&] { return PrepareNew(newcomers, context, mutator); }, response);
  if (!begun.ok()) Conclude(newcomers.referrals);
  return begun;
}

absl::Status Referrals::CheckRequest(const Newcomers& newcomers, const CallContext& context) const {
  References references(*v1::Referral::descriptor());
  for (const v1::Referral& referral : newcomers.referrals) {
    references.Want(referral, newcomers.region);
  }
  access::Reach reach = ReachOf(context, dependencies_, newcomers.region);
  LEYE_RETURN_IF_ERROR(references.Read(dependencies_.store, reach));
  Violations all = newcomers.violations;
  std::map<std::string, size_t> first;
  for (size_t i = 0; i < newcomers.referrals.size(); ++i) {
    const v1::Referral& referral = newcomers.referrals[i];
    references.CheckFound(referral, newcomers.paths[i], all);
    // One holds the person for all postings, others bring a pair together once.
    const bool holds = referral.state() == v1::REFERRAL_STATE_REFERRED;
    const auto [there, fresh] =
        first.emplace(referral.candidate() + (holds ? "" : " " + referral.posting()), i);
    if (fresh) continue;
    all.Add({newcomers.paths[i] + ".candidate", "DUPLICATE",
             absl::StrCat("is also in ", newcomers.paths[there->second]),
             absl::StrCat("与 ", newcomers.paths[there->second], " 重复")});
  }
  return all.ToStatus();
}

absl::StatusOr<Attempt> Referrals::PrepareNew(const Newcomers& newcomers,
                                              const CallContext& context,
                                              const Mutator& mutator) const {
  LEYE_RETURN_IF_ERROR(CheckRequest(newcomers, context));
  WorkingSet set(dependencies_.store, newcomers.region, dependencies_.clock.Now());
  std::vector<v1::Referral> referrals = newcomers.referrals;
  LEYE_ASSIGN_OR_RETURN(const std::vector<Refusal> refused,
                        BeginEach({.reason = newcomers.reason,
                                   .validate_only = mutator.validate_only(),
                                   .by_hand = newcomers.by_hand},
                                  context, absl::MakeSpan(referrals), set));
  if (!refused.empty()) {
    const Refusal& first = refused.front();
    const std::string& path = newcomers.paths[first.index];
    return path == "referral" ? first.why : WithContext(first.why, path);
  }
  Attempt attempt;
  for (const v1::Referral& referral : referrals) {
    attempt.answers.push_back(mutator.Preview(referral.name(), referral));
  }
  attempt.mutations = set.Mutations();
  return attempt;
}

absl::StatusOr<std::vector<Referrals::Refusal>> Referrals::BeginEach(
    const Beginning& how, const CallContext& context, absl::Span<v1::Referral> referrals,
    WorkingSet& set) const {
  LEYE_RETURN_IF_ERROR(ClearTheWay(set.region(), referrals));
  std::vector<Refusal> refused;
  for (size_t i = 0; i < referrals.size(); ++i) {
    v1::Referral& referral = referrals[i];
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies_.clock));
    LEYE_RETURN_IF_ERROR(set.Read({KeyOf(referral.name())}));
    const absl::Status begun = set.Has(KeyOf(referral.name()))
                                   ? Taken("name", "名称", referral.name())
                                   : steps_.Begin({.actor = context.principal.id,
                                                   .reason = how.reason,
                                                   .deadline = context.deadline,
                                                   .validate_only = how.validate_only,
                                                   .by_hand = how.by_hand},
                                                  set.now(), referral, set);
    if (begun.ok()) {
      PutReferral(referral, set);
    } else if (IsRefusal(begun)) {
      refused.push_back({.index = i, .why = begun});
      if (how.refusals == Refusals::kFirst) break;
    } else {
      return begun;
    }
  }
  return refused;
}

absl::StatusOr<v1::TransitionReferralResponse> Referrals::TransitionReferral(
    const v1::TransitionReferralRequest& request, const CallContext& context) const {
  Violations violations;
  CheckStepRequest(request, violations);
  const std::optional<ResourceName> name = ParseName(request.name(), "referrals");
  if (!name.has_value()) violations.Add(BadName("name", "referrals"));
  const Region region = name.has_value() ? name->region : Region::FromNumber(0);
  Mutator(*records_, request, context, region).CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(v1::TransitionReferralResponse response, Step(request, region, context));
  if (context.principal.role != access::Role::kEnterprise) return response;
  // The first answer, asked for again, is told as long as the person agrees, as all others.
  access::Reach reach = ReachOf(context, dependencies_, region);
  LEYE_ASSIGN_OR_RETURN(const bool covered, reach.Covers(response.referral()));
  if (!covered) return NoSuchRecord(request.name(), records_->kind().noun_zh);
  return response;
}

absl::StatusOr<v1::TransitionReferralResponse> Referrals::Step(
    const v1::TransitionReferralRequest& request, Region region, const CallContext& context) const {
  const Mutator mutator(*records_, request, context, region);
  v1::TransitionReferralResponse response;
  const absl::Status taken = mutator.Run(
      [&] {
        return PrepareStep(request,
                           WorkingSet(dependencies_.store, region, dependencies_.clock.Now()),
                           context, mutator);
      },
      response);
  if (taken.ok()) {
    if (response.referral().has_end_time() && IsElsewhere(response.referral())) {
      Conclude({&response.referral(), 1});
      // The person is free from here on, not from the step's own revision on.
      const absl::StatusOr<store::Revision> head = dependencies_.store.Head(region);
      if (head.ok()) response.set_revision(store::FormatToken({region, *head}));
    }
    return response;
  }
  WorkingSet set(dependencies_.store, region, dependencies_.clock.Now());
  const absl::StatusOr<v1::Referral> stored = ReadReferral(request.name(), set);
  if (stored.ok()) Conclude({&*stored, 1});
  return taken;
}

void Referrals::Conclude(absl::Span<const v1::Referral> referrals) const {
  for (const v1::Referral& referral : referrals) {
    const std::optional<ResourceName> name = ParseName(referral.name(), "referrals");
    // Under an id that cannot be one, as a caller may have sent it, nothing has begun.
    if (!name.has_value() || !IsElsewhere(referral)) continue;
    claims_.Undo(referral.candidate(), std::string(name->id)).IgnoreError();
  }
}

absl::StatusOr<v1::Referral> Referrals::ReadReferral(const std::string& name,
                                                     WorkingSet& set) const {
  LEYE_RETURN_IF_ERROR(set.Read({KeyOf(name)}));
  const store::Record* record = set.Find(KeyOf(name));
  if (record == nullptr) return NoSuchRecord(name, records_->kind().noun_zh);
  v1::Referral referral;
  LEYE_RETURN_IF_ERROR(DecodeOpenInto(*record, referral));
  return referral;
}

absl::Status Referrals::Authorise(const v1::Referral& referral, v1::ReferralEvent event,
                                  const CallContext& context) const {
  const Region region = ParseName(referral.name(), "referrals")->region;
  access::Reach reach = ReachOf(context, dependencies_, region);
  LEYE_ASSIGN_OR_RETURN(const bool covered, reach.Covers(referral));
  if (!covered) return NoSuchRecord(referral.name(), records_->kind().noun_zh);
  const ReferralMove* move = FindMove(referral.state(), event, ChannelOf(referral));
  if (move == nullptr || MayTake(context.principal.role, move->by)) return absl::OkStatus();
  return WithMessageZh(Error(absl::StatusCode::kPermissionDenied, "STEP_NOT_ALLOWED",
                             absl::StrCat(WordOf(event), " is not a step of ",
                                          access::RoleName(context.principal.role), "'s"),
                             {{"name", referral.name()}, {"event", std::string(WordOf(event))}}),
                       "您的角色无权执行此步骤");
}

absl::StatusOr<Attempt> Referrals::PrepareStep(const v1::TransitionReferralRequest& request,
                                               WorkingSet set, const CallContext& context,
                                               const Mutator& mutator) const {
  LEYE_ASSIGN_OR_RETURN(v1::Referral referral, ReadReferral(request.name(), set));
  LEYE_RETURN_IF_ERROR(Authorise(referral, request.event(), context));
  LEYE_RETURN_IF_ERROR(mutator.CheckEtag(request.etag(), *set.Find(KeyOf(request.name()))));
  if (request.event() == v1::REFERRAL_EVENT_REFER) {
    LEYE_RETURN_IF_ERROR(ClearTheWay(set.region(), {&referral, 1}));
  }
  LEYE_RETURN_IF_ERROR(steps_.Take({.event = request.event(),
                                    .actor = context.principal.id,
                                    .reason = request.reason(),
                                    .leaving_reason = request.leaving_reason(),
                                    .deadline = context.deadline,
                                    .validate_only = mutator.validate_only(),
                                    .by_hand = true},
                                   set.now(), referral, set));
  PutReferral(referral, set);
  Attempt attempt;
  attempt.answers.push_back(mutator.Preview(referral.name(), referral));
  attempt.mutations = set.Mutations();
  return attempt;
}

absl::Status Referrals::ClearTheWay(Region region, absl::Span<const v1::Referral> referrals) const {
  const absl::Time now = dependencies_.clock.Now();
  WorkingSet set(dependencies_.store, region, now);
  std::set<std::string> overdue;
  for (const v1::Referral& referral : referrals) {
    LEYE_ASSIGN_OR_RETURN(const std::vector<std::string> found,
                          steps_.OverdueInTheWay(referral, now, set));
    overdue.insert(found.begin(), found.end());
  }
  // One that cannot be ended stays held, and is counted.
  for (const std::string& name : overdue) Expire(name).IgnoreError();
  return absl::OkStatus();
}

// OK also when somebody was faster.
absl::Status Referrals::Expire(const std::string& referral) const {
  v1::TransitionReferralRequest request;
  request.set_name(referral);
  request.set_event(v1::REFERRAL_EVENT_EXPIRE);
  const CallContext clock = ClockContext();
  const absl::Status status =
      Step(request, ParseName(referral, "referrals")->region, clock).status();
  if (absl::IsFailedPrecondition(status) || absl::IsNotFound(status)) return absl::OkStatus();
  return status;
}

absl::StatusOr<int> Referrals::ExpireDue(Region region, int most) const {
  int ended = 0;
  LEYE_ASSIGN_OR_RETURN(const Recovered recovered, claims_.Recover(region));
  absl::Status first_error = recovered.failed.empty() ? absl::OkStatus() : recovered.failed.front();
  store::ScanRequest scan{.region = region, .kind = Kind::kDue, .after_name = "", .limit = most};
  for (bool more = true; more && ended < most;) {
    LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, dependencies_.store.Scan(scan));
    for (const store::Record& record : page.records) {
      const DueReferral due = ParseDueName(record.name);
      more = due.due <= dependencies_.clock.Now();
      if (!more) break;
      const absl::Status done = Expire(due.referral);
      ended += done.ok() ? 1 : 0;
      first_error.Update(done);  // One that cannot be ended keeps no other.
    }
    more = more && page.more && !page.records.empty();
    if (more) scan.after_name = page.records.back().name;
  }
  if (!first_error.ok()) return first_error;
  return ended;
}

}  // namespace leye::app
