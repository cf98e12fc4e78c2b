// The SQLite engine under the contract suite: a file in a directory of its own.

#ifndef LEYE_TESTS_SERVICES_STORE_SQLITE_HARNESS_H_
#define LEYE_TESTS_SERVICES_STORE_SQLITE_HARNESS_H_

#include <cstdlib>
#include <iostream>
#include <memory>

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/sqlite_store.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/temp_dir.h"

namespace leye::store {

class SqliteHarness final : public StoreHarness {
 public:
  SqliteHarness() { Open(History::kContinue); }

  Store& store() override { return *store_; }
  leye::testing::FakeClock& clock() override { return clock_; }
  void Reopen(Epoch epoch) override {
    store_.reset();
    Open(epoch == Epoch::kNew ? History::kNewEpoch : History::kContinue);
  }

 private:
  void Open(History history) {
    absl::StatusOr<std::unique_ptr<Store>> opened = OpenSqliteStore(
        {.path = dir_.File("leye.db"), .history = history}, {clock_, random_, log_});
    if (!opened.ok()) {
      std::cerr << opened.status() << "\n";
      std::abort();
    }
    store_ = *std::move(opened);
  }

  leye::testing::TempDir dir_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<Store> store_;
};

inline std::unique_ptr<StoreHarness> MakeSqliteHarness() {
  return std::make_unique<SqliteHarness>();
}

}  // namespace leye::store

#endif  // LEYE_TESTS_SERVICES_STORE_SQLITE_HARNESS_H_
