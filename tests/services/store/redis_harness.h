// The Redis engine under the contract suite, whatever servers it runs on.

#ifndef LEYE_TESTS_SERVICES_STORE_REDIS_HARNESS_H_
#define LEYE_TESTS_SERVICES_STORE_REDIS_HARNESS_H_

#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/redis_store.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/redis_server.h"

namespace leye::store {

// A group of servers that no harness uses now, empty. Few are made, because they take long to come
// together.
template <typename Group>
std::shared_ptr<Group> UnusedGroup() {
  static auto& groups = *new std::vector<std::shared_ptr<Group>>();
  for (const std::shared_ptr<Group>& group : groups) {
    if (group.use_count() > 1) continue;
    group->Clear();
    return group;
  }
  groups.push_back(std::make_shared<Group>());
  return groups.back();
}

class RedisHarness final : public StoreHarness {
 public:
  struct Setup {
    RedisOptions options;
    std::function<void()> begin_epoch;  // Makes the servers others, with the same data.
  };

  explicit RedisHarness(Setup setup) : setup_(std::move(setup)) {
    // However busy the machine is.
    setup_.options.connect_timeout = absl::Seconds(20);
    setup_.options.call_timeout = absl::Seconds(60);
    setup_.options.image_records = 1;
    Open();
  }

  Store& store() override { return *store_; }
  leye::testing::FakeClock& clock() override { return clock_; }

  void Reopen(Epoch epoch) override {
    store_.reset();
    if (epoch == Epoch::kNew) setup_.begin_epoch();
    Open();
  }

 private:
  void Open() {
    absl::StatusOr<std::unique_ptr<Store>> opened =
        OpenRedisStore(setup_.options, {clock_, random_, log_});
    if (!opened.ok()) {
      std::cerr << opened.status() << "\n";
      std::abort();
    }
    store_ = *std::move(opened);
  }

  Setup setup_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<Store> store_;
};

}  // namespace leye::store

#endif  // LEYE_TESTS_SERVICES_STORE_REDIS_HARNESS_H_
