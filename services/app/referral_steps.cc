#include "services/app/referral_steps.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/candidate.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/access/consent.h"
#include "services/app/formats.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_service.h"
#include "services/app/referral_errors.h"
#include "services/app/referral_ledger.h"
#include "services/app/referral_work.h"

namespace leye::app {

using matcher::Channel;
using storage::v1::Claim;
using storage::v1::Hold;
using storage::v1::Holds;
using store::Kind;
using store::RecordKey;

struct ReferralSteps::Change {
  const AskedStep& asked;
  absl::Time now;
  v1::ReferralState from;  // Unspecified: the referral begins.
  v1::ReferralState to;
};

namespace {

// For the rest of a call that has claimed an opening.
constexpr absl::Duration kClaimLife = absl::Minutes(2);

bool HoldsOpening(v1::ReferralState state) {
  return state != v1::REFERRAL_STATE_UNSPECIFIED && StateFactsOf(state).holds_opening;
}

ReferralPhase PhaseOf(v1::ReferralState state) { return StateFactsOf(state).phase; }

ResourceName NameOf(const v1::Referral& referral) {
  return *ParseName(referral.name(), "referrals");
}

std::string IdOf(const v1::Referral& referral) { return std::string(NameOf(referral).id); }

RecordKey CandidateKey(const v1::Referral& referral) {
  return {Kind::kCandidate, referral.candidate()};
}
RecordKey PostingKey(const v1::Referral& referral) { return {Kind::kPosting, referral.posting()}; }
RecordKey HoldsKey(const v1::Referral& referral) { return {Kind::kHolds, referral.posting()}; }
RecordKey PlacementKey(const v1::Referral& referral) {
  return {Kind::kPlacement, referral.candidate()};
}
RecordKey ClaimKey(const v1::Referral& referral) { return {Kind::kClaim, referral.candidate()}; }
RecordKey HouseholdHoldsKey(const v1::Referral& referral) {
  return {Kind::kHolds, referral.household()};
}

// When the clock ends the referral in its state; nullopt: never.
std::optional<absl::Time> ExpiryOf(const v1::Referral& referral) {
  if (!referral.has_due_time()) return std::nullopt;
  if (StateFactsOf(referral.state()).on_due != OnDue::kExpire) return std::nullopt;
  return ToTime(referral.due_time());
}

bool IsOverdue(const v1::Referral& referral, absl::Time now) {
  const std::optional<absl::Time> expiry = ExpiryOf(referral);
  return expiry.has_value() && *expiry <= now;
}

// The record exists, or NOT_FOUND.
absl::Status CheckThere(const RecordKey& key, absl::string_view noun_zh, const WorkingSet& set) {
  return set.Has(key) ? absl::OkStatus() : NoSuchRecord(key.name, noun_zh);
}

// What the referral copies from person, household and posting.
absl::Status FillFromRecords(v1::Referral& referral, WorkingSet& set) {
  LEYE_RETURN_IF_ERROR(set.Read({CandidateKey(referral), PostingKey(referral)}));
  LEYE_RETURN_IF_ERROR(CheckThere(CandidateKey(referral), "求职者", set));
  LEYE_RETURN_IF_ERROR(CheckThere(PostingKey(referral), "岗位", set));
  LEYE_ASSIGN_OR_RETURN(const auto person, set.Parse<v1::Candidate>(CandidateKey(referral)));
  LEYE_ASSIGN_OR_RETURN(const auto posting, set.Parse<v1::Posting>(PostingKey(referral)));
  const RecordKey household_key{Kind::kHousehold, person.household()};
  LEYE_RETURN_IF_ERROR(set.Read({household_key}));
  LEYE_ASSIGN_OR_RETURN(const auto household, set.Parse<v1::Household>(household_key));
  referral.set_household(person.household());
  referral.set_settlement_area(household.settlement_area());
  referral.set_employer(posting.employer());
  referral.set_channel(PostingChannel(posting));
  referral.set_public_welfare_kind(posting.public_welfare().kind());
  return absl::OkStatus();
}

// The posting is still of the channel and kind whose steps the referral takes.
absl::Status CheckSamePost(const v1::Referral& referral, WorkingSet& set) {
  LEYE_RETURN_IF_ERROR(set.Read({PostingKey(referral)}));
  LEYE_ASSIGN_OR_RETURN(const auto posting, set.Parse<v1::Posting>(PostingKey(referral)));
  const bool same = PostingChannel(posting) == referral.channel() &&
                    posting.public_welfare().kind() == referral.public_welfare_kind();
  return same ? absl::OkStatus() : ChannelChanged(referral);
}

void AddStep(const AskedStep& asked, absl::Time now, v1::ReferralState from,
             const std::string& ruleset_version, v1::Referral& referral) {
  v1::ReferralStep& step = *referral.add_steps();
  step.set_event(asked.event);
  step.set_from_state(from);
  step.set_to_state(referral.state());
  step.set_actor(asked.actor);
  *step.mutable_time() = ToTimestamp(now);
  step.set_reason(asked.reason);
  step.set_leaving_reason(asked.leaving_reason);
  step.set_ruleset_version(ruleset_version);
}

// One record says when the clock must look at the referral again.
absl::Status UpdateDue(const std::optional<absl::Time>& before, const v1::Referral& referral,
                       WorkingSet& set) {
  const ResourceName name = NameOf(referral);
  const std::optional<absl::Time> after = ExpiryOf(referral);
  if (before.has_value()) {
    const RecordKey key = DueKeyOf(name.region, *before, name.id);
    LEYE_RETURN_IF_ERROR(set.Read({key}));
    set.Delete(key);
  }
  if (after.has_value()) {
    const RecordKey key = DueKeyOf(name.region, *after, name.id);
    LEYE_RETURN_IF_ERROR(set.Read({key}));
    set.Put(key, storage::v1::Claim());  // The name says it all.
  }
  return absl::OkStatus();
}

bool BarsPair(const v1::Referral& referral) {
  return StateFactsOf(referral.state()).bars_pair ||
         referral.leaving_reason() == v1::LEAVING_REASON_DISMISSED;
}

// What the posting's ledger is to say of the pair; nullopt: nothing.
std::optional<storage::v1::Bar> BarOf(absl::Time now, const v1::Referral& referral,
                                      const store::Record* person) {
  const bool ended = PhaseOf(referral.state()) == ReferralPhase::kEnded;
  if (ended && (!BarsPair(referral) || person == nullptr)) return std::nullopt;
  storage::v1::Bar bar;
  bar.set_candidate(referral.candidate());
  bar.set_candidate_number(person == nullptr ? 0 : person->number);
  if (ended) {
    *bar.mutable_refuse_time() = ToTimestamp(now);
  } else {
    bar.set_open_referral(IdOf(referral));
  }
  return bar;
}

// What the person's region says of whom the referral holds.
Claim PlacementOf(const v1::Referral& referral) {
  Claim claim;
  claim.set_claim_id(IdOf(referral));
  claim.set_candidate(referral.candidate());
  claim.set_posting(referral.posting());
  claim.set_state(storage::v1::CLAIM_STATE_SETTLED);
  if (const std::optional<absl::Time> expiry = ExpiryOf(referral)) {
    *claim.mutable_expire_time() = ToTimestamp(*expiry);
  }
  return claim;
}

absl::Status LedgerBroken(const std::string& referral) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               "the posting's ledger does not know of the referral's hold", {{"name", referral}});
}

