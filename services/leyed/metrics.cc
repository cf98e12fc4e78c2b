#include "services/leyed/metrics.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>

#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/gateway/http_server.h"
#include "services/leyed/lag_watch.h"

namespace leye {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Families = std::vector<MetricFamily>;
using Labels = std::vector<ClientMetric::Label>;

void SetValue(MetricType type, double value, ClientMetric& metric) {
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
}

template <typename Number>
MetricFamily Figure(MetricType type, const char* name, const char* help, Number value) {
  MetricFamily family{name, help, type, {}};
  SetValue(type, static_cast<double>(value), family.metric.emplace_back());
  return family;
}

template <typename Number>
void AddFigure(MetricFamily& family, Labels labels, Number value) {
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = std::move(labels);
  SetValue(family.type, static_cast<double>(value), metric);
}

ClientMetric::Histogram HistogramOf(const OutcomeFigures::Reading& reading) {
  ClientMetric::Histogram histogram;
  for (size_t i = 0; i < OutcomeFigures::kBounds.size(); ++i) {
    histogram.sample_count += reading.by_bucket[i];
    histogram.bucket.push_back({histogram.sample_count, OutcomeFigures::kBounds[i]});
  }
  histogram.sample_count += reading.by_bucket.back();
  histogram.bucket.push_back({histogram.sample_count, std::numeric_limits<double>::infinity()});
  histogram.sample_sum = reading.seconds;
  return histogram;
}

// Codes that never came: a figure that begins with 1 hides that one from increase() and rate(), but
// every method with every code would be a thousand figures.
enum class UnseenCodes { kShown, kHiddenButOk };

// Ended operations by code, and their durations.
void AddOutcome(const OutcomeFigures& figures, const Labels& labels, UnseenCodes unseen,
                MetricFamily& by_code, MetricFamily& durations) {
  const OutcomeFigures::Reading reading = figures.Read();
  for (size_t code = 0; code < OutcomeFigures::kCodes; ++code) {
    const bool seen = code == 0 || reading.by_code[code] != 0;
    if (!seen && unseen == UnseenCodes::kHiddenButOk) continue;
    Labels with_code = labels;
    with_code.push_back({"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))});
    AddFigure(by_code, std::move(with_code), reading.by_code[code]);
  }
  ClientMetric& metric = durations.metric.emplace_back();
  metric.label = labels;
  metric.histogram = HistogramOf(reading);
}

void AddCalls(const rpc::CallFigures& calls, Families& families) {
  MetricFamily ended{
      "leye_rpc_calls_total", "Calls that have ended, by method and code", MetricType::Counter, {}};
  MetricFamily took{"leye_rpc_call_seconds",
                    "How long calls took; streams until their end",
                    MetricType::Histogram,
                    {}};
  MetricFamily running{
      "leye_rpc_calls_running", "Calls under way, open streams among them", MetricType::Gauge, {}};
  for (const rpc::CallFigures::Method& method : calls.methods()) {
    const Labels labels = {{"service", method.service}, {"method", method.name}};
    AddOutcome(method.ended, labels, UnseenCodes::kHiddenButOk, ended, took);
    AddFigure(running, labels, method.running.load(std::memory_order_relaxed));
  }
  families.insert(families.end(), {std::move(ended), std::move(took), std::move(running)});
}

void AddStore(const StoreFigures& store, Families& families) {
  MetricFamily ended{"leye_store_operations_total",
                     "What was asked of the store and has been answered, by operation and code",
                     MetricType::Counter,
                     {}};
  MetricFamily took{"leye_store_operation_seconds",
                    "How long the store took; a commit until it is durable",
                    MetricType::Histogram,
                    {}};
  for (size_t i = 0; i < kStoreOperations; ++i) {
    const auto operation = static_cast<StoreOperation>(i);
    AddOutcome(store.at(operation), {{"operation", NameOf(operation)}}, UnseenCodes::kShown, ended,
               took);
  }
  MetricFamily fsyncs{"leye_store_fsync_seconds",
                      "How long the embedded store waited for the disk: for its log, once for "
                      "each group of commits, and at checkpoints for its database",
                      MetricType::Histogram,
                      {}};
  const auto add = [&fsyncs](const char* file, const OutcomeFigures& figures) {
    ClientMetric& metric = fsyncs.metric.emplace_back();
    metric.label = {{"file", file}};
    metric.histogram = HistogramOf(figures.Read());
  };
  add("log", store.fsyncs().log);
  add("database", store.fsyncs().database);
  families.insert(families.end(), {std::move(ended), std::move(took), std::move(fsyncs)});
}

void AddSearches(const app::MatchFigures& matches, Families& families) {
  struct Column {
    const char* name;
    const char* help;
    app::SearchFigures::Count app::SearchFigures::*count;
  };
  constexpr std::array kColumns = {
      Column{"leye_match_searches_total", "Searches of the engine", &app::SearchFigures::searches},
      Column{"leye_match_places_total", "Areas or groups of postings that there were to search",
             &app::SearchFigures::places},
      Column{"leye_match_places_bounded_total", "Of these, those looked at one by one",
             &app::SearchFigures::places_bounded},
      Column{"leye_match_blocks_opened_total", "Blocks whose rows were filtered",
             &app::SearchFigures::blocks_opened},
      Column{"leye_match_rows_filtered_total", "Rows of these blocks",
             &app::SearchFigures::rows_filtered},
      Column{"leye_match_pairs_evaluated_total", "Pairs that were judged one by one",
             &app::SearchFigures::pairs_evaluated},
      Column{"leye_match_considered_total", "People or postings at the funnels' top",
             &app::SearchFigures::considered},
      Column{"leye_match_eligible_total",
             "Of these, those who were found eligible; of some searches a lower bound",
             &app::SearchFigures::eligible},
      Column{"leye_match_answered_total", "People or postings that searches have returned",
             &app::SearchFigures::answered},
  };
  for (const Column& column : kColumns) {
    MetricFamily family{column.name, column.help, MetricType::Counter, {}};
    AddFigure(family, {{"of", "candidates"}}, (matches.candidates.*column.count).load());
    AddFigure(family, {{"of", "postings"}}, (matches.postings.*column.count).load());
    families.push_back(std::move(family));
  }
}

void AddFollower(const live::Follower& follower, const MetricsSources& sources,
                 Families& families) {
  const live::FollowerStatus status = follower.status();
  const auto counted = [&families](const char* name, const char* help, int64_t value) {
    families.push_back(Figure(MetricType::Counter, name, help, value));
  };
  families.push_back(Figure(MetricType::Gauge, "leye_follower_lag_seconds",
                            "How long ago the store told of nothing that was not yet in memory",
                            absl::ToDoubleSeconds(LagOf(sources.holder, sources.clock))));
  families.push_back(Figure(MetricType::Gauge, "leye_follower_entries_behind",
                            "Entries of the change logs that are known and not yet in memory",
                            status.entries_behind));
  counted("leye_follower_snapshots_total", "Snapshots published", status.snapshots);
  counted("leye_follower_region_loads_total",
          "Times a region was read whole: once at the start, then after gaps and new epochs",
          status.regions_loaded);
  counted("leye_follower_store_errors_total", "Errors of the store", status.errors);
  counted("leye_follower_unreadable_records_total", "Records left out as unreadable",
          status.unreadable);
}

// How much is in memory.
void AddWorld(const live::SnapshotHolder& holder, Families& families) {
  const std::shared_ptr<const live::LiveSnapshot> world = holder.Get();
  MetricFamily records{
      "leye_memory_records", "Records that searches look at", MetricType::Gauge, {}};
  AddFigure(records, {{"of", "candidates"}},
            world == nullptr ? 0 : world->people->candidate_count());
  AddFigure(records, {{"of", "postings"}}, world == nullptr ? 0 : world->postings->posting_count());
  families.push_back(std::move(records));
  families.push_back(Figure(MetricType::Gauge, "leye_memory_regions", "Regions in memory",
                            world == nullptr ? 0 : world->revisions.size()));
}

// Under the names that every Prometheus client gives them. What cannot be read is left out.
void AddProcess(Families& families) {
  const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
  double all_pages = 0;
  double resident_pages = 0;
  if (std::ifstream("/proc/self/statm") >> all_pages >> resident_pages) {
    families.push_back(Figure(MetricType::Gauge, "process_resident_memory_bytes", "Resident memory",
                              resident_pages * page_bytes));
  }
  std::error_code error;
  const std::filesystem::directory_iterator open_files("/proc/self/fd", error);
  if (!error) {
    families.push_back(Figure(MetricType::Gauge, "process_open_fds", "Open file descriptors",
                              std::distance(begin(open_files), end(open_files))));
  }
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    families.push_back(
        Figure(MetricType::Gauge, "process_max_fds", "Most open file descriptors", files.rlim_cur));
  }
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    constexpr double kMicroseconds = 1e6;
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / kMicroseconds;
    };
    families.push_back(Figure(MetricType::Counter, "process_cpu_seconds_total",
                              "Processor time of the user and the system",
                              seconds(usage.ru_utime) + seconds(usage.ru_stime)));
  }
}

