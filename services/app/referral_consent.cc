// What the end of a consent does to referrals; the other methods are in referrals.cc.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"

#include "leye/v1/candidate.pb.h"
#include "services/access/consent.h"
#include "services/app/clock_context.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_codec.h"
#include "services/app/referrals.h"
#include "services/app/scan.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

constexpr int kMaxAttempts = 20;
constexpr char kReason[] = "consent ended";

bool IsBeforeWork(const v1::Referral& referral) {
  return StateFactsOf(referral.state()).phase == ReferralPhase::kBeforeWork;
}

// To work that has begun a person has a contract, which needs no consent of theirs any more.
bool IsCovered(const v1::Referral& referral, const v1::Consent& consent, absl::CivilDay today) {
  if (!IsBeforeWork(referral)) return true;
  const bool shown = StateFactsOf(referral.state()).holds_opening;
  return access::IsInForce(consent, v1::CONSENT_SCOPE_MATCHING, today) &&
         (!shown || access::IsInForce(consent, v1::CONSENT_SCOPE_EMPLOYERS, today));
}

// Every referral of the region that has not led to work, some at a time.
absl::Status ForEachBeforeWork(
    store::Store& store, Region region,
    absl::FunctionRef<absl::Status(const std::vector<v1::Referral>&)> visit) {
  return ForEachPage(store, region, Kind::kReferral,
                     [visit](const std::vector<store::Record>& records) -> absl::Status {
                       std::vector<v1::Referral> referrals;
                       for (const store::Record& record : records) {
                         v1::Referral referral;
                         LEYE_RETURN_IF_ERROR(DecodeOpenInto(record, referral));
                         if (IsBeforeWork(referral)) referrals.push_back(std::move(referral));
                       }
                       return visit(referrals);
                     });
}

}  // namespace

absl::Status Referrals::CancelStep(const std::string& name, const v1::Consent& consent,
                                   const CallContext& context, WorkingSet& set,
                                   std::vector<v1::Referral>& cancelled) const {
  LEYE_ASSIGN_OR_RETURN(v1::Referral referral, ReadReferral(name, set));
  if (IsCovered(referral, consent, DayInChina(set.now()))) return absl::OkStatus();
  const absl::Status done = steps_.Take({.event = v1::REFERRAL_EVENT_CANCEL,
                                         .actor = context.principal.id,
                                         .reason = kReason,
                                         .deadline = context.deadline},
                                        set.now(), referral, set);
  if (ErrorReason(done) == "OVERDUE") return absl::OkStatus();
  LEYE_RETURN_IF_ERROR(done);
  PutReferral(referral, set);
  cancelled.push_back(std::move(referral));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Referral>> Referrals::CancelUnconsented(const std::string& person,
                                                                       const CallContext& context,
                                                                       WorkingSet& set) const {
  // A referral that begins to hold the person meanwhile makes the commit fail.
  const store::RecordKey key{Kind::kCandidate, person};
  LEYE_RETURN_IF_ERROR(set.Read({key, {Kind::kPlacement, person}, {Kind::kClaim, person}}));
  LEYE_ASSIGN_OR_RETURN(const auto record, set.Parse<v1::Candidate>(key));
  std::vector<v1::Referral> cancelled;
  const auto cancel = [&](const std::vector<v1::Referral>& referrals) -> absl::Status {
    for (const v1::Referral& referral : referrals) {
      if (referral.candidate() != person) continue;
      LEYE_RETURN_IF_ERROR(CancelStep(referral.name(), record.consent(), context, set, cancelled));
    }
    return absl::OkStatus();
  };
  LEYE_RETURN_IF_ERROR(ForEachBeforeWork(dependencies_.store, set.region(), cancel));
  return cancelled;
}

absl::StatusOr<int> Referrals::CancelAllUnconsented(Region region) const {
  store::Store& store = dependencies_.store;
  const absl::CivilDay today = Today(dependencies_.clock);
  std::set<std::string> people;
  const auto look = [&](const std::vector<v1::Referral>& referrals) -> absl::Status {
    std::vector<store::RecordKey> keys;
    for (const v1::Referral& referral : referrals) {
      keys.push_back({Kind::kCandidate, referral.candidate()});
    }
    if (keys.empty()) return absl::OkStatus();
    LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(region, keys));
    for (size_t i = 0; i < records.size(); ++i) {
      v1::Candidate person;
      if (records[i].has_value()) LEYE_RETURN_IF_ERROR(DecodeOpenInto(*records[i], person));
      if (!IsCovered(referrals[i], person.consent(), today)) people.insert(keys[i].name);
    }
    return absl::OkStatus();
  };
  LEYE_RETURN_IF_ERROR(ForEachBeforeWork(store, region, look));
  int count = 0;
  absl::Status first_error;
  for (const std::string& person : people) {
    const absl::StatusOr<int> cancelled = CancelOf(person, region);
    first_error.Update(cancelled.status());  // One person keeps no other.
    if (cancelled.ok()) count += *cancelled;
  }
  if (!first_error.ok()) return first_error;
  return count;
}

absl::StatusOr<int> Referrals::CancelOf(const std::string& person, Region region) const {
  const CallContext context = ClockContext();
  for (int i = 0; i < kMaxAttempts; ++i) {
    WorkingSet set(dependencies_.store, region, dependencies_.clock.Now());
    LEYE_ASSIGN_OR_RETURN(const auto cancelled, CancelUnconsented(person, context, set));
    if (cancelled.empty()) return 0;
    const absl::Status done =
        dependencies_.store.Commit({.region = region, .mutations = set.Mutations()}).status();
    if (IsConflict(done)) continue;
    LEYE_RETURN_IF_ERROR(done);
    Conclude(cancelled);
    return static_cast<int>(cancelled.size());
  }
  return Contended();
}

}  // namespace leye::app