// The employer is told of whoever holds one of its openings: so they must have agreed to that. That
// the consent is in force is the judge's.
absl::Status CheckShown(const v1::Referral& referral, const WorkingSet& set) {
  LEYE_ASSIGN_OR_RETURN(const auto person, set.Parse<v1::Candidate>(CandidateKey(referral)));
  const bool agreed = access::IsFor(v1::CONSENT_SCOPE_EMPLOYERS, person.consent());
  return agreed ? absl::OkStatus() : NotShownToEmployers(referral.candidate());
}

// Whether what the step waits for has passed.
absl::Status CheckWait(const ReferralMove& move, absl::Time now,
                       const matcher::ReferralParameters& rules, const v1::Referral& referral) {
  absl::Time not_before = absl::InfinitePast();
  if (move.wait == StepWait::kPublicity) not_before = ToTime(referral.publicity_end_time());
  if (move.wait == StepWait::kStableWork) {
    not_before = ToTime(referral.onboard_time()) + rules.stable_days * absl::Hours(24);
  }
  return now < not_before ? TooEarly(move.event, not_before) : absl::OkStatus();
}

}  // namespace

void PutReferral(const v1::Referral& referral, WorkingSet& set) {
  v1::Referral stored = referral;
  stored.clear_name();
  stored.clear_etag();
  stored.clear_create_time();
  stored.clear_update_time();
  set.Put({Kind::kReferral, referral.name()}, stored);
}

