// Who saw or changed which record, when and why: a file that only grows, each of whose lines is
// bound to the one before.
//
//   LEYE_ASSIGN_OR_RETURN(auto audit, AuditLog::Open("audit.log", log));
//   audit->Append({.time = now, .principal = "bureau/1307", .method = "CandidateService/Get..."});
//   VerifyAudit(file);                    // DATA_LOSS naming the first line that is not right
//
// A line has eight fields, separated by tabs: number from 1, time, principal, method, purpose,
// outcome, names of records (or "-"), and the SHA-256, in hexadecimal, of the last line's hash, a
// line feed and the line's other fields as they are written. So no line can be changed, taken out,
// put in or moved without all that follow being wrong. Whoever can write the file can still cut its
// end off or write all of it anew: against that the head (number and hash of the last line) is told
// to the log now and then, which is kept elsewhere, and Verify is told such a head.
//
// Pages of it: audit_reader.h. Nothing is written but ids, names of records and codes; what does
// not look like one is left out. A call that named more than a thousand records has several lines,
// alike but for the names.
#ifndef LEYE_SERVICES_ACCESS_AUDIT_H_
#define LEYE_SERVICES_ACCESS_AUDIT_H_

#include <cstdint>
#include <fstream>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

#include "services/base/logging.h"
#include "services/base/mutex.h"

namespace leye::access {

struct AuditEntry {
  absl::Time time;
  std::string principal;             // "bureau/1307"
  std::string method;                // "/leye.v1.CandidateService/GetCandidate"
  std::string purpose = {};          // A code of the caller's own; empty: not said.
  std::string outcome;               // "OK" or the status's code: "PERMISSION_DENIED".
  std::vector<std::string> records;  // Full names.
};

// A point in the file: its last line.
struct AuditHead {
  uint64_t number = 0;  // 0: before the first line.
  std::string hash;

  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

// The full names of all records in `messages`, at any depth, each once, in the order of the fields.
std::vector<std::string> RecordsIn(const std::vector<const google::protobuf::Message*>& messages);

// Thread-safe.
class AuditLog {
 public:
  // Goes on after the last whole line of the file, which is made when it is missing. What a crash
  // has left of a line is cut off. UNAVAILABLE (AUDIT_FAILED) when it cannot be written, DATA_LOSS
  // (AUDIT_BROKEN) when its last line is none. `log` outlives it.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(const std::string& path, const Logger& log);

  // Tells the head to the log.
  ~AuditLog();

  // The lines have been given to the operating system when this returns. UNAVAILABLE (AUDIT_FAILED)
  // when they could not be: then what was asked for must not be answered.
  absl::Status Append(const AuditEntry& entry) ABSL_LOCKS_EXCLUDED(mutex_);

  AuditHead head() const ABSL_LOCKS_EXCLUDED(mutex_);
  const std::string& path() const { return path_; }

 private:
  AuditLog(const std::string& path, const AuditHead& head, const Logger& log);

  bool writable() const ABSL_LOCKS_EXCLUDED(mutex_);
  // `fields` without the hash, with the number after the head's.
  absl::Status AddLine(const std::string& fields) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TellHead() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  const Logger& log_;
  mutable Mutex mutex_;
  std::ofstream file_ ABSL_GUARDED_BY(mutex_);
  AuditHead head_ ABSL_GUARDED_BY(mutex_);
};

// What an audit says about one record.
struct AuditExcerpt {
  std::vector<AuditEntry> entries;  // The oldest first, without the names of other records.
  bool truncated = false;           // There were more, older ones.
};

// The last `most` calls that named `record`. Reads the whole file. UNAVAILABLE (AUDIT_FAILED) when
// it cannot be read. A line that is none, such as one being written, is passed over.
absl::StatusOr<AuditExcerpt> ReadAuditAbout(const std::string& path, const std::string& record,
                                            size_t most);

// Reads a whole audit. The head; DATA_LOSS (AUDIT_BROKEN) naming the first line that is not as it
// was written, or saying that `expected`, a head told earlier, is not in it.
absl::StatusOr<AuditHead> VerifyAudit(std::istream& file, const AuditHead& expected = {});

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_AUDIT_H_
