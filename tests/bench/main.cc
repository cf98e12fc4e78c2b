// leye_bench: the home of every benchmark. `leye_bench --help` lists the subcommands; each ends
// with one JSON object on its last line when given --json. Exit status 1: an answer was wrong.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tests/bench/generate.h"
#include "tests/bench/grpc_command.h"
#include "tests/bench/query_run.h"
#include "tests/bench/store_bench.h"
#include "tests/bench/update_command.h"

namespace {

using leye::bench::GenerateOptions;
using leye::bench::GrpcOptions;
using leye::bench::QueryOptions;
using leye::bench::Rules;
using leye::bench::StoreBenchOptions;
using leye::bench::UpdateOptions;

constexpr size_t kAllQueries = 1'000'000'000;

// What to generate, as it is said on the command line.
struct Generated {
  std::string scale;
  std::string population = "usual";
  GenerateOptions options;
};

struct EngineOptions {
  QueryOptions query;
  Generated generated;
};

void AddPopulation(CLI::App& command, Generated& generated) {
  command.add_option("--population", generated.population,
                     "usual, rare-together, nothing-named, one-area, common-skill or "
                     "nobody-available");
  command.add_option("--seed", generated.options.seed, "Seed of what is generated");
}

void AddQueryOptions(CLI::App& command, QueryOptions& options) {
  command.add_option("--data", options.data, "Folder with the benchmark's files")->required();
  command.add_option("--k", options.k, "Results a query")->check(CLI::PositiveNumber);
  command.add_option("--rounds", options.rounds, "Times each query is asked; its median counts");
  command.add_option("--queries", options.most_queries, "At most so many queries; 0: all");
  command.add_option("--seconds", options.most_seconds,
                     "Ask only as many queries as take so long; 0: all");
  command.add_option("--results", options.results,
                     "File for the answers: query, position, id, score");
  command.add_flag("--json", options.json, "End with one JSON object");
  command.add_option("--verify-queries", options.verify_queries,
                     "Compare so many queries with a plain scan of everything");
  command.add_flag_callback(
      "--verify", [&options] { options.verify_queries = kAllQueries; },
      "Compare every query with a plain scan of everything");
}

void AddEngineOptions(CLI::App& command, EngineOptions& options) {
  AddQueryOptions(command, options.query);
  CLI::Option* data = command.get_option("--data")->required(false);
  command
      .add_option(
          "--scale", options.generated.scale,
          "Instead of --data: generate such a population, and compare with a scan of columns")
      ->excludes(data);
  AddPopulation(command, options.generated);
  command.add_option("--rules", options.query.rules, "benchmark, or default: the product's")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Rules>{
          {"benchmark", Rules::kBenchmark}, {"default", Rules::kDefault}}));
  command.add_option("--page", options.query.page, "The page that is asked for and timed")
      ->check(CLI::PositiveNumber);
  command.add_flag("--against-scan", options.query.against_scan,
                   "Ask the scan of columns too and print the ratios (benchmark rules)");
}

void AddUpdateOptions(CLI::App& command, UpdateOptions& options) {
  command.add_option("--data", options.data, "Folder with the benchmark's files")->required();
  command.add_option("--updates", options.updates, "Updates in all");
  command.add_option("--batch", options.batch, "Updates between two snapshots");
  command.add_option("--seed", options.seed, "Seed of the random changes");
  command.add_flag("--readers", options.readers, "Rank on a second thread all the while");
  command.add_flag("--json", options.json, "End with one JSON object");
}

void AddGrpcOptions(CLI::App& command, GrpcOptions& options) {
  command.add_option("--people", options.people, "Candidates, about");
  command.add_option("--areas", options.areas, "Settlement areas");
  command.add_option("--postings", options.postings, "Postings");
  command.add_option("--seed", options.seed, "Seed");
  command.add_option("--queries", options.queries, "Calls of each kind, one at a time");
  command.add_option("--clients", options.clients, "Calls at once when throughput is measured");
  command.add_option("--load-seconds", options.load_seconds, "For which it is");
  command.add_option("--message-items", options.message_items, "Items of an import message");
  command.add_option("--changes", options.changes, "Through one leyed, asked of the other");
  command.add_flag("--redis", options.redis, "On a Redis of its own; then a second leyed joins");
  command.add_flag("--json", options.json, "End with one JSON object");
}

