// How long something took.
#ifndef LEYE_TESTS_BENCH_STOPWATCH_H_
#define LEYE_TESTS_BENCH_STOPWATCH_H_

#include <chrono>

namespace leye::bench {

using Clock = std::chrono::steady_clock;

inline double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_STOPWATCH_H_
