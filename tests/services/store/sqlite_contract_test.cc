// The contract suite on SQLite.

#include "gtest/gtest.h"

#include "tests/services/store/sqlite_harness.h"
#include "tests/services/store/store_contract.h"

namespace leye::store {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, ::testing::Values(&MakeSqliteHarness));
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreRestore, ::testing::Values(&MakeSqliteHarness));

}  // namespace leye::store
