// The errors of store.h, made in one place so that every engine gives the same ones.

#ifndef LEYE_SERVICES_STORE_ERRORS_H_
#define LEYE_SERVICES_STORE_ERRORS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "services/store/record.h"
#include "services/store/region.h"

namespace leye::store {

// A read of a record that does not exist.
absl::Status RecordNotFound(const RecordKey& key);

// OK when `precondition` of mutation number `index` holds for a record that is at `version`, 0
// meaning that it is absent; else the error that Commit documents. A deletion needs the record.
absl::Status CheckPrecondition(size_t index, const Mutation& mutation, uint64_t version);

absl::Status RequestIdReused(absl::string_view request_id);
absl::Status StoreFull(absl::string_view detail);
absl::Status CountersUsedUp();
absl::Status StoreBusy();
absl::Status StoreClosed();
absl::Status StoreIoError(absl::string_view detail);
absl::Status OutcomeUnknown(absl::string_view detail);
absl::Status StoreCorrupt(absl::string_view detail);

absl::Status InvalidCursor();

// A follower must scan again: reason LOG_TRIMMED, EPOCH_CHANGED, REVISION_AHEAD or SCAN_GONE.
absl::Status MustScanAgain(absl::string_view reason, Region region, Revision after);

// What stands in the way of a restore or, the last, of a commit during one.
absl::Status RegionNotEmpty(Region region, Revision head);
absl::Status RestoreUnfinished(Region region);
absl::Status RestoreGap(Region region, uint64_t index, uint64_t next_index);
absl::Status RegionRestoring(Region region);

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_ERRORS_H_