gateway::HttpAnswer Text(int status, std::string body) {
  return {.status = status,
          .headers = {{"content-type", "text/plain; charset=utf-8"}},
          .body = std::move(body)};
}

void AddSealFailures(const access::SealFailures& failures, Families& families) {
  MetricFamily family{"leye_sealed_field_failures_total",
                      "Personal parts that could not be sealed or opened",
                      MetricType::Counter,
                      {}};
  AddFigure(family, {{"reason", "key_missing"}}, failures.key_missing.load());
  AddFigure(family, {{"reason", "broken"}}, failures.broken.load());
  AddFigure(family, {{"reason", "sealing"}}, failures.sealing.load());
  families.push_back(std::move(family));
}

void AddRefusals(const gateway::RefusalFigures& refusals, Families& families) {
  MetricFamily family{"leye_gateway_refused_total",
                      "Requests over HTTP that were refused before they were calls",
                      MetricType::Counter,
                      {}};
  for (size_t i = 0; i < gateway::kRefusalReasons.size(); ++i) {
    AddFigure(family, {{"reason", gateway::kRefusalReasons[i]}}, refusals.count(i));
  }
  families.push_back(std::move(family));
}

void AddSealed(const Resealer& resealer, Families& families) {
  MetricFamily records{"leye_sealed_records",
                       "Records with a personal part by the master key that they need, \"\" for "
                       "none, when all were last read: at the start and after a change of keys",
                       MetricType::Gauge,
                       {}};
  for (const auto& [key, count] : resealer.census().by_key) {
    AddFigure(records, {{"key", key}}, count);
  }
  families.push_back(std::move(records));
}

}  // namespace

