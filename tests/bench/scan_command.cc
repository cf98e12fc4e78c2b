// leye_bench scan.
#include <chrono>

#include <fmt/core.h>

#include "tests/bench/column_scan.h"
#include "tests/bench/plain_check.h"
#include "tests/bench/query_run.h"
#include "tests/bench/stopwatch.h"

namespace leye::bench {
namespace {

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

Report ScanPeople(const Dataset& data, const QueryOptions& options) {
  Report report;
  const Clock::time_point start = Clock::now();
  const PeopleColumns columns(data);
  report.build_seconds = MicrosecondsSince(start) / 1e6;
  report.bytes_per_candidate = static_cast<double>(columns.MemoryBytes()) /
                               static_cast<double>(std::max<size_t>(1, data.candidates.size()));
  const Ask ask = [&](const Query& query) {
    const Clock::time_point asked = Clock::now();
    Answer answer = columns.Best(data.postings[query.subject], options.k);
    answer.microseconds = MicrosecondsSince(asked);
    return answer;
  };
  const Scan check = [&](const Query& query) {
    return ScanCandidates(data, data.postings[query.subject], options.k);
  };
  RunQueries(
      data.posting_queries, options, [&] { return ask; }, check, report);
  return report;
}

Report ScanOpenPostings(const Dataset& data, const QueryOptions& options) {
  Report report;
  const Clock::time_point start = Clock::now();
  const PostingColumns columns(data);
  report.build_seconds = MicrosecondsSince(start) / 1e6;
  report.bytes_per_posting = static_cast<double>(columns.MemoryBytes()) /
                             static_cast<double>(std::max<size_t>(1, data.postings.size()));
  const Ask ask = [&](const Query& query) {
    const CandidateRecord& person = data.candidates[query.subject];
    const Clock::time_point asked = Clock::now();
    Answer answer =
        columns.Best(person, data.SkillsOf(person), data.areas[person.area].at, options.k);
    answer.microseconds = MicrosecondsSince(asked);
    return answer;
  };
  const Scan check = [&](const Query& query) {
    return ScanPostings(data, data.candidates[query.subject], options.k);
  };
  RunQueries(
      data.candidate_queries, options, [&] { return ask; }, check, report);
  return report;
}

}  // namespace

int RunScan(Direction direction, const QueryOptions& options) {
  const absl::StatusOr<Dataset> data = ReadDataset(options.data);
  if (!data.ok()) {
    fmt::print(stderr, "{}\n", data.status().ToString());
    return 2;
  }
  return Finish(
      direction == Direction::kRank ? ScanPeople(*data, options) : ScanOpenPostings(*data, options),
      options);
}

}  // namespace leye::bench
