#include "services/store/sqlite_schema.h"

#include <iterator>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::store::sqlite {
namespace {

// "leye" in ASCII: tells our files from other SQLite files.
constexpr int64_t kApplicationId = 0x6c657965;

// Step i brings a file from version i to i + 1. Never change a step that was released: add one.
constexpr const char* kSteps[] = {
    R"sql(
      CREATE TABLE regions (
        region INTEGER PRIMARY KEY,
        epoch INTEGER NOT NULL,
        head INTEGER NOT NULL,         -- sequence of the last commit
        next_number INTEGER NOT NULL,  -- for the next new record
        log_start INTEGER NOT NULL     -- first sequence that followers may read
      ) STRICT;
      CREATE TABLE records (
        id INTEGER PRIMARY KEY,        -- region << 48 | number
        version INTEGER NOT NULL,
        region INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        name TEXT NOT NULL,
        open BLOB NOT NULL,            -- storage.v1.Envelope without the personal part
        sealed BLOB NOT NULL           -- storage.v1.Sealed, empty for none
      ) STRICT;
      CREATE UNIQUE INDEX records_by_name ON records (region, kind, name);
      CREATE TABLE log (
        id INTEGER PRIMARY KEY,        -- region << 48 | sequence
        changes BLOB NOT NULL          -- storage.v1.LogChanges
      ) STRICT;
      CREATE TABLE requests (
        region INTEGER NOT NULL,
        request_id TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        sequence INTEGER NOT NULL,     -- of the commit it stands for
        time_ms INTEGER NOT NULL,      -- when, Unix time
        PRIMARY KEY (region, request_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX requests_by_age ON requests (region, sequence, time_ms);
    )sql",
    R"sql(
      CREATE TABLE restores (
        region INTEGER PRIMARY KEY,
        restore_id BLOB NOT NULL,
        next_step INTEGER NOT NULL     -- the first that is not applied yet
      ) STRICT;
    )sql",
};
constexpr int64_t kNewestVersion = std::size(kSteps);

absl::Status CheckOwner(Connection& connection, int64_t version) {
  LEYE_ASSIGN_OR_RETURN(const int64_t application, connection.QueryInt("PRAGMA application_id"));
  LEYE_ASSIGN_OR_RETURN(const int64_t objects,
                        connection.QueryInt("SELECT count(*) FROM sqlite_schema"));
  const bool empty = version == 0 && objects == 0;
  if (application == kApplicationId || (application == 0 && empty)) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "NOT_A_STORE",
               "the file is a SQLite database of another program");
}

absl::Status TakeStep(Connection& connection, int64_t version) {
  absl::Status taken = connection.Execute(
      absl::StrCat("BEGIN IMMEDIATE;", kSteps[version], "PRAGMA application_id = ", kApplicationId,
                   ";PRAGMA user_version = ", version + 1, ";COMMIT"));
  if (!taken.ok() && connection.in_transaction()) connection.Execute("ROLLBACK").IgnoreError();
  return taken;
}

}  // namespace

absl::Status Migrate(Connection& connection) {
  LEYE_ASSIGN_OR_RETURN(int64_t version, connection.QueryInt("PRAGMA user_version"));
  LEYE_RETURN_IF_ERROR(CheckOwner(connection, version));
  if (version > kNewestVersion) {
    return Error(absl::StatusCode::kFailedPrecondition, "STORE_NEWER",
                 absl::StrCat("the file has schema version ", version, ", this program knows ",
                              kNewestVersion, ": use a newer leye"));
  }
  for (; version < kNewestVersion; ++version) {
    LEYE_RETURN_IF_ERROR(TakeStep(connection, version));
  }
  return absl::OkStatus();
}

}  // namespace leye::store::sqlite
