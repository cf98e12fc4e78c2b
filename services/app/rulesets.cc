#include "services/app/rulesets.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/app/digest.h"
#include "services/app/matching.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_service.h"
#include "services/app/request_view.h"
#include "services/app/resource_checks.h"
#include "services/app/ruleset_codec.h"
#include "services/app/ruleset_simulation.h"
#include "services/app/working_set.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

constexpr int kMaxPostings = 1'000;
constexpr int kMaxLimit = 1'000;
constexpr int kDefaultLimit = 20;
constexpr int kMaxActivations = 200;
constexpr int kMaxAttempts = 20;

// A ruleset that may be named in a region: one of its own, or one that leyed brings along.
bool IsRulesetOf(Region region, absl::string_view name) {
  if (name == kDefaultRulesetName) return true;
  const std::optional<ResourceName> parsed = ParseName(name, "rulesets");
  return parsed.has_value() && parsed->region == region;
}

Violation NotOfRegion(std::string field) {
  return {std::move(field), "INVALID_NAME",
          "must be regions/{region}/rulesets/{ruleset} of the parent's region, or "
          "rulesets/hebei-2026",
          "须为 parent 地区的 regions/{region}/rulesets/{ruleset}，或 rulesets/hebei-2026"};
}

// What `given` says over its base. What is wrong with it goes to `violations`, and the result may
// then not be used; an error is the store's.
absl::StatusOr<matcher::Ruleset> Resolve(const v1::Ruleset& given, Region region,
                                         absl::string_view path, const RulesetBook& book,
                                         Violations& violations) {
  const std::string base = given.base().empty() ? kDefaultRulesetName : given.base();
  const std::string field = absl::StrCat(path, ".base");
  matcher::Ruleset rules = matcher::DefaultRuleset();
  if (IsRulesetOf(region, base)) {
    const auto found = book.Find(base);
    if (absl::IsNotFound(found.status())) {
      violations.Add(
          {field, "NOT_FOUND", "must name one of the rulesets that exist", "所指的规则集不存在"});
    } else {
      LEYE_RETURN_IF_ERROR(found.status());
      rules = **found;
    }
  } else {
    violations.Add(NotOfRegion(field));
  }
  ApplyRuleset(given, path, rules, violations);
  return rules;
}

class RulesetRules final : public RecordRules {
 public:
  // `book` outlives this.
  explicit RulesetRules(const RulesetBook& book)
      : RecordRules({.kind = Kind::kRuleset,
                     .collection = "rulesets",
                     .noun_zh = "规则集",
                     .prototype = &v1::Ruleset::default_instance(),
                     .filter_fields = {{"base"}, {"display_name"}, {"create_time"}},
                     .order_fields = {"name", "create_time"}}),
        book_(book) {}

  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    // An error of the store is told by whoever resolves it for use.
    Resolve(static_cast<const v1::Ruleset&>(message), scope.region, scope.path, book_, violations)
        .status()
        .IgnoreError();
  }

 private:
  const RulesetBook& book_;
};

// Sets every field that is not about the record.
void Complete(const matcher::Ruleset& rules, v1::Ruleset& given) {
  v1::Ruleset complete = DescribeRuleset(rules);
  complete.set_display_name(given.display_name());
  *complete.mutable_sources() = given.sources();
  complete.set_base(given.base().empty() ? kDefaultRulesetName : given.base());
  given = std::move(complete);
}

std::string DateText(absl::CivilDay day) { return absl::FormatCivilTime(day); }

// In the place of what was to begin that day, in the order of days.
void Activate(const std::string& ruleset, const std::string& from_date,
              v1::RulesetSchedule& schedule) {
  auto& all = *schedule.mutable_activations();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const auto& each) { return each.from_date() == from_date; }),
            all.end());
  v1::RulesetActivation& activation = *all.Add();
  activation.set_ruleset(ruleset);
  activation.set_from_date(from_date);
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.from_date() < b.from_date(); });
  if (all.size() > kMaxActivations) all.DeleteSubrange(0, 1);
}

absl::Status ConsentNotAsked(const matcher::Ruleset& rules) {
  return WithMessageZh(
      Error(absl::StatusCode::kFailedPrecondition, "CONSENT_NOT_ASKED",
            absl::StrCat(RulesetName(rules), " turns off the rule SEEKING, which asks for consent"),
            {{"name", RulesetName(rules)}}),
      "该规则集停用了求职状态规则，无法核对本人授权，不得启用");
}

