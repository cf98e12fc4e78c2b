// leye_bench_postgres: the work of `leye_bench rank|recommend|update`, done by a PostgreSQL server
// that tests/bench/peers/run starts. Prepared statements, one connection a thread; a time is that
// of the call of libpq, over a unix socket.
#include <chrono>
#include <memory>
#include <mutex>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "tests/bench/peers/postgres_connection.h"
#include "tests/bench/peers/postgres_queries.h"
#include "tests/bench/peers/postgres_schema.h"
#include "tests/bench/peers/postgres_update.h"
#include "tests/bench/plain_check.h"
#include "tests/bench/query_run.h"

namespace leye::bench {
namespace {

using Clock = std::chrono::steady_clock;
using MakeStatement = std::function<Statement(const Query&)>;

// The first thing that went wrong on any thread.
class FirstError {
 public:
  void Set(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    status_.Update(status);
  }
  absl::Status Get() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  mutable std::mutex mutex_;
  absl::Status status_;
};

int Fail(const absl::Status& status) {
  fmt::print(stderr, "{}\n", status.ToString());
  return 2;
}

Answer AnswerOf(const Rows& rows) {
  Answer answer;
  for (int row = 0; row < rows.count(); ++row) {
    answer.entries.push_back({.id = static_cast<uint64_t>(rows.Integer(row, 0)),
                              .score_micros = static_cast<int32_t>(rows.Integer(row, 1))});
  }
  return answer;
}

Ask AskOn(const std::string& address, const MakeStatement& make_statement, FirstError& error) {
  absl::StatusOr<Connection> opened = Connection::Open(address);
  if (!opened.ok()) {
    error.Set(opened.status());
    return [](const Query&) { return Answer(); };
  }
  const auto connection = std::make_shared<Connection>(*std::move(opened));
  // A plan that was picked by hand is made once.
  error.Set(connection->Run("SET plan_cache_mode = force_generic_plan"));
  return [&make_statement, &error, connection](const Query& query) {
    const Statement statement = make_statement(query);
    const Clock::time_point asked = Clock::now();
    const absl::StatusOr<Rows> rows = connection->Execute(statement);
    const std::chrono::duration<double, std::micro> took = Clock::now() - asked;
    error.Set(rows.status());
    Answer answer = rows.ok() ? AnswerOf(*rows) : Answer();
    answer.microseconds = took.count();
    return answer;
  };
}

int RunQueriesOn(const std::string& address, Direction direction, const QueryOptions& options) {
  const absl::StatusOr<Dataset> data = ReadDataset(options.data);
  if (!data.ok()) return Fail(data.status());
  const bool rank = direction == Direction::kRank;
  const LongestLimits longest = LongestLimitsOf(*data);
  const MakeStatement make_statement = [&](const Query& query) {
    return rank ? RankStatement(data->postings[query.subject], longest, options.k)
                : RecommendStatement(*data, data->candidates[query.subject], longest, options.k);
  };
  const Scan check = [&](const Query& query) {
    return rank ? ScanCandidates(*data, data->postings[query.subject], options.k)
                : ScanPostings(*data, data->candidates[query.subject], options.k);
  };
  FirstError error;
  Report report;
  RunQueries(
      rank ? data->posting_queries : data->candidate_queries, options,
      [&] { return AskOn(address, make_statement, error); }, check, report);
  if (!error.Get().ok()) return Fail(error.Get());
  return Finish(report, options);
}

int RunLoad(const std::string& address, const std::string& folder) {
  const absl::StatusOr<Dataset> data = ReadDataset(folder);
  if (!data.ok()) return Fail(data.status());
  absl::StatusOr<Connection> connection = Connection::Open(address);
  if (!connection.ok()) return Fail(connection.status());
  const absl::StatusOr<LoadReport> report = LoadPostgres(*data, *connection);
  if (!report.ok()) return Fail(report.status());
  const nlohmann::json json = {{"build_s", report->build_seconds},
                               {"bytes_per_candidate", report->bytes_per_candidate},
                               {"bytes_per_posting", report->bytes_per_posting}};
  fmt::print("{}\n", json.dump());
  return 0;
}

int RunUpdates(const std::string& address, const std::string& folder,
               const PostgresUpdateOptions& options) {
  absl::StatusOr<Dataset> data = ReadDataset(folder);
  if (!data.ok()) return Fail(data.status());
  absl::StatusOr<Connection> connection = Connection::Open(address);
  if (!connection.ok()) return Fail(connection.status());
  nlohmann::json json;
  for (const size_t batch : {size_t{1}, options.batch}) {
    PostgresUpdateOptions each = options;
    each.batch = batch;
    const absl::StatusOr<double> rate = UpdatePostgres(each, *data, *connection);
    if (!rate.ok()) return Fail(rate.status());
    json[fmt::format("updates_per_s_batch_{}", batch)] = *rate;
  }
  fmt::print("{}\n", json.dump());
  return 0;
}

}  // namespace
}  // namespace leye::bench

int main(int argc, char** argv) {
  CLI::App app("The benchmark's work on PostgreSQL and PostGIS; each ends with one JSON object");
  app.fallthrough();
  app.require_subcommand(1);
  std::string address;
  app.add_option("--address", address, "libpq's connection string")->required();
  leye::bench::QueryOptions options;
  options.json = true;
  leye::bench::PostgresUpdateOptions update_options;
  app.add_option("--data", options.data, "Folder with the benchmark's files")->required();
  app.add_option("--k", options.k, "Results a query");
  app.add_option("--rounds", options.rounds, "Times each query is asked; its median counts");
  app.add_option("--queries", options.most_queries, "At most so many queries; 0: all");
  app.add_option("--seconds", options.most_seconds, "Ask or change no more after so long; 0: all");
  app.add_option("--results", options.results, "File for the answers");
  app.add_option("--verify-queries", options.verify_queries,
                 "Compare so many queries with a plain scan of everything");
  const CLI::App* load = app.add_subcommand("load", "Make and fill the tables");
  const CLI::App* rank = app.add_subcommand("rank", "The best people for postings");
  const CLI::App* recommend = app.add_subcommand("recommend", "The best postings for people");
  app.add_subcommand("update", "Durable changes of people, by one and by 1,000 a transaction");
  CLI11_PARSE(app, argc, argv);

  using leye::bench::Direction;
  if (load->parsed()) return leye::bench::RunLoad(address, options.data);
  if (rank->parsed()) return leye::bench::RunQueriesOn(address, Direction::kRank, options);
  if (recommend->parsed()) {
    return leye::bench::RunQueriesOn(address, Direction::kRecommend, options);
  }
  if (options.most_seconds > 0) update_options.seconds = options.most_seconds;
  return leye::bench::RunUpdates(address, options.data, update_options);
}
