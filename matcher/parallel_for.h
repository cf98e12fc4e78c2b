// Work on several threads, for loading.
#ifndef LEYE_MATCHER_PARALLEL_FOR_H_
#define LEYE_MATCHER_PARALLEL_FOR_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace leye::matcher {

// Calls task(i) once for every i below `count`, on up to `threads` threads, this one among them.
// Returns when all are done. `task` must not throw.
template <typename Task>
void ParallelFor(size_t count, size_t threads, const Task& task) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < count; i = next++) task(i);
  };
  std::vector<std::thread> others;
  for (size_t t = 1; t < std::min(threads, count); ++t) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
}

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_PARALLEL_FOR_H_
