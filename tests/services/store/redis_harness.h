// The Redis engine under the contract suite: a server of its own, behind a Unix socket.

#ifndef LEYE_TESTS_SERVICES_STORE_REDIS_HARNESS_H_
#define LEYE_TESTS_SERVICES_STORE_REDIS_HARNESS_H_

#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/redis_store.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/redis_server.h"

namespace leye::store {

class RedisHarness final : public StoreHarness {
 public:
  RedisHarness() { Open(); }

  Store& store() override { return *store_; }
  leye::testing::FakeClock& clock() override { return clock_; }

  // A server that starts anew, on the same files, may be one that was restored.
  void Reopen(Epoch epoch) override {
    store_.reset();
    if (epoch == Epoch::kNew) {
      server_.Kill();
      server_.Start();
    }
    Open();
  }

 private:
  void Open() {
    absl::StatusOr<std::unique_ptr<Store>> opened =
        OpenRedisStore({.addresses = {server_.address()}}, {clock_, random_, log_});
    if (!opened.ok()) {
      std::cerr << opened.status() << "\n";
      std::abort();
    }
    store_ = *std::move(opened);
  }

  leye::testing::RedisServer server_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<Store> store_;
};

inline std::unique_ptr<StoreHarness> MakeRedisHarness() { return std::make_unique<RedisHarness>(); }

}  // namespace leye::store

#endif  // LEYE_TESTS_SERVICES_STORE_REDIS_HARNESS_H_