bool IsElsewhere(const v1::Referral& referral) {
  return RegionOfName(referral.posting()) != RegionOfName(referral.name());
}

absl::StatusOr<bool> ReferralSteps::CheckPair(const AskedStep& asked, const v1::Referral& referral,
                                              WorkingSet& set) const {
  PairQuestion question{.candidate = referral.candidate(),
                        .posting = referral.posting(),
                        .deadline = asked.deadline,
                        .by_hand = asked.by_hand};
  if (IsPublicWelfare(referral)) {
    const RecordKey key = HouseholdHoldsKey(referral);
    LEYE_RETURN_IF_ERROR(set.Read({key}));
    LEYE_ASSIGN_OR_RETURN(const auto holds, set.Parse<Holds>(key));
    LEYE_ASSIGN_OR_RETURN(const auto stored, set.ParseStored<Holds>(key));
    question.household_holds = HoldsOfKind(holds, referral.public_welfare_kind());
    question.household_holds_stored = HoldsOfKind(stored, referral.public_welfare_kind());
  }
  LEYE_ASSIGN_OR_RETURN(const PairVerdict verdict, judge_.Judge(question));
  if (!verdict.failures.empty()) return NotEligible(verdict.failures);
  return verdict.of_reserved_group;
}

absl::Status ReferralSteps::TakeOpening(const AskedStep& asked, absl::Time now,
                                        const v1::Referral& referral, WorkingSet& set) const {
  // Everything that decides is in the set, and so checked by the commit, before the judge is asked.
  LEYE_RETURN_IF_ERROR(set.Read({CandidateKey(referral), PostingKey(referral), HoldsKey(referral),
                                 PlacementKey(referral), ClaimKey(referral)}));
  LEYE_RETURN_IF_ERROR(CheckThere(CandidateKey(referral), "求职者", set));
  LEYE_RETURN_IF_ERROR(CheckThere(PostingKey(referral), "岗位", set));
  for (const RecordKey& key : {PlacementKey(referral), ClaimKey(referral)}) {
    if (!set.Has(key)) continue;
    LEYE_ASSIGN_OR_RETURN(const auto claim, set.Parse<Claim>(key));
    const bool own = key.kind == Kind::kClaim && claim.claim_id() == IdOf(referral);
    if (own) continue;  // Of an attempt before, which others have overtaken.
    if (claim.posting() == referral.posting()) {
      return PairOpen(FormatName(NameOf(referral).region, "referrals", claim.claim_id()));
    }
    return PersonHeld(referral.candidate(),
                      FormatName(NameOf(referral).region, "referrals", claim.claim_id()));
  }
  LEYE_RETURN_IF_ERROR(CheckShown(referral, set));
  LEYE_ASSIGN_OR_RETURN(const bool of_group, CheckPair(asked, referral, set));
  LEYE_ASSIGN_OR_RETURN(const auto posting, set.Parse<v1::Posting>(PostingKey(referral)));
  LEYE_ASSIGN_OR_RETURN(auto holds, set.Parse<Holds>(HoldsKey(referral)));
  Hold hold;
  hold.set_claim_id(IdOf(referral));
  hold.set_candidate(referral.candidate());
  if (of_group) hold.set_reserved_group(ReservedGroupOf(posting));
  if (IsElsewhere(referral) && !asked.validate_only) {
    return ClaimOpening(now, referral, hold, set);
  }
  LEYE_RETURN_IF_ERROR(AddHold(referral.posting(), posting, hold, holds));
  if (IsElsewhere(referral)) return absl::OkStatus();
  ForgetOldBars(now, holds);
  set.Put(HoldsKey(referral), holds);
  return absl::OkStatus();
}

