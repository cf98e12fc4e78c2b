// The change log, as the methods of Store with these names.

#ifndef LEYE_SERVICES_STORE_REDIS_LOG_H_
#define LEYE_SERVICES_STORE_REDIS_LOG_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/store/redis_client.h"
#include "services/store/store.h"

namespace leye::store::redis {

absl::StatusOr<std::vector<LogEntry>> ReadLog(Client& client, Region region, Revision after,
                                              int limit);
absl::Status HoldLog(Client& client, const LogHold& hold, absl::Time now);
absl::Status TrimLog(Client& client, Region region, uint64_t keep_from, absl::Time now);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_LOG_H_
