// The shared engine: a Store in Redis, for several processes on several machines at once.
//
//   LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Store> store,
//                         OpenRedisStore({.addresses = {"10.0.0.5:6379"}, .user = "leye",
//                                         .password_file = "/etc/leye/redis-password"},
//                                        {clock, random, logger}));
//
// A commit is one Lua script on the server that holds its region; every region is in one slot of a
// Redis Cluster. README.md tells the decisions and the limits, redis_keys.h what is stored.

#ifndef LEYE_SERVICES_STORE_REDIS_STORE_H_
#define LEYE_SERVICES_STORE_REDIS_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/store/environment.h"
#include "services/store/store.h"

namespace leye::store {

enum class RedisMode {
  kSingle,    // One server, at the one address.
  kSentinel,  // The primary that the Sentinels at the addresses name.
  kCluster,   // A Redis Cluster, of which the addresses are some servers.
};

// What to do about a server whose settings may lose what it has acknowledged.
enum class UnsafeServer {
  kRefuse,
  kWarn,
};

struct RedisOptions {
  RedisMode mode = RedisMode::kSingle;
  std::vector<std::string> addresses = {};  // Each "host:port" or "unix:/path".
  std::string primary_name = "leye";        // By which the Sentinels know the primary.
  std::string user = "default";
  std::string password_file = {};  // Its first line is the password; empty for none.
  std::string sentinel_password_file = {};
  int replicas = 0;  // That must have a commit before it is acknowledged.
  // Regions of at least so many records have an image, which makes a start quick (redis_image.h);
  // 0: none has.
  int image_records = 100'000;
  UnsafeServer unsafe_server = UnsafeServer::kRefuse;
  int max_connections = 32;                            // To each server.
  absl::Duration connect_timeout = absl::Seconds(1);   // Of one attempt.
  absl::Duration call_timeout = absl::Seconds(5);      // Of one request, tries included.
  absl::Duration refresh_interval = absl::Seconds(1);  // Of the heads that WaitForChange knows.
};

// What is wrong with the addresses, in words; empty when nothing is.
std::string MistakeInAddresses(const RedisOptions& options);

// INVALID_ARGUMENT     INVALID_ADDRESS: see MistakeInAddresses.
// FAILED_PRECONDITION  UNSAFE_SERVER: the settings of the server, or of all that hold regions;
//                      STORE_ACCESS_DENIED: its user lacks permissions; PASSWORD_FILE: it cannot
//                      be read.
// UNAVAILABLE          STORE_IO_ERROR: the server cannot be reached.
// Later the errors of Store; while no server answers WaitForChange is UNAVAILABLE (STORE_IO_ERROR)
// instead of timing out.
absl::StatusOr<std::unique_ptr<Store>> OpenRedisStore(const RedisOptions& options,
                                                      const StoreEnvironment& environment);

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_REDIS_STORE_H_
