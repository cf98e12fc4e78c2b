#include "services/store/sqlite_reads.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/limits.h"
#include "services/store/record_codec.h"
#include "services/store/sqlite_schema.h"

namespace leye::store::sqlite {
namespace {

// The columns that StoredIn reads, in its order.
#define LEYE_RECORD_COLUMNS "id, version, kind, name, open, sealed"

// Views the row.
StoredRecord StoredIn(const Query& row) {
  return {.kind = static_cast<Kind>(row.Int(2)),
          .name = row.Bytes(3),
          .number = CounterOf(row.Int(0)),
          .version = row.Unsigned(1),
          .open = row.Bytes(4),
          .sealed = row.Bytes(5)};
}

// Moves rows into `records` until there are `limit`, they are beyond kMaxPageBytes, or no row is
// left; true in the first two cases when there is a further row.
template <typename Records>
absl::StatusOr<bool> TakePage(Query& rows, int limit, Records& records) {
  const auto most = static_cast<size_t>(std::min(limit, kMaxPageSize));
  size_t bytes = 0;
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) return false;
    if (records.size() == most || bytes > kMaxPageBytes) return true;
    const StoredRecord record = StoredIn(rows);
    bytes += record.bytes();
    LEYE_RETURN_IF_ERROR(Append(record, records));
  }
}

RegionState TakeRegion(const Query& row, int first) {
  return {row.Unsigned(first), row.Unsigned(first + 1), row.Unsigned(first + 2),
          row.Unsigned(first + 3)};
}

// The personal part of record `number` as it is now, into `envelope`; nothing once it is deleted.
absl::Status AttachSealed(Connection& connection, int64_t row_id, Envelope& envelope) {
  Query find(connection, "SELECT sealed FROM records WHERE id = ?", row_id);
  LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found || find.Bytes(0).empty()) return absl::OkStatus();
  const absl::string_view sealed = find.Bytes(0);
  if (!envelope.mutable_sealed()->ParseFromArray(sealed.data(), static_cast<int>(sealed.size()))) {
    return StoreCorrupt("a record's sealed part does not parse");
  }
  return absl::OkStatus();
}

absl::Status AnswerMissing() {
  return StoreCorrupt("the log entry of a remembered request is missing");
}

absl::StatusOr<std::vector<Change>> ReadChanges(Connection& connection, Region region,
                                                uint64_t sequence) {
  Query find(connection, "SELECT changes FROM log WHERE id = ?", RowId(region, sequence));
  LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return AnswerMissing();
  return DecodeChanges(find.Bytes(0));
}

// The result of an earlier commit, as CommitResult::written documents it.
absl::StatusOr<CommitResult> Replay(Connection& connection, Region region, uint64_t sequence) {
  LEYE_ASSIGN_OR_RETURN(const RegionState state, ReadRegion(connection, region));
  LEYE_ASSIGN_OR_RETURN(std::vector<Change> changes, ReadChanges(connection, region, sequence));
  // The present epoch: a history that was continued under a new one still holds this commit.
  CommitResult result{.revision = {state.epoch, sequence}, .written = {}, .replayed = true};
  for (Change& change : changes) {
    if (!change.put) continue;
    Record record{change.key.kind, std::move(change.key.name), change.number, sequence,
                  *std::move(change.put)};
    LEYE_RETURN_IF_ERROR(AttachSealed(connection, RowId(region, record.number), record.envelope));
    result.written.push_back(std::move(record));
  }
  return result;
}

// The number after which a page of ScanRegion goes on.
absl::StatusOr<uint64_t> ReadCursor(const RegionScanRequest& request, const RegionState& state) {
  if (request.cursor.empty()) return 0;
  const absl::StatusOr<RegionRevision> cursor = ParseToken(request.cursor);
  if (!cursor.ok() || cursor->region != request.region || cursor->revision.sequence > kMaxCounter) {
    return InvalidCursor();
  }
  if (cursor->revision.epoch != state.epoch) {
    return MustScanAgain("EPOCH_CHANGED", request.region, {cursor->revision.epoch, 0});
  }
  return cursor->revision.sequence;
}

template <typename Page>
absl::StatusOr<Page> ScanInto(Connection& connection, const RegionScanRequest& request) {
  LEYE_ASSIGN_OR_RETURN(const RegionState state, ReadRegion(connection, request.region));
  LEYE_ASSIGN_OR_RETURN(const uint64_t after, ReadCursor(request, state));
  Page page;
  page.revision = state.revision();
  Query rows(connection,
             "SELECT " LEYE_RECORD_COLUMNS " FROM records WHERE id > ? AND id <= ? ORDER BY id",
             RowId(request.region, after), RowId(request.region, kMaxCounter));
  LEYE_ASSIGN_OR_RETURN(const bool more, TakePage(rows, request.limit, page.records));
  if (more) {
    const uint64_t last = page.records[page.records.size() - 1].number;
    page.next_cursor = FormatToken({request.region, {state.epoch, last}});
  }
  return page;
}

}  // namespace

absl::StatusOr<ReadTransaction> ReadTransaction::Begin(Connection& connection) {
  LEYE_RETURN_IF_ERROR(Query(connection, "BEGIN").Run());
  return ReadTransaction(connection);
}

ReadTransaction::ReadTransaction(ReadTransaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

ReadTransaction::~ReadTransaction() {
  if (connection_ != nullptr) Query(*connection_, "COMMIT").Run().IgnoreError();
}

absl::StatusOr<RegionState> ReadRegion(Connection& connection, Region region) {
  Query find(connection, "SELECT epoch, head, next_number, log_start FROM regions WHERE region = ?",
             region.number());
  LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
  return found ? TakeRegion(find, 0) : RegionState();
}

absl::StatusOr<std::map<Region, RegionState>> ReadRegions(Connection& connection) {
  std::map<Region, RegionState> regions;
  Query all(connection, "SELECT region, epoch, head, next_number, log_start FROM regions");
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const bool found, all.Step());
    if (!found) return regions;
    regions.emplace(Region::FromNumber(static_cast<int>(all.Int(0))), TakeRegion(all, 1));
  }
}

