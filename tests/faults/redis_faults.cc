#include "tests/faults/redis_faults.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/testing/redis_server.h"

namespace leye::faults {

using store::Store;
using testing::Eventually;

std::unique_ptr<Store> RedisFaults::Open(store::RedisOptions options) {
  if (options.call_timeout == store::RedisOptions().call_timeout) options.call_timeout = kPatience;
  options.connect_timeout = kPatience / 3;
  options.unsafe_server = store::UnsafeServer::kWarn;
  auto store = store::OpenRedisStore(options, {clock_, ids_, log_});
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

void RedisFaults::WriteUntil(const std::function<bool()>& done, Store& store,
                             const std::string& writer) {
  for (uint64_t i = 0; !done(); ++i) {
    const absl::Status written = WriteThroughFailures(store, writer, i, history_);
    ASSERT_TRUE(written.ok()) << written;
  }
}

void RedisFaults::ReadUntil(const std::function<bool()>& done, Store& store,
                            const std::string& reader) {
  std::mt19937_64 random(seed_);
  while (!done()) {
    const absl::Status read = ReadPair(store, reader, history_.SomePair(random), history_);
    ASSERT_TRUE(read.ok() || absl::IsUnavailable(read)) << read;
    std::this_thread::yield();
  }
}

void RedisFaults::WriteWhile(Store& store, const std::function<void()>& disturb) {
  constexpr int kWriters = 3;
  const int round = ++rounds_;
  std::atomic<bool> ended = false;
  const auto done = [&] { return ended.load() || HasFatalFailure(); };
  std::vector<std::thread> threads;
  for (int t = 0; t < kWriters; ++t) {
    threads.emplace_back([&, t] { WriteUntil(done, store, absl::StrCat("r", round, "t", t)); });
  }
  threads.emplace_back([&] { ReadUntil(done, store, absl::StrCat("r", round)); });
  disturb();
  AwaitMore(5);  // It has recovered.
  ended = true;
  for (std::thread& thread : threads) thread.join();
}

void RedisFaults::AwaitMore(uint64_t count) {
  const size_t enough = history_.size() + count;
  EXPECT_TRUE(Eventually([&] { return history_.size() >= enough; }));
}

store::Revision RedisFaults::HeadInTheEnd(Store& store) {
  store::Revision head;
  EXPECT_TRUE(Eventually([&] {
    const absl::StatusOr<store::Revision> read = store.Head(kRegion);
    if (read.ok()) head = *read;
    return read.ok();
  }));
  return head;
}

void RedisFaults::ExpectUnavailableInTime(Store& store) {
  // What hangs takes the time of the test; what is slow takes less than this on any machine.
  constexpr absl::Duration kLong = absl::Seconds(20);
  EXPECT_TRUE(Eventually([&] {
    const absl::Time asked = absl::Now();
    const bool unavailable = absl::IsUnavailable(store.Head(kRegion).status());
    EXPECT_LT(absl::Now() - asked, kLong);
    return unavailable;
  }));
}

Violations RedisFaults::Check(store::RedisOptions options) {
  options.replicas = 0;
  options.call_timeout = kPatience;
  const auto store = Open(std::move(options));
  if (store == nullptr) return {.lost = -1};
  return history_.Check(*store);
}

void RedisFaults::ExpectNothingLost(const store::RedisOptions& options) {
  const Violations violations = Check(options);
  EXPECT_EQ(violations.lost, 0) << "of " << history_.size();
  EXPECT_EQ(violations.other, std::vector<std::string>());
}

void RedisFaults::ExpectNothingWrong(const store::RedisOptions& options) {
  const Violations violations = Check(options);
  EXPECT_EQ(violations.lost, 0) << "of " << history_.size();
  EXPECT_EQ(violations.vanished, 0) << "of " << history_.reads();
  EXPECT_EQ(violations.other, std::vector<std::string>());
}

}  // namespace leye::faults
