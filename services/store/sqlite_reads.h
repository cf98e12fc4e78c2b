// What can be read from a SQLite store, on whichever connection. Each function is one consistent
// read only inside a transaction: wrap calls in a ReadTransaction, or be the writer.

#ifndef LEYE_SERVICES_STORE_SQLITE_READS_H_
#define LEYE_SERVICES_STORE_SQLITE_READS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/sqlite_db.h"
#include "services/store/store.h"

namespace leye::store::sqlite {

// The row of a region; the default is a region without history.
struct RegionState {
  uint64_t epoch = 0;
  uint64_t head = 0;
  uint64_t next_number = 1;
  uint64_t log_start = 1;

  Revision revision() const { return {epoch, head}; }
};

// Where a record is: its number and version; version 0 when there is none.
struct Location {
  uint64_t number = 0;
  uint64_t version = 0;
};

// One read transaction: everything read until it is destroyed is at one revision.
class ReadTransaction {
 public:
  static absl::StatusOr<ReadTransaction> Begin(Connection& connection);
  ReadTransaction(ReadTransaction&& other) noexcept;
  ReadTransaction& operator=(ReadTransaction&&) = delete;
  ~ReadTransaction();

 private:
  explicit ReadTransaction(Connection& connection) : connection_(&connection) {}

  Connection* connection_;
};

absl::StatusOr<RegionState> ReadRegion(Connection& connection, Region region);
absl::StatusOr<std::map<Region, RegionState>> ReadRegions(Connection& connection);
absl::StatusOr<Location> Locate(Connection& connection, Region region, const RecordKey& key);

// As the methods of Store with these names.
absl::StatusOr<std::optional<CommitResult>> FindRequest(Connection& connection, Region region,
                                                        absl::string_view request_id,
                                                        absl::string_view fingerprint);
absl::StatusOr<std::optional<Record>> ReadRecord(Connection& connection, Region region,
                                                 const RecordKey& key);
absl::StatusOr<ScanPage> Scan(Connection& connection, const ScanRequest& request);
absl::StatusOr<RegionScanPage> ScanRegion(Connection& connection, const RegionScanRequest& request);
absl::StatusOr<OpenScanPage> ScanOpen(Connection& connection, const RegionScanRequest& request);
absl::StatusOr<std::vector<LogEntry>> ReadLog(Connection& connection, Region region, Revision after,
                                              int limit);
absl::StatusOr<RequestPage> ScanRequests(Connection& connection, Region region,
                                         absl::string_view cursor, int limit);

}  // namespace leye::store::sqlite

#endif  // LEYE_SERVICES_STORE_SQLITE_READS_H_
