// What a run measured, as a table for people and one JSON object for programs.
#ifndef LEYE_TESTS_BENCH_REPORT_H_
#define LEYE_TESTS_BENCH_REPORT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "matcher/ranker.h"

namespace leye::bench {

// The answer to one query, and what it cost.
struct Answer {
  struct Entry {
    uint64_t id = 0;
    int32_t score_micros = 0;

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  std::vector<Entry> entries;
  double microseconds = 0;
  matcher::RankStatistics statistics;
};

struct Report {
  std::vector<double> microseconds;  // of every query
  std::map<int, std::vector<double>> by_class;
  double queries_per_second_2_threads = 0;
  double build_seconds = 0;
  double bytes_per_candidate = 0;
  double bytes_per_posting = 0;
  matcher::RankStatistics work;  // summed over queries
  std::optional<int64_t> mismatches;
  // Of the same queries where no travel time is known, if they were asked.
  std::unique_ptr<Report> without_times;
  std::unique_ptr<Report> scan;  // of the same queries by a scan of columns, if they were asked

  void Add(const Answer& answer, int query_class);
};

// REQUIRES: 0 <= share <= 1. Zero if there are none.
double Percentile(std::vector<double> values, double share);

void PrintTable(const Report& report);
// One object on one line.
void PrintJson(const Report& report);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_REPORT_H_
