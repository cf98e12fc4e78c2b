// Redis without memory or without disk: a clear error, nothing lost, and work goes on when there is
// room again.

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "services/store/redis_store.h"
#include "tests/faults/history.h"
#include "tests/faults/redis_faults.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

using absl::StatusCode;
using store::Store;
using testing::Eventually;
using testing::FailsWith;
using testing::IsOk;
using testing::RedisServer;

std::string FullDisk() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "libleye_full_disk.so";
}

class RedisFull : public RedisFaults {
 protected:
  static store::RedisOptions At(const RedisServer& server) {
    return {.addresses = {server.address()}};
  }

  // In bytes.
  static int64_t UsedMemory(const RedisServer& server) {
    const std::string info = server.Ask({"INFO", "memory"});
    const absl::string_view key = "used_memory:";
    const size_t at = info.find(std::string(key)) + key.size();
    int64_t bytes = 0;
    EXPECT_TRUE(absl::SimpleAtoi(info.substr(at, info.find('\r', at) - at), &bytes)) << info;
    return bytes;
  }

  testing::RedisServerOptions OnADisk(const std::string& appendfsync) const {
    return {.settings = {{"appendfsync", appendfsync}},
            .environment = {{"LD_PRELOAD", FullDisk()}, {"LEYE_FULL_DISK", dir_.File("full")}}};
  }
  void FillTheDisk() const { std::ofstream(dir_.File("full")) << "yes\n"; }
  void MakeRoomOnTheDisk() const { std::filesystem::remove(dir_.File("full")); }

  // Commits until one is refused; the error.
  absl::Status WriteUntilRefused(Store& store) {
    return WriteUntilFailure(store, "filling", 0, 1'000'000, history_);
  }

  // What was acknowledged can be read, and no commit is taken.
  void ExpectReadsOnly(Store& store) {
    for (uint64_t i = 0; i < 5; ++i) {
      EXPECT_THAT(store.Commit(PairCommit("refused", i)).status(),
                  FailsWith(StatusCode::kResourceExhausted, "STORE_FULL"));
      EXPECT_THAT(ReadPair(store, "r", history_.SomePair(random_), history_), IsOk());
    }
    EXPECT_TRUE(history_.Check(store).none());
  }

  void ExpectRecovery(Store& store, const RedisServer& server) {
    EXPECT_TRUE(Eventually([&] { return store.Commit(PairCommit("refused", 0)).ok(); }));
    EXPECT_THAT(WriteUntilFailure(store, "refused", 0, 50, history_), IsOk());
    ExpectNothingWrong(At(server));
    EXPECT_EQ(store.Head(kRegion)->sequence, history_.size());
  }

  testing::TempDir dir_;
};

TEST_F(RedisFull, MemoryIsAnErrorAndWorkGoesOnAfterwards) {
  const RedisServer server;
  const auto store = Open(At(server));
  ASSERT_THAT(WriteUntilFailure(*store, "w", 0, 10, history_), IsOk());
  server.Ask({"CONFIG", "SET", "maxmemory", absl::StrCat(UsedMemory(server) + (256 << 10))});
  EXPECT_THAT(WriteUntilRefused(*store), FailsWith(StatusCode::kResourceExhausted, "STORE_FULL"));
  // Redis gives buffers back of its own accord, which may be room for one more commit: full for
  // good.
  server.Ask({"CONFIG", "SET", "maxmemory", absl::StrCat(UsedMemory(server) / 2)});
  ExpectReadsOnly(*store);
  server.Ask({"CONFIG", "SET", "maxmemory", "0"});
  ExpectRecovery(*store, server);
}

TEST_F(RedisFull, MemoryWithEvictionIsCaughtLosing) {
  const RedisServer server({.settings = {{"maxmemory-policy", "allkeys-random"}}});
  const auto store = Open(At(server));
  ASSERT_THAT(WriteUntilFailure(*store, "w", 0, 200, history_), IsOk());
  server.Ask({"CONFIG", "SET", "maxmemory", absl::StrCat(UsedMemory(server) / 2)});
  // Refused or not: to make room for them everything else is given up.
  for (uint64_t i = 0; i < 20; ++i) store->Commit(PairCommit("evicting", i)).status().IgnoreError();
  server.Ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_GT(Check(At(server)).lost, 0) << "the test cannot see a loss";
}

TEST_F(RedisFull, DiskWithEverysecIsAnErrorAndWorkGoesOnAfterwards) {
  const RedisServer server(OnADisk("everysec"));
  const auto store = Open(At(server));
  ASSERT_THAT(WriteUntilFailure(*store, "w", 0, 10, history_), IsOk());
  FillTheDisk();
  EXPECT_THAT(WriteUntilRefused(*store), FailsWith(StatusCode::kResourceExhausted, "STORE_FULL"));
  ExpectReadsOnly(*store);
  MakeRoomOnTheDisk();
  ExpectRecovery(*store, server);
}

// Redis ends itself rather than acknowledge what it cannot keep.
TEST_F(RedisFull, DiskWithAlwaysIsUnavailableUntilTheServerStartsAgain) {
  RedisServer server(OnADisk("always"));
  const auto store = Open(At(server));
  ASSERT_THAT(WriteUntilFailure(*store, "w", 0, 10, history_), IsOk());
  FillTheDisk();
  EXPECT_THAT(WriteUntilRefused(*store), testing::StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(store->Commit(PairCommit("refused", 0)).status(),
              testing::StatusIs(StatusCode::kUnavailable));
  server.Kill();
  MakeRoomOnTheDisk();
  server.Start();
  EXPECT_THAT(WriteThroughFailures(*store, "w", 10, history_), IsOk());
  ExpectNothingWrong(At(server));
}

}  // namespace
}  // namespace leye::faults
