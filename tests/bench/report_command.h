// leye_bench report: how long reports take over a region with referrals. Runs leyed (from the
// folder of this program) on loopback with an invented world and its embedded store.
#ifndef LEYE_TESTS_BENCH_REPORT_COMMAND_H_
#define LEYE_TESTS_BENCH_REPORT_COMMAND_H_

#include <cstdint>

namespace leye::bench {

struct ReportBenchOptions {
  int64_t people = 160'000;
  int areas = 330;
  int postings = 10'000;
  uint64_t seed = 1;
  int referrals = 5'000;  // Every second one goes on to the first day of work.
  int rounds = 5;         // Each report is asked for so often.
  bool json = false;
};

// 0; 1 when the server failed.
int RunReportBench(const ReportBenchOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_REPORT_COMMAND_H_
