// leye_bench watch-matches: what watched matches cost while people and postings change.
#ifndef LEYE_TESTS_BENCH_WATCH_COMMAND_H_
#define LEYE_TESTS_BENCH_WATCH_COMMAND_H_

#include <cstdint>
#include <string>

namespace leye::bench {

struct WatchOptions {
  std::string data;
  int watches = 10'000;      // half of them of postings, half of people
  int64_t updates = 10'000;  // of people; every twentieth is of a posting
  int64_t batch = 100;       // updates of one snapshot: at 1,000 a second, ten a second
  size_t best = 20;          // a watch's least score is that of its so manieth best match
  uint64_t seed = 1;
  bool json = false;
};

int RunWatch(const WatchOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_WATCH_COMMAND_H_
