// Is a Redis server set up so that what it acknowledges is safe, and may we do what we need to?

#ifndef LEYE_SERVICES_STORE_REDIS_CHECKS_H_
#define LEYE_SERVICES_STORE_REDIS_CHECKS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/store/redis_client.h"

namespace leye::store::redis {

using ServerSettings = std::map<std::string, std::string>;

// What is unsafe about `settings` (as CONFIG GET tells them) when `replicas` replicas are to have
// each commit: a sentence for each that says what to set. Empty when nothing is.
std::vector<std::string> UnsafeSettings(const ServerSettings& settings, int replicas);

// The settings that UnsafeSettings looks at, of the server that holds `region`.
absl::StatusOr<ServerSettings> ReadSettings(Client& client, Region region);

// Performs every command of the scripts, and WAIT. FAILED_PRECONDITION (STORE_ACCESS_DENIED) when
// the user may not; another error when the server cannot write just now and nothing was found out.
absl::Status CheckPermissions(Client& client, Region region);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_CHECKS_H_
