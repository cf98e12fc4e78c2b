// What tests of Redis under faults share: stores on it, writers and a reader that go on whatever
// happens, and the check of what they saw.

#ifndef LEYE_TESTS_FAULTS_REDIS_FAULTS_H_
#define LEYE_TESTS_FAULTS_REDIS_FAULTS_H_

#include <functional>
#include <memory>
#include <random>

#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/redis_store.h"
#include "tests/faults/budget.h"
#include "tests/faults/history.h"
#include "tests/testing/fake_clock.h"

namespace leye::faults {

class RedisFaults : public ::testing::Test {
 protected:
  // However busy the machine is, unless the test is about a time-out.
  static constexpr absl::Duration kPatience = absl::Seconds(60);

  // Null, and a failure of the test, when it cannot be opened.
  std::unique_ptr<store::Store> Open(store::RedisOptions options);

  // Writes from a few threads, each commit until it is acknowledged, and reads, while `disturb`
  // runs; then until some more are acknowledged.
  void WriteWhile(store::Store& store, const std::function<void()>& disturb);

  // Until `count` more commits are acknowledged.
  void AwaitMore(uint64_t count);

  // The region's head, as soon as somebody tells it.
  static store::Revision HeadInTheEnd(store::Store& store);

  // The store says so in the end, and no call takes long to say anything: REQUIRES a call_timeout
  // of some tenths of a second.
  static void ExpectUnavailableInTime(store::Store& store);

  // Reads everything back, through a store of its own with enough time.
  Violations Check(store::RedisOptions options);

  // What a takeover may do and what not: nothing acknowledged is lost; a reader may have seen what
  // its primary alone had.
  void ExpectNothingLost(const store::RedisOptions& options);
  void ExpectNothingWrong(const store::RedisOptions& options);

  const uint64_t seed_ = FaultSeed();
  const ::testing::ScopedTrace trace_{__FILE__, __LINE__,
                                      "LEYE_FAULT_SEED=" + std::to_string(seed_)};
  std::mt19937_64 random_{seed_};
  testing::FakeClock clock_;
  SystemRandom ids_;
  Logger log_ = Logger::Discard();
  History history_;

 private:
  void WriteUntil(const std::function<bool()>& done, store::Store& store,
                  const std::string& writer);
  void ReadUntil(const std::function<bool()>& done, store::Store& store, const std::string& reader);

  int rounds_ = 0;
};

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_REDIS_FAULTS_H_
