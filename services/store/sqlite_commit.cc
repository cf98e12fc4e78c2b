#include "services/store/sqlite_commit.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"

#include "services/base/status.h"
#include "services/store/environment.h"
#include "services/store/errors.h"
#include "services/store/limits.h"
#include "services/store/sqlite_schema.h"

namespace leye::store::sqlite {
namespace {

// Expired requests forgotten by one commit: more than it adds, so that they cannot pile up.
constexpr int kPrunedByACommit = 8;

struct RestoreState {
  std::string restore_id;  // Empty: none has begun.
  uint64_t next_step = 0;
};

absl::StatusOr<RestoreState> ReadRestore(Connection& connection, Region region) {
  Query find(connection, "SELECT restore_id, next_step FROM restores WHERE region = ?",
             region.number());
  LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return RestoreState();
  return RestoreState{std::string(find.Bytes(0)), find.Unsigned(1)};
}

absl::Status InsertRecord(Connection& connection, Region region, const RecordKey& key,
                          const Location& at, const EncodedEnvelope& envelope) {
  return Query(connection,
               "INSERT INTO records (id, version, region, kind, name, open, sealed) "
               "VALUES (?, ?, ?, ?, ?, ?, ?)",
               RowId(region, at.number), at.version, region.number(), static_cast<int>(key.kind),
               absl::string_view(key.name), Blob{envelope.open}, Blob{envelope.sealed})
      .Run();
}

absl::Status InsertLog(Connection& connection, Region region, uint64_t sequence,
                       absl::string_view log) {
  return Query(connection, "INSERT INTO log (id, changes) VALUES (?, ?)", RowId(region, sequence),
               Blob{log})
      .Run();
}

struct RequestRow {
  absl::string_view request_id;
  absl::string_view fingerprint;
  uint64_t sequence;
  absl::Time time;
};

absl::Status InsertRequest(Connection& connection, Region region, const RequestRow& row) {
  return Query(connection,
               "INSERT INTO requests (region, request_id, fingerprint, sequence, time_ms) "
               "VALUES (?, ?, ?, ?, ?)",
               region.number(), row.request_id, Blob{row.fingerprint}, row.sequence,
               absl::ToUnixMillis(row.time))
      .Run();
}

}  // namespace

PreparedCommit Prepare(const CommitRequest& request) {
  PreparedCommit prepared{request, {}};
  prepared.envelopes.reserve(request.mutations.size());
  for (const Mutation& mutation : request.mutations) {
    prepared.envelopes.push_back(mutation.type == Mutation::Type::kPut
                                     ? EncodeEnvelope(mutation.envelope)
                                     : EncodedEnvelope());
  }
  return prepared;
}

absl::StatusOr<CommitResult> CommitApplier::Apply(const PreparedCommit& commit) {
  const CommitRequest& request = commit.request;
  LEYE_ASSIGN_OR_RETURN(RegionState state, StateForCommit(request.region));
  LEYE_ASSIGN_OR_RETURN(
      std::optional<CommitResult> remembered,
      FindRequest(connection_, request.region, request.request_id, request.fingerprint));
  if (remembered) return *std::move(remembered);
  LEYE_ASSIGN_OR_RETURN(const std::vector<Location> before, CheckPreconditions(request));
  ++state.head;
  if (state.head > kMaxCounter || state.next_number + request.mutations.size() > kMaxCounter) {
    return CountersUsedUp();
  }

  CommitResult result{.revision = state.revision()};
  std::string log;
  for (size_t i = 0; i < request.mutations.size(); ++i) {
    const Mutation& mutation = request.mutations[i];
    if (mutation.type == Mutation::Type::kCheck) continue;
    const bool is_new = before[i].version == 0;
    const Location after{is_new ? state.next_number++ : before[i].number, state.head};
    LEYE_RETURN_IF_ERROR(
        WriteRecord(request.region, mutation, commit.envelopes[i], before[i], after));
    if (mutation.type == Mutation::Type::kDelete) {
      AppendDelete(mutation.key, after.number, log);
      continue;
    }
    AppendPut(mutation.key, after.number, commit.envelopes[i].open, log);
    result.written.push_back(
        {mutation.key.kind, mutation.key.name, after.number, after.version, Envelope()});
  }
  LEYE_RETURN_IF_ERROR(InsertLog(connection_, request.region, state.head, log));
  if (!request.request_id.empty()) {
    LEYE_RETURN_IF_ERROR(
        InsertRequest(connection_, request.region,
                      {request.request_id, request.fingerprint, state.head, clock_.Now()}));
  }
  LEYE_RETURN_IF_ERROR(PruneRequests(request.region, state));
  LEYE_RETURN_IF_ERROR(SaveState(request.region, state));
  return result;
}

absl::StatusOr<std::vector<Location>> CommitApplier::CheckPreconditions(
    const CommitRequest& request) {
  std::vector<Location> locations;
  locations.reserve(request.mutations.size());
  for (size_t i = 0; i < request.mutations.size(); ++i) {
    const Mutation& mutation = request.mutations[i];
    LEYE_ASSIGN_OR_RETURN(const Location location,
                          Locate(connection_, request.region, mutation.key));
    LEYE_RETURN_IF_ERROR(CheckPrecondition(i, mutation, location.version));
    locations.push_back(location);
  }
  return locations;
}

absl::Status CommitApplier::WriteRecord(Region region, const Mutation& mutation,
                                        const EncodedEnvelope& envelope, const Location& before,
                                        const Location& after) {
  const int64_t row_id = RowId(region, after.number);
  if (mutation.type == Mutation::Type::kDelete) {
    return Query(connection_, "DELETE FROM records WHERE id = ?", row_id).Run();
  }
  if (before.version != 0) {
    return Query(connection_, "UPDATE records SET version = ?, open = ?, sealed = ? WHERE id = ?",
                 after.version, Blob{envelope.open}, Blob{envelope.sealed}, row_id)
        .Run();
  }
  return InsertRecord(connection_, region, mutation.key, after, envelope);
}

absl::StatusOr<uint64_t> CommitApplier::Restore(const RestoreStep& step) {
  LEYE_ASSIGN_OR_RETURN(const RegionState state, StateOf(step.region));
  if (state.epoch != 0) return RegionNotEmpty(step.region, state.revision());
  LEYE_ASSIGN_OR_RETURN(const RestoreState begun, ReadRestore(connection_, step.region));
  if (!begun.restore_id.empty() && begun.restore_id != step.restore_id) {
    return RestoreUnfinished(step.region);
  }
  if (step.index < begun.next_step) return begun.next_step;
  if (step.index > begun.next_step) return RestoreGap(step.region, step.index, begun.next_step);
  LEYE_RETURN_IF_ERROR(RestoreContent(step));
  if (step.last) {
    LEYE_RETURN_IF_ERROR(
        Query(connection_, "DELETE FROM restores WHERE region = ?", step.region.number()).Run());
    LEYE_RETURN_IF_ERROR(SaveState(step.region, {.epoch = step.revision.epoch,
                                                 .head = step.revision.sequence,
                                                 .next_number = step.next_number,
                                                 .log_start = step.revision.sequence + 1}));
  } else {
    LEYE_RETURN_IF_ERROR(
        Query(connection_,
              "INSERT INTO restores (region, restore_id, next_step) VALUES (?1, ?2, ?3) "
              "ON CONFLICT (region) DO UPDATE SET next_step = ?3",
              step.region.number(), Blob{step.restore_id}, step.index + 1)
            .Run());
  }
  return step.index + 1;
}

absl::StatusOr<int> CommitApplier::Reseal(Region region, const std::vector<ResealedPart>& parts) {
  int resealed = 0;
  for (const ResealedPart& part : parts) {
    LEYE_ASSIGN_OR_RETURN(const Location at, Locate(connection_, region, part.key));
    if (at.version == 0) continue;
    const int64_t row_id = RowId(region, at.number);
    {
      Query same(connection_, "SELECT sealed FROM records WHERE id = ?", row_id);
      LEYE_ASSIGN_OR_RETURN(const bool found, same.Step());
      if (!found || same.Bytes(0) != part.before.SerializeAsString()) continue;
    }
    const std::string after = part.after.SerializeAsString();
    LEYE_RETURN_IF_ERROR(
        Query(connection_, "UPDATE records SET sealed = ? WHERE id = ?", Blob{after}, row_id)
            .Run());
    ++resealed;
  }
  return resealed;
}

// What no constraint of a table names as well.
absl::Status CommitApplier::CheckNotRestored(const RestoreStep& step) {
  for (const Record& record : step.records) {
    LEYE_ASSIGN_OR_RETURN(const Location there,
                          Locate(connection_, step.region, {record.kind, record.name}));
    if (there.version != 0) return RestoredTwice("records.name", record.name);
  }
  for (const RememberedRequest& request : step.requests) {
    Query find(connection_, "SELECT 1 FROM requests WHERE region = ? AND request_id = ?",
               step.region.number(), absl::string_view(request.request_id));
    LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
    if (found) return RestoredTwice("requests.request_id", request.request_id);
  }
  if (step.requests.empty()) return absl::OkStatus();
  const uint64_t first = step.requests.front().sequence;
  Query newest(connection_,
               "SELECT sequence FROM requests WHERE region = ? ORDER BY sequence DESC LIMIT 1",
               step.region.number());
  LEYE_ASSIGN_OR_RETURN(const bool found, newest.Step());
  if (!found || newest.Unsigned(0) < first) return absl::OkStatus();
  return RestoredOutOfOrder(first, newest.Unsigned(0));
}

absl::Status CommitApplier::RestoreContent(const RestoreStep& step) {
  LEYE_RETURN_IF_ERROR(CheckNotRestored(step));
  for (const Record& record : step.records) {
    LEYE_RETURN_IF_ERROR(InsertRecord(connection_, step.region, {record.kind, record.name},
                                      {record.number, record.version},
                                      EncodeEnvelope(record.envelope)));
  }
  for (const RememberedRequest& request : step.requests) {
    LEYE_RETURN_IF_ERROR(
        InsertLog(connection_, step.region, request.sequence, EncodeChanges(request.changes)));
    LEYE_RETURN_IF_ERROR(
        InsertRequest(connection_, step.region,
                      {request.request_id, request.fingerprint, request.sequence, request.time}));
  }
  return absl::OkStatus();
}

absl::Status CommitApplier::PruneRequests(Region region, const RegionState& state) {
  const int64_t expired_before = absl::ToUnixMillis(clock_.Now() - kRequestMemory);
  std::optional<uint64_t> last_expired;
  {
    Query oldest(
        connection_,
        "SELECT sequence, time_ms FROM requests WHERE region = ? ORDER BY sequence LIMIT ?",
        region.number(), kPrunedByACommit);
    while (true) {
      LEYE_ASSIGN_OR_RETURN(const bool found, oldest.Step());
      if (!found || oldest.Int(1) >= expired_before) break;
      last_expired = oldest.Unsigned(0);
    }
  }
  if (!last_expired) return absl::OkStatus();
  LEYE_RETURN_IF_ERROR(Query(connection_, "DELETE FROM requests WHERE region = ? AND sequence <= ?",
                             region.number(), *last_expired)
                           .Run());
  return DeleteUnneededLog(region, state.log_start);
}

absl::Status CommitApplier::TrimLog(Region region, uint64_t keep_from, uint64_t least_needed) {
  LEYE_ASSIGN_OR_RETURN(RegionState state, StateOf(region));
  if (keep_from > state.head + 1) {
    return KeepFromBeyondHead(keep_from, state.head);
  }
  if (least_needed <= state.log_start) return absl::OkStatus();
  state.log_start = least_needed;
  LEYE_RETURN_IF_ERROR(DeleteUnneededLog(region, least_needed));
  return SaveState(region, state);
}

// A log entry goes when followers need it no more and no remembered request is answered from it.
absl::Status CommitApplier::DeleteUnneededLog(Region region, uint64_t log_start) {
  uint64_t keep_from = log_start;
  {
    Query oldest(connection_,
                 "SELECT sequence FROM requests WHERE region = ? ORDER BY sequence LIMIT 1",
                 region.number());
    LEYE_ASSIGN_OR_RETURN(const bool found, oldest.Step());
    if (found) keep_from = std::min(keep_from, oldest.Unsigned(0));
  }
  // The log holds nothing personal, so its pages need not be overwritten with zeros.
  LEYE_RETURN_IF_ERROR(connection_.Execute("PRAGMA secure_delete = FAST"));
  const absl::Status deleted = Query(connection_, "DELETE FROM log WHERE id > ? AND id < ?",
                                     RowId(region, 0), RowId(region, keep_from))
                                   .Run();
  LEYE_RETURN_IF_ERROR(connection_.Execute("PRAGMA secure_delete = ON"));
  return deleted;
}

absl::Status CommitApplier::BeginNewEpochs() {
  LEYE_ASSIGN_OR_RETURN(const auto regions, ReadRegions(connection_));
  for (const auto& [region, old_state] : regions) {
    RegionState state = old_state;
    state.epoch = EpochAfter(state.epoch);
    state.log_start = state.head + 1;
    LEYE_RETURN_IF_ERROR(SaveState(region, state));
  }
  return absl::OkStatus();
}

uint64_t CommitApplier::EpochAfter(uint64_t before) {
  return std::max(before + 1, EpochCandidate(clock_, random_));
}

Heads CommitApplier::TakeMovedHeads() { return std::exchange(moved_, {}); }

void CommitApplier::Forget() {
  regions_.clear();
  moved_.clear();
}

absl::StatusOr<RegionState> CommitApplier::StateOf(Region region) {
  const auto known = regions_.find(region);
  if (known != regions_.end()) return known->second;
  return ReadRegion(connection_, region);
}

// With an epoch, the history's or one for its beginning. Nothing of a region that is being restored
// is looked at before: it may be there in part.
absl::StatusOr<RegionState> CommitApplier::StateForCommit(Region region) {
  LEYE_ASSIGN_OR_RETURN(RegionState state, StateOf(region));
  if (state.epoch != 0) return state;
  LEYE_ASSIGN_OR_RETURN(const RestoreState restore, ReadRestore(connection_, region));
  if (!restore.restore_id.empty()) return RegionRestoring(region);
  state.epoch = EpochAfter(0);
  return state;
}

absl::Status CommitApplier::SaveState(Region region, const RegionState& state) {
  LEYE_RETURN_IF_ERROR(Query(connection_,
                             "INSERT INTO regions (region, epoch, head, next_number, log_start) "
                             "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (region) DO UPDATE SET "
                             "epoch = ?2, head = ?3, next_number = ?4, log_start = ?5",
                             region.number(), state.epoch, state.head, state.next_number,
                             state.log_start)
                           .Run());
  regions_[region] = state;
  moved_[region] = state.revision();
  return absl::OkStatus();
}

}  // namespace leye::store::sqlite
