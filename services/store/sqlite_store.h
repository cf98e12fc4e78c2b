// The embedded engine: a Store in one SQLite file, for one process on one machine.
//
//   LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Store> store,
//                         OpenSqliteStore({.path = "/var/lib/leye/leye.db"},
//                                         {clock, random, logger}));
//
// One writer thread owns the only connection that writes and checkpoints; commits that wait at the
// same time become one SQLite transaction and one fsync. Reads use a few connections of their own
// and neither wait for the writer nor make it wait. README.md tells the decisions and the limits.

#ifndef LEYE_SERVICES_STORE_SQLITE_STORE_H_
#define LEYE_SERVICES_STORE_SQLITE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/base/outcome_figures.h"
#include "services/store/environment.h"
#include "services/store/store.h"

namespace leye::store {

// What "durable when Commit returns" rests on.
enum class Durability {
  kPowerLoss,           // fsync before every answer.
  kProcessCrashUnsafe,  // No fsync: a power cut loses acknowledged commits. For tests only.
};

// How the history goes on when an existing file is opened.
enum class History {
  kContinue,
  kNewEpoch,  // The file is a restored backup: followers must scan again.
};

// What was waited for the disk. Thread-safe.
struct FsyncFigures {
  OutcomeFigures log;       // One a group of commits, and at checkpoints.
  OutcomeFigures database;  // At checkpoints.
};

struct SqliteOptions {
  std::string path = {};             // Created, readable by its owner only, when it is absent.
  int reader_connections = 4;        // Reads that can run at once.
  size_t max_queued_commits = 4096;  // More are refused: RESOURCE_EXHAUSTED, STORE_BUSY.
  int64_t cache_bytes = 64 << 20;    // Page cache of the writer; each reader has an eighth.
  int64_t max_file_bytes = 0;        // Quota of the database file; 0 for none.
  Durability durability = Durability::kPowerLoss;
  History history = History::kContinue;
  FsyncFigures* fsyncs = nullptr;  // Null: not measured. Outlives the store.
  std::string vfs = {};  // A registered SQLite VFS, for fault tests; empty for the default.
};

// Opens or creates the file, after upgrading its schema if it is older.
// FAILED_PRECONDITION  STORE_LOCKED: another process (or this one) has it open; STORE_NEWER:
// written
//                      by a newer leye; NOT_A_STORE: a SQLite file of something else.
// DATA_LOSS            STORE_CORRUPT: not readable as a SQLite file.
// UNAVAILABLE          STORE_IO_ERROR: the path cannot be opened or created.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const SqliteOptions& options,
                                                       const StoreEnvironment& environment);

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_SQLITE_STORE_H_