absl::StatusOr<Location> Locate(Connection& connection, Region region, const RecordKey& key) {
  Query find(connection,
             "SELECT id, version FROM records WHERE region = ? AND kind = ? AND name = ?",
             region.number(), static_cast<int>(key.kind), absl::string_view(key.name));
  LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return Location();
  return Location{CounterOf(find.Int(0)), find.Unsigned(1)};
}

absl::StatusOr<std::optional<CommitResult>> FindRequest(Connection& connection, Region region,
                                                        absl::string_view request_id,
                                                        absl::string_view fingerprint) {
  if (request_id.empty()) return std::nullopt;
  Query find(connection,
             "SELECT fingerprint, sequence FROM requests WHERE region = ? AND request_id = ?",
             region.number(), request_id);
  LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  if (find.Bytes(0) != fingerprint) return RequestIdReused(request_id);
  LEYE_ASSIGN_OR_RETURN(CommitResult result, Replay(connection, region, find.Unsigned(1)));
  return result;
}

absl::StatusOr<std::optional<Record>> ReadRecord(Connection& connection, Region region,
                                                 const RecordKey& key) {
  Query find(connection,
             "SELECT " LEYE_RECORD_COLUMNS
             " FROM records WHERE region = ? AND kind = ? AND name = ?",
             region.number(), static_cast<int>(key.kind), absl::string_view(key.name));
  LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  LEYE_ASSIGN_OR_RETURN(Record record, DecodeRecord(StoredIn(find)));
  return record;
}

absl::StatusOr<ScanPage> Scan(Connection& connection, const ScanRequest& request) {
  ScanPage page;
  LEYE_ASSIGN_OR_RETURN(const RegionState state, ReadRegion(connection, request.region));
  page.revision = state.revision();
  Query rows(connection,
             "SELECT " LEYE_RECORD_COLUMNS
             " FROM records WHERE region = ? AND kind = ? AND name > ? ORDER BY name",
             request.region.number(), static_cast<int>(request.kind),
             absl::string_view(request.after_name));
  LEYE_ASSIGN_OR_RETURN(page.more, TakePage(rows, request.limit, page.records));
  return page;
}

absl::StatusOr<RegionScanPage> ScanRegion(Connection& connection,
                                          const RegionScanRequest& request) {
  return ScanInto<RegionScanPage>(connection, request);
}

absl::StatusOr<OpenScanPage> ScanOpen(Connection& connection, const RegionScanRequest& request) {
  return ScanInto<OpenScanPage>(connection, request);
}

absl::StatusOr<std::vector<LogEntry>> ReadLog(Connection& connection, Region region, Revision after,
                                              int limit) {
  LEYE_ASSIGN_OR_RETURN(const RegionState state, ReadRegion(connection, region));
  LEYE_RETURN_IF_ERROR(CheckFollows({state.revision(), state.log_start}, region, after));
  Query rows(connection, "SELECT id, changes FROM log WHERE id > ? AND id <= ? ORDER BY id",
             RowId(region, after.sequence), RowId(region, state.head));
  const auto most = static_cast<size_t>(std::min(limit, kMaxPageSize));
  std::vector<LogEntry> entries;
  size_t bytes = 0;
  for (uint64_t next = after.sequence + 1; entries.size() < most && bytes <= kMaxPageBytes;
       ++next) {
    LEYE_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) break;
    if (CounterOf(rows.Int(0)) != next) return StoreCorrupt("the log has a gap");
    bytes += rows.Bytes(1).size();
    LEYE_ASSIGN_OR_RETURN(std::vector<Change> changes, DecodeChanges(rows.Bytes(1)));
    entries.push_back({{state.epoch, next}, std::move(changes)});
  }
  return entries;
}

absl::StatusOr<RequestPage> ScanRequests(Connection& connection, Region region,
                                         absl::string_view cursor, int limit) {
  LEYE_ASSIGN_OR_RETURN(const RegionState state, ReadRegion(connection, region));
  uint64_t after = 0;
  if (!cursor.empty() && (!absl::SimpleAtoi(cursor, &after) || after > kMaxCounter)) {
    return InvalidCursor();
  }
  RequestPage page{.revision = state.revision(), .next_number = state.next_number};
  Query rows(connection,
             "SELECT request_id, fingerprint, sequence, time_ms, changes, id FROM requests "
             "LEFT JOIN log ON id = ?2 + sequence WHERE region = ?1 AND sequence > ?3 "
             "ORDER BY sequence",
             region.number(), RowId(region, 0), after);
  const auto most = static_cast<size_t>(std::min(limit, kMaxPageSize));
  for (size_t bytes = 0; true;) {
    LEYE_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) return page;
    if (page.requests.size() == most || bytes > kMaxPageBytes) break;
    if (rows.Int(5) == 0) return AnswerMissing();
    bytes += rows.Bytes(4).size();
    LEYE_ASSIGN_OR_RETURN(std::vector<Change> changes, DecodeChanges(rows.Bytes(4)));
    page.requests.push_back({std::string(rows.Bytes(0)), std::string(rows.Bytes(1)),
                             absl::FromUnixMillis(rows.Int(3)), rows.Unsigned(2),
                             std::move(changes)});
  }
  page.next_cursor = absl::StrCat(page.requests.back().sequence);
  return page;
}

}  // namespace leye::store::sqlite
