// Runs the queries of a file through a ranker, and checks and writes down the answers: what the
// subcommands rank, recommend and scan share.
#ifndef LEYE_TESTS_BENCH_QUERY_RUN_H_
#define LEYE_TESTS_BENCH_QUERY_RUN_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/dataset.h"
#include "tests/bench/report.h"
#include "tests/bench/rules.h"

namespace leye::bench {

struct QueryOptions {
  std::string data;
  Rules rules = Rules::kBenchmark;
  size_t k = 20;
  int page = 1;               // the page that is asked for, after those before it
  int rounds = 3;             // each query is asked so often; its median counts
  size_t most_queries = 0;    // 0: all
  double most_seconds = 0;    // a round asks no further query after so long; 0: all
  size_t verify_queries = 0;  // so many are compared with a plain scan, spread over the file
  std::string results;        // file to write answers to; empty: none
  bool against_scan = false;  // ask the queries of the scan of columns too
  // Travel times from all areas to so many places are known, and the same queries are asked without
  // them too; 0: none are.
  size_t travel_places = 0;
  bool json = false;
};

// Answers one query. One a thread is made, so that scratch is not shared.
using Ask = std::function<Answer(const Query&)>;
using MakeAsk = std::function<Ask()>;
using Scan = std::function<std::vector<Answer::Entry>(const Query&)>;

// Fills in times, throughput, work and mismatches. With `most_seconds`, of the queries that the
// first round reached.
void RunQueries(std::vector<Query> queries, const QueryOptions& options, const MakeAsk& make_ask,
                const Scan& scan, Report& report);

// Prints the report and gives the exit status: 1 if an answer was wrong.
int Finish(const Report& report, const QueryOptions& options);

enum class Direction { kRank, kRecommend };

int RunRank(const QueryOptions& options);
int RunRecommend(const QueryOptions& options);
int RunScan(Direction direction, const QueryOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_QUERY_RUN_H_
