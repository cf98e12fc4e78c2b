#include "services/app/data_subjects.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/storage/v1/showings.pb.h"
#include "services/access/audit.h"
#include "services/access/consent.h"
#include "services/app/formats.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_codec.h"
#include "services/app/record_service.h"
#include "services/app/resource_checks.h"
#include "services/app/scan.h"
#include "services/app/working_set.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

constexpr size_t kMostAccesses = 10'000;

// "bureau/1307" -> "bureau": which office it was is not the person's data.
std::string RoleOf(const std::string& principal) {
  return principal.substr(0, principal.find('/'));
}

void CheckScopes(const v1::WithdrawConsentRequest& request, Violations& violations) {
  for (int i = 0; i < request.scopes_size(); ++i) {
    if (v1::ConsentScope_IsValid(request.scopes(i)) &&
        request.scopes(i) != v1::CONSENT_SCOPE_UNSPECIFIED) {
      continue;
    }
    violations.Add({absl::StrCat("scopes[", i, "]"), "INVALID_VALUE",
                    "must be CONSENT_SCOPE_MATCHING or CONSENT_SCOPE_EMPLOYERS",
                    "须为匹配或向用人单位展示"});
  }
}

// From today on. Of some scopes the rest stays; of the last one nothing does.
void Withdraw(const google::protobuf::RepeatedField<int>& scopes, absl::CivilDay today,
              v1::Consent& consent) {
  std::vector<v1::ConsentScope> left;
  for (const v1::ConsentScope scope : {v1::CONSENT_SCOPE_MATCHING, v1::CONSENT_SCOPE_EMPLOYERS}) {
    const bool taken =
        scopes.empty() || std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
    if (!taken && access::IsFor(scope, consent)) left.push_back(scope);
  }
  if (!left.empty()) {
    consent.clear_scopes();
    for (const v1::ConsentScope scope : left) consent.add_scopes(scope);
    return;
  }
  const std::string date = absl::FormatCivilTime(today);
  if (consent.given_date().empty()) return;  // There was none.
  if (!consent.withdrawn_date().empty() && consent.withdrawn_date() <= date) return;
  // A consent to begin later never begins.
  consent.set_withdrawn_date(std::max(date, consent.given_date()));
}

}  // namespace

absl::StatusOr<v1::WithdrawConsentResponse> DataSubjects::WithdrawConsent(
    const v1::WithdrawConsentRequest& request, const CallContext& context) const {
  Violations violations;
  CheckScopes(request, violations);
  const std::optional<ResourceName> name = ParseName(request.name(), "candidates");
  if (!name.has_value()) violations.Add(BadName("name", "candidates"));
  const Region region = name.has_value() ? name->region : Region::FromNumber(0);
  const RecordService& records = parts_.candidates.records();
  const Mutator mutator(records, request, context, region);
  mutator.CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  std::vector<v1::Referral> cancelled;
  const auto prepare = [&]() -> absl::StatusOr<Attempt> {
    const store::RecordKey key{Kind::kCandidate, request.name()};
    WorkingSet set(dependencies_.store, region, dependencies_.clock.Now());
    LEYE_RETURN_IF_ERROR(set.Read({key}));
    access::Reach reach = ReachOf(context, dependencies_, region);
    const store::Record* record = set.Find(key);
    if (record == nullptr) return NoSuchRecord(request.name(), records.kind().noun_zh);
    LEYE_ASSIGN_OR_RETURN(const bool covered, reach.Covers(*record));
    if (!covered) return NoSuchRecord(request.name(), records.kind().noun_zh);
    LEYE_ASSIGN_OR_RETURN(auto person, set.Parse<v1::Candidate>(key));
    Withdraw(request.scopes(), Today(dependencies_.clock), *person.mutable_consent());
    set.Put(key, person);
    LEYE_ASSIGN_OR_RETURN(cancelled,
                          parts_.referrals.CancelUnconsented(request.name(), context, set));
    Attempt attempt;
    attempt.answers.push_back(mutator.Preview(request.name(), person));
    attempt.mutations = set.Mutations();
    return attempt;
  };
  v1::WithdrawConsentResponse response;
  LEYE_RETURN_IF_ERROR(mutator.Run(prepare, response));
  if (!request.validate_only()) parts_.referrals.Conclude(cancelled);
  return response;
}

