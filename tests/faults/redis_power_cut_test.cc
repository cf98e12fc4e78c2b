// A simulated power cut of Redis: what no fsync covers is cut off its files. appendfsync always
// must lose nothing, and the test must see that everysec does.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include <sys/stat.h>

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/redis_store.h"
#include "tests/faults/budget.h"
#include "tests/faults/history.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

using store::Store;
using testing::RedisServer;

std::string Recorder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "libleye_sync_recorder.so";
}

class RedisPowerCut : public ::testing::Test {
 protected:
  testing::RedisServerOptions Recorded(const std::string& appendfsync) const {
    return {.settings = {{"appendfsync", appendfsync}},
            .environment = {{"LD_PRELOAD", Recorder()}, {"LEYE_SYNC_RECORD", records_.path()}}};
  }

  std::unique_ptr<Store> Open(const RedisServer& server) {
    auto store = store::OpenRedisStore(
        {.addresses = {server.address()}, .unsafe_server = store::UnsafeServer::kWarn},
        {clock_, ids_, log_});
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Writes from a few threads, cuts the power after about `commits`, and starts the server again.
  void WriteAndCut(RedisServer& server, int round, size_t commits) {
    const std::unique_ptr<Store> store = Open(server);
    ASSERT_NE(store, nullptr);
    const size_t enough = history_.size() + commits;
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        const std::string writer = absl::StrCat("r", round, "t", t);
        for (uint64_t i = 0; WriteUntilFailure(*store, writer, i, 1, history_).ok(); ++i) {
        }
      });
    }
    EXPECT_TRUE(testing::Eventually([&] { return history_.size() >= enough; }));
    server.Kill();
    for (std::thread& thread : threads) thread.join();
    CutFiles(server.File("appendonlydir"));
    server.Start();
  }

  // Cuts each file to what its last sync covered; files that were never synced lose everything.
  void CutFiles(const std::string& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().string().find(".incr.aof") == std::string::npos) continue;
      struct stat status {};
      ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
      uintmax_t synced = 0;
      std::ifstream(records_.File(absl::StrCat(status.st_ino))) >> synced;
      cut_bytes_ += static_cast<uintmax_t>(status.st_size) - synced;
      std::filesystem::resize_file(entry.path(), synced);
    }
  }

  const uint64_t seed_ = FaultSeed();
  SeededRandom random_{seed_};
  testing::TempDir records_;
  testing::FakeClock clock_;
  SystemRandom ids_;
  Logger log_ = Logger::Discard();
  History history_;
  uintmax_t cut_bytes_ = 0;
};

TEST_F(RedisPowerCut, AlwaysLosesNothingAcknowledged) {
  SCOPED_TRACE(absl::StrCat("LEYE_FAULT_SEED=", seed_));
  RedisServer server(Recorded("always"));
  for (Budget budget(6); budget.Next() && !HasFailure();) {
    WriteAndCut(server, budget.round(), random_.Next() % 300);
    const std::unique_ptr<Store> store = Open(server);
    ASSERT_NE(store, nullptr);
    const Violations violations = history_.Check(*store);
    EXPECT_EQ(violations.lost, 0) << "of " << history_.size();
    EXPECT_EQ(violations.other, std::vector<std::string>());
  }
  std::printf("always: acknowledged %zu, lost 0, cut %zu bytes\n", history_.size(),
              static_cast<size_t>(cut_bytes_));
}

TEST_F(RedisPowerCut, EverysecIsCaughtLosing) {
  RedisServer server(Recorded("everysec"));
  WriteAndCut(server, 1, 500);
  const std::unique_ptr<Store> store = Open(server);
  ASSERT_NE(store, nullptr);
  const Violations violations = history_.Check(*store);
  EXPECT_GT(violations.lost, 0) << "the test cannot see a loss";
  std::printf("everysec: acknowledged %zu, lost %d\n", history_.size(), violations.lost);
}

}  // namespace
}  // namespace leye::faults
