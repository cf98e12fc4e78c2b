#include "services/store/limits.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/errors.h"

namespace leye::store {
namespace {

absl::Status Refuse(absl::string_view reason, const std::string& field,
                    const std::string& description) {
  ErrorDetails details;
  details.reason = std::string(reason);
  details.violations.push_back({field, description});
  return WithDetails(absl::InvalidArgumentError(absl::StrCat(field, ": ", description)), details);
}

absl::Status CheckSize(const std::string& field, size_t size, size_t limit) {
  if (size <= limit) return absl::OkStatus();
  return Refuse("LIMIT_EXCEEDED", field, absl::StrCat(size, " is above the limit of ", limit));
}

using KeyView = std::pair<Kind, absl::string_view>;

absl::Status CheckMutations(const CommitRequest& request) {
  absl::flat_hash_set<KeyView> seen;
  seen.reserve(request.mutations.size());
  bool changes_anything = false;
  for (const Mutation& mutation : request.mutations) {
    LEYE_RETURN_IF_ERROR(CheckKey(mutation.key));
    if (!seen.insert({mutation.key.kind, mutation.key.name}).second) {
      return Refuse("INVALID_COMMIT", "mutations",
                    absl::StrCat("'", mutation.key.name, "' is named twice"));
    }
    changes_anything |= mutation.type != Mutation::Type::kCheck;
  }
  if (changes_anything) return absl::OkStatus();
  return Refuse("INVALID_COMMIT", "mutations", "nothing to change");
}

bool InRange(uint64_t value, uint64_t most) { return value >= 1 && value <= most; }

absl::Status CheckRestoredKey(const std::string& field, const RecordKey& key) {
  LEYE_RETURN_IF_ERROR(CheckKey(key));
  if (IsKind(static_cast<uint32_t>(key.kind))) return absl::OkStatus();
  return Refuse("INVALID_RESTORE", field,
                absl::StrCat("'", key.name, "' has ", KindName(key.kind), ", which is none"));
}

absl::Status CheckRestoredRecord(const Record& record, const RestoreStep& step) {
  LEYE_RETURN_IF_ERROR(CheckRestoredKey("records.kind", {record.kind, record.name}));
  if (!InRange(record.number, step.next_number - 1)) {
    return Refuse("INVALID_RESTORE", "records.number",
                  absl::StrCat("'", record.name, "' has ", record.number, ", must be 1 to ",
                               step.next_number - 1));
  }
  if (!InRange(record.version, step.revision.sequence)) {
    return Refuse("INVALID_RESTORE", "records.version",
                  absl::StrCat("'", record.name, "' has ", record.version, ", must be 1 to ",
                               step.revision.sequence));
  }
  return absl::OkStatus();
}

absl::Status CheckRestoredRecords(const RestoreStep& step) {
  absl::flat_hash_set<KeyView> seen;
  absl::flat_hash_set<uint64_t> numbers;
  seen.reserve(step.records.size());
  numbers.reserve(step.records.size());
  for (const Record& record : step.records) {
    LEYE_RETURN_IF_ERROR(CheckRestoredRecord(record, step));
    if (!seen.insert({record.kind, record.name}).second) {
      return RestoredTwice("records.name", record.name);
    }
    if (!numbers.insert(record.number).second) {
      return RestoredTwice("records.number", absl::StrCat(record.number));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRestoredRequests(const RestoreStep& step) {
  absl::flat_hash_set<absl::string_view> seen;
  seen.reserve(step.requests.size());
  uint64_t before = 0;
  for (const RememberedRequest& request : step.requests) {
    LEYE_RETURN_IF_ERROR(CheckRequestId(request.request_id, request.fingerprint));
    if (request.request_id.empty()) {
      return Refuse("INVALID_RESTORE", "requests.request_id", "empty");
    }
    if (!seen.insert(request.request_id).second) {
      return RestoredTwice("requests.request_id", request.request_id);
    }
    if (request.sequence <= before || request.sequence > step.revision.sequence) {
      return Refuse(
          "INVALID_RESTORE", "requests.sequence",
          absl::StrCat(request.sequence, " must ascend and be at most ", step.revision.sequence));
    }
    before = request.sequence;
    for (const Change& change : request.changes) {
      LEYE_RETURN_IF_ERROR(CheckRestoredKey("requests.changes.kind", change.key));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckKey(const RecordKey& key) {
  if (key.name.empty()) return Refuse("INVALID_NAME", "name", "empty");
  if (key.name.find('\0') != std::string::npos) {
    return Refuse("INVALID_NAME", "name", "holds a zero byte");
  }
  return CheckSize("name", key.name.size(), kMaxNameBytes);
}

absl::Status CheckKeys(const std::vector<RecordKey>& keys) {
  LEYE_RETURN_IF_ERROR(CheckSize("names", keys.size(), kMaxMutations));
  for (const RecordKey& key : keys) LEYE_RETURN_IF_ERROR(CheckKey(key));
  return absl::OkStatus();
}

absl::Status CheckHold(const LogHold& hold) {
  if (hold.holder.empty()) return Refuse("INVALID_NAME", "holder", "empty");
  return CheckSize("holder", hold.holder.size(), kMaxRequestIdBytes);
}

absl::Status CheckRequestId(absl::string_view request_id, absl::string_view fingerprint) {
  LEYE_RETURN_IF_ERROR(CheckSize("request_id", request_id.size(), kMaxRequestIdBytes));
  return CheckSize("fingerprint", fingerprint.size(), kMaxFingerprintBytes);
}

absl::Status CheckCommit(const CommitRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckRequestId(request.request_id, request.fingerprint));
  LEYE_RETURN_IF_ERROR(CheckSize("mutations", request.mutations.size(), kMaxMutations));
  LEYE_RETURN_IF_ERROR(CheckMutations(request));
  return CheckSize("mutations", CommitBytes(request), kMaxCommitBytes);
}

absl::Status CheckRestore(const RestoreStep& step) {
  if (step.restore_id.empty()) return Refuse("INVALID_RESTORE", "restore_id", "empty");
  LEYE_RETURN_IF_ERROR(CheckSize("restore_id", step.restore_id.size(), kMaxRequestIdBytes));
  if (!InRange(step.revision.epoch, kMaxEpoch) || !InRange(step.revision.sequence, kMaxCounter)) {
    return Refuse("INVALID_RESTORE", "revision",
                  absl::StrCat(FormatToken({step.region, step.revision}),
                               " is beyond what a store may hold"));
  }
  if (!InRange(step.next_number, kMaxCounter)) {
    return Refuse("INVALID_RESTORE", "next_number", absl::StrCat(step.next_number));
  }
  LEYE_RETURN_IF_ERROR(CheckSize("records", step.records.size(), kMaxPageSize));
  LEYE_RETURN_IF_ERROR(CheckSize("requests", step.requests.size(), kMaxPageSize));
  LEYE_RETURN_IF_ERROR(CheckSize("records", RestoreBytes(step), kMaxPageBytes + kMaxCommitBytes));
  LEYE_RETURN_IF_ERROR(CheckRestoredRecords(step));
  return CheckRestoredRequests(step);
}

absl::Status CheckReseal(const std::vector<ResealedPart>& parts) {
  LEYE_RETURN_IF_ERROR(CheckSize("parts", parts.size(), kMaxMutations));
  for (const ResealedPart& part : parts) LEYE_RETURN_IF_ERROR(CheckKey(part.key));
  return CheckSize("parts", ResealBytes(parts), kMaxCommitBytes);
}

absl::Status RestoredTwice(const std::string& field, absl::string_view value) {
  return Refuse("INVALID_RESTORE", field, absl::StrCat("'", value, "' is restored twice"));
}

absl::Status RestoredOutOfOrder(uint64_t sequence, uint64_t newest) {
  return Refuse("INVALID_RESTORE", "requests.sequence",
                absl::StrCat(sequence, " must be above ", newest, ", which was restored before"));
}

absl::Status CheckPageSize(int limit) {
  if (limit >= 1) return absl::OkStatus();
  return Refuse("LIMIT_EXCEEDED", "limit", absl::StrCat(limit, " is below 1"));
}

absl::Status CheckFollows(const LogSpan& log, Region region, Revision after) {
  if (after == Revision()) {
    if (log.start > 1) return MustScanAgain("LOG_TRIMMED", region, after);
    return absl::OkStatus();
  }
  if (after.epoch != log.head.epoch) return MustScanAgain("EPOCH_CHANGED", region, after);
  if (after.sequence > log.head.sequence) return MustScanAgain("REVISION_AHEAD", region, after);
  if (after.sequence + 1 < log.start) return MustScanAgain("LOG_TRIMMED", region, after);
  return absl::OkStatus();
}

absl::Status KeepFromBeyondHead(uint64_t keep_from, uint64_t head) {
  return Error(absl::StatusCode::kInvalidArgument, "LIMIT_EXCEEDED",
               absl::StrCat("keep_from ", keep_from, " is beyond the head ", head));
}

size_t CommitBytes(const CommitRequest& request) {
  size_t bytes = request.request_id.size();
  for (const Mutation& mutation : request.mutations) {
    bytes += mutation.key.name.size() + mutation.envelope.ByteSizeLong();
  }
  return bytes;
}

size_t RestoreBytes(const RestoreStep& step) {
  size_t bytes = 0;
  for (const Record& record : step.records) {
    bytes += record.name.size() + record.envelope.ByteSizeLong();
  }
  for (const RememberedRequest& request : step.requests) {
    bytes += request.request_id.size();
    for (const Change& change : request.changes) {
      bytes += change.key.name.size() + (change.put ? change.put->ByteSizeLong() : 0);
    }
  }
  return bytes;
}

size_t ResealBytes(const std::vector<ResealedPart>& parts) {
  size_t bytes = 0;
  for (const ResealedPart& part : parts) {
    bytes += part.key.name.size() + part.before.ByteSizeLong() + part.after.ByteSizeLong();
  }
  return bytes;
}

}  // namespace leye::store
