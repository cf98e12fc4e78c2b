// Runs the queries of a file through a ranker, and checks and writes down the answers: what the
// subcommands rank and recommend share.
#ifndef LEYE_TESTS_BENCH_QUERY_RUN_H_
#define LEYE_TESTS_BENCH_QUERY_RUN_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/dataset.h"
#include "tests/bench/report.h"

namespace leye::bench {

struct QueryOptions {
  std::string data;
  size_t k = 20;
  int rounds = 3;             // each query is asked so often; its median counts
  size_t most_queries = 0;    // 0: all
  size_t verify_queries = 0;  // so many are compared with a plain scan, spread over the file
  std::string results;        // file to write answers to; empty: none
  bool json = false;
};

// Answers one query. One a thread is made, so that scratch is not shared.
using Ask = std::function<Answer(const Query&)>;
using MakeAsk = std::function<Ask()>;
using Scan = std::function<std::vector<Answer::Entry>(const Query&)>;

// Fills in times, throughput, work and mismatches.
void RunQueries(std::vector<Query> queries, const QueryOptions& options, const MakeAsk& make_ask,
                const Scan& scan, Report& report);

int RunRank(const QueryOptions& options);
int RunRecommend(const QueryOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_QUERY_RUN_H_
