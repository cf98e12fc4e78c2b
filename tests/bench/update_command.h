// leye_bench update: how fast changes go in and become visible.
#ifndef LEYE_TESTS_BENCH_UPDATE_COMMAND_H_
#define LEYE_TESTS_BENCH_UPDATE_COMMAND_H_

#include <cstdint>
#include <string>

namespace leye::bench {

struct UpdateOptions {
  std::string data;
  int64_t updates = 100'000;
  int64_t batch = 1'000;  // updates between two Publish
  uint64_t seed = 1;
  bool readers = false;  // one thread ranks all the while
  bool json = false;
};

int RunUpdate(const UpdateOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_UPDATE_COMMAND_H_
