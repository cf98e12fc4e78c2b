#include "services/access/audit_line.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/access/digest.h"
#include "services/base/status.h"

namespace leye::access {

namespace {

constexpr size_t kAuditFields = 8;

}  // namespace

AuditHead NoAuditLine() { return {.number = 0, .hash = std::string(64, '0')}; }

std::string AuditHashOf(absl::string_view last_hash, absl::string_view fields) {
  return Sha256Hex(absl::StrCat(last_hash, "\n", fields));
}

std::string AuditTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

bool AuditLine::Names(absl::string_view record) const {
  const auto names = absl::StrSplit(records, ' ');
  return std::find(names.begin(), names.end(), record) != names.end();
}

absl::StatusOr<AuditEntry> AuditLine::Entry() const {
  AuditEntry entry;
  if (!absl::ParseTime(absl::RFC3339_full, time, &entry.time, nullptr)) {
    return AuditBroken(head.number, "has a time that is none");
  }
  entry.principal = std::string(principal);
  entry.method = std::string(method);
  if (purpose != "-") entry.purpose = std::string(purpose);
  entry.outcome = std::string(outcome);
  return entry;
}

absl::StatusOr<AuditLine> ParseAuditLine(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '\t');
  AuditLine line;
  if (parts.size() != kAuditFields || !absl::SimpleAtoi(parts[0], &line.head.number)) {
    return Error(absl::StatusCode::kDataLoss, "AUDIT_BROKEN", "is no line of an audit");
  }
  line.time = parts[1];
  line.principal = parts[2];
  line.method = parts[3];
  line.purpose = parts[4];
  line.outcome = parts[5];
  line.records = parts[6];
  line.head.hash = std::string(parts.back());
  line.fields = text.substr(0, text.size() - line.head.hash.size() - 1);
  return line;
}

absl::Status CheckFollows(const AuditLine& line, const AuditHead& last) {
  const uint64_t number = last.number + 1;
  if (line.head.number != number) {
    return AuditBroken(number, absl::StrCat("has the number ", line.head.number));
  }
  if (line.head.hash != AuditHashOf(last.hash, line.fields)) {
    return AuditBroken(number, "is not as it was written, or not where it was");
  }
  return absl::OkStatus();
}

absl::Status AuditBroken(uint64_t number, absl::string_view what) {
  return Error(absl::StatusCode::kDataLoss, "AUDIT_BROKEN",
               absl::StrCat("line ", number, " ", what), {{"line", absl::StrCat(number)}});
}

}  // namespace leye::access
