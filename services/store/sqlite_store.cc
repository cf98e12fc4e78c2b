#include "services/store/sqlite_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/file_lock.h"
#include "services/store/group_writer.h"
#include "services/store/head_board.h"
#include "services/store/limits.h"
#include "services/store/log_holds.h"
#include "services/store/sqlite_commit.h"
#include "services/store/sqlite_db.h"
#include "services/store/sqlite_readers.h"
#include "services/store/sqlite_reads.h"
#include "services/store/sqlite_schema.h"

namespace leye::store {
namespace {

using sqlite::Connection;

constexpr int kPageBytes = 4096;

// Everything that SqliteStore is put together from.
struct Pieces {
  FileLock lock;
  std::unique_ptr<Connection> writer;
  std::vector<std::unique_ptr<Connection>> readers;
};

// Thread-safe.
class SqliteStore final : public Store {
 public:
  SqliteStore(Pieces parts, const SqliteOptions& options, const StoreEnvironment& environment,
              const Heads& heads);
  ~SqliteStore() override { Close(); }

  absl::StatusOr<CommitResult> Commit(const CommitRequest& request) override;
  absl::StatusOr<std::optional<CommitResult>> FindRequest(Region region,
                                                          absl::string_view request_id,
                                                          absl::string_view fingerprint) override;
  absl::StatusOr<Record> Get(Region region, const RecordKey& key) override;
  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(
      Region region, const std::vector<RecordKey>& keys) override;
  absl::StatusOr<ScanPage> Scan(const ScanRequest& request) override;
  absl::StatusOr<RegionScanPage> ScanRegion(const RegionScanRequest& request) override;
  absl::StatusOr<OpenScanPage> ScanOpen(const RegionScanRequest& request) override;
  absl::Status PrepareScan(Region, const std::function<bool()>&) override {
    return absl::OkStatus();  // A scan reads the table from its beginning to its end.
  }
  absl::StatusOr<std::vector<LogEntry>> ReadLog(Region region, Revision after, int limit) override;
  absl::StatusOr<Revision> Head(Region region) override { return heads_.Head(region); }
  absl::StatusOr<Heads> ListRegions() override { return heads_.All(); }
  absl::StatusOr<Heads> WaitForChange(const Heads& known, absl::Duration timeout) override {
    return heads_.WaitForChange(known, timeout);
  }
  absl::Status HoldLog(const LogHold& hold) override;
  absl::Status TrimLog(Region region, uint64_t keep_from) override;
  absl::StatusOr<RequestPage> ScanRequests(Region region, absl::string_view cursor,
                                           int limit) override;
  absl::StatusOr<uint64_t> Restore(const RestoreStep& step) override;
  absl::StatusOr<int> Reseal(Region region, const std::vector<ResealedPart>& parts) override;
  void Close() override;