void AddStoreOptions(CLI::App& command, StoreBenchOptions& options) {
  command.add_option("--directory", options.directory, "For the store's files, which are removed")
      ->required();
  command
      .add_option("--engine", options.engine,
                  "sqlite, redis-always or redis-everysec; Redis is started on a Unix socket")
      ->check(CLI::IsMember({"sqlite", "redis-always", "redis-everysec"}));
  command.add_option("--records", options.records, "Records of the import");
  command.add_option("--batch", options.batch_records, "Records a commit");
  command.add_option("--threads", options.import_threads, "Commits at once");
}

int RunStore(const StoreBenchOptions& options) {
  const absl::StatusOr<leye::bench::StoreBenchResult> result = leye::bench::RunStoreBench(options);
  if (result.ok()) {
    fmt::print("{}\n", leye::bench::ToJson(*result));
    return 0;
  }
  fmt::print(stderr, "{}\n", result.status().ToString());
  return 1;
}

int RunGenerate(const Generated& generated) {
  GenerateOptions options = generated.options;
  absl::Status status = leye::bench::SetScale(generated.scale, options);
  if (status.ok()) status = leye::bench::SetPopulation(generated.population, options);
  if (status.ok()) status = leye::bench::Generate(options);
  if (status.ok()) return 0;
  fmt::print(stderr, "{}\n", status.ToString());
  return 2;
}

// On --data, or on a population that is generated into a folder for as long as it runs.
int RunEngine(int (*run)(const QueryOptions&), EngineOptions options) {
  if (options.generated.scale.empty()) {
    if (!options.query.data.empty()) return run(options.query);
    fmt::print(stderr, "--data or --scale is required\n");
    return 2;
  }
  std::string folder = (std::filesystem::temp_directory_path() / "leye-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    fmt::print(stderr, "no folder could be made in {}\n", folder);
    return 2;
  }
  options.generated.options.folder = options.query.data = folder;
  options.query.against_scan = options.query.rules == Rules::kBenchmark;
  int status = RunGenerate(options.generated);
  if (status == 0) status = run(options.query);
  std::filesystem::remove_all(folder);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Benchmarks of leye");
  app.require_subcommand(1);

  Generated generated;
  CLI::App* generate = app.add_subcommand("generate", "Write a made-up population");
  generate->add_option("--scale", generated.scale, "county, hebei, province or nation")->required();
  AddPopulation(*generate, generated);
  generate->add_option("--queries", generated.options.queries, "Queries of each direction");
  generate->add_option("--out", generated.options.folder, "Folder")->required();

  EngineOptions rank_options;
  CLI::App* rank = app.add_subcommand("rank", "The best people for postings");
  AddEngineOptions(*rank, rank_options);

  EngineOptions recommend_options;
  CLI::App* recommend = app.add_subcommand("recommend", "The best postings for people");
  AddEngineOptions(*recommend, recommend_options);

  QueryOptions scan_options;
  auto direction = leye::bench::Direction::kRank;
  CLI::App* scan = app.add_subcommand("scan", "The same queries by a plain scan of columns");
  AddQueryOptions(*scan, scan_options);
  scan->add_option("--direction", direction, "rank or recommend")
      ->transform(CLI::CheckedTransformer(std::map<std::string, leye::bench::Direction>{
          {"rank", leye::bench::Direction::kRank},
          {"recommend", leye::bench::Direction::kRecommend}}));

  UpdateOptions update_options;
  CLI::App* update = app.add_subcommand("update", "Changes of people, visible to readers");
  AddUpdateOptions(*update, update_options);

  GrpcOptions grpc_options;
  CLI::App* grpc = app.add_subcommand("grpc", "leyed as its clients find it, on loopback");
  AddGrpcOptions(*grpc, grpc_options);

  StoreBenchOptions store_options;
  CLI::App* store = app.add_subcommand("store", "A store alone");
  AddStoreOptions(*store, store_options);

  CLI11_PARSE(app, argc, argv);
  if (generate->parsed()) return RunGenerate(generated);
  if (rank->parsed()) return RunEngine(leye::bench::RunRank, rank_options);
  if (recommend->parsed()) return RunEngine(leye::bench::RunRecommend, recommend_options);
  if (scan->parsed()) return leye::bench::RunScan(direction, scan_options);
  if (grpc->parsed()) return leye::bench::RunGrpc(grpc_options);
  if (store->parsed()) return RunStore(store_options);
  return leye::bench::RunUpdate(update_options);
}