absl::Status ReferralSteps::ClaimOpening(absl::Time now, const v1::Referral& referral,
                                         const Hold& hold, WorkingSet& set) const {
  const absl::Status started =
      claims_
          .Start({.claim_id = hold.claim_id(),
                  .candidate = hold.candidate(),
                  .posting = referral.posting(),
                  .expire_time = now + kClaimLife,
                  .of_reserved_group = hold.reserved_group() != v1::GROUP_UNSPECIFIED})
          .status();
  if (absl::IsAlreadyExists(started)) return PersonHeld(referral.candidate(), "");
  LEYE_RETURN_IF_ERROR(started);
  LEYE_RETURN_IF_ERROR(claims_.Confirm(referral.candidate(), hold.claim_id()).status());
  LEYE_RETURN_IF_ERROR(set.ReadAgain(ClaimKey(referral)));
  LEYE_ASSIGN_OR_RETURN(const auto claim, set.Parse<Claim>(ClaimKey(referral)));
  return claim.state() == storage::v1::CLAIM_STATE_CONFIRMED ? absl::OkStatus() : Contended();
}

absl::Status ReferralSteps::Begin(const AskedStep& asked, absl::Time now, v1::Referral& referral,
                                  WorkingSet& set) const {
  LEYE_RETURN_IF_ERROR(FillFromRecords(referral, set));
  LEYE_RETURN_IF_ERROR(set.Read({HoldsKey(referral)}));
  LEYE_ASSIGN_OR_RETURN(const auto holds, set.Parse<Holds>(HoldsKey(referral)));
  const std::string open = OpenReferralOf(holds, referral.candidate());
  if (!open.empty()) return PairOpen(FormatName(NameOf(referral).region, "referrals", open));
  if (HoldsOpening(referral.state())) {
    LEYE_RETURN_IF_ERROR(TakeOpening(asked, now, referral, set));
  } else {
    LEYE_RETURN_IF_ERROR(CheckPair(asked, referral, set));
  }
  return Enter({asked, now, v1::REFERRAL_STATE_UNSPECIFIED, referral.state()}, referral, set);
}

absl::Status ReferralSteps::Take(const AskedStep& asked, absl::Time now, v1::Referral& referral,
                                 WorkingSet& set) const {
  const Channel channel = ChannelOf(referral);
  const ReferralMove* move = FindMove(referral.state(), asked.event, channel);
  const bool by_clock = asked.event == v1::REFERRAL_EVENT_EXPIRE;
  if (move == nullptr) return StepNotAllowed(referral, asked.event, channel);
  if (by_clock && !IsOverdue(referral, now)) {
    return TooEarly(asked.event, ToTime(referral.due_time()));
  }
  if (!by_clock && IsOverdue(referral, now)) return Overdue(referral);
  LEYE_RETURN_IF_ERROR(CheckWait(*move, now, RulesOf(referral)->referral, referral));
  if (HoldsOpening(move->to) && !HoldsOpening(move->from)) {
    // Household and channel as they are now, not as they were when the match was suggested.
    LEYE_RETURN_IF_ERROR(FillFromRecords(referral, set));
    LEYE_RETURN_IF_ERROR(TakeOpening(asked, now, referral, set));
  } else if (HoldsOpening(move->to) && PhaseOf(move->from) == ReferralPhase::kBeforeWork) {
    LEYE_RETURN_IF_ERROR(CheckSamePost(referral, set));
  }
  return Enter({asked, now, move->from, move->to}, referral, set);
}

