// leye_bench seal: what sealing and opening one person's personal part costs, on one thread.
#ifndef LEYE_TESTS_BENCH_SEAL_COMMAND_H_
#define LEYE_TESTS_BENCH_SEAL_COMMAND_H_

namespace leye::bench {

struct SealBenchOptions {
  int people = 20'000;
};

// Prints microseconds; 0, or 1 when something does not open.
int RunSealBench(const SealBenchOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_SEAL_COMMAND_H_
