// Moving a region and sealing it anew, as the methods of Store with these names.

#ifndef LEYE_SERVICES_STORE_REDIS_RESTORE_H_
#define LEYE_SERVICES_STORE_REDIS_RESTORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/redis_client.h"
#include "services/store/store.h"

namespace leye::store::redis {

struct RequestScan {
  Region region;
  absl::string_view cursor;
  int limit;
};

// `replicas`: how many must have what is read or written before it is acknowledged.
absl::StatusOr<RequestPage> ScanRequests(Client& client, const RequestScan& scan, int replicas);

// For a step that was checked.
absl::StatusOr<uint64_t> Restore(Client& client, const RestoreStep& step, int replicas);

// For parts that were checked.
absl::StatusOr<int> Reseal(Client& client, Region region, const std::vector<ResealedPart>& parts,
                           int replicas);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_RESTORE_H_
