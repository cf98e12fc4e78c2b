// leye_bench: the home of every benchmark. `leye_bench --help` lists the subcommands; each ends
// with one JSON object on its last line when given --json. Exit status 1: an answer was wrong.
#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tests/bench/generate.h"
#include "tests/bench/query_run.h"
#include "tests/bench/update_command.h"

namespace {

using leye::bench::GenerateOptions;
using leye::bench::QueryOptions;
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

int RunGenerate(const std::string& scale, GenerateOptions options) {
  absl::Status status = leye::bench::SetScale(scale, options);
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
  GenerateOptions generate_options;
  CLI::App* generate = app.add_subcommand("generate", "Write a made-up population");
  generate->add_option("--scale", scale, "county, hebei, province or nation")->required();
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

  CLI11_PARSE(app, argc, argv);
  if (generate->parsed()) return RunGenerate(scale, generate_options);
  if (rank->parsed()) return leye::bench::RunRank(rank_options);
  if (recommend->parsed()) return leye::bench::RunRecommend(recommend_options);
  return leye::bench::RunUpdate(update_options);
}