 private:
  std::optional<FileLock> lock_;  // Given back last.
  const Clock& clock_;
  LogHolds holds_;
  HeadBoard heads_;
  std::unique_ptr<Connection> connection_;  // The writer's.
  sqlite::CommitApplier applier_;           // Used on the writer's thread.
  sqlite::ReaderPool readers_;
  sqlite::GroupWriter writer_;
  Mutex closing_;
};

// Gives the records of `result` the envelopes that `request` put.
void CopyEnvelopes(const CommitRequest& request, CommitResult& result) {
  auto record = result.written.begin();
  for (const Mutation& mutation : request.mutations) {
    if (mutation.type == Mutation::Type::kPut) (record++)->envelope = mutation.envelope;
  }
}

SqliteStore::SqliteStore(Pieces parts, const SqliteOptions& options,
                         const StoreEnvironment& environment, const Heads& heads)
    : lock_(std::move(parts.lock)),
      clock_(environment.clock),
      connection_(std::move(parts.writer)),
      applier_(*connection_, environment.clock, environment.random),
      readers_(std::move(parts.readers)),
      writer_(*connection_, environment.logger,
              {.max_queued = options.max_queued_commits,
               .committed = [this] { heads_.Publish(applier_.TakeMovedHeads()); },
               .rolled_back = [this] { applier_.Forget(); }}) {
  heads_.Publish(heads);
}

absl::StatusOr<CommitResult> SqliteStore::Commit(const CommitRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckCommit(request));
  const sqlite::PreparedCommit prepared = sqlite::Prepare(request);
  CommitResult result;
  LEYE_RETURN_IF_ERROR(writer_.Run(CommitBytes(request), [&]() -> absl::Status {
    LEYE_ASSIGN_OR_RETURN(result, applier_.Apply(prepared));
    return absl::OkStatus();
  }));
  if (!result.replayed) CopyEnvelopes(request, result);
  return result;
}

absl::StatusOr<std::optional<CommitResult>> SqliteStore::FindRequest(
    Region region, absl::string_view request_id, absl::string_view fingerprint) {
  LEYE_RETURN_IF_ERROR(CheckRequestId(request_id, fingerprint));
  return readers_.Run([&](Connection& connection) {
    return sqlite::FindRequest(connection, region, request_id, fingerprint);
  });
}

absl::StatusOr<Record> SqliteStore::Get(Region region, const RecordKey& key) {
  LEYE_RETURN_IF_ERROR(CheckKey(key));
  LEYE_ASSIGN_OR_RETURN(std::optional<Record> record, readers_.Run([&](Connection& connection) {
    return sqlite::ReadRecord(connection, region, key);
  }));
  if (!record) return RecordNotFound(key);
  return *std::move(record);
}

absl::StatusOr<std::vector<std::optional<Record>>> SqliteStore::BatchGet(
    Region region, const std::vector<RecordKey>& keys) {
  using Records = std::vector<std::optional<Record>>;
  LEYE_RETURN_IF_ERROR(CheckKeys(keys));
  return readers_.Run([&](Connection& connection) -> absl::StatusOr<Records> {
    Records records;
    records.reserve(keys.size());
    for (const RecordKey& key : keys) {
      LEYE_ASSIGN_OR_RETURN(std::optional<Record> record,
                            sqlite::ReadRecord(connection, region, key));
      records.push_back(std::move(record));
    }
    return records;
  });
}

absl::StatusOr<ScanPage> SqliteStore::Scan(const ScanRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(request.limit));
  return readers_.Run([&](Connection& connection) { return sqlite::Scan(connection, request); });
}

absl::StatusOr<RegionScanPage> SqliteStore::ScanRegion(const RegionScanRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(request.limit));
  return readers_.Run(
      [&](Connection& connection) { return sqlite::ScanRegion(connection, request); });
}

absl::StatusOr<OpenScanPage> SqliteStore::ScanOpen(const RegionScanRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(request.limit));
  return readers_.Run(
      [&](Connection& connection) { return sqlite::ScanOpen(connection, request); });
}

absl::StatusOr<std::vector<LogEntry>> SqliteStore::ReadLog(Region region, Revision after,
                                                           int limit) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(limit));
  return readers_.Run(
      [&](Connection& connection) { return sqlite::ReadLog(connection, region, after, limit); });
}

absl::Status SqliteStore::HoldLog(const LogHold& hold) {
  LEYE_RETURN_IF_ERROR(CheckHold(hold));
  // Not the writer's work; through it all the same, so that a closed store says so.
  return writer_.Run(0, [&] {
    holds_.Add(hold, clock_.Now());
    return absl::OkStatus();
  });
}

absl::Status SqliteStore::TrimLog(Region region, uint64_t keep_from) {
  return writer_.Run(0, [&] {
    return applier_.TrimLog(region, keep_from, holds_.LeastNeeded(region, keep_from, clock_.Now()));
  });
}

absl::StatusOr<RequestPage> SqliteStore::ScanRequests(Region region, absl::string_view cursor,
                                                      int limit) {
  LEYE_RETURN_IF_ERROR(CheckPageSize(limit));
  return readers_.Run([&](Connection& connection) {
    return sqlite::ScanRequests(connection, region, cursor, limit);
  });
}

absl::StatusOr<uint64_t> SqliteStore::Restore(const RestoreStep& step) {
  LEYE_RETURN_IF_ERROR(CheckRestore(step));
  uint64_t next = 0;
  LEYE_RETURN_IF_ERROR(writer_.Run(RestoreBytes(step), [&]() -> absl::Status {
    LEYE_ASSIGN_OR_RETURN(next, applier_.Restore(step));
    return absl::OkStatus();
  }));
  return next;
}

absl::StatusOr<int> SqliteStore::Reseal(Region region, const std::vector<ResealedPart>& parts) {
  LEYE_RETURN_IF_ERROR(CheckReseal(parts));
  int resealed = 0;
  LEYE_RETURN_IF_ERROR(writer_.Run(ResealBytes(parts), [&]() -> absl::Status {
    LEYE_ASSIGN_OR_RETURN(resealed, applier_.Reseal(region, parts));
    return absl::OkStatus();
  }));
  return resealed;
}

