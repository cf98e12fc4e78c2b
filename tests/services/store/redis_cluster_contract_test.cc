// The contract suite on a Redis Cluster of three primaries.

#include <atomic>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "services/store/redis_keys.h"
#include "tests/services/store/redis_harness.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/redis_groups.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using leye::testing::RedisCluster;

std::unique_ptr<StoreHarness> MakeClusterHarnessOn(const std::shared_ptr<RedisCluster>& cluster) {
  return std::make_unique<RedisHarness>(RedisHarness::Setup{
      .options = {.mode = RedisMode::kCluster, .addresses = {cluster->addresses().back()}},
      .begin_epoch = [cluster] {
        for (size_t i = 0; i < cluster->addresses().size(); ++i) {
          cluster->server(i).Ask({"DEBUG", "CHANGE-REPL-ID"});
        }
      }});
}

std::unique_ptr<StoreHarness> MakeClusterHarness() {
  return MakeClusterHarnessOn(UnusedGroup<RedisCluster>());
}

INSTANTIATE_TEST_SUITE_P(Cluster, StoreContract, ::testing::Values(&MakeClusterHarness));
INSTANTIATE_TEST_SUITE_P(Cluster, StoreRestore, ::testing::Values(&MakeClusterHarness));

// The two regions of the suite are on different servers, or it would not test a cluster.
TEST(Cluster, RegionsOfTheSuiteAreOnDifferentServers) {
  EXPECT_NE(RedisCluster::OwnerOf(redis::SlotOf(Region::FromNumber(13))),
            RedisCluster::OwnerOf(redis::SlotOf(Region::FromNumber(44))));
}

// The region goes to another server and back, key by key, while it is scanned: whoever has a page
// asks on, is told to begin again, and never gets a record twice or none.
TEST(Cluster, RegionThatMovesWhileItIsScannedIsScannedWhole) {
  constexpr Region kHebei = Region::FromNumber(13);
  constexpr size_t kRecords = 1'500;
  const auto cluster = UnusedGroup<RedisCluster>();
  const std::unique_ptr<StoreHarness> harness = MakeClusterHarnessOn(cluster);
  Store& store = harness->store();
  CommitRequest request{.region = kHebei};
  for (size_t i = 0; i < kRecords; ++i) {
    request.mutations.push_back(Mutation::Put(Kind::kCandidate, absl::StrCat("person ", i),
                                              Envelope(), Precondition::Any()));
  }
  ASSERT_THAT(store.Commit(request), leye::testing::IsOk());
  std::atomic<bool> moved = false;
  std::thread mover([&] {
    const int slot = redis::SlotOf(kHebei);
    const size_t home = RedisCluster::OwnerOf(slot);
    cluster->MoveSlot(slot, home, (home + 1) % 3);
    cluster->MoveSlot(slot, (home + 1) % 3, home);
    moved = true;
  });
  int scans = 0;
  for (bool last = false; !last && !::testing::Test::HasFailure(); ++scans) {
    last = moved;
    std::set<std::string> names;
    RegionScanRequest page_request{.region = kHebei, .limit = 600};
    absl::StatusOr<OpenScanPage> page;
    do {
      page = store.ScanOpen(page_request);
      if (!page.ok()) break;
      for (size_t i = 0; i < page->records.size(); ++i) {
        EXPECT_TRUE(names.emplace(page->records[i].name).second);
      }
      page_request.cursor = page->next_cursor;
    } while (!page_request.cursor.empty());
    if (page.ok()) {
      EXPECT_EQ(names.size(), kRecords);
    } else {
      EXPECT_EQ(ErrorReason(page.status()), "EPOCH_CHANGED") << page.status();
    }
  }
  mover.join();
  std::printf("scanned %d times\n", scans);
}

}  // namespace
}  // namespace leye::store
