#include "tests/bench/query_run.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include <fmt/core.h>

#include "tests/bench/stopwatch.h"

namespace leye::bench {
namespace {

// Two threads, each through all queries from another start.
double QueriesPerSecond(const std::vector<Query>& queries, const MakeAsk& make_ask) {
  constexpr int kThreads = 2;
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&queries, ask = make_ask(), t] {
      const size_t offset = queries.size() * static_cast<size_t>(t) / kThreads;
      for (size_t i = 0; i < queries.size(); ++i) ask(queries[(i + offset) % queries.size()]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return kThreads * static_cast<double>(queries.size()) / SecondsSince(start);
}

void WriteResults(const std::string& path, const std::vector<Answer>& answers) {
  std::ofstream out(path);
  for (size_t query = 0; query < answers.size(); ++query) {
    for (size_t position = 0; position < answers[query].entries.size(); ++position) {
      const Answer::Entry& entry = answers[query].entries[position];
      out << fmt::format("{}\t{}\t{}\t{:.6f}\n", query, position, entry.id,
                         entry.score_micros / 1e6);
    }
  }
}

int64_t CountMismatches(const std::vector<Query>& queries, const std::vector<Answer>& answers,
                        size_t checks, const Scan& scan) {
  int64_t mismatches = 0;
  const size_t step = std::max<size_t>(1, queries.size() / checks);
  for (size_t i = 0; i < queries.size(); i += step) {
    if (scan(queries[i]) == answers[i].entries) continue;
    ++mismatches;
    fmt::print(stderr, "query {} differs from the plain scan\n", i);
  }
  return mismatches;
}

// The first round decides how many queries there is time for.
std::vector<Answer> FirstRound(const std::vector<Query>& queries, const Ask& ask,
                               double most_seconds) {
  const Clock::time_point start = Clock::now();
  std::vector<Answer> answers;
  for (const Query& query : queries) {
    if (most_seconds > 0 && SecondsSince(start) > most_seconds) break;
    answers.push_back(ask(query));
  }
  return answers;
}

}  // namespace

void RunQueries(std::vector<Query> queries, const QueryOptions& options, const MakeAsk& make_ask,
                const Scan& scan, Report& report) {
  if (options.most_queries > 0 && queries.size() > options.most_queries) {
    queries.resize(options.most_queries);
  }
  const Ask ask = make_ask();
  std::vector<Answer> answers = FirstRound(queries, ask, options.most_seconds);
  queries.resize(answers.size());
  std::vector<std::vector<double>> times(queries.size());
  for (size_t i = 0; i < queries.size(); ++i) times[i].push_back(answers[i].microseconds);
  for (int round = 1; round < options.rounds; ++round) {
    for (size_t i = 0; i < queries.size(); ++i) {
      times[i].push_back(ask(queries[i]).microseconds);
    }
  }
  for (size_t i = 0; i < queries.size(); ++i) {
    answers[i].microseconds = Percentile(times[i], 0.5);
    report.Add(answers[i], queries[i].query_class);
  }
  report.queries_per_second_2_threads = QueriesPerSecond(queries, make_ask);
  if (!options.results.empty()) WriteResults(options.results, answers);
  if (options.verify_queries > 0) {
    report.mismatches = CountMismatches(queries, answers, options.verify_queries, scan);
  }
}

int Finish(const Report& report, const QueryOptions& options) {
  PrintTable(report);
  if (options.json) PrintJson(report);
  return report.mismatches.value_or(0) == 0 ? 0 : 1;
}

}  // namespace leye::bench