void SqliteStore::Close() {
  MutexLock lock(closing_);
  writer_.Close();
  heads_.Close();
  readers_.Close();
  connection_.reset();  // Last, and so the connection that checkpoints on closing.
  lock_.reset();
}

// SQLite would create the file readable by all; its log and index take over its mode.
absl::Status CreatePrivateFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return StoreIoError(absl::StrCat("cannot open ", path, ": ", std::strerror(errno)));
  }
  close(descriptor);
  return absl::OkStatus();
}

absl::Status SetUpWriter(Connection& writer, const SqliteOptions& options) {
  const bool synced = options.durability == Durability::kPowerLoss;
  LEYE_RETURN_IF_ERROR(writer.Execute(absl::StrCat(
      "PRAGMA page_size = ", kPageBytes, "; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;",
      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;",
      "PRAGMA cache_size = -", options.cache_bytes / 1024, "; PRAGMA journal_mode = WAL;",
      "PRAGMA journal_size_limit = ", 64 << 20, ";",
      "PRAGMA synchronous = ", synced ? "FULL" : "NORMAL")));
  if (options.max_file_bytes > 0) {
    LEYE_RETURN_IF_ERROR(writer.Execute(
        absl::StrCat("PRAGMA max_page_count = ", options.max_file_bytes / kPageBytes)));
  }
  writer.CheckpointOnlyWhenAsked(Connection::AtClose::kCheckpoint);
  LEYE_RETURN_IF_ERROR(sqlite::Migrate(writer));
  if (options.fsyncs != nullptr) writer.TimeFsyncs(options.fsyncs->log, options.fsyncs->database);
  return absl::OkStatus();
}

absl::Status SetUpReader(Connection& reader, const SqliteOptions& options) {
  reader.CheckpointOnlyWhenAsked(Connection::AtClose::kLeave);
  return reader.Execute(
      absl::StrCat("PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
                   "PRAGMA cell_size_check = ON; PRAGMA cache_size = -",
                   options.cache_bytes / 1024 / 8, "; PRAGMA query_only = ON"));
}

absl::Status BeginNewEpochs(Connection& writer, const StoreEnvironment& environment) {
  sqlite::CommitApplier applier(writer, environment.clock, environment.random);
  LEYE_RETURN_IF_ERROR(writer.Execute("BEGIN IMMEDIATE"));
  LEYE_RETURN_IF_ERROR(applier.BeginNewEpochs());
  return writer.Execute("COMMIT");
}

absl::StatusOr<Heads> ReadStoredHeads(Connection& connection) {
  LEYE_ASSIGN_OR_RETURN(const auto regions, sqlite::ReadRegions(connection));
  Heads heads;
  for (const auto& [region, state] : regions) heads.emplace(region, state.revision());
  return heads;
}

absl::StatusOr<std::unique_ptr<Store>> Open(const SqliteOptions& options,
                                            const StoreEnvironment& environment) {
  LEYE_ASSIGN_OR_RETURN(FileLock lock, FileLock::Acquire(options.path + ".lock"));
  LEYE_RETURN_IF_ERROR(CreatePrivateFile(options.path));
  Pieces parts{std::move(lock), nullptr, {}};
  LEYE_ASSIGN_OR_RETURN(parts.writer, Connection::Open({options.path, options.vfs}));
  LEYE_RETURN_IF_ERROR(SetUpWriter(*parts.writer, options));
  if (options.history == History::kNewEpoch) {
    LEYE_RETURN_IF_ERROR(BeginNewEpochs(*parts.writer, environment));
  }
  for (int i = 0; i < std::max(options.reader_connections, 1); ++i) {
    LEYE_ASSIGN_OR_RETURN(auto reader, Connection::Open({options.path, options.vfs}));
    LEYE_RETURN_IF_ERROR(SetUpReader(*reader, options));
    parts.readers.push_back(std::move(reader));
  }
  LEYE_ASSIGN_OR_RETURN(const Heads heads, ReadStoredHeads(*parts.writer));
  environment.logger.Info("store opened", {{"path", options.path}, {"regions", heads.size()}});
  return std::make_unique<SqliteStore>(std::move(parts), options, environment, heads);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const SqliteOptions& options,
                                                       const StoreEnvironment& environment) {
  absl::StatusOr<std::unique_ptr<Store>> store = Open(options, environment);
  if (!store.ok()) return WithContext(store.status(), options.path);
  return store;
}

}  // namespace leye::store