// What is wrong with the question, but for the draft.
void CheckComparison(const v1::SimulateRulesetRequest& request, Region region,
                     Violations& violations) {
  if (request.postings().empty() || request.postings_size() > kMaxPostings) {
    violations.Add(
        {"postings", "OUT_OF_RANGE", "must be 1 to 1000 postings", "须为 1 至 1000 个岗位"});
  }
  for (int i = 0; i < std::min(request.postings_size(), kMaxPostings); ++i) {
    const std::string field = absl::StrCat("postings[", i, "]");
    if (!ParseName(request.postings(i), "postings")) violations.Add(BadName(field, "postings"));
  }
  if (request.limit() < 0 || request.limit() > kMaxLimit) {
    violations.Add({"limit", "OUT_OF_RANGE", "must be 0 to 1000", "须为 0 至 1000"});
  }
  if (!request.before().empty() && !IsRulesetOf(region, request.before())) {
    violations.Add(NotOfRegion("before"));
  }
  const bool drafted = request.has_draft();
  const bool congested_before =
      ReadCongestion(request.congestion_before(), "congestion_before", violations);
  const bool congested_after =
      ReadCongestion(request.congestion_after(), "congestion_after", violations);
  const bool named = !request.after().empty();
  if ((drafted && named) || (!drafted && !named && congested_before == congested_after)) {
    violations.Add({"after", "REQUIRED", "must be given, or draft, and not both",
                    "after 与 draft 须且仅须给出一个"});
  } else if (named && !IsRulesetOf(region, request.after())) {
    violations.Add(NotOfRegion("after"));
  }
}

}  // namespace

Rulesets::Rulesets(const Dependencies& dependencies, RulesetBook& book, MatchWorldSource worlds)
    : dependencies_(dependencies),
      book_(book),
      worlds_(std::move(worlds)),
      records_(
          std::make_unique<RecordService>(dependencies, std::make_unique<RulesetRules>(book))) {}
Rulesets::~Rulesets() = default;

absl::StatusOr<v1::CreateRulesetResponse> Rulesets::CreateRuleset(
    const v1::CreateRulesetRequest& request, const CallContext& context) const {
  v1::CreateRulesetRequest complete = request;
  const std::optional<Region> region = ParseParent(request.parent());
  if (region.has_value() && request.has_ruleset()) {
    Violations violations;
    records_->CheckResource(request.ruleset(), *region, "ruleset", violations);
    LEYE_ASSIGN_OR_RETURN(const matcher::Ruleset rules,
                          Resolve(request.ruleset(), *region, "ruleset", book_, violations));
    // What is wrong is told below, with all else that is.
    if (violations.empty()) Complete(rules, *complete.mutable_ruleset());
  }
  return records_->Call<v1::CreateRulesetResponse>(&RecordService::Create, complete, context);
}

absl::StatusOr<v1::GetRulesetResponse> Rulesets::GetRuleset(const v1::GetRulesetRequest& request,
                                                            const CallContext& context) const {
  if (request.name() != kDefaultRulesetName) {
    return records_->Call<v1::GetRulesetResponse>(&RecordService::Get, request, context);
  }
  LEYE_ASSIGN_OR_RETURN(const RulesetSource::Ruleset rules, book_.Find(request.name()));
  v1::GetRulesetResponse response;
  *response.mutable_ruleset() = DescribeRuleset(*rules);
  response.mutable_ruleset()->set_name(request.name());
  response.mutable_ruleset()->set_display_name("河北 2026");
  return response;
}

absl::StatusOr<v1::ListRulesetsResponse> Rulesets::ListRulesets(
    const v1::ListRulesetsRequest& request, const CallContext& context) const {
  return records_->Call<v1::ListRulesetsResponse>(&RecordService::List, request, context);
}

absl::StatusOr<v1::RulesetSchedule> Rulesets::ReadSchedule(Region region) const {
  WorkingSet set(dependencies_.store, region, dependencies_.clock.Now());
  LEYE_RETURN_IF_ERROR(set.Read({RulesetScheduleKey(region)}));
  return set.Parse<v1::RulesetSchedule>(RulesetScheduleKey(region));
}

absl::StatusOr<v1::ActivateRulesetResponse> Rulesets::ActivateRuleset(
    const v1::ActivateRulesetRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  if (violations.empty() && !IsRulesetOf(region, request.ruleset())) {
    violations.Add(NotOfRegion("ruleset"));
  }
  const absl::CivilDay today = Today(dependencies_.clock);
  const absl::CivilDay from = ReadDay(request.from_date(), today, "from_date", violations);
  if (from < today) {
    violations.Add({"from_date", "OUT_OF_RANGE", "must be today or later", "不得早于今天"});
  }
  Mutator(*records_, request, context, region).CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const RulesetSource::Ruleset rules, book_.Find(request.ruleset()));
  // May be tried out, but is not to rank people who have not agreed.
  if (!rules->enabled.Contains(matcher::RuleId::kSeeking)) return ConsentNotAsked(*rules);
  for (int i = 0; i < kMaxAttempts; ++i) {
    const auto done = TryActivate(request, region, DateText(from));
    if (done.ok()) book_.Refresh().IgnoreError();  // What fails now, the next round does.
    if (done.ok() || !IsConflict(done.status())) return done;
  }
  return Contended();
}

