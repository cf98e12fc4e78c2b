// The commands of leyed beside serving: a region to a file and back, in the store that the flags
// name, without a server.

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

// Runs `words`: "export REGION FILE", "import FILE" or "verify FILE". One line for people that says
// what was moved. INVALID_ARGUMENT (USAGE) for any other words; else the errors of
// region_transfer.h and of the store.
absl::StatusOr<std::string> RunRegionCommand(const std::vector<std::string>& words,
                                             const LeyedOptions& options, const Clock& clock,
                                             const Logger& log);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_REGION_COMMANDS_H_
