#include "services/leyectl/spill_map.h"

#include "absl/strings/str_cat.h"
#include <sqlite3.h>

namespace leye::ctl {
namespace {

// Nothing of it outlives the program, so nothing is made safe against a crash. A negative cache
// size is in KiB.
std::string Setup() {
  return absl::StrCat(
      "PRAGMA temp_store = FILE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;",
      "PRAGMA cache_size = -", kSpillMapCacheBytes / 1024, ";",
      "CREATE TABLE map (key INTEGER PRIMARY KEY, value BLOB NOT NULL); BEGIN");
}

}  // namespace

void SpillMap::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void SpillMap::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

SpillMap::SpillMap() = default;
SpillMap::~SpillMap() = default;

void SpillMap::Check(int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE || !status_.ok()) return;
  status_ = absl::UnavailableError(
      absl::StrCat("cannot keep what was read in a temporary file (TMPDIR names its folder): ",
                   sqlite3_errstr(code)));
}

SpillMap::Statement SpillMap::Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (status_.ok()) Check(sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr));
  return Statement(statement);
}

void SpillMap::Open() {
  sqlite3* database = nullptr;
  // The empty name is that of a temporary file.
  Check(sqlite3_open_v2("", &database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr));
  database_.reset(database);
  if (status_.ok()) Check(sqlite3_exec(database, Setup().c_str(), nullptr, nullptr, nullptr));
  put_ = Prepare("INSERT OR IGNORE INTO map VALUES (?, ?)");
  find_ = Prepare("SELECT value FROM map WHERE key = ?");
}

std::optional<std::string> SpillMap::PutIfAbsent(uint64_t key, absl::string_view value) {
  if (database_ == nullptr) Open();
  if (!status_.ok()) return std::nullopt;
  sqlite3_stmt* put = put_.get();
  sqlite3_bind_int64(put, 1, static_cast<int64_t>(key));
  // Of null SQLite would make NULL.
  sqlite3_bind_blob(put, 2, value.empty() ? "" : value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  Check(sqlite3_step(put));
  sqlite3_reset(put);
  if (!status_.ok() || sqlite3_changes(database_.get()) > 0) return std::nullopt;
  return Find(key);
}

std::optional<std::string> SpillMap::Find(uint64_t key) {
  if (database_ == nullptr || !status_.ok()) return std::nullopt;
  sqlite3_stmt* find = find_.get();
  sqlite3_bind_int64(find, 1, static_cast<int64_t>(key));
  const int code = sqlite3_step(find);
  Check(code);
  std::optional<std::string> found;
  if (code == SQLITE_ROW) {
    const void* value = sqlite3_column_blob(find, 0);
    const auto size = static_cast<size_t>(sqlite3_column_bytes(find, 0));
    found = value == nullptr ? "" : std::string(static_cast<const char*>(value), size);
  }
  sqlite3_reset(find);
  return found;
}

}  // namespace leye::ctl
