// Moves a whole region between stores through a file: export, import, verify.
//
//   LEYE_ASSIGN_OR_RETURN(RegionSummary out, ExportRegion({sqlite, clock, log}, hebei, "h.leye"));
//   LEYE_ASSIGN_OR_RETURN(RegionSummary in, ImportRegion({redis, clock, log}, "h.leye"));
//
// The region must stand still meanwhile: whatever is written between the export and the end of the
// import would be lost. So a change of the region ends an export.
//
// Each of the three may be killed at any moment and called again: an export goes on behind the last
// whole frame of the file, an import behind the last frame that the store took (Store::Restore).
// Memory: one page of records; to read a file, a bit set of their numbers beside it.

#ifndef LEYE_SERVICES_LEYED_REGION_TRANSFER_H_
#define LEYE_SERVICES_LEYED_REGION_TRANSFER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/store/store.h"

namespace leye {

// What the three work with. All must outlive the call.
struct TransferEnvironment {
  store::Store& store;
  const Clock& clock;
  const Logger& log;
  int page_size = 500;  // Records or requests a frame.
};

// A region as a file or a store holds it.
struct RegionSummary {
  store::RegionRevision at;
  uint64_t next_number = 1;
  uint64_t records = 0;
  uint64_t requests = 0;       // Remembered ones; those older than kRequestMemory stay behind.
  std::string records_digest;  // 32 bytes, whatever the order of the records.
};

// Writes the region to `path`, or what is missing there after an export that was cut short.
// NOT_FOUND (REGION_EMPTY)      the store holds nothing of the region
// ABORTED (REGION_CHANGED)      the region changed since the export began: begin anew
// ALREADY_EXISTS (FILE_EXISTS)  the file is another region's export, or complete at another
//                               revision
absl::StatusOr<RegionSummary> ExportRegion(const TransferEnvironment& environment,
                                           store::Region region, const std::string& path);

// Reads the whole file first, so that nothing of a damaged one is imported, then imports it and
// verifies. Already imported: only verifies.
// DATA_LOSS (FILE_DAMAGED, FILE_INCOMPLETE); the errors of Store::Restore and VerifyRegion
absl::StatusOr<RegionSummary> ImportRegion(const TransferEnvironment& environment,
                                           const std::string& path);

// OK when the region in the store is at the file's revision and has the same records, all equal,
// the same next number and all requests that are still to be remembered.
// FAILED_PRECONDITION (REGION_DIFFERS) says in what they differ.
absl::StatusOr<RegionSummary> VerifyRegion(const TransferEnvironment& environment,
                                           const std::string& path);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_REGION_TRANSFER_H_
