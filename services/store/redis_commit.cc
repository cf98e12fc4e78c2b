#include "services/store/redis_commit.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/record_codec.h"
#include "services/store/redis_keys.h"
#include "services/store/redis_reads.h"

namespace leye::store::redis {
namespace {

std::string ConditionText(const Precondition& precondition) {
  switch (precondition.type()) {
    case Precondition::Type::kAny:
      return "any";
    case Precondition::Type::kAbsent:
      return "absent";
    case Precondition::Type::kExists:
      return "exists";
    case Precondition::Type::kAtVersion:
      return absl::StrCat(precondition.version());
  }
  return "any";
}

// kCommitStep arguments of the commit script.
void AppendStep(const Mutation& mutation, Command& arguments) {
  std::string member = MemberOf(mutation.key.kind, mutation.key.name);
  const auto append = [&](const char* type, SplitChange change, EncodedEnvelope envelope) {
    for (std::string& argument :
         std::vector<std::string>{type, ConditionText(mutation.precondition), std::move(member),
                                  std::move(change.before), std::move(change.after),
                                  std::move(envelope.open), std::move(envelope.sealed)}) {
      arguments.push_back(std::move(argument));
    }
  };
  switch (mutation.type) {
    case Mutation::Type::kPut: {
      EncodedEnvelope envelope = EncodeEnvelope(mutation.envelope);
      SplitChange change = SplitPut(mutation.key, envelope.open.size());
      return append("p", std::move(change), std::move(envelope));
    }
    case Mutation::Type::kDelete:
      return append("d", SplitDelete(mutation.key), {});
    case Mutation::Type::kCheck:
      return append("c", {}, {});
  }
}

// The result of a commit that was done just now.
absl::StatusOr<CommitResult> ReadDone(ReplyView answer, const CommitRequest& request) {
  constexpr size_t kFirstNumber = 3;
  CommitResult result{.revision = {answer[1].number(), answer[2].number()}};
  for (const Mutation& mutation : request.mutations) {
    if (mutation.type != Mutation::Type::kPut) continue;
    const uint64_t number = answer[kFirstNumber + result.written.size()].number();
    if (number == 0) return StoreCorrupt("a commit was answered without its numbers");
    result.written.push_back({mutation.key.kind, mutation.key.name, number,
                              result.revision.sequence, mutation.envelope});
  }
  return result;
}

absl::Status ReadCondition(ReplyView answer, const CommitRequest& request) {
  const size_t index = answer[1].number();
  if (index >= request.mutations.size()) return StoreCorrupt("a condition of no mutation failed");
  absl::Status failed = CheckPrecondition(index, request.mutations[index], answer[2].number());
  return failed.ok() ? StoreCorrupt("a condition failed that holds") : failed;
}

}  // namespace

absl::Status CheckReplicas(const Answer& answer, int replicas) {
  if (answer.replicas >= replicas) return absl::OkStatus();
  return OutcomeUnknown(
      absl::StrCat(answer.replicas, " of ", replicas, " replicas had it in time"));
}

absl::StatusOr<CommitResult> Committer::Commit(const CommitRequest& request) const {
  LEYE_ASSIGN_OR_RETURN(const Answer answer, client_.Run(MakeCall(request)));
  const ReplyView reply = answer.reply.view();
  const absl::string_view outcome = reply[0].text();
  if (outcome == "condition") return ReadCondition(reply, request);
  if (outcome == "reused") return RequestIdReused(request.request_id);
  if (outcome == "exhausted") return CountersUsedUp();
  if (outcome == "restoring") return RegionRestoring(request.region);
  LEYE_RETURN_IF_ERROR(CheckReplicas(answer, replicas_));
  return outcome == "known" ? Replay(request.region, reply) : ReadDone(reply, request);
}

absl::StatusOr<std::optional<CommitResult>> Committer::FindRequest(
    Region region, absl::string_view request_id, absl::string_view fingerprint) const {
  if (request_id.empty()) return std::nullopt;
  const std::string request = absl::StrCat(RequestPrefix(region), request_id);
  LEYE_ASSIGN_OR_RETURN(const Answer answer,
                        client_.Run({.region = region,
                                     .script = &kFindRequestScript,
                                     .keys = {MetaKey(region), LogKey(region), request},
                                     .arguments = {std::string(fingerprint)},
                                     .replicas = replicas_}));
  const absl::string_view outcome = answer.reply.view()[0].text();
  if (outcome == "unknown") return std::nullopt;
  if (outcome == "reused") return RequestIdReused(request_id);
  LEYE_RETURN_IF_ERROR(CheckReplicas(answer, replicas_));
  LEYE_ASSIGN_OR_RETURN(CommitResult result, Replay(region, answer.reply.view()));
  return result;
}

Call Committer::MakeCall(const CommitRequest& request) const {
  const Region region = request.region;
  const absl::Time now = environment_.clock.Now();
  Call call{.region = region, .script = &kCommitScript, .replicas = replicas_};
  call.keys = {MetaKey(region), LogKey(region), NamesKey(region), RequestsKey(region),
               absl::StrCat(RequestPrefix(region), request.request_id)};
  call.arguments = {absl::StrCat(EpochCandidate(environment_.clock, environment_.random)),
                    region.code(),
                    request.request_id,
                    request.fingerprint,
                    absl::StrCat(std::max<int64_t>(absl::ToUnixMillis(now), 0)),
                    absl::StrCat(absl::ToUnixMillis(now - kRequestMemory)),
                    RequestPrefix(region)};
  call.keys.reserve(call.keys.size() + request.mutations.size());
  call.arguments.reserve(call.arguments.size() + kCommitStep * request.mutations.size());
  const std::string record_prefix = RecordPrefix(region);
  for (const Mutation& mutation : request.mutations) {
    call.keys.push_back(
        absl::StrCat(record_prefix, MemberOf(mutation.key.kind, mutation.key.name)));
    AppendStep(mutation, call.arguments);
  }
  return call;
}

// What an earlier commit wrote, as CommitResult::written documents it. The personal parts are those
// of the records of today, if they are still the same records.
absl::StatusOr<CommitResult> Committer::Replay(Region region, ReplyView answer) const {
  LEYE_ASSIGN_OR_RETURN(const Revision at, ParseStreamId(answer[2].text()));
  if (answer[3].type() != ReplyType::kText) {
    return StoreCorrupt("the log entry of a remembered request is missing");
  }
  LEYE_ASSIGN_OR_RETURN(std::vector<Change> changes, DecodeChanges(answer[3].text()));
  // The present epoch: a history that was continued under a new one still holds this commit.
  CommitResult result{
      .revision = {answer[1].number(), at.sequence}, .written = {}, .replayed = true};
  std::vector<RecordKey> keys;
  for (Change& change : changes) {
    if (!change.put) continue;
    keys.push_back(change.key);
    result.written.push_back({change.key.kind, std::move(change.key.name), change.number,
                              at.sequence, *std::move(change.put)});
  }
  LEYE_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> today, BatchGet(client_, region, keys));
  for (size_t i = 0; i < today.size(); ++i) {
    Record& written = result.written[i];
    if (!today[i] || today[i]->number != written.number || !today[i]->envelope.has_sealed()) {
      continue;
    }
    *written.envelope.mutable_sealed() = std::move(*today[i]->envelope.mutable_sealed());
  }
  return result;
}

}  // namespace leye::store::redis
