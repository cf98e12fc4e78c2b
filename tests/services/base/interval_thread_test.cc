#include "services/base/interval_thread.h"

#include <atomic>
#include <thread>

#include "gtest/gtest.h"

namespace leye {
namespace {

TEST(IntervalThread, CallsAgainAndAgainUntilItEnds) {
  std::atomic<int> rounds = 0;
  {
    const IntervalThread thread(absl::Milliseconds(1), [&] { ++rounds; });
    while (rounds < 3) std::this_thread::yield();
  }
  const int at_the_end = rounds;
  std::this_thread::yield();
  EXPECT_EQ(rounds, at_the_end);
}

TEST(IntervalThread, BeginsAtOnceAndEndsWithoutWaitingForTheInterval) {
  std::atomic<int> rounds = 0;
  {
    const IntervalThread thread(absl::Hours(1), [&] { ++rounds; });
  }
  EXPECT_EQ(rounds, 1);
}

}  // namespace
}  // namespace leye
