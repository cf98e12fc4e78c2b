// leye_bench: the home of every benchmark. `leye_bench --help` lists the subcommands; each ends
// with one JSON object on its last line when given --json. Exit status 1: an answer was wrong.
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
using leye::bench::StoreBenchOptions;
using leye::bench::UpdateOptions;

constexpr size_t kAllQueries = 1'000'000'000;

void AddQueryOptions(CLI::App& command, QueryOptions& options) {
  command.add_option("--data", options.data, "Folder with the benchmark's files")->required();
  command.add_option("--k", options.k, "Results a query");
  command.add_option("--rounds", options.rounds, "Times each query is asked; its median counts");
  command.add_option("--queries", options.most_queries, "At most so many queries; 0: all");
  command.add_option("--results", options.results,
                     "File for the answers: query, position, id, score");
  command.add_flag("--json", options.json, "End with one JSON object");
  command.add_option("--verify-queries", options.verify_queries,
                     "Compare so many queries with a plain scan of everything");
  command.add_flag_callback(
      "--verify", [&options] { options.verify_queries = kAllQueries; },
      "Compare every query with a plain scan of everything");
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
  command.add_flag("--json", options.json, "End with one JSON object");
}

void AddStoreOptions(CLI::App& command, StoreBenchOptions& options) {
  command.add_option("--directory", options.directory, "For the store's files, which are removed")
      ->required();
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

int RunGenerate(const std::string& scale, const std::string& population, GenerateOptions options) {
  absl::Status status = leye::bench::SetScale(scale, options);
  if (status.ok()) status = leye::bench::SetPopulation(population, options);
  if (status.ok()) status = leye::bench::Generate(options);
  if (status.ok()) return 0;
  fmt::print(stderr, "{}\n", status.ToString());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Benchmarks of leye");
  app.require_subcommand(1);

  std::string scale;
  std::string population = "usual";
  GenerateOptions generate_options;
  CLI::App* generate = app.add_subcommand("generate", "Write a made-up population");
  generate->add_option("--scale", scale, "county, hebei, province or nation")->required();
  generate->add_option("--population", population,
                       "usual, rare-together, nothing-named, one-area, common-skill or "
                       "nobody-available");
  generate->add_option("--seed", generate_options.seed, "Seed");
  generate->add_option("--queries", generate_options.queries, "Queries of each direction");
  generate->add_option("--out", generate_options.folder, "Folder")->required();

  QueryOptions rank_options;
  CLI::App* rank = app.add_subcommand("rank", "The best people for postings");
  AddQueryOptions(*rank, rank_options);

  QueryOptions recommend_options;
  CLI::App* recommend = app.add_subcommand("recommend", "The best postings for people");
  AddQueryOptions(*recommend, recommend_options);

  UpdateOptions update_options;
  CLI::App* update = app.add_subcommand("update", "Changes of people, visible to readers");
  AddUpdateOptions(*update, update_options);

  GrpcOptions grpc_options;
  CLI::App* grpc = app.add_subcommand("grpc", "leyed as its clients find it, on loopback");
  AddGrpcOptions(*grpc, grpc_options);

  StoreBenchOptions store_options;
  CLI::App* store = app.add_subcommand("store", "The embedded store alone");
  AddStoreOptions(*store, store_options);

  CLI11_PARSE(app, argc, argv);
  if (generate->parsed()) return RunGenerate(scale, population, generate_options);
  if (rank->parsed()) return leye::bench::RunRank(rank_options);
  if (recommend->parsed()) return leye::bench::RunRecommend(recommend_options);
  if (grpc->parsed()) return leye::bench::RunGrpc(grpc_options);
  if (store->parsed()) return RunStore(store_options);
  return leye::bench::RunUpdate(update_options);
}
