// Many threads at once: nothing lost, nothing twice, everybody sees the same order.

#include <atomic>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using leye::testing::IsOk;

int64_t ToInt(const std::string& text) {
  int64_t value = -1;
  return absl::SimpleAtoi(text, &value) ? value : -1;
}

TEST_P(StoreContract, OptimisticIncrementsOfManyThreadsAllCount) {
  constexpr int kThreads = 8;
  constexpr int kIncrements = 40;
  ASSERT_THAT(Commit({Put("counter", "0")}), IsOk());
  std::atomic<int> commits = 1;
  const auto increment = [&] {
    const absl::StatusOr<Record> record = store().Get(kHebei, Candidate("counter"));
    if (!record.ok()) return record.status();
    const std::string next = absl::StrCat(ToInt(record->envelope.open()) + 1);
    return Commit({Put("counter", next, Precondition::AtVersion(record->version))}).status();
  };
  const auto increment_all = [&] {
    for (int done = 0; done < kIncrements;) {
      const absl::Status status = increment();
      ASSERT_TRUE(status.ok() || ErrorReason(status) == "ETAG_MISMATCH") << status;
      if (!status.ok()) continue;
      ++done;
      ++commits;
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back(increment_all);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(OpenOf("counter"), absl::StrCat(kThreads * kIncrements));
  EXPECT_EQ(HeadSequence(), static_cast<uint64_t>(commits.load()));
}

TEST_P(StoreContract, FollowerThatWaitsSeesEveryCommitOnceAndInOrder) {
  constexpr int kThreads = 4;
  constexpr uint64_t kCommits = 400;
  std::vector<std::thread> writers;
  for (int t = 0; t < kThreads; ++t) {
    writers.emplace_back([&, t] {
      for (uint64_t i = 0; i < kCommits / kThreads; ++i) {
        ASSERT_THAT(Commit({Put(absl::StrCat(t, "-", i), "x", Precondition::Absent())}), IsOk());
      }
    });
  }
  Heads known;
  Revision at;
  uint64_t seen = 0;
  while (seen < kCommits) {
    const absl::StatusOr<Heads> heads = store().WaitForChange(known, absl::Hours(1));
    ASSERT_THAT(heads, IsOk());
    known = *heads;
    const auto entries = store().ReadLog(kHebei, at, 1'000);
    ASSERT_THAT(entries, IsOk());
    for (const LogEntry& entry : *entries) {
      ASSERT_EQ(entry.revision.sequence, ++seen);
      ASSERT_EQ(entry.changes.size(), 1u);
      ASSERT_EQ(entry.changes[0].number, seen);
      at = entry.revision;
    }
    known[kHebei] = at;
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(HeadSequence(), kCommits);
}

TEST_P(StoreContract, CommitNeverShowsHalf) {
  constexpr int kRounds = 200;
  ASSERT_THAT(Commit({Put("left", "0"), Put("right", "0")}), IsOk());
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const auto pair = store().BatchGet(kHebei, {Candidate("left"), Candidate("right")});
      ASSERT_THAT(pair, IsOk());
      ASSERT_EQ((*pair)[0]->envelope.open(), (*pair)[1]->envelope.open());
    }
  });
  for (int i = 1; i <= kRounds; ++i) {
    ASSERT_THAT(Commit({Put("left", absl::StrCat(i)), Put("right", absl::StrCat(i))}), IsOk());
    ASSERT_EQ(OpenOf("left"), absl::StrCat(i));
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace leye::store