absl::StatusOr<v1::ActivateRulesetResponse> Rulesets::TryActivate(
    const v1::ActivateRulesetRequest& request, Region region, const std::string& from) const {
  store::Store& store = dependencies_.store;
  const std::string fingerprint =
      Sha256(absl::StrCat(request.ruleset(), "\n", request.from_date()));
  const store::RecordKey key = RulesetScheduleKey(region);
  WorkingSet set(store, region, dependencies_.clock.Now());
  LEYE_RETURN_IF_ERROR(set.Read({key}));
  LEYE_ASSIGN_OR_RETURN(const auto before, set.Parse<v1::RulesetSchedule>(key));
  v1::ActivateRulesetResponse response;
  *response.mutable_schedule() = before;
  if (!request.request_id().empty()) {
    LEYE_ASSIGN_OR_RETURN(const auto earlier,
                          store.FindRequest(region, request.request_id(), fingerprint));
    if (earlier.has_value()) {
      response.set_revision(store::FormatToken({region, earlier->revision}));
      return response;
    }
  }
  Activate(request.ruleset(), from, *response.mutable_schedule());
  if (request.validate_only()) return response;
  if (response.schedule().SerializeAsString() == before.SerializeAsString()) {
    LEYE_ASSIGN_OR_RETURN(const store::Revision head, store.Head(region));
    response.set_revision(store::FormatToken({region, head}));
    return response;
  }
  set.Put(key, response.schedule());
  LEYE_ASSIGN_OR_RETURN(const store::CommitResult committed,
                        store.Commit({.region = region,
                                      .mutations = set.Mutations(),
                                      .request_id = request.request_id(),
                                      .fingerprint = fingerprint}));
  response.set_revision(store::FormatToken({region, committed.revision}));
  return response;
}

absl::StatusOr<v1::GetRulesetScheduleResponse> Rulesets::GetRulesetSchedule(
    const v1::GetRulesetScheduleRequest& request, const CallContext&) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  const absl::CivilDay day =
      ReadDay(request.date(), Today(dependencies_.clock), "date", violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  v1::GetRulesetScheduleResponse response;
  LEYE_ASSIGN_OR_RETURN(*response.mutable_schedule(), ReadSchedule(region));
  response.set_in_force(InForceOn(response.schedule(), DateText(day)));
  return response;
}

absl::StatusOr<v1::SimulateRulesetResponse> Rulesets::SimulateRuleset(
    const v1::SimulateRulesetRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  CheckComparison(request, region, violations);
  const bool drafted = request.has_draft();
  if (drafted) records_->CheckResource(request.draft(), region, "draft", violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());

  RulesetSource::Ruleset before = book_.InForce(region, Today(dependencies_.clock));
  if (!request.before().empty()) {
    LEYE_ASSIGN_OR_RETURN(before, book_.Find(request.before()));
  }
  RulesetSource::Ruleset after = before;
  if (drafted) {
    LEYE_ASSIGN_OR_RETURN(matcher::Ruleset rules,
                          Resolve(request.draft(), region, "draft", book_, violations));
    after = std::make_shared<const matcher::Ruleset>(std::move(rules));
  } else if (!request.after().empty()) {
    LEYE_ASSIGN_OR_RETURN(after, book_.Find(request.after()));
  }
  const MatchWorldSource::World world = worlds_.Current();
  if (world == nullptr) return NotReady();
  const int limit = request.limit() == 0 ? kDefaultLimit : request.limit();
  LEYE_ASSIGN_OR_RETURN(
      v1::SimulateRulesetResponse response,
      CompareRulesets(
          {.postings = {request.postings().begin(), request.postings().end()},
           .before = *before,
           .after = *after,
           .congested_before = request.congestion_before() == v1::CONGESTION_MODE_DISCOUNTED,
           .congested_after = request.congestion_after() == v1::CONGESTION_MODE_DISCOUNTED,
           .limit = static_cast<size_t>(limit)},
          *world, dependencies_, context));
  response.set_before(RulesetName(*before));
  response.set_after(drafted ? "draft" : RulesetName(*after));
  return response;
}

}  // namespace leye::app