absl::Status ReferralSteps::Enter(const Change& change, v1::Referral& referral,
                                  WorkingSet& set) const {
  std::optional<absl::Time> due_before;
  const bool begins = change.from == v1::REFERRAL_STATE_UNSPECIFIED;
  if (!begins) due_before = ExpiryOf(referral);
  referral.set_state(change.to);
  const RulesetSource::Ruleset rules = RulesOf(referral);
  AddStep(change.asked, change.now, change.from, rules->version, referral);
  if (change.from == change.to) return absl::OkStatus();  // A follow-up: for the record only.

  absl::Time publicity_end = change.now;
  if (change.to == v1::REFERRAL_STATE_PUBLICITY) {
    LEYE_RETURN_IF_ERROR(set.Read({PostingKey(referral)}));
    LEYE_ASSIGN_OR_RETURN(const auto posting, set.Parse<v1::Posting>(PostingKey(referral)));
    const v1::PublicWelfarePost& post = posting.public_welfare();
    const int days =
        post.has_publicity_days() ? post.publicity_days() : rules->referral.publicity_days;
    publicity_end += days * absl::Hours(24);
    *referral.mutable_publicity_end_time() = ToTimestamp(publicity_end);
  }
  const absl::Time due = DueTime(change.to, change.now, publicity_end, rules->referral);
  referral.clear_due_time();
  if (due != absl::InfiniteFuture()) *referral.mutable_due_time() = ToTimestamp(due);
  if (PhaseOf(change.to) == ReferralPhase::kEnded) {
    *referral.mutable_end_time() = ToTimestamp(change.now);
    referral.set_leaving_reason(change.asked.leaving_reason);
  }
  if (change.to == v1::REFERRAL_STATE_ONBOARD) {
    *referral.mutable_onboard_time() = ToTimestamp(change.now);
    LEYE_RETURN_IF_ERROR(StartWork(change.now, referral, set));
  }
  if (!begins && PhaseOf(change.from) == ReferralPhase::kAtWork &&
      PhaseOf(change.to) == ReferralPhase::kEnded) {
    LEYE_RETURN_IF_ERROR(EndWork(change.now, referral, set));
  }
  LEYE_RETURN_IF_ERROR(UpdateDue(due_before, referral, set));
  LEYE_RETURN_IF_ERROR(UpdateHousehold(change, referral, set));
  return UpdateHolds(change, referral, set);
}

absl::Status ReferralSteps::UpdateHolds(const Change& change, const v1::Referral& referral,
                                        WorkingSet& set) const {
  if (IsElsewhere(referral)) return UpdateClaim(change, referral, set);
  LEYE_RETURN_IF_ERROR(
      set.Read({HoldsKey(referral), PlacementKey(referral), CandidateKey(referral)}));
  LEYE_ASSIGN_OR_RETURN(auto holds, set.Parse<Holds>(HoldsKey(referral)));
  const std::string id = IdOf(referral);
  if (HoldsOpening(change.to)) {
    const Hold* held = FindHold(holds, id);
    if (held == nullptr) return LedgerBroken(referral.name());
    Hold hold = *held;
    hold.clear_expire_time();
    if (const std::optional<absl::Time> expiry = ExpiryOf(referral)) {
      *hold.mutable_expire_time() = ToTimestamp(*expiry);
    }
    SetHold(hold, holds);
    set.Put(PlacementKey(referral), PlacementOf(referral));
  } else if (HoldsOpening(change.from)) {
    RemoveHold(id, holds);
    set.Delete(PlacementKey(referral));
  }
  RemoveBar(referral.candidate(), holds);
  if (const auto bar = BarOf(change.now, referral, set.Find(CandidateKey(referral)))) {
    SetBar(*bar, holds);
  }
  if (holds.holds().empty() && holds.bars().empty()) {
    set.Delete(HoldsKey(referral));
  } else {
    set.Put(HoldsKey(referral), holds);
  }
  return absl::OkStatus();
}

