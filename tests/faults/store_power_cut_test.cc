// A simulated power cut: writes that no fsync covers are undone. FULL must lose nothing, and the
// test must see that NORMAL does.

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/sqlite_store.h"
#include "tests/faults/budget.h"
#include "tests/faults/fault_vfs.h"
#include "tests/faults/history.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

using store::Durability;
using store::Store;

class StorePowerCut : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(Durability durability) {
    auto store = store::OpenSqliteStore(
        {.path = dir_.File("leye.db"), .durability = durability, .vfs = vfs_.name()},
        {clock_, ids_, log_});
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Writes from a few threads, cuts the power after about `commits`, and restores the disk.
  void WriteAndCut(Store& store, int round, size_t commits, Unsynced unsynced, History& history) {
    constexpr int kThreads = 3;
    const size_t before = history.size();
    const auto write = [&](int thread) {
      const std::string writer = absl::StrCat("r", round, "t", thread);
      absl::Status status;
      for (uint64_t i = 0; status.ok(); ++i) {
        status = WriteUntilFailure(store, writer, i, 1, history);
        if (history.size() - before >= commits) vfs_.CutPower();
      }
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    };
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int t = 0; t < kThreads; ++t) threads.emplace_back(write, t);
    for (std::thread& thread : threads) thread.join();
    store.Close();
    vfs_.RestoreDisk(unsynced, random_);
  }

  const uint64_t seed_ = FaultSeed();
  SeededRandom random_{seed_};
  leye::testing::TempDir dir_;
  leye::testing::FakeClock clock_;
  SystemRandom ids_;
  Logger log_ = Logger::Discard();
  FaultVfs vfs_{"power"};
  History history_;
};

TEST_F(StorePowerCut, FullLosesNothingAcknowledged) {
  SCOPED_TRACE(absl::StrCat("LEYE_FAULT_SEED=", seed_));
  for (Budget budget(20); budget.Next() && !HasFailure();) {
    const std::unique_ptr<Store> store = Open(Durability::kPowerLoss);
    ASSERT_NE(store, nullptr);
    const Violations violations = history_.Check(*store);
    EXPECT_EQ(violations.lost, 0) << "of " << history_.size();
    EXPECT_EQ(violations.other, std::vector<std::string>());
    const auto unsynced = random_.Next() % 2 == 0 ? Unsynced::kLost : Unsynced::kSomeSurvive;
    WriteAndCut(*store, budget.round(), random_.Next() % 200, unsynced, history_);
  }
  std::printf("FULL: acknowledged %zu, lost 0\n", history_.size());
}

TEST_F(StorePowerCut, NormalIsCaughtLosing) {
  std::unique_ptr<Store> store = Open(Durability::kProcessCrashUnsafe);
  ASSERT_NE(store, nullptr);
  WriteAndCut(*store, 1, 300, Unsynced::kLost, history_);
  store = Open(Durability::kProcessCrashUnsafe);
  ASSERT_NE(store, nullptr);
  const Violations violations = history_.Check(*store);
  EXPECT_GT(violations.lost, 0) << "the test cannot see a loss";
  EXPECT_EQ(violations.other, std::vector<std::string>());
  std::printf("NORMAL: acknowledged %zu, lost %d\n", history_.size(), violations.lost);
}

TEST_F(StorePowerCut, CommitThatMeetsTheCutSaysThatItsOutcomeIsUnknown) {
  const std::unique_ptr<Store> store = Open(Durability::kPowerLoss);
  ASSERT_NE(store, nullptr);
  ASSERT_TRUE(store->Commit(PairCommit("w", 0)).ok());
  vfs_.CutPower();
  const absl::Status status = store->Commit(PairCommit("w", 1)).status();
  EXPECT_EQ(ErrorReason(status), "OUTCOME_UNKNOWN") << status;
}

}  // namespace
}  // namespace leye::faults
