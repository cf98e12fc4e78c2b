// Pages of an audit that goes on being written, the oldest line first.
//
//   AuditPlace place;
//   do {
//     LEYE_ASSIGN_OR_RETURN(AuditPage page,
//                           ReadAuditPage(path, audit->head(), {.principal = "bureau"}, place,
//                           {}));
//     for (const SequencedEntry& line : page.lines) { ... }
//     place = page.end;
//   } while (page.more);
//
// A page reads on from the place where the last one ended, or searches the file for its first day;
// it is held to a number of lines and of bytes, so a file of any size is read in small memory and
// bounded time. Every line that is read is checked against the one before it.
//
// The search for a day takes the lines to be in the order of time, and a clock to have been set
// back by ten minutes at most: what is farther out of order a range of days may miss.
#ifndef LEYE_SERVICES_ACCESS_AUDIT_READER_H_
#define LEYE_SERVICES_ACCESS_AUDIT_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/access/audit.h"

namespace leye::access {

// What is looked for. Empty: anything.
struct AuditQuery {
  std::string record = {};
  std::string principal = {};  // "bureau/1307", or a role: "bureau".
  std::string rpc = {};        // "CandidateService/GetCandidate".
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();  // Exclusive.
};

// The last line that was read: where it begins, and which it was.
struct AuditPlace {
  uint64_t offset = 0;
  AuditHead line = {};
};

struct AuditPageLimits {
  size_t lines = 50;
  uint64_t bytes = 32 << 20;       // To be read; a line more at most.
  uint64_t found_bytes = 1 << 20;  // Of the lines in the page, likewise: it is to fit a message.
};

struct SequencedEntry {
  AuditHead at;
  AuditEntry entry;
};

struct AuditPage {
  std::vector<SequencedEntry> lines;
  AuditPlace end;
  bool more = false;  // There may be others that are looked for.
};

// The lines that come next after `after`, up to `head`, which has been written. DATA_LOSS
// (AUDIT_BROKEN) naming the first line that is not as it was written, or not there; UNAVAILABLE
// (AUDIT_FAILED) when the file cannot be read.
absl::StatusOr<AuditPage> ReadAuditPage(const std::string& path, const AuditHead& head,
                                        const AuditQuery& query, const AuditPlace& after,
                                        const AuditPageLimits& limits);

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_AUDIT_READER_H_