absl::StatusOr<std::vector<v1::Referral>> DataSubjects::ReferralsOf(
    const std::string& person, const CallContext& context) const {
  std::vector<v1::Referral> found;
  const auto visit = [&](const std::vector<store::Record>& records) -> absl::Status {
    for (const store::Record& record : records) {
      v1::Referral referral;
      LEYE_RETURN_IF_ERROR(DecodeOpenInto(record, referral));
      if (referral.candidate() != person) continue;
      referral.clear_clerk();
      for (v1::ReferralStep& step : *referral.mutable_steps()) step.set_actor(RoleOf(step.actor()));
      found.push_back(std::move(referral));
    }
    return CheckAlive(context, dependencies_.clock);
  };
  LEYE_RETURN_IF_ERROR(
      ForEachPage(dependencies_.store, *RegionOfName(person), Kind::kReferral, visit));
  return found;
}

absl::Status DataSubjects::AddAccesses(const std::string& person,
                                       v1::ExportPersonResponse& response) const {
  if (parts_.audit_file.empty()) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(const access::AuditExcerpt excerpt,
                        access::ReadAuditAbout(parts_.audit_file, person, kMostAccesses));
  response.set_accesses_truncated(excerpt.truncated);
  for (const access::AuditEntry& entry : excerpt.entries) {
    v1::PersonAccess& told = *response.add_accesses();
    *told.mutable_time() = ToTimestamp(entry.time);
    told.set_role(RoleOf(entry.principal));
    told.set_rpc(std::string(absl::StripPrefix(entry.method, "/leye.v1.")));
    told.set_purpose(entry.purpose);
    told.set_outcome(entry.outcome);
  }
  return absl::OkStatus();
}

void DataSubjects::AddShownFor(const std::string& open, v1::ExportPersonResponse& response) const {
  storage::v1::Showings showings;
  showings.ParseFromString(open);
  const MatchWorldSource::World world = parts_.worlds.Current();
  for (const storage::v1::Showing& showing : showings.showings()) {
    v1::ShownFor& told = *response.add_shown_for();
    const matcher::PostingId posting(showing.posting());
    if (world != nullptr && world->postings().Find(posting).has_value()) {
      told.set_posting(world->NameOf(posting));
    }
    told.set_last_date(absl::FormatCivilTime(matcher::Day::FromNumber(showing.last_day()).civil()));
  }
}

absl::StatusOr<v1::ExportPersonResponse> DataSubjects::ExportPerson(
    const v1::ExportPersonRequest& request, const CallContext& context) const {
  v1::GetCandidateRequest asked;
  asked.set_name(request.name());
  LEYE_ASSIGN_OR_RETURN(v1::GetCandidateResponse person,
                        parts_.candidates.GetCandidate(asked, context));
  const std::string& name = request.name();
  const Region region = *RegionOfName(name);
  v1::ExportPersonResponse response;
  LEYE_ASSIGN_OR_RETURN(const store::Revision head, dependencies_.store.Head(region));
  response.set_revision(store::FormatToken({region, head}));
  LEYE_ASSIGN_OR_RETURN(const std::vector<v1::Referral> referrals, ReferralsOf(name, context));
  LEYE_ASSIGN_OR_RETURN(
      const auto held,
      dependencies_.store.BatchGet(region, {{Kind::kPlacement, name}, {Kind::kShowings, name}}));
  if (held[0].has_value()) {
    storage::v1::Claim claim;
    claim.ParseFromString(held[0]->envelope.open());
    response.mutable_held_opening()->set_posting(claim.posting());
    response.mutable_held_opening()->set_referral(
        FormatName(region, "referrals", claim.claim_id()));
  }
  if (held[1].has_value()) AddShownFor(held[1]->envelope.open(), response);
  const absl::CivilDay today = Today(dependencies_.clock);
  const RulesetSource::Ruleset rules = parts_.rulesets.InForce(region, today);
  const std::optional<absl::CivilDay> over = OverSince(person.candidate(), referrals, today);
  if (over.has_value() && rules->retention.candidate_days > 0) {
    response.set_erase_date(absl::FormatCivilTime(*over + rules->retention.candidate_days));
  }
  response.set_ruleset_version(rules->version);
  LEYE_RETURN_IF_ERROR(AddAccesses(name, response));
  *response.mutable_candidate() = std::move(*person.mutable_candidate());
  response.mutable_referrals()->Assign(referrals.begin(), referrals.end());
  return response;
}

}  // namespace leye::app
