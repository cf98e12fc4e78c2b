// No space left: a clear error, nothing damaged, and work goes on when there is space again.

#include <csignal>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include <sys/resource.h>

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/sqlite_store.h"
#include "tests/faults/fault_vfs.h"
#include "tests/faults/history.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

using store::Store;

class StoreFullDisk : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(const std::string& vfs) {
    auto store =
        store::OpenSqliteStore({.path = dir_.File("leye.db"), .vfs = vfs}, {clock_, ids_, log_});
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  void ExpectWhole(Store& store) {
    const Violations violations = history_.Check(store);
    EXPECT_EQ(violations.lost, 0) << "of " << history_.size();
    EXPECT_EQ(violations.other, std::vector<std::string>());
  }

  // Commits until there is no space, and a few times more.
  void FillUp(Store& store) {
    absl::Status status = WriteUntilFailure(store, "filling", 0, 1'000'000, history_);
    for (uint64_t i = 0; i < 5; ++i) {
      EXPECT_EQ(ErrorReason(status), "STORE_FULL") << status;
      EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
      status = store.Commit(PairCommit("refused", i)).status();
    }
    EXPECT_GT(history_.size(), 10u);
    ExpectWhole(store);
  }

  // The commits that failed before succeed now, each once, also after opening again.
  void ExpectRecovery(std::unique_ptr<Store> store, const std::string& vfs) {
    EXPECT_TRUE(WriteUntilFailure(*store, "refused", 0, 50, history_).ok());
    ExpectWhole(*store);
    store.reset();
    store = Open(vfs);
    ASSERT_NE(store, nullptr);
    ExpectWhole(*store);
    EXPECT_EQ(store->Head(kRegion)->sequence, history_.size());
  }

  leye::testing::TempDir dir_;
  leye::testing::FakeClock clock_;
  SystemRandom ids_;
  Logger log_ = Logger::Discard();
  History history_;
};

TEST_F(StoreFullDisk, IsAnErrorAndWorkGoesOnAfterwards) {
  FaultVfs vfs("full");
  std::unique_ptr<Store> store = Open(vfs.name());
  ASSERT_NE(store, nullptr);
  vfs.SetSpaceLeft(1'000'000);
  FillUp(*store);
  vfs.SetSpaceLeft(-1);
  ExpectRecovery(std::move(store), vfs.name());
}

// The same from the kernel: write() itself fails beyond the limit on file size.
TEST_F(StoreFullDisk, FileSizeLimitOfTheKernelIsTreatedAlike) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  std::unique_ptr<Store> store = Open("");
  ASSERT_NE(store, nullptr);
  const rlimit limited{2'000'000, unlimited.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limited), 0);
  FillUp(*store);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  ExpectRecovery(std::move(store), "");
}

}  // namespace
}  // namespace leye::faults
