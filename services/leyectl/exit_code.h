// What leyectl's exit status says. The numbers are part of the interface: scripts test them.

#ifndef LEYE_SERVICES_LEYECTL_EXIT_CODE_H_
#define LEYE_SERVICES_LEYECTL_EXIT_CODE_H_

#include <string>

#include "absl/status/status.h"
#include <grpcpp/support/status.h>

#include "services/leyectl/language.h"

namespace leye::ctl {

enum class ExitCode : int {
  kOk = 0,
  kInternal = 1,      // Anything not named below.
  kUsage = 2,         // The command line is wrong; nothing was sent.
  kNotFound = 3,      // A named resource does not exist.
  kInvalid = 4,       // The server refused the request's content.
  kUnavailable = 5,   // No server, overloaded, or out of time: try again.
  kConflict = 6,      // Wrong state, stale etag, or it exists already.
  kSomeRejected = 7,  // An import went through, but some items were rejected.
  kDenied = 8,        // Not allowed.
  kFile = 9,          // A local file cannot be read or written.
};

ExitCode ExitCodeOf(grpc::StatusCode code);
ExitCode ExitCodeOf(const grpc::Status& status);

// For errors of leyectl itself; those arise only with local files.
ExitCode ExitCodeOfFile(const absl::Status& status);

// The table of the codes, for --help.
std::string ExitCodeHelp(Language language);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_EXIT_CODE_H_
