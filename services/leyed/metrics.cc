#include "services/leyed/metrics.h"

#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include "services/base/status.h"
#include "services/leyed/lag_watch.h"

namespace leye {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily Figure(MetricType type, const char* name, const char* help, double value) {
  MetricFamily family{name, help, type, {}};
  prometheus::ClientMetric& metric = family.metric.emplace_back();
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return family;
}

class FollowerMetrics final : public prometheus::Collectable {
 public:
  FollowerMetrics(const live::Follower& follower, const live::SnapshotHolder& holder,
                  const Clock& clock)
      : follower_(follower), holder_(holder), clock_(clock) {}

  std::vector<MetricFamily> Collect() const override {
    const live::FollowerStatus status = follower_.status();
    const auto counted = [](const char* name, const char* help, int64_t value) {
      return Figure(MetricType::Counter, name, help, static_cast<double>(value));
    };
    return {
        Figure(MetricType::Gauge, "leye_follower_lag_seconds",
               "How long ago the store told of nothing that was not yet in memory",
               absl::ToDoubleSeconds(LagOf(holder_, clock_))),
        Figure(MetricType::Gauge, "leye_follower_entries_behind",
               "Entries of the change logs that are known and not yet in memory",
               static_cast<double>(status.entries_behind)),
        counted("leye_follower_snapshots_total", "Snapshots published", status.snapshots),
        counted("leye_follower_region_loads_total",
                "Times a region was read whole: once at the start, then after gaps and new epochs",
                status.regions_loaded),
        counted("leye_follower_store_errors_total", "Errors of the store", status.errors),
        counted("leye_follower_unreadable_records_total", "Records left out as unreadable",
                status.unreadable),
    };
  }

 private:
  const live::Follower& follower_;
  const live::SnapshotHolder& holder_;
  const Clock& clock_;
};

}  // namespace

struct MetricsServer::Parts {
  Parts(const std::string& listen, const live::Follower& follower,
        const live::SnapshotHolder& holder, const Clock& clock)
      : figures(std::make_shared<FollowerMetrics>(follower, holder, clock)), exposer(listen, 1) {
    exposer.RegisterCollectable(figures);
  }

  const std::shared_ptr<FollowerMetrics> figures;
  prometheus::Exposer exposer;
};

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(
    const std::string& listen, const live::Follower& follower, const live::SnapshotHolder& holder,
    const Clock& clock) {
  try {
    return std::unique_ptr<MetricsServer>(
        new MetricsServer(std::make_unique<Parts>(listen, follower, holder, clock)));
  } catch (const std::exception& error) {
    return Error(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
                 absl::StrCat("cannot listen on ", listen, " for metrics: ", error.what()));
  }
}

MetricsServer::MetricsServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

MetricsServer::~MetricsServer() = default;

int MetricsServer::port() const { return parts_->exposer.GetListeningPorts().at(0); }

}  // namespace leye
