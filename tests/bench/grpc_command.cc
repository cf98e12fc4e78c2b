#include "tests/bench/grpc_command.h"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "tests/bench/grpc_queries.h"
#include "tests/bench/grpc_server.h"
#include "tests/bench/grpc_world.h"
#include "tests/bench/world_import.h"
#include "tests/testing/redis_server.h"

namespace leye::bench {
namespace {

struct GrpcResult {
  WorldImport imported;
  double empty_start_seconds = 0;
  int64_t empty_bytes = 0;     // Resident, before anything was imported.
  int64_t imported_bytes = 0;  // After the imports.
  double start_seconds = 0;    // Again on the same data.
  int64_t started_bytes = 0;   // After that.
  int64_t disk_bytes = 0;
  LatencyResult latency;
  ThroughputResult throughput;
  // On Redis only.
  int64_t redis_bytes = 0;  // used_memory after the import, less what it was before.
  Percentiles propagation;
  ThroughputResult two_replicas;
};

// Where one run keeps its records: a folder, or a Redis in one.
class Storage {
 public:
  explicit Storage(const GrpcOptions& options) {
    if (!options.redis) return;
    redis_.emplace(testing::RedisServerOptions{.settings = {{"dir", folder_.path()}}});
    empty_bytes_ = UsedMemory();
  }

  std::vector<std::string> Arguments() const {
    if (!redis_) return {"--data-dir=" + folder_.path()};
    return {"--store=redis", "--redis-address=" + redis_->address(), "--redis-call-timeout=60s"};
  }
  int64_t DiskBytes() const { return folder_.Bytes(); }
  int64_t RedisBytes() const { return redis_ ? UsedMemory() - empty_bytes_ : 0; }

 private:
  int64_t UsedMemory() const {
    const std::string info = redis_->Ask({"INFO", "memory"});
    const std::string key = "used_memory:";
    const size_t at = info.find(key);
    if (at == std::string::npos) Fail("Redis does not tell its memory");
    return std::atoll(info.c_str() + at + key.size());
  }

