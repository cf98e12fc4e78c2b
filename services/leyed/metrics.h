// What Prometheus reads: GET /metrics over HTTP, on an address of its own.
//
//   LEYE_ASSIGN_OR_RETURN(auto metrics,
//                         MetricsServer::Start("127.0.0.1:9464", follower, holder, clock));
//
// Every figure is read when it is asked for; no figure has a person's or an enterprise's data.

#ifndef LEYE_SERVICES_LEYED_METRICS_H_
#define LEYE_SERVICES_LEYED_METRICS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/base/clock.h"
#include "services/live/follower.h"
#include "services/live/snapshot.h"

namespace leye {

// Thread-safe.
class MetricsServer {
 public:
  // All that is given outlives it. Port 0 picks a free one. UNAVAILABLE (LISTEN_FAILED) when
  // the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& listen,
                                                              const live::Follower& follower,
                                                              const live::SnapshotHolder& holder,
                                                              const Clock& clock);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  int port() const;

 private:
  struct Parts;
  explicit MetricsServer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_METRICS_H_
