// A line of the audit, as it is written and read. The format is audit.h's.
//
//   const std::string hash = AuditHashOf(last.hash, fields);
//   LEYE_ASSIGN_OR_RETURN(AuditLine line, ParseAuditLine(text));
//   LEYE_RETURN_IF_ERROR(CheckFollows(line, last));
#ifndef LEYE_SERVICES_ACCESS_AUDIT_LINE_H_
#define LEYE_SERVICES_ACCESS_AUDIT_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/access/audit.h"

namespace leye::access {

inline constexpr size_t kLongestAuditLine = 1 << 20;  // Bytes.

// The head before the first line.
AuditHead NoAuditLine();

// The hash of a line whose fields without it are `fields`.
std::string AuditHashOf(absl::string_view last_hash, absl::string_view fields);

// "2026-11-27T08:00:00.000Z": such texts are in the order of their times.
std::string AuditTime(absl::Time time);

// A line taken apart. Views the text that it is made of.
struct AuditLine {
  absl::string_view fields;  // All but the hash.
  absl::string_view time;
  absl::string_view principal;
  absl::string_view method;
  absl::string_view purpose;  // "-": not said.
  absl::string_view outcome;
  absl::string_view records;  // Separated by blanks; "-": none.
  AuditHead head;

  bool Names(absl::string_view record) const;
  // Without names of records.
  absl::StatusOr<AuditEntry> Entry() const;
};

// DATA_LOSS (AUDIT_BROKEN) when `text`, without its line feed, is none.
absl::StatusOr<AuditLine> ParseAuditLine(absl::string_view text);

// DATA_LOSS (AUDIT_BROKEN) unless `line` is the one that was written after `last`.
absl::Status CheckFollows(const AuditLine& line, const AuditHead& last);

// DATA_LOSS (AUDIT_BROKEN): "line 7 is torn".
absl::Status AuditBroken(uint64_t number, absl::string_view what);

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_AUDIT_LINE_H_
