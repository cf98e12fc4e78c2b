// Reads, as the methods of Store with these names. All go to the primary: a replica may lag behind
// what was acknowledged.

#ifndef LEYE_SERVICES_STORE_REDIS_READS_H_
#define LEYE_SERVICES_STORE_REDIS_READS_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "services/store/environment.h"
#include "services/store/redis_client.h"
#include "services/store/store.h"

namespace leye::store::redis {

absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(Client& client, Region region,
                                                            const std::vector<RecordKey>& keys);
absl::StatusOr<ScanPage> Scan(Client& client, const ScanRequest& request);
absl::StatusOr<RegionScanPage> ScanRegion(Client& client, const RegionScanRequest& request);
absl::StatusOr<OpenScanPage> ScanOpen(Client& client, const RegionScanRequest& request);
// The heads of `regions`, an error for each that cannot be read, in their order. Begins new epochs
// where they are due.
std::vector<absl::StatusOr<Revision>> ReadHeads(Client& client, const StoreEnvironment& environment,
                                                const std::vector<Region>& regions);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_READS_H_
