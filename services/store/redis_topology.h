// Which server holds which region: one server, the primary that Sentinel names, or the owner of the
// region's slot in a Redis Cluster.

#ifndef LEYE_SERVICES_STORE_REDIS_TOPOLOGY_H_
#define LEYE_SERVICES_STORE_REDIS_TOPOLOGY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/store/redis_connection.h"

namespace leye::store::redis {

struct TopologyOptions {
  std::vector<Address> addresses =
      {};                         // The server; the Sentinels; or some servers of the Cluster.
  std::string primary_name = {};  // By which Sentinel knows the primary.
  Login login = {};               // To the servers of a Cluster.
  Login sentinel_login = {};
  absl::Duration connect_timeout = absl::Seconds(1);  // Of each server that is asked.
};

// Thread-safe.
class Topology {
 public:
  virtual ~Topology() = default;

  // The server that holds `slot`, from memory where it is known; else UNAVAILABLE (STORE_IO_ERROR)
  // when nobody could be asked before `deadline`.
  virtual absl::StatusOr<Address> ServerOf(int slot, SteadyTime deadline) = 0;

  // A server said that `slot` is at `server`.
  virtual void Learn(int slot, const Address& server) = 0;

  // What is known is wrong or old: the next ServerOf asks again.
  virtual void Forget() = 0;
};

std::unique_ptr<Topology> NewSingleTopology(TopologyOptions options);
std::unique_ptr<Topology> NewSentinelTopology(TopologyOptions options);
std::unique_ptr<Topology> NewClusterTopology(TopologyOptions options);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_TOPOLOGY_H_
