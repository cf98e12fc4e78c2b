// The tables of the SQLite engine, and how a file comes to have them.
//
// A record's row id is `region << 48 | number`. Numbers ascend, so new records are appended at the
// right edge of their region's part of the tree, whatever they are called, and a scan of a region
// reads its pages in order. The name is found through one index. The log and its
// `region << 48 | sequence` are laid out in the same way: appended, read and trimmed in order.
//
//   regions   epoch, head, next number and first log sequence of each region
//   records   the open and the personal part in columns of their own
//   log       storage.v1.LogChanges of each commit
//   requests  which commit a request id stands for; its result is read from log and records
//   restores  regions that are being restored, and how far that has come

#ifndef LEYE_SERVICES_STORE_SQLITE_SCHEMA_H_
#define LEYE_SERVICES_STORE_SQLITE_SCHEMA_H_

#include <cstdint>

#include "absl/status/status.h"

#include "services/store/region.h"
#include "services/store/sqlite_db.h"

namespace leye::store::sqlite {

inline constexpr int kCounterBits = 48;
static_assert(kMaxCounter == (uint64_t{1} << kCounterBits) - 1);

// The row id of a record's number or of a log entry's sequence.
constexpr int64_t RowId(Region region, uint64_t counter) {
  return static_cast<int64_t>(static_cast<uint64_t>(region.number()) << kCounterBits | counter);
}
constexpr uint64_t CounterOf(int64_t row_id) { return static_cast<uint64_t>(row_id) & kMaxCounter; }

// Brings the file up to the newest schema, each step in a transaction of its own, so that a crash
// leaves the step before or after. FAILED_PRECONDITION: STORE_NEWER or NOT_A_STORE.
absl::Status Migrate(Connection& connection);

}  // namespace leye::store::sqlite

#endif  // LEYE_SERVICES_STORE_SQLITE_SCHEMA_H_
