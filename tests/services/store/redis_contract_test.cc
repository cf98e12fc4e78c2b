// The contract suite on one Redis.

#include "gtest/gtest.h"

#include "tests/services/store/redis_harness.h"
#include "tests/services/store/store_contract.h"

namespace leye::store {

INSTANTIATE_TEST_SUITE_P(Redis, StoreContract, ::testing::Values(&MakeRedisHarness));

}  // namespace leye::store
