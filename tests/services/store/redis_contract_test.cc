// The contract suite on one Redis, behind a Unix socket.

#include <memory>

#include "gtest/gtest.h"

#include "tests/services/store/redis_harness.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/redis_server.h"

namespace leye::store {
namespace {

std::unique_ptr<StoreHarness> MakeRedisHarness() {
  const auto server = std::make_shared<leye::testing::RedisServer>();
  return std::make_unique<RedisHarness>(RedisHarness::Setup{
      .options = {.addresses = {server->address()}},
      // A server that starts anew, on the same files, may be one that was restored.
      .begin_epoch = [server] {
        server->Kill();
        server->Start();
      }});
}

INSTANTIATE_TEST_SUITE_P(Redis, StoreContract, ::testing::Values(&MakeRedisHarness));
INSTANTIATE_TEST_SUITE_P(Redis, StoreRestore, ::testing::Values(&MakeRedisHarness));

}  // namespace
}  // namespace leye::store