  Folder folder_;
  std::optional<testing::RedisServer> redis_;
  int64_t empty_bytes_ = 0;
};

void MeasureImport(const GrpcServer& server, const GrpcWorld& world, const GrpcOptions& options,
                   GrpcResult& result) {
  result.empty_start_seconds = server.start_seconds();
  result.empty_bytes = server.ResidentBytes();
  result.imported = ImportWorld(server, world, options.message_items);
}

// The connections of the clients, dealt out to the servers.
std::vector<std::shared_ptr<grpc::Channel>> ClientsOf(const std::vector<const GrpcServer*>& servers,
                                                      const GrpcOptions& options) {
  std::vector<std::shared_ptr<grpc::Channel>> clients;
  for (size_t i = 0; i < static_cast<size_t>(options.clients); ++i) {
    clients.push_back(servers[i % servers.size()]->Connect());
  }
  return clients;
}

void MeasureQueries(const GrpcServer& server, const Subjects& subjects, const GrpcOptions& options,
                    GrpcResult& result) {
  const std::string wrong = WaitUntilVisible(server.Connect(), subjects);
  if (!wrong.empty()) Fail(wrong);
  result.latency = MeasureLatency(server.Connect(), subjects, options.queries);
  result.throughput =
      MeasureThroughput(ClientsOf({&server}, options), subjects, options.load_seconds);
}

void MeasureReplicas(const GrpcServer& one, const Storage& storage, const Subjects& subjects,
                     const GrpcOptions& options, GrpcResult& result) {
  GrpcServer two(storage.Arguments());
  result.propagation = MeasurePropagation(one.Connect(), two.Connect(), subjects, options.changes);
  result.two_replicas =
      MeasureThroughput(ClientsOf({&one, &two}, options), subjects, options.load_seconds);
  two.End();
}

GrpcResult Measure(const GrpcWorld& world, const GrpcOptions& options) {
  const Storage storage(options);
  GrpcResult result;
  Subjects subjects = SubjectsOf(world);
  {
    GrpcServer server(storage.Arguments());
    MeasureImport(server, world, options, result);
    subjects.min_revisions = {result.imported.postings.revision};
    const std::string wrong = WaitUntilVisible(server.Connect(), subjects);
    if (!wrong.empty()) Fail(wrong);
    result.imported_bytes = server.ResidentBytes();
    server.End();
  }
  result.disk_bytes = storage.DiskBytes();
  result.redis_bytes = storage.RedisBytes();
  GrpcServer again(storage.Arguments());
  result.start_seconds = again.start_seconds();
  result.started_bytes = again.ResidentBytes();
  MeasureQueries(again, subjects, options, result);
  if (options.redis) MeasureReplicas(again, storage, subjects, options, result);
  again.End();
  return result;
}

double PerPerson(int64_t bytes, int64_t empty, const GrpcOptions& options) {
  return static_cast<double>(bytes - empty) / static_cast<double>(options.people);
}

nlohmann::json GrpcJson(const Percentiles& percentiles) {
  return {{"p50_ms", percentiles.p50_ms},
          {"p95_ms", percentiles.p95_ms},
          {"p99_ms", percentiles.p99_ms}};
}

nlohmann::json GrpcJson(const GrpcResult& result, const GrpcOptions& options) {
  return {{"benchmark", "grpc"},
          {"store", options.redis ? "redis" : "sqlite"},
          {"redis_bytes", result.redis_bytes},
          {"propagation", GrpcJson(result.propagation)},
          {"rank_calls_per_second_two_replicas", result.two_replicas.calls_per_second},
          {"people", options.people},
          {"areas", options.areas},
          {"postings", options.postings},
          {"import_households_per_second", result.imported.households.PerSecond()},
          {"import_candidates_per_second", result.imported.candidates.PerSecond()},
          {"import_postings_per_second", result.imported.postings.PerSecond()},
          {"health", GrpcJson(result.latency.health)},
          {"get_skill", GrpcJson(result.latency.get_skill)},
          {"rank", GrpcJson(result.latency.rank)},
          {"rank_basic", GrpcJson(result.latency.rank_basic)},
          {"recommend", GrpcJson(result.latency.recommend)},
          {"mean_matches", result.latency.mean_matches},
          {"clients", options.clients},
          {"rank_calls_per_second", result.throughput.calls_per_second},
          {"rank_under_load", GrpcJson(result.throughput.latency)},
          {"empty_bytes", result.empty_bytes},
          {"imported_bytes", result.imported_bytes},
          {"started_bytes", result.started_bytes},
          {"bytes_per_candidate", PerPerson(result.started_bytes, result.empty_bytes, options)},
          {"disk_bytes", result.disk_bytes},
          {"empty_start_seconds", result.empty_start_seconds},
          {"start_seconds", result.start_seconds}};
}

void PrintLine(const char* what, const Percentiles& percentiles) {
  fmt::print("  {:<34} {:>8.3f} {:>8.3f} {:>8.3f}\n", what, percentiles.p50_ms, percentiles.p95_ms,
             percentiles.p99_ms);
}

void PrintGrpcTable(const GrpcResult& result, const GrpcOptions& options) {
  constexpr double kMegabyte = 1e6;
  fmt::print("{} people, {} areas, {} postings\n", options.people, options.areas, options.postings);
  fmt::print("durable import, a second: {:.0f} households, {:.0f} candidates, {:.0f} postings\n",
             result.imported.households.PerSecond(), result.imported.candidates.PerSecond(),
             result.imported.postings.PerSecond());
  fmt::print("one call at a time, ms                   p50      p95      p99\n");
  PrintLine("health check", result.latency.health);
  PrintLine("GetSkill", result.latency.get_skill);
  PrintLine("RankCandidates, 10 with reasons", result.latency.rank);
  PrintLine("RankCandidates, 10 without", result.latency.rank_basic);
  PrintLine("RecommendPostings, 10 with reasons", result.latency.recommend);
  fmt::print("{} at a time: {:.0f} RankCandidates a second\n", options.clients,
             result.throughput.calls_per_second);
  PrintLine("latency then", result.throughput.latency);
  fmt::print(
      "memory: {:.0f} MB empty, {:.0f} MB after the import, {:.0f} MB started with it: "
      "{:.0f} bytes a person\n",
      static_cast<double>(result.empty_bytes) / kMegabyte,
      static_cast<double>(result.imported_bytes) / kMegabyte,
      static_cast<double>(result.started_bytes) / kMegabyte,
      PerPerson(result.started_bytes, result.empty_bytes, options));
  fmt::print("start: {:.2f} s with everything, {:.2f} s empty; {:.0f} MB on disk\n",
             result.start_seconds, result.empty_start_seconds,
             static_cast<double>(result.disk_bytes) / kMegabyte);
  if (!options.redis) return;
  fmt::print("Redis: {:.0f} bytes a person; two leyed: {:.0f} RankCandidates a second\n",
             PerPerson(result.redis_bytes, 0, options), result.two_replicas.calls_per_second);
  PrintLine("a change seen through the other", result.propagation);
}

}  // namespace

int RunGrpc(const GrpcOptions& options) {
  const absl::StatusOr<GrpcWorld> world = InventWorld({.people = options.people,
                                                       .areas = options.areas,
                                                       .postings = options.postings,
                                                       .seed = options.seed});
  if (!world.ok()) Fail(world.status().ToString());
  const GrpcResult result = Measure(*world, options);
  PrintGrpcTable(result, options);
  if (options.json) fmt::print("{}\n", GrpcJson(result, options).dump());
  return 0;
}

}  // namespace leye::bench
