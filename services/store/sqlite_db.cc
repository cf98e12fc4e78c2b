#include "services/store/sqlite_db.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include <sqlite3.h>

#include "services/base/status.h"
#include "services/store/errors.h"

namespace leye::store::sqlite {

void CloseDatabase::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void FinalizeStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ConnectionOptions& options) {
  sqlite3* handle = nullptr;
  // NOMUTEX: each connection is used by one thread at a time.
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(options.path.c_str(), &handle, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) {
    return StoreIoError(absl::StrCat("cannot open ", options.path, ": ", sqlite3_errstr(code)));
  }
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return connection;
}

absl::Status Connection::Execute(const char* sql) {
  return ErrorOf(sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr));
}

absl::StatusOr<int64_t> Connection::QueryInt(const char* sql) {
  sqlite3_stmt* handle = nullptr;
  const int prepared = sqlite3_prepare_v2(database_.get(), sql, -1, &handle, nullptr);
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement(handle);
  if (prepared != SQLITE_OK) return ErrorOf(prepared);
  const int code = sqlite3_step(handle);
  if (code == SQLITE_ROW) return sqlite3_column_int64(handle, 0);
  if (code == SQLITE_DONE) return absl::InternalError(absl::StrCat("no row from: ", sql));
  return ErrorOf(code);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

absl::Status Connection::RunCheckpoint(Checkpoint mode) {
  const bool restart = mode == Checkpoint::kRestart;
  sqlite3_busy_timeout(database_.get(), restart ? 200 : 0);
  const int code = sqlite3_wal_checkpoint_v2(
      database_.get(), nullptr, restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE,
      nullptr, nullptr);
  // Busy means that a reader still needs a part of the log: the next checkpoint copies it.
  return (code & 0xff) == SQLITE_BUSY ? absl::OkStatus() : ErrorOf(code);
}

void Connection::CheckpointOnlyWhenAsked(AtClose at_close) {
  // A hook of our own replaces the one that checkpoints automatically.
  sqlite3_wal_hook(database_.get(), &Connection::RememberWalPages, this);
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                    at_close == AtClose::kLeave ? 1 : 0, nullptr);
}

void Connection::TimeFsyncs(OutcomeFigures& log, OutcomeFigures& file) {
  sqlite3_file* const log_file = FileOf(SQLITE_FCNTL_JOURNAL_POINTER);
  sqlite3_file* const database_file = FileOf(SQLITE_FCNTL_FILE_POINTER);
  if (log_file != nullptr) timed_log_ = sqlite::TimeFsyncs(*log_file, log);
  if (database_file != nullptr) timed_file_ = sqlite::TimeFsyncs(*database_file, file);
}

int Connection::RememberWalPages(void* connection, sqlite3*, const char*, int pages) {
  static_cast<Connection*>(connection)->wal_pages_ = pages;
  return SQLITE_OK;
}

absl::Status Connection::ErrorOf(int code) const {
  const std::string detail = absl::StrCat(sqlite3_errstr(code), " (", code, ")");
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_FULL:
      return StoreFull(detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StoreCorrupt(detail);
    case SQLITE_IOERR:
      // A limit on file size or a disk quota is a lack of space too, under another name.
      if (code == SQLITE_IOERR_WRITE && RanOutOfSpace()) return StoreFull(detail);
      return StoreIoError(detail);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_NOMEM:
      return StoreIoError(detail);
    default:
      return leye::Error(absl::StatusCode::kInternal, "STORE_INTERNAL",
                         absl::StrCat("sqlite: ", detail));
  }
}

sqlite3_file* Connection::FileOf(int pointer_opcode) const {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database_.get(), "main", pointer_opcode, &file);
  return file == nullptr || file->pMethods == nullptr ? nullptr : file;
}

bool Connection::RanOutOfSpace() const {
  // sqlite3_system_errno() tells nothing about a failed COMMIT, the files themselves do.
  for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
    sqlite3_file* file = FileOf(which);
    if (file == nullptr) continue;
    int error = 0;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    if (error == ENOSPC || error == EFBIG || error == EDQUOT) return true;
  }
  return false;
}

absl::StatusOr<sqlite3_stmt*> Connection::Prepared(const char* sql) {
  auto& slot = statements_[sql];
  if (slot == nullptr) {
    sqlite3_stmt* handle = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) return ErrorOf(code);
    slot.reset(handle);
  }
  return slot.get();
}

void Query::Prepare(const char* sql) {
  absl::StatusOr<sqlite3_stmt*> statement = connection_.Prepared(sql);
  if (statement.ok()) {
    statement_ = *statement;
  } else {
    error_ = std::move(statement).status();
  }
}

Query::~Query() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

absl::StatusOr<bool> Query::Step() {
  LEYE_RETURN_IF_ERROR(error_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.ErrorOf(code);
}

absl::Status Query::Run() { return Step().status(); }

int64_t Query::Int(int index) const { return sqlite3_column_int64(statement_, index); }

absl::string_view Query::Bytes(int index) const {
  const void* bytes = sqlite3_column_blob(statement_, index);
  const int size = sqlite3_column_bytes(statement_, index);
  return {static_cast<const char*>(bytes), static_cast<size_t>(size)};
}

void Query::Bind(int64_t value) {
  if (statement_ != nullptr) Remember(sqlite3_bind_int64(statement_, ++bound_, value));
}

void Query::Bind(absl::string_view text) {
  if (statement_ == nullptr) return;
  Remember(sqlite3_bind_text64(statement_, ++bound_, text.data() == nullptr ? "" : text.data(),
                               text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Query::Bind(Blob blob) {
  if (statement_ == nullptr) return;
  const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  Remember(sqlite3_bind_blob64(statement_, ++bound_, data, blob.bytes.size(), SQLITE_STATIC));
}

void Query::Remember(int code) {
  if (code != SQLITE_OK && error_.ok()) error_ = connection_.ErrorOf(code);
}

}  // namespace leye::store::sqlite
