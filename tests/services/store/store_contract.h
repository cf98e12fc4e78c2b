// The contract of store.h as tests that every engine runs.
//
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, ::testing::Values(&MakeSqliteHarness));
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreRestore, ::testing::Values(&MakeSqliteHarness));
//
// in the engine's own test program, which links store_contract_*.cc.

#ifndef LEYE_TESTS_SERVICES_STORE_STORE_CONTRACT_H_
#define LEYE_TESTS_SERVICES_STORE_STORE_CONTRACT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "services/store/store.h"
#include "tests/testing/fake_clock.h"

namespace leye::store {

// One engine with its storage, as the suite handles it.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;

  virtual Store& store() = 0;
  virtual leye::testing::FakeClock& clock() = 0;

  // Closes the store and opens the same storage again: under a new epoch, as after a restore, or
  // not. Earlier references to the store are gone.
  enum class Epoch { kSame, kNew };
  virtual void Reopen(Epoch epoch) = 0;
};

using HarnessFactory = std::unique_ptr<StoreHarness> (*)();

// Short words for what the tests say often. Region 13 unless another is named.
class StoreContract : public ::testing::TestWithParam<HarnessFactory> {
 protected:
  static constexpr Region kHebei = Region::FromNumber(13);
  static constexpr Region kGuangdong = Region::FromNumber(44);

  StoreContract() : harness_(GetParam()()) {}

  Store& store() { return harness_->store(); }
  leye::testing::FakeClock& clock() { return harness_->clock(); }
  void Reopen(StoreHarness::Epoch epoch = StoreHarness::Epoch::kSame) { harness_->Reopen(epoch); }

  static RecordKey Candidate(absl::string_view id);
  static Envelope Content(absl::string_view open, absl::string_view personal = "");
  static Mutation Put(absl::string_view id, absl::string_view open,
                      Precondition precondition = Precondition::Any());
  static Mutation Delete(absl::string_view id, Precondition precondition = Precondition::Any());
  static Mutation Check(absl::string_view id, Precondition precondition);

  absl::StatusOr<CommitResult> Commit(std::vector<Mutation> mutations,
                                      const std::string& request_id = "",
                                      const std::string& fingerprint = "same");

  // What the record says, "(none)" when there is none.
  std::string OpenOf(absl::string_view id);
  std::string PersonalOf(absl::string_view id);
  uint64_t NumberOf(absl::string_view id);
  uint64_t HeadSequence();

  // The log after `after` in a line: "1:+a+b 2:-a" (put and deleted ids by sequence).
  std::string LogText(Revision after = {});

 private:
  std::unique_ptr<StoreHarness> harness_;
};

// A region that is to move: nine records with gaps in their numbers, three remembered requests, a
// second epoch. And an empty store of the same engine.
class StoreRestore : public StoreContract {
 protected:
  StoreRestore();

  StoreHarness& other() { return *other_; }
  Store& target() { return other_->store(); }

  // All of the region, a few things a step.
  const std::vector<RestoreStep>& steps() const { return steps_; }
  void RestoreAll();

 private:
  std::unique_ptr<StoreHarness> other_;
  std::vector<RestoreStep> steps_;
};

// What a follower knows of a region after scanning it and following the log to its end.
struct Copy {
  struct Entry {
    std::string open;
    uint64_t number = 0;
    uint64_t version = 0;

    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::map<std::string, Entry> records;
  Revision revision;

  friend bool operator==(const Copy&, const Copy&) = default;
};

// Follows `region` as store.h tells it, with pages of `page_size`.
absl::StatusOr<Copy> Follow(Store& store, Region region, int page_size);
// Brings a copy up to date by the log.
absl::Status FollowOn(Store& store, Region region, int page_size, Copy& copy);

// What the store says now, read by name.
absl::StatusOr<Copy> ReadAll(Store& store, Region region);

}  // namespace leye::store

#endif  // LEYE_TESTS_SERVICES_STORE_STORE_CONTRACT_H_
