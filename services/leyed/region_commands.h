// The commands of leyed beside serving: a region to a file and back, and sealing anew, in the store
// that the flags name, without a server.

#ifndef LEYE_SERVICES_LEYED_REGION_COMMANDS_H_
#define LEYE_SERVICES_LEYED_REGION_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/leyed/options.h"

namespace leye {

// For --help, behind the keys.
std::string RegionCommandsHelp();

// Runs `words`: "export REGION FILE", "import FILE", "verify FILE", "restored", which begins new
// epochs (open_store.h), or "reseal". One line for people that says what was done. INVALID_ARGUMENT
// (USAGE) for any other words; else the errors of region_transfer.h, open_sealer.h, resealer.h and
// of the store; FAILED_PRECONDITION (RESEAL_INCOMPLETE) when records could not be sealed anew.
absl::StatusOr<std::string> RunRegionCommand(const std::vector<std::string>& words,
                                             const LeyedOptions& options, const Clock& clock,
                                             const Logger& log);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_REGION_COMMANDS_H_
