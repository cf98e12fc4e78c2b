#include "services/leyectl/spill_map.h"

#include <csignal>
#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sqlite3.h>
#include <sys/resource.h>

#include "tests/testing/status_matchers.h"

namespace leye::ctl {
namespace {

// More than the cache holds.
constexpr int kManyEntries = 50'000;

// So that what is written to a file fails, as on a full disk, until this goes out of scope.
class NoRoomInFiles {
 public:
  NoRoomInFiles() {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{.rlim_cur = 1 << 20, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoRoomInFiles() { setrlimit(RLIMIT_FSIZE, &before_); }
  NoRoomInFiles(const NoRoomInFiles&) = delete;
  NoRoomInFiles& operator=(const NoRoomInFiles&) = delete;

 private:
  rlimit before_{};
};

uint64_t Scattered(int i) { return static_cast<uint64_t>(i) * 0x9e3779b97f4a7c15; }

TEST(SpillMap, AnswersAsAMapInMemory) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  SpillMap spilled;
  std::map<uint64_t, std::string> plain;
  EXPECT_EQ(spilled.Find(0), std::nullopt);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t key = random() % 2 == 0 ? random() % 10'000 : ~uint64_t{random() % 100};
    const std::string value(random() % 40, static_cast<char>(i));
    const auto [known, is_new] = plain.try_emplace(key, value);
    ASSERT_EQ(spilled.PutIfAbsent(key, value),
              is_new ? std::nullopt : std::optional(known->second));
    const uint64_t other = random() % 10'000;
    const auto found = plain.find(other);
    ASSERT_EQ(spilled.Find(other),
              found == plain.end() ? std::nullopt : std::optional(found->second));
  }
  EXPECT_THAT(spilled.status(), testing::IsOk());
}

TEST(SpillMap, GrowsOnDiskAndNotInMemory) {
  SpillMap map;
  const std::string value(200, 'x');
  for (int i = 0; i < kManyEntries; ++i) {
    ASSERT_EQ(map.PutIfAbsent(Scattered(i), value), std::nullopt);
  }
  EXPECT_EQ(map.PutIfAbsent(Scattered(0), ""), value);
  ASSERT_THAT(map.status(), testing::IsOk());
  EXPECT_LT(sqlite3_memory_used(), 2 * kSpillMapCacheBytes);
}

TEST(SpillMap, SaysThatThereIsNoRoomLeft) {
  const NoRoomInFiles full;
  SpillMap map;
  for (int i = 0; i < kManyEntries && map.status().ok(); ++i) {
    map.PutIfAbsent(Scattered(i), std::string(200, 'x'));
  }
  EXPECT_EQ(map.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(map.Find(Scattered(0)), std::nullopt);
}

}  // namespace
}  // namespace leye::ctl
