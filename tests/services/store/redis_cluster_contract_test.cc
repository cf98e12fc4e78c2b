// The contract suite on a Redis Cluster of three primaries.

#include <memory>

#include "gtest/gtest.h"

#include "services/store/redis_keys.h"
#include "tests/services/store/redis_harness.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/redis_groups.h"

namespace leye::store {
namespace {

using leye::testing::RedisCluster;

std::unique_ptr<StoreHarness> MakeClusterHarness() {
  const auto cluster = UnusedGroup<RedisCluster>();
  return std::make_unique<RedisHarness>(RedisHarness::Setup{
      .options = {.mode = RedisMode::kCluster, .addresses = {cluster->addresses().back()}},
      .begin_epoch = [cluster] {
        for (size_t i = 0; i < cluster->addresses().size(); ++i) {
          cluster->server(i).Ask({"DEBUG", "CHANGE-REPL-ID"});
        }
      }});
}

INSTANTIATE_TEST_SUITE_P(Cluster, StoreContract, ::testing::Values(&MakeClusterHarness));
INSTANTIATE_TEST_SUITE_P(Cluster, StoreRestore, ::testing::Values(&MakeClusterHarness));

// The two regions of the suite are on different servers, or it would not test a cluster.
TEST(Cluster, RegionsOfTheSuiteAreOnDifferentServers) {
  EXPECT_NE(RedisCluster::OwnerOf(redis::SlotOf(Region::FromNumber(13))),
            RedisCluster::OwnerOf(redis::SlotOf(Region::FromNumber(44))));
}

}  // namespace
}  // namespace leye::store
