// A map of numbers to bytes that grows on disk: what an import remembers of every row.
//
//   SpillMap seen;
//   if (const auto before = seen.PutIfAbsent(hash, line); before.has_value()) ...  // a double
//   LEYE_RETURN_IF_ERROR(seen.status());
//
// A temporary database of SQLite, removed with the map, also when the program is killed. Up to
// kSpillMapCacheBytes are held in memory, so that a small map never touches the disk; beyond that
// each call costs some reads of pages. SQLite puts the file into SQLITE_TMPDIR, TMPDIR, /var/tmp or
// /tmp.

#ifndef LEYE_SERVICES_LEYECTL_SPILL_MAP_H_
#define LEYE_SERVICES_LEYECTL_SPILL_MAP_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

struct sqlite3;
struct sqlite3_stmt;

namespace leye::ctl {

inline constexpr int kSpillMapCacheBytes = 8 << 20;

// Thread-compatible.
class SpillMap {
 public:
  SpillMap();
  SpillMap(const SpillMap&) = delete;
  SpillMap& operator=(const SpillMap&) = delete;
  ~SpillMap();

  // What stands under the key already; nullopt where nothing did, and now `value` does.
  std::optional<std::string> PutIfAbsent(uint64_t key, absl::string_view value);

  // nullopt where there is nothing.
  std::optional<std::string> Find(uint64_t key);

  // UNAVAILABLE from the first time on that the file could not be written or read. Nothing is put
  // or found then.
  const absl::Status& status() const { return status_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  void Open();
  Statement Prepare(const char* sql);
  // Keeps the first code that is not SQLITE_OK, _ROW or _DONE.
  void Check(int code);

  absl::Status status_;
  std::unique_ptr<sqlite3, Close> database_;  // Opened by the first that is put.
  Statement put_;
  Statement find_;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_SPILL_MAP_H_
