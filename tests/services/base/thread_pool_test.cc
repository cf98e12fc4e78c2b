#include "services/base/thread_pool.h"

#include <atomic>
#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace leye {
namespace {

// A gate that tasks wait at.
class Gate {
 public:
  void Open() {
    MutexLock lock(mutex_);
    open_ = true;
    changed_.NotifyAll();
  }
  void Pass() {
    MutexLock lock(mutex_);
    ++arrived_;
    changed_.NotifyAll();
    while (!open_) changed_.Wait(mutex_);
  }
  void WaitForArrivals(int count) {
    MutexLock lock(mutex_);
    while (arrived_ < count) changed_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  int arrived_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST(ThreadPool, RefusesWhenTheQueueIsFull) {
  Gate gate;
  std::atomic<int> ran = 0;
  {
    ThreadPool pool({.threads = 1, .queue_capacity = 2});
    ASSERT_TRUE(pool.TrySubmit([&] { gate.Pass(); }));
    gate.WaitForArrivals(1);
    EXPECT_TRUE(pool.TrySubmit([&] { ++ran; }));
    EXPECT_TRUE(pool.TrySubmit([&] { ++ran; }));
    EXPECT_FALSE(pool.TrySubmit([&] { ran += 100; }));
    EXPECT_EQ(pool.queued(), 2u);
    EXPECT_EQ(pool.refused(), 1u);
    gate.Open();
  }
  EXPECT_EQ(ran, 2);
}

TEST(ThreadPool, RefusesWhileTheFrontWaitsForLong) {
  Gate gate;
  ThreadPool pool({.threads = 1, .queue_capacity = 10, .longest_wait = absl::ZeroDuration()});
  ASSERT_TRUE(pool.TrySubmit([&] { gate.Pass(); }));
  gate.WaitForArrivals(1);
  EXPECT_FALSE(pool.Refuses());
  EXPECT_TRUE(pool.TrySubmit([] {}));  // Waits from now on.
  EXPECT_TRUE(pool.Refuses());
  EXPECT_FALSE(pool.TrySubmit([] {}));
  EXPECT_EQ(pool.refused(), 2u);
  gate.Open();
  while (pool.queued() > 0) continue;
  EXPECT_FALSE(pool.Refuses());
  EXPECT_TRUE(pool.TrySubmit([] {}));
}

TEST(ThreadPool, DestructionRunsWhatWasAccepted) {
  std::atomic<int> ran = 0;
  {
    ThreadPool pool({.threads = 3, .queue_capacity = 1'000});
    for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(pool.TrySubmit([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 1'000);
}

TEST(ThreadPool, OneThreadKeepsTheOrderAndTakesMoveOnlyTasks) {
  std::vector<int> order;
  {
    ThreadPool pool({.threads = 1});
    for (int i = 0; i < 5; ++i) {
      auto value = std::make_unique<int>(i);
      ASSERT_TRUE(pool.TrySubmit([&order, v = std::move(value)] { order.push_back(*v); }));
    }
  }
  EXPECT_THAT(order, ::testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(ThreadPool, RunsAsManyAtOnceAsItHasThreads) {
  Gate gate;
  ThreadPool pool({.threads = 3});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pool.TrySubmit([&] { gate.Pass(); }));
  gate.WaitForArrivals(3);
  gate.Open();
}

}  // namespace
}  // namespace leye
