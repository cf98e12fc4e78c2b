// What an operator's machines ask over HTTP, on an address of its own:
//
//   GET /metrics   all figures, for Prometheus
//   GET /healthz   200 while the process answers
//   GET /readyz    200 when calls should be sent here; 503 while it loads, and from the drain on
//
//   LEYE_ASSIGN_OR_RETURN(auto metrics, MetricsServer::Start("127.0.0.1:9464", sources));
//   metrics->SetReadiness(Readiness::kReady);
//
// It answers from the program's first moment: what is not there yet has no figures. Every figure is
// read when it is asked for. No figure has a person's or an enterprise's data, and labels have few
// values: methods come from the protos, codes from gRPC's list.

#ifndef LEYE_SERVICES_LEYED_METRICS_H_
#define LEYE_SERVICES_LEYED_METRICS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/access/sealer.h"
#include "services/app/match_figures.h"
#include "services/base/clock.h"
#include "services/base/thread_pool.h"
#include "services/gateway/refusal_figures.h"
#include "services/leyed/measured_store.h"
#include "services/leyed/resealer.h"
#include "services/live/follower.h"
#include "services/live/snapshot.h"
#include "services/rpc/call_watch.h"

namespace leye {

enum class Readiness { kLoading, kReady, kDraining };

// Where the figures come from. All outlive the server.
struct MetricsSources {
  const rpc::CallFigures& calls;
  const StoreFigures& store;
  const app::MatchFigures& matches;
  const gateway::RefusalFigures& refusals;
  const live::SnapshotHolder& holder;
  const Clock& clock;
  const access::SealFailures& seal_failures;
};

// Thread-safe.
class MetricsServer {
 public:
  // host:port; port 0 picks a free one. UNAVAILABLE (LISTEN_FAILED) when it cannot be bound.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& listen,
                                                              const MetricsSources& sources);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // What comes later; it outlives the server too.
  void SetFollower(const live::Follower& follower);
  void SetResealer(const Resealer& resealer);
  void SetPool(const ThreadPool& pool, int threads, int capacity);

  void SetReadiness(Readiness readiness);

  // host:port as bound.
  const std::string& address() const;

 private:
  struct Parts;
  explicit MetricsServer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_METRICS_H_