struct MetricsServer::Parts {
  explicit Parts(const MetricsSources& given)
      : sources(given), started(absl::ToDoubleSeconds(given.clock.Now() - absl::UnixEpoch())) {}

  gateway::HttpAnswer Answer(const gateway::HttpRequest& request) const;
  gateway::HttpAnswer Ready() const;
  std::string Scrape() const ABSL_LOCKS_EXCLUDED(mutex);

  const MetricsSources sources;
  const double started;
  std::atomic<Readiness> readiness{Readiness::kLoading};

  mutable Mutex mutex;
  const live::Follower* follower ABSL_GUARDED_BY(mutex) = nullptr;
  const Resealer* resealer ABSL_GUARDED_BY(mutex) = nullptr;
  const ThreadPool* pool ABSL_GUARDED_BY(mutex) = nullptr;
  int pool_threads ABSL_GUARDED_BY(mutex) = 0;
  int pool_capacity ABSL_GUARDED_BY(mutex) = 0;

  std::unique_ptr<gateway::HttpServer> http;  // Ends first.
};

std::string MetricsServer::Parts::Scrape() const {
  Families families;
  families.push_back(
      Figure(MetricType::Gauge, "process_start_time_seconds", "Start, since 1970", started));
  families.push_back(Figure(MetricType::Gauge, "leye_ready", "1 when /readyz says so, else 0",
                            readiness == Readiness::kReady ? 1 : 0));
  AddProcess(families);
  AddCalls(sources.calls, families);
  AddRefusals(sources.refusals, families);
  AddStore(sources.store, families);
  AddSearches(sources.matches, families);
  AddWorld(sources.holder, families);
  AddSealFailures(sources.seal_failures, families);
  MutexLock lock(mutex);
  if (resealer != nullptr) AddSealed(*resealer, families);
  if (follower != nullptr) AddFollower(*follower, sources, families);
  if (pool != nullptr) {
    families.push_back(Figure(MetricType::Gauge, "leye_pool_queued", "Calls that wait for a thread",
                              pool->queued()));
    families.push_back(Figure(MetricType::Gauge, "leye_pool_queue_capacity",
                              "Most calls that may wait", pool_capacity));
    families.push_back(
        Figure(MetricType::Gauge, "leye_pool_threads", "Threads that run calls", pool_threads));
    families.push_back(
        Figure(MetricType::Counter, "leye_pool_refused_total",
               "Calls refused because the queue was full or its front had waited too long",
               pool->refused()));
  }
  return prometheus::TextSerializer().Serialize(families);
}

