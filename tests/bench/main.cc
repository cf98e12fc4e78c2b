// leye_bench: the home of every benchmark. `leye_bench --help` lists the subcommands; each ends
// with one JSON object on its last line when given --json. Exit status 1: an answer was wrong.
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tests/bench/gateway_command.h"
#include "tests/bench/generate.h"
#include "tests/bench/grpc_command.h"
#include "tests/bench/normalize_command.h"
#include "tests/bench/overload_command.h"
#include "tests/bench/plan_command.h"
#include "tests/bench/query_run.h"
#include "tests/bench/report_command.h"
#include "tests/bench/seal_command.h"
#include "tests/bench/store_bench.h"
#include "tests/bench/update_command.h"
#include "tests/bench/watch_command.h"

namespace {

using leye::bench::EvaluateOptions;
using leye::bench::GatewayBenchOptions;
using leye::bench::GenerateOptions;
using leye::bench::GrpcOptions;
using leye::bench::NormalizeOptions;
using leye::bench::OverloadOptions;
using leye::bench::PlanBenchOptions;
using leye::bench::QueryOptions;
using leye::bench::ReportBenchOptions;
using leye::bench::Rules;
using leye::bench::SealBenchOptions;
using leye::bench::StoreBenchOptions;
using leye::bench::UpdateOptions;
using leye::bench::WatchOptions;

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
  command.add_option("--travel-places", options.query.travel_places,
                     "Know travel times from every area to so many places, and print the ratio to "
                     "knowing none");
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

void AddWatchOptions(CLI::App& command, WatchOptions& options) {
  command.add_option("--data", options.data, "Folder with the benchmark's files")->required();
  command.add_option("--watches", options.watches, "Half of postings, half of people");
  command.add_option("--updates", options.updates, "Updates in all");
  command.add_option("--batch", options.batch, "Updates between two snapshots");
  command.add_option("--best", options.best,
                     "A watch's least score is its so manieth best match's");
  command.add_option("--seed", options.seed, "Seed of the random changes");
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

void AddReportOptions(CLI::App& command, ReportBenchOptions& options) {
  command.add_option("--people", options.people, "Candidates, about");
  command.add_option("--areas", options.areas, "Settlement areas");
  command.add_option("--postings", options.postings, "Postings");
  command.add_option("--seed", options.seed, "Seed");
  command.add_option("--referrals", options.referrals, "Made before");
  command.add_option("--rounds", options.rounds, "Times each report is asked for")
      ->check(CLI::PositiveNumber);
  command.add_flag("--json", options.json, "End with one JSON object");
}

void AddGatewayOptions(CLI::App& command, GatewayBenchOptions& options) {
  command.add_option("--grpc", options.grpc, "host:port of a leyed that runs");
  command.add_option("--http", options.http, "host:port of its gateway");
  command.add_option("--posting", options.posting, "Whose people are ranked");
  command.add_option("--calls", options.calls, "Calls of each kind")->check(CLI::PositiveNumber);
}

void AddOverloadOptions(CLI::App& command, OverloadOptions& options) {
  command.add_option("--people", options.people, "Candidates, about");
  command.add_option("--areas", options.areas, "Settlement areas");
  command.add_option("--postings", options.postings, "Postings");
  command.add_option("--seed", options.seed, "Seed");
  command.add_option("--caller", options.caller, "bureau or operator")
      ->check(CLI::IsMember({"bureau", "operator"}));
  command.add_option("--page-size", options.page_size, "People a call");
  command.add_option("--connections", options.connections, "Of the client")
      ->check(CLI::PositiveNumber);
  command.add_option("--outstanding", options.outstanding, "Calls at once in the closed loop")
      ->check(CLI::PositiveNumber);
  command.add_option("--rounds", options.rounds, "Of all steps")->check(CLI::PositiveNumber);
  command.add_option("--seconds", options.seconds, "Of each step of a round")
      ->check(CLI::PositiveNumber);
  command.add_option("--deadline-ms", options.deadline_ms, "Of a call")->check(CLI::PositiveNumber);
  command.add_flag("!--share-cores", options.pin, "leyed and the client on the same cores");
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

void AddNormalizeOptions(CLI::App& command, NormalizeOptions& options) {
  command.add_option("--phrases", options.phrases, "File with a phrase a line")->required();
  command.add_option("--catalogue", options.catalogue, "Folder of tables; those compiled in");
  command.add_flag("--notices", options.notices, "Read each as a whole notice");
  command.add_option("--rounds", options.rounds, "Times the file is read; its median counts")
      ->check(CLI::PositiveNumber);
  command.add_flag("--json", options.json, "End with one JSON object");
}

void AddEvaluateOptions(CLI::App& command, EvaluateOptions& options) {
  command.add_option("--labelled", options.labelled, "File with phrase, tab, code a line")
      ->required();
  command.add_option("--catalogue", options.catalogue, "Folder of tables; those compiled in");
  command.add_option("--part", options.part, "even or odd: half of the phrases")
      ->check(CLI::IsMember({"even", "odd"}));
  command.add_option("--errors", options.errors, "File for answers other than the labels");
  command.add_option("--errors-from", options.errors_from, "Confidence from which they count");
}

void AddPlanOptions(CLI::App& command, PlanBenchOptions& options) {
  command.add_option("--scale", options.scale, "county, hebei, province or nation")->required();
  command.add_option("--data", options.data, "Folder with the files; otherwise they are made");
  command.add_option("--seed", options.seed, "Seed of what is made");
  command.add_option("--threads", options.threads, "Threads that rank");
  command.add_option("--first-choices", options.first_choices,
                     "Postings ranked for everybody, where there are too many to judge all");
  command.add_option("--most-choices", options.most_choices, "Postings ranked for one person");
  command.add_option("--search-people", options.search_people, "People looked at for one seat");
  command.add_option("--slack", options.slack_micros, "Millionths of a score that a seat may lose");
  command.add_option("--most-exact", options.most_exact, "More people are seated by an auction");
  command.add_option("--most-judged", options.most_judged,
                     "More pairs of people and postings are listed as far as prices let them");
  command.add_option("--step", options.step_micros, "Millionths: an auction's least raise");
  command.add_flag("--alone", options.alone, "Without what the plan is compared with");
  command.add_flag("--json", options.json, "End with one JSON object");
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

void AddDirection(CLI::App& scan, leye::bench::Direction& direction) {
  scan.add_option("--direction", direction, "rank or recommend")
      ->transform(CLI::CheckedTransformer(std::map<std::string, leye::bench::Direction>{
          {"rank", leye::bench::Direction::kRank},
          {"recommend", leye::bench::Direction::kRecommend}}));
}

void AddGenerateOptions(CLI::App& generate, Generated& generated) {
  generate
      .add_option("--scale", generated.scale, "county, hebei, province, nation or five-nations")
      ->required();
  AddPopulation(generate, generated);
  generate.add_option("--queries", generated.options.queries, "Queries of each direction");
  generate.add_option("--out", generated.options.folder, "Folder")->required();
}

void AddSealOptions(CLI::App& seal, SealBenchOptions& options) {
  seal.add_option("--people", options.people)->check(CLI::Range(1, 10'000'000));
}

// The commands of the program. A command's options are read before it runs, with the exit status
// that it returns.
class Commands {
 public:
  explicit Commands(CLI::App& app) : app_(app) {}

  template <typename Options>
  void Add(const char* name, const char* about, void (*add_options)(CLI::App&, Options&),
           int (*run)(const Options&)) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app_.add_subcommand(name, about);
    add_options(*command, *options);
    command->callback([this, options, run] { run_ = [options, run] { return run(*options); }; });
  }

  int Run() const { return run_(); }

 private:
  CLI::App& app_;
  std::function<int()> run_;
};

struct ScanOptions {
  QueryOptions query;
  leye::bench::Direction direction = leye::bench::Direction::kRank;
};

void AddScanOptions(CLI::App& scan, ScanOptions& options) {
  AddQueryOptions(scan, options.query);
  AddDirection(scan, options.direction);
}

int Scan(const ScanOptions& options) {
  return leye::bench::RunScan(options.direction, options.query);
}
int Rank(const EngineOptions& options) { return RunEngine(leye::bench::RunRank, options); }
int Recommend(const EngineOptions& options) {
  return RunEngine(leye::bench::RunRecommend, options);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Benchmarks of leye");
  app.require_subcommand(1);
  Commands commands(app);
  commands.Add("generate", "Write a made-up population", AddGenerateOptions, RunGenerate);
  commands.Add("rank", "The best people for postings", AddEngineOptions, Rank);
  commands.Add("recommend", "The best postings for people", AddEngineOptions, Recommend);
  commands.Add("scan", "The same queries by a plain scan of columns", AddScanOptions, Scan);
  commands.Add("update", "Changes of people, visible to readers", AddUpdateOptions,
               leye::bench::RunUpdate);
  commands.Add("watch-matches", "Watched matches while people change", AddWatchOptions,
               leye::bench::RunWatch);
  commands.Add("grpc", "leyed as its clients find it, on loopback", AddGrpcOptions,
               leye::bench::RunGrpc);
  commands.Add("report", "Reports over a region with referrals", AddReportOptions,
               leye::bench::RunReportBench);
  commands.Add("gateway", "The same calls by gRPC and by HTTP", AddGatewayOptions,
               leye::bench::RunGatewayBench);
  commands.Add("overload", "leyed when three times as much is asked as it can do",
               AddOverloadOptions, leye::bench::RunOverload);
  commands.Add("normalize", "Phrases to trades, how fast", AddNormalizeOptions,
               leye::bench::RunNormalize);
  commands.Add("evaluate-normalizer", "Phrases to trades, how right", AddEvaluateOptions,
               leye::bench::RunEvaluate);
  commands.Add("store", "A store alone", AddStoreOptions, RunStore);
  commands.Add("seal", "Sealing and opening a person's personal part", AddSealOptions,
               leye::bench::RunSealBench);
  commands.Add("plan", "The batch assignment of a whole population", AddPlanOptions,
               leye::bench::RunPlan);
  CLI11_PARSE(app, argc, argv);
  return commands.Run();
}