// The ledger of another region is changed by claims alone: when an opening is taken, and when it is
// given back. It knows no suggestions.
absl::Status ReferralSteps::UpdateClaim(const Change& change, const v1::Referral& referral,
                                        WorkingSet& set) const {
  LEYE_RETURN_IF_ERROR(
      set.Read({ClaimKey(referral), PlacementKey(referral), CandidateKey(referral)}));
  Claim claim = PlacementOf(referral);
  if (HoldsOpening(change.to)) {
    PutPlacement(std::move(claim), set);
  } else if (HoldsOpening(change.from)) {
    if (auto bar = BarOf(change.now, referral, set.Find(CandidateKey(referral)))) {
      *claim.mutable_bar() = *std::move(bar);
    }
    PutUndoing(std::move(claim), set);
  }
  return absl::OkStatus();
}

// A public-welfare post that is held counts for the household's cap until the person's own record
// says that they work there.
absl::Status ReferralSteps::UpdateHousehold(const Change& change, const v1::Referral& referral,
                                            WorkingSet& set) const {
  const auto counts = [](v1::ReferralState state) {
    return HoldsOpening(state) && PhaseOf(state) == ReferralPhase::kBeforeWork;
  };
  if (!IsPublicWelfare(referral) || counts(change.from) == counts(change.to)) {
    return absl::OkStatus();
  }
  const RecordKey key = HouseholdHoldsKey(referral);
  LEYE_RETURN_IF_ERROR(set.Read({key}));
  LEYE_ASSIGN_OR_RETURN(auto holds, set.Parse<Holds>(key));
  if (counts(change.to)) {
    Hold hold;
    hold.set_claim_id(IdOf(referral));
    hold.set_candidate(referral.candidate());
    hold.set_public_welfare_kind(referral.public_welfare_kind());
    SetHold(hold, holds);
  } else {
    RemoveHold(IdOf(referral), holds);
  }
  if (holds.holds().empty()) {
    set.Delete(key);
  } else {
    set.Put(key, holds);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ReferralSteps::OverdueInTheWay(
    const v1::Referral& referral, absl::Time now, WorkingSet& set) const {
  LEYE_RETURN_IF_ERROR(set.Read({HoldsKey(referral), PlacementKey(referral)}));
  LEYE_ASSIGN_OR_RETURN(const auto holds, set.Parse<Holds>(HoldsKey(referral)));
  LEYE_ASSIGN_OR_RETURN(const auto placement, set.Parse<Claim>(PlacementKey(referral)));
  const store::Region region = NameOf(referral).region;
  std::vector<std::string> overdue;
  for (const Hold& hold : OverdueHolds(holds, now)) {
    overdue.push_back(FormatName(*RegionOfName(hold.candidate()), "referrals", hold.claim_id()));
  }
  if (placement.has_expire_time() && ToTime(placement.expire_time()) <= now) {
    overdue.push_back(FormatName(region, "referrals", placement.claim_id()));
  }
  // The pair's own may hold nothing; whether its time is over stands in itself.
  const std::string open = OpenReferralOf(holds, referral.candidate());
  if (!open.empty() && open != IdOf(referral)) {
    overdue.push_back(FormatName(region, "referrals", open));
  }
  return overdue;
}

}  // namespace leye::app
