#include "tests/bench/report.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace leye::bench {
namespace {

void PrintRow(const std::string& name, const std::vector<double>& values) {
  fmt::print("{:>8} {:>8} {:>10.1f} {:>10.1f} {:>10.1f} {:>10.1f}\n", name, values.size(),
             Percentile(values, 0.5), Percentile(values, 0.95), Percentile(values, 0.99),
             Percentile(values, 1));
}

double Ratio(const Report& report, const Report& to, double share) {
  return Percentile(report.microseconds, share) / Percentile(to.microseconds, share);
}

void PrintRatios(const char* what, const Report& report, const Report& to) {
  fmt::print("of the time of {} in this run: p50 {:.4f}, p95 {:.4f}, p99 {:.4f}\n", what,
             Ratio(report, to, 0.5), Ratio(report, to, 0.95), Ratio(report, to, 0.99));
}

nlohmann::json Ratios(const Report& report, const Report& to) {
  return {{"p50", Ratio(report, to, 0.5)},
          {"p95", Ratio(report, to, 0.95)},
          {"p99", Ratio(report, to, 0.99)}};
}

}  // namespace

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const ptrdiff_t at = std::lround(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<size_t>(at)];
}

void Report::Add(const Answer& answer, int query_class) {
  microseconds.push_back(answer.microseconds);
  by_class[query_class].push_back(answer.microseconds);
  work.places_bounded += answer.statistics.places_bounded;
  work.blocks_opened += answer.statistics.blocks_opened;
  work.rows_filtered += answer.statistics.rows_filtered;
  work.pairs_evaluated += answer.statistics.pairs_evaluated;
}

void PrintTable(const Report& report) {
  fmt::print("{:>8} {:>8} {:>10} {:>10} {:>10} {:>10}\n", "class", "queries", "p50 us", "p95 us",
             "p99 us", "max us");
  PrintRow("all", report.microseconds);
  for (const auto& [query_class, values] : report.by_class) {
    PrintRow(std::to_string(query_class), values);
  }
  const auto queries = static_cast<double>(std::max<size_t>(1, report.microseconds.size()));
  const auto each = [&](int64_t count) { return static_cast<double>(count) / queries; };
  fmt::print(
      "a query: {:.1f} places bounded, {:.1f} blocks opened, {:.0f} rows filtered, "
      "{:.1f} pairs evaluated\n",
      each(report.work.places_bounded), each(report.work.blocks_opened),
      each(report.work.rows_filtered), each(report.work.pairs_evaluated));
  fmt::print(
      "2 threads: {:.0f} queries/s; build {:.2f} s; {:.1f} bytes a candidate, {:.1f} a "
      "posting\n",
      report.queries_per_second_2_threads, report.build_seconds, report.bytes_per_candidate,
      report.bytes_per_posting);
  if (report.mismatches.has_value()) fmt::print("mismatches: {}\n", *report.mismatches);
  if (report.without_times != nullptr) {
    PrintRatios("the same without travel times", report, *report.without_times);
  }
  if (report.scan != nullptr) PrintRatios("a scan of columns", report, *report.scan);
}

void PrintJson(const Report& report) {
  nlohmann::json classes = nlohmann::json::object();
  for (const auto& [query_class, values] : report.by_class) {
    classes[std::to_string(query_class)] = {{"p50_us", Percentile(values, 0.5)},
                                            {"p95_us", Percentile(values, 0.95)},
                                            {"p99_us", Percentile(values, 0.99)}};
  }
  nlohmann::json json = {{"queries", report.microseconds.size()},
                         {"p50_us", Percentile(report.microseconds, 0.5)},
                         {"p95_us", Percentile(report.microseconds, 0.95)},
                         {"p99_us", Percentile(report.microseconds, 0.99)},
                         {"classes", classes},
                         {"qps_2_threads", report.queries_per_second_2_threads},
                         {"build_s", report.build_seconds},
                         {"bytes_per_candidate", report.bytes_per_candidate},
                         {"bytes_per_posting", report.bytes_per_posting}};
  json["mismatches"] =
      report.mismatches.has_value() ? nlohmann::json(*report.mismatches) : nlohmann::json();
  if (report.without_times != nullptr) {
    json["ratio_to_no_times"] = Ratios(report, *report.without_times);
  }
  if (report.scan != nullptr) json["ratio_to_scan"] = Ratios(report, *report.scan);
  fmt::print("{}\n", json.dump());
}

}  // namespace leye::bench