gateway::HttpAnswer MetricsServer::Parts::Ready() const {
  constexpr int kUnavailable = 503;
  switch (readiness.load()) {
    case Readiness::kReady:
      return Text(200, "ready\n");
    case Readiness::kDraining:
      return Text(kUnavailable, "draining\n");
    case Readiness::kLoading:
      break;
  }
  return Text(kUnavailable, "loading\n");
}

gateway::HttpAnswer MetricsServer::Parts::Answer(const gateway::HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return Text(405, "only GET\n");
  if (request.path == "/healthz") return Text(200, "ok\n");
  if (request.path == "/readyz") return Ready();
  if (request.path != "/metrics") return Text(404, "/metrics, /healthz and /readyz are here\n");
  return {.headers = {{"content-type", "text/plain; version=0.0.4; charset=utf-8"}},
          .body = Scrape()};
}

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& listen,
                                                                    const MetricsSources& sources) {
  constexpr size_t kMostBodyBytes = 4096;
  constexpr int kMostConnections = 32;
  auto parts = std::make_unique<Parts>(sources);
  absl::StatusOr<std::unique_ptr<gateway::HttpServer>> http = gateway::HttpServer::Start(
      {.listen = listen,
       .max_body_bytes = kMostBodyBytes,
       .max_connections = kMostConnections,
       .threads = 1},
      [self = parts.get()](const std::shared_ptr<gateway::Exchange>& exchange) {
        exchange->Respond([self, exchange] { return self->Answer(exchange->request()); });
      });
  if (!http.ok()) return WithContext(http.status(), "metrics-listen");
  parts->http = *std::move(http);
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(parts)));
}

MetricsServer::MetricsServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

MetricsServer::~MetricsServer() = default;

void MetricsServer::SetFollower(const live::Follower& follower) {
  MutexLock lock(parts_->mutex);
  parts_->follower = &follower;
}

void MetricsServer::SetResealer(const Resealer& resealer) {
  MutexLock lock(parts_->mutex);
  parts_->resealer = &resealer;
}

void MetricsServer::SetPool(const ThreadPool& pool, int threads, int capacity) {
  MutexLock lock(parts_->mutex);
  parts_->pool = &pool;
  parts_->pool_threads = threads;
  parts_->pool_capacity = capacity;
}

void MetricsServer::SetReadiness(Readiness readiness) { parts_->readiness = readiness; }

const std::string& MetricsServer::address() const { return parts_->http->address(); }

}  // namespace leye
