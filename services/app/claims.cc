#include "services/app/claims.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/app/formats.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_codec.h"
#include "services/app/referral_errors.h"
#include "services/app/referral_ledger.h"
#include "services/base/status.h"

namespace leye::app {

using absl::StatusCode;
using storage::v1::CLAIM_STATE_CLAIMED;
using storage::v1::CLAIM_STATE_CONFIRMED;
using storage::v1::CLAIM_STATE_SETTLED;
using storage::v1::CLAIM_STATE_UNDOING;
using storage::v1::ClaimState;
using storage::v1::Holds;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Record;
using store::Region;

// A claim with the record that it was read from: of Kind::kPlacement once it is settled.
struct Claims::Held {
  Claim claim;
  Record record;
};

namespace {

constexpr int kMaxAttempts = 20;
constexpr int kPageSize = 500;
constexpr size_t kMaxClaimId = 64;

// REQUIRES: `name` has been checked to be one of a record.
Region RegionOf(absl::string_view name, absl::string_view collection) {
  return ParseName(name, collection)->region;
}
Region RegionOfPerson(absl::string_view name) { return RegionOf(name, "candidates"); }
Region RegionOfPosting(absl::string_view name) { return RegionOf(name, "postings"); }

absl::Status CheckCandidate(const std::string& candidate) {
  if (ParseName(candidate, "candidates").has_value()) return absl::OkStatus();
  return InvalidFields({{"candidate", "must be regions/{region}/candidates/{candidate}"}});
}

absl::Status Check(const ClaimRequest& request) {
  std::vector<FieldViolation> violations;
  if (request.claim_id.empty() || request.claim_id.size() > kMaxClaimId) {
    violations.push_back({"claim_id", "must have 1 to 64 bytes"});
  }
  if (!ParseName(request.candidate, "candidates").has_value()) {
    violations.push_back({"candidate", "must be regions/{region}/candidates/{candidate}"});
  }
  if (!ParseName(request.posting, "postings").has_value()) {
    violations.push_back({"posting", "must be regions/{region}/postings/{posting}"});
  }
  return InvalidFields(std::move(violations));
}

absl::Status PersonClaimed(const std::string& candidate) {
  return WithMessageZh(Error(StatusCode::kAlreadyExists, "PERSON_CLAIMED",
                             absl::StrCat(candidate, " has another claim or a placement"),
                             {{"candidate", candidate}}),
                       "该人员已被其他岗位占用或已上岗");
}

absl::Status ClaimGone(const std::string& candidate) {
  return WithMessageZh(
      Error(StatusCode::kNotFound, "CLAIM_GONE",
            absl::StrCat("the claim on ", candidate, " was undone"), {{"candidate", candidate}}),
      "该占用已撤销");
}

absl::Status ClaimExpired(const std::string& candidate) {
  return WithMessageZh(
      Error(StatusCode::kFailedPrecondition, "CLAIM_EXPIRED",
            absl::StrCat("the claim on ", candidate, " has expired"), {{"candidate", candidate}}),
      "该占用已过期");
}

template <typename Message>
absl::StatusOr<Message> Parse(const Record& record) {
  Message message;
  if (message.ParseFromString(record.envelope.open())) return message;
  return Error(StatusCode::kDataLoss, "STORE_CORRUPT",
               absl::StrCat(KindName(record.kind), " of ", record.name, " does not parse"));
}

// `content` in the place of `before`, or as a new record when there is none.
Mutation Put(Kind kind, const std::string& name, const google::protobuf::Message& content,
             const Record* before, absl::Time now) {
  store::Envelope envelope;
  StampTimes(now, before == nullptr ? nullptr : &before->envelope, envelope);
  envelope.set_open(content.SerializeAsString());
  return Mutation::Put(
      kind, name, std::move(envelope),
      before == nullptr ? Precondition::Absent() : Precondition::AtVersion(before->version));
}

// Somebody was faster: what was read is no longer so.
bool LostARace(const absl::Status& status) {
  const std::string reason = ErrorReason(status);
  return reason == "ETAG_MISMATCH" || reason == "ALREADY_EXISTS" || reason == "NOT_FOUND";
}

storage::v1::Hold HoldOf(const Claim& claim, const v1::Posting& posting) {
  storage::v1::Hold hold;
  hold.set_claim_id(claim.claim_id());
  hold.set_candidate(claim.candidate());
  if (claim.of_reserved_group()) hold.set_reserved_group(ReservedGroupOf(posting));
  return hold;
}

// Runs `attempt` until it fails for another reason than that.
template <typename Attempt>
absl::Status Retry(Attempt attempt) {
  for (int i = 0; i < kMaxAttempts; ++i) {
    const absl::Status status = attempt();
    if (!LostARace(status)) return status;
  }
  return Contended();
}

}  // namespace

void PutPlacement(Claim claim, WorkingSet& set) {
  claim.set_state(CLAIM_STATE_SETTLED);
  set.Put({Kind::kPlacement, claim.candidate()}, claim);
  set.Delete({Kind::kClaim, claim.candidate()});
}

void PutUndoing(Claim claim, WorkingSet& set) {
  claim.set_state(CLAIM_STATE_UNDOING);
  set.Put({Kind::kClaim, claim.candidate()}, claim);
  set.Delete({Kind::kPlacement, claim.candidate()});
}

absl::StatusOr<Claim> Claims::Start(const ClaimRequest& request) const {
  LEYE_RETURN_IF_ERROR(Check(request));
  Claim claim;
  claim.set_claim_id(request.claim_id);
  claim.set_candidate(request.candidate);
  claim.set_posting(request.posting);
  claim.set_state(CLAIM_STATE_CLAIMED);
  *claim.mutable_expire_time() = ToTimestamp(request.expire_time);
  claim.set_of_reserved_group(request.of_reserved_group);
  const absl::StatusOr<store::CommitResult> result = store_.Commit(
      {.region = RegionOfPerson(request.candidate),
       .mutations = {
           Put(Kind::kClaim, request.candidate, claim, nullptr, clock_.Now()),
           Mutation::Check(Kind::kPlacement, request.candidate, Precondition::Absent())}});
  if (result.ok()) return Parse<Claim>(result->written[0]);
  if (!absl::IsAlreadyExists(result.status())) return result.status();
  LEYE_ASSIGN_OR_RETURN(std::optional<Claim> other, Find(request.candidate));
  const bool own = other && other->claim_id() == request.claim_id &&
                   other->posting() == request.posting && other->state() != CLAIM_STATE_UNDOING;
  if (own) return *std::move(other);
  return PersonClaimed(request.candidate);
}

absl::StatusOr<Claim> Claims::Confirm(const std::string& candidate,
                                      const std::string& claim_id) const {
  LEYE_RETURN_IF_ERROR(CheckCandidate(candidate));
  const absl::Status held = Retry([&] { return HoldOpening(candidate, claim_id); });
  const std::string reason = ErrorReason(held);
  if (reason == "NO_OPENING" || reason == "CLAIM_EXPIRED") {
    LEYE_RETURN_IF_ERROR(Undo(candidate, claim_id));
  }
  LEYE_RETURN_IF_ERROR(held);
  LEYE_ASSIGN_OR_RETURN(Held own, ReadOwn(candidate, claim_id));
  return std::move(own.claim);
}

// One attempt of Confirm.
absl::Status Claims::HoldOpening(const std::string& candidate, const std::string& claim_id) const {
  LEYE_ASSIGN_OR_RETURN(const Held first, ReadOwn(candidate, claim_id));
  const std::string& posting = first.claim.posting();
  const Region region = RegionOfPosting(posting);
  LEYE_ASSIGN_OR_RETURN(
      const std::vector<std::optional<Record>> there,
      store_.BatchGet(region, {{Kind::kPosting, posting}, {Kind::kHolds, posting}}));
  // Behind the holds: see the head of claims.h.
  LEYE_ASSIGN_OR_RETURN(const Held own, ReadOwn(candidate, claim_id));
  if (own.claim.state() != CLAIM_STATE_CLAIMED) return absl::OkStatus();  // Confirmed already.
  if (IsExpired(own.claim)) return GiveUp(own, ClaimExpired(candidate));
  if (!there[0]) return GiveUp(own, NoOpening(posting, 0));
  Holds holds;
  if (there[1]) {
    LEYE_ASSIGN_OR_RETURN(holds, Parse<Holds>(*there[1]));
  }
  if (FindHold(holds, claim_id) == nullptr) {
    LEYE_ASSIGN_OR_RETURN(const auto content, Parse<v1::Posting>(*there[0]));
    const absl::Status added = AddHold(posting, content, HoldOf(own.claim, content), holds);
    if (!added.ok()) return GiveUp(own, added);
    ForgetOldBars(clock_.Now(), holds);
    LEYE_RETURN_IF_ERROR(store_.Commit(
        {.region = region,
         .mutations = {
             Put(Kind::kHolds, posting, holds, there[1] ? &*there[1] : nullptr, clock_.Now()),
             Mutation::Check(Kind::kPosting, posting,
                             Precondition::AtVersion(there[0]->version))}}));
  }
  return Advance(own, CLAIM_STATE_CONFIRMED);
}

// Begins to undo a claim and returns `why`, provided that it is as it was read: another process may
// have confirmed and settled it meanwhile.
absl::Status Claims::GiveUp(const Held& own, absl::Status why) const {
  LEYE_RETURN_IF_ERROR(Advance(own, CLAIM_STATE_UNDOING));
  return why;
}

absl::Status Claims::Undo(const std::string& candidate, const std::string& claim_id) const {
  LEYE_RETURN_IF_ERROR(CheckCandidate(candidate));
  return Retry([&]() -> absl::Status {
    LEYE_ASSIGN_OR_RETURN(const std::optional<Held> own, Read(candidate));
    if (!own || own->claim.claim_id() != claim_id) return absl::OkStatus();
    if (own->claim.state() == CLAIM_STATE_SETTLED) return absl::OkStatus();
    if (own->claim.state() != CLAIM_STATE_UNDOING) {
      LEYE_RETURN_IF_ERROR(Advance(*own, CLAIM_STATE_UNDOING));
    }
    LEYE_RETURN_IF_ERROR(GiveBackOpening(own->claim));
    LEYE_ASSIGN_OR_RETURN(const std::optional<Held> last, Read(candidate));
    if (!last || last->claim.claim_id() != claim_id) return absl::OkStatus();
    return store_
        .Commit({.region = RegionOfPerson(candidate),
                 .mutations = {Mutation::Delete(Kind::kClaim, candidate,
                                                Precondition::AtVersion(last->record.version))}})
        .status();
  });
}

// Writes the holds whether the claim has one or not: see the head of claims.h.
absl::Status Claims::GiveBackOpening(const Claim& claim) const {
  const std::string& posting = claim.posting();
  const Region region = RegionOfPosting(posting);
  LEYE_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> there,
                        store_.BatchGet(region, {{Kind::kHolds, posting}}));
  Holds holds;
  if (there[0]) {
    LEYE_ASSIGN_OR_RETURN(holds, Parse<Holds>(*there[0]));
  }
  RemoveHold(claim.claim_id(), holds);
  if (claim.has_bar()) SetBar(claim.bar(), holds);
  return store_
      .Commit({.region = region,
               .mutations = {Put(Kind::kHolds, posting, holds, there[0] ? &*there[0] : nullptr,
                                 clock_.Now())}})
      .status();
}

