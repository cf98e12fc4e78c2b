// SQLite's C interface as two small types: a connection, and one run of a prepared statement.
//
//   Query find(db, "SELECT version FROM records WHERE region = ? AND name = ?", 13, name);
//   LEYE_ASSIGN_OR_RETURN(const bool found, find.Step());
//   if (found) Use(find.Int(0));

#ifndef LEYE_SERVICES_STORE_SQLITE_DB_H_
#define LEYE_SERVICES_STORE_SQLITE_DB_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/sqlite_fsyncs.h"

struct sqlite3;
struct sqlite3_file;
struct sqlite3_stmt;

namespace leye::store::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* database) const;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const;
};

struct ConnectionOptions {
  std::string path;
  std::string vfs = {};  // Empty for the default.
};

// How hard a checkpoint tries.
enum class Checkpoint {
  kPassive,  // Copies what it can without waiting for anybody.
  kRestart,  // Waits a little for readers, so that the log starts over and stays small.
};

// One connection with its prepared statements. Thread-compatible.
class Connection {
 public:
  // Opens or creates the file.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const ConnectionOptions& options);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one or more statements that return no rows.
  absl::Status Execute(const char* sql);
  absl::Status Execute(const std::string& sql) { return Execute(sql.c_str()); }

  // The first column of the first row; INTERNAL when there is no row.
  absl::StatusOr<int64_t> QueryInt(const char* sql);

  // False after an error that made SQLite roll the transaction back by itself.
  bool in_transaction() const;

  // Pages in the write-ahead log after this connection's last commit.
  int wal_pages() const { return wal_pages_; }
  absl::Status RunCheckpoint(Checkpoint mode);

  // Leaves checkpointing to RunCheckpoint: not at commits, and unless `at_close` not on closing.
  enum class AtClose { kCheckpoint, kLeave };
  void CheckpointOnlyWhenAsked(AtClose at_close);

  // Measures the fsyncs of the log and of the database file from now on. Both figures
  // outlive the connection. REQUIRES: it has read in WAL mode, so that both files are open; once.
  void TimeFsyncs(OutcomeFigures& log, OutcomeFigures& file);

  // The documented error for a result code of this connection.
  absl::Status ErrorOf(int code) const;

 private:
  friend class Query;

  explicit Connection(sqlite3* database) : database_(database) {}

  // The main database's file or log, as sqlite3_file_control names them; null when it has none.
  sqlite3_file* FileOf(int pointer_opcode) const;

  // True when the last write to the database or its log failed for want of space.
  bool RanOutOfSpace() const;

  // The statement for `sql`, prepared once. `sql` is the key by address: REQUIRES a literal.
  absl::StatusOr<sqlite3_stmt*> Prepared(const char* sql);
  static int RememberWalPages(void* connection, sqlite3* database, const char* name, int pages);

  int wal_pages_ = 0;
  TimedFilePtr timed_log_;  // Both outlive the database.
  TimedFilePtr timed_file_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;  // Outlives the statements.
  absl::flat_hash_map<const char*, std::unique_ptr<sqlite3_stmt, FinalizeStatement>> statements_;
};

// Text bound as a blob.
struct Blob {
  absl::string_view bytes;
};

// One run of a prepared statement, reset when it ends. REQUIRES: `sql` is a literal, one Query a
// statement at a time, and bound text and blobs outlive the Query. Errors of preparing and binding
// come out of Step. Thread-compatible.
class Query {
 public:
  template <typename... Values>
  Query(Connection& connection, const char* sql, const Values&... values)
      : connection_(connection) {
    Prepare(sql);
    (Bind(values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // True when there is a row to read.
  absl::StatusOr<bool> Step();

  // Runs a statement that returns no rows.
  absl::Status Run();

  // Column `index` of the current row. Views are valid until the next Step.
  int64_t Int(int index) const;
  uint64_t Unsigned(int index) const { return static_cast<uint64_t>(Int(index)); }
  absl::string_view Bytes(int index) const;

 private:
  void Prepare(const char* sql);
  void Bind(int value) { Bind(static_cast<int64_t>(value)); }
  void Bind(int64_t value);
  void Bind(uint64_t value) { Bind(static_cast<int64_t>(value)); }
  void Bind(absl::string_view text);
  void Bind(Blob blob);
  void Remember(int code);

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  absl::Status error_;
};

}  // namespace leye::store::sqlite

#endif  // LEYE_SERVICES_STORE_SQLITE_DB_H_
