// Moving a region to another store: what is read of it beside its records, and the steps that put
// all of it there.
//
//   RestoreStep step{.region = hebei, .restore_id = digest, .revision = head, .next_number = next};
//   step.records = page.records;
//   LEYE_ASSIGN_OR_RETURN(step.index, store.Restore(step));   // And so on; the end says `last`.
//
// Names, numbers, versions, the revision with its epoch and the remembered requests stay what they
// were. The log does not come along, but for what answers the remembered requests.

#ifndef LEYE_SERVICES_STORE_RESTORE_H_
#define LEYE_SERVICES_STORE_RESTORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "services/store/record.h"
#include "services/store/region.h"

namespace leye::store {

// A request id that a repeated commit would be answered from.
struct RememberedRequest {
  std::string request_id;
  std::string fingerprint = {};
  absl::Time time = {};              // When it was committed, to the millisecond.
  uint64_t sequence = 0;             // Of its commit.
  std::vector<Change> changes = {};  // What that commit changed.
};

struct RequestPage {
  std::vector<RememberedRequest> requests = {};  // Ascending by sequence.
  std::string next_cursor = {};                  // Empty on the last page.
  Revision revision = {};                        // The head when the page was read.
  uint64_t next_number = 1;                      // Of the next new record.
};

// The first four members are the same in every step of one restore. Steps are numbered from 0
// without a gap; how much is in one is free, within the limits of pages. REQUIRES: no two records
// of a restore have the same number. That is checked within a step only: across steps the caller
// sees to it, as an import does before its first step, and leyed verify finds what has come to
// differ.
struct RestoreStep {
  Region region;
  std::string restore_id;    // Tells this restore from any other; at most kMaxRequestIdBytes.
  Revision revision = {};    // The region's once the restore is complete.
  uint64_t next_number = 1;  // As RequestPage tells it.

  uint64_t index = 0;
  std::vector<Record> records = {};              // With number, version and personal part.
  std::vector<RememberedRequest> requests = {};  // Ascending by sequence over all steps.
  bool last = false;
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_RESTORE_H_