// The claim in another state, provided that it is as it was read.
absl::Status Claims::Advance(const Held& from, ClaimState state) const {
  Claim claim = from.claim;
  claim.set_state(state);
  return store_
      .Commit(
          {.region = RegionOfPerson(claim.candidate()),
           .mutations = {Put(Kind::kClaim, claim.candidate(), claim, &from.record, clock_.Now())}})
      .status();
}

absl::StatusOr<std::optional<Claims::Held>> Claims::Read(const std::string& candidate) const {
  LEYE_ASSIGN_OR_RETURN(
      std::vector<std::optional<Record>> records,
      store_.BatchGet(RegionOfPerson(candidate),
                      {{Kind::kClaim, candidate}, {Kind::kPlacement, candidate}}));
  std::optional<Record>& record = records[0] ? records[0] : records[1];
  if (!record) return std::nullopt;
  Held held{{}, *std::move(record)};
  LEYE_ASSIGN_OR_RETURN(held.claim, Parse<Claim>(held.record));
  return held;
}

// The claim, unless it is undone or about to be.
absl::StatusOr<Claims::Held> Claims::ReadOwn(const std::string& candidate,
                                             const std::string& claim_id) const {
  LEYE_ASSIGN_OR_RETURN(std::optional<Held> held, Read(candidate));
  if (!held || held->claim.claim_id() != claim_id || held->claim.state() == CLAIM_STATE_UNDOING) {
    return ClaimGone(candidate);
  }
  return *std::move(held);
}

