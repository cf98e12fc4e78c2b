// The contract suite on a primary that Sentinel names, with a replica that must have each commit.

#include <memory>

#include "gtest/gtest.h"

#include "tests/services/store/redis_harness.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/redis_groups.h"

namespace leye::store {
namespace {

using leye::testing::RedisSentinel;

std::unique_ptr<StoreHarness> MakeSentinelHarness() {
  const auto sentinel = UnusedGroup<RedisSentinel>();
  return std::make_unique<RedisHarness>(RedisHarness::Setup{
      .options = {.mode = RedisMode::kSentinel, .addresses = {sentinel->address()}, .replicas = 1},
      // What a takeover does to a primary, and takes no time.
      .begin_epoch = [sentinel] {
        sentinel->primary().Ask({"DEBUG", "CHANGE-REPL-ID"});
      }});
}

INSTANTIATE_TEST_SUITE_P(Sentinel, StoreContract, ::testing::Values(&MakeSentinelHarness));
INSTANTIATE_TEST_SUITE_P(Sentinel, StoreRestore, ::testing::Values(&MakeSentinelHarness));

}  // namespace
}  // namespace leye::store