absl::StatusOr<std::optional<Claim>> Claims::Find(const std::string& candidate) const {
  LEYE_RETURN_IF_ERROR(CheckCandidate(candidate));
  LEYE_ASSIGN_OR_RETURN(std::optional<Held> held, Read(candidate));
  if (!held) return std::nullopt;
  return std::move(held->claim);
}

bool Claims::IsExpired(const Claim& claim) const {
  return clock_.Now() >= ToTime(claim.expire_time());
}

absl::StatusOr<Recovered> Claims::Recover(Region region) const {
  Recovered recovered;
  store::ScanRequest request{.region = region, .kind = Kind::kClaim, .limit = kPageSize};
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, store_.Scan(request));
    for (const Record& record : page.records) {
      const absl::StatusOr<End> end = BringToEnd(record);
      if (!end.ok()) recovered.failed.push_back(end.status());
      recovered.confirmed += end.ok() && *end == End::kConfirmed ? 1 : 0;
      recovered.undone += end.ok() && *end == End::kUndone ? 1 : 0;
      request.after_name = record.name;
    }
    if (!page.more) return recovered;
  }
}

absl::StatusOr<Claims::End> Claims::BringToEnd(const Record& record) const {
  LEYE_ASSIGN_OR_RETURN(const Claim claim, Parse<Claim>(record));
  const bool undoing = claim.state() == CLAIM_STATE_UNDOING;
  if (undoing || IsExpired(claim)) {
    const absl::Status begun =
        undoing ? absl::OkStatus() : Advance({claim, record}, CLAIM_STATE_UNDOING);
    if (LostARace(begun)) return End::kLeftAlone;  // Settled in time, or in other hands.
    LEYE_RETURN_IF_ERROR(begun);
    LEYE_RETURN_IF_ERROR(Undo(claim.candidate(), claim.claim_id()));
    return End::kUndone;
  }
  if (claim.state() != CLAIM_STATE_CLAIMED) return End::kLeftAlone;
  const absl::Status confirmed = Confirm(claim.candidate(), claim.claim_id()).status();
  if (confirmed.ok()) return End::kConfirmed;
  const std::string reason = ErrorReason(confirmed);
  if (reason == "NO_OPENING" || reason == "CLAIM_EXPIRED" || reason == "CLAIM_GONE") {
    return End::kUndone;
  }
  return confirmed;
}

}  // namespace leye::app
