// A store with people and postings to try claims on, what must hold in it once everything is at
// rest, and ways to make claims meet: calls lost or not answered, and an order given to the calls
// of several threads.

#ifndef LEYE_TESTS_SERVICES_APP_CLAIMS_WORLD_H_
#define LEYE_TESTS_SERVICES_APP_CLAIMS_WORLD_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "services/app/claims.h"
#include "services/base/logging.h"
#include "services/base/mutex.h"
#include "services/base/random.h"
#include "services/store/store.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::app {

using store::Region;

// Claims with the two steps that are the commits of whoever uses them. Thread-safe.
class Claimer : public Claims {
 public:
  Claimer(store::Store& store, const Clock& clock)
      : Claims(store, clock), store_(store), clock_(clock) {}

  // Makes a confirmed claim a placement. ABORTED when there is no such claim.
  absl::Status Settle(const std::string& candidate, const std::string& claim_id) const;
  // Ends a claim or a placement.
  absl::Status Undo(const std::string& candidate, const std::string& claim_id) const;

 private:
  using Put = void (*)(Claim claim, WorkingSet& set);
  absl::Status Replace(const Claim& claim, Put put) const;

  store::Store& store_;
  const Clock& clock_;
};

// Thread-safe but for Clear.
class ClaimsWorld {
 public:
  static constexpr Region kHebei = Region::FromNumber(13);
  static constexpr Region kGuangdong = Region::FromNumber(44);
  static constexpr absl::Duration kLife = absl::Hours(72);  // Of a claim.

  ClaimsWorld();

  store::Store& store() { return *store_; }
  leye::testing::FakeClock& clock() { return clock_; }
  Claimer NewClaims(store::Store& store);

  void AddPosting(const std::string& name, int openings);
  ClaimRequest Request(const std::string& person, const std::string& id,
                       const std::string& posting) const;

  // How many openings of a posting are held; -1 when its holds cannot be read.
  int HoldsOf(const std::string& posting);

  // What is wrong, in words, with a world in which nobody is at work and Recover has run.
  std::vector<std::string> Violations();

  // Recovers both regions as a server does that starts anew, and says what is wrong then.
  std::vector<std::string> RecoverAndCheck();

  // Forgets all postings, claims and holds. Claim ids stay used.
  void Clear();

 private:
  std::vector<store::Record> All(store::Kind kind);

  leye::testing::TempDir folder_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<store::Store> store_;
};

// What becomes of a call of a store.
enum class StepFate {
  kDone,
  kLost,        // It never arrives; UNAVAILABLE.
  kUnanswered,  // It is done; UNAVAILABLE all the same.
  kUnchecked,   // A fault of the store: commits whatever the preconditions.
  kSwallowed,   // A fault of the store: says that it has committed, and has not.
};

struct StoreCall {
  Region region;
  const store::CommitRequest* commit;  // Null for a read.
};

// A store whose calls meet the fate that `decide` says. Thread-safe if `decide` is.
class StepStore final : public store::Store {
 public:
  using Decide = std::function<StepFate(const StoreCall& call)>;

  // `inside` outlives this.
  StepStore(store::Store& inside, Decide decide) : inside_(inside), decide_(std::move(decide)) {}

  absl::StatusOr<store::CommitResult> Commit(const store::CommitRequest& request) override;
  absl::StatusOr<std::vector<std::optional<store::Record>>> BatchGet(
      Region region, const std::vector<store::RecordKey>& keys) override;
  absl::StatusOr<store::ScanPage> Scan(const store::ScanRequest& request) override;

  // Claims call none of these.
  absl::StatusOr<std::optional<store::CommitResult>> FindRequest(
      Region region, absl::string_view request_id, absl::string_view fingerprint) override {
    return inside_.FindRequest(region, request_id, fingerprint);
  }
  absl::StatusOr<store::Record> Get(Region region, const store::RecordKey& key) override {
    return inside_.Get(region, key);
  }
  absl::StatusOr<store::RegionScanPage> ScanRegion(
      const store::RegionScanRequest& request) override {
    return inside_.ScanRegion(request);
  }
  absl::StatusOr<store::OpenScanPage> ScanOpen(const store::RegionScanRequest& request) override {
    return inside_.ScanOpen(request);
  }
  absl::Status PrepareScan(store::Region region, const std::function<bool()>& go_on) override {
    return inside_.PrepareScan(region, go_on);
  }
  absl::StatusOr<std::vector<store::LogEntry>> ReadLog(Region region, store::Revision after,
                                                       int limit) override {
    return inside_.ReadLog(region, after, limit);
  }
  absl::StatusOr<store::Revision> Head(Region region) override { return inside_.Head(region); }
  absl::StatusOr<store::Heads> ListRegions() override { return inside_.ListRegions(); }
  absl::StatusOr<store::Heads> WaitForChange(const store::Heads& known,
                                             absl::Duration timeout) override {
    return inside_.WaitForChange(known, timeout);
  }
  absl::Status HoldLog(const store::LogHold& hold) override { return inside_.HoldLog(hold); }
  absl::Status TrimLog(Region region, uint64_t keep_from) override {
    return inside_.TrimLog(region, keep_from);
  }
  absl::StatusOr<store::RequestPage> ScanRequests(Region region, absl::string_view cursor,
                                                  int limit) override {
    return inside_.ScanRequests(region, cursor, limit);
  }
  absl::StatusOr<uint64_t> Restore(const store::RestoreStep& step) override {
    return inside_.Restore(step);
  }
  absl::StatusOr<int> Reseal(Region region,
                             const std::vector<store::ResealedPart>& parts) override {
    return inside_.Reseal(region, parts);
  }
  void Close() override {}

 private:
  store::Store& inside_;
  const Decide decide_;
};

// Lets one of several threads go on at a time: all but one wait in Wait, and once the one comes
// back there or ends, `choose` says whose turn is next. Thread-safe.
class Turns {
 public:
  // Gets the waiting workers in ascending order, returns an index into them.
  using Choose = std::function<size_t(const std::vector<size_t>& waiting)>;

  Turns(size_t workers, Choose choose);

  // Runs the tasks, one a worker, to their end.
  void Run(const std::vector<std::function<void()>>& tasks);

  // Called by worker number `worker` before what is to be ordered.
  void Wait(size_t worker) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  enum class State { kRunning, kWaiting, kEnded };

  void PassOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Choose choose_;
  Mutex mutex_;
  CondVar turned_;
  std::vector<State> states_ ABSL_GUARDED_BY(mutex_);
};

// Every possible run of something that makes choices, one after the other:
//
//   EveryChoice choices;
//   do { Run([&](const auto& waiting) { return choices.Next(waiting.size()); }); }
//   while (choices.Another());
//
// Thread-compatible.
class EveryChoice {
 public:
  // Which of `options` to take now.
  size_t Next(size_t options);
  // True when there is a run that has not been; the next choice is its first.
  bool Another();

 private:
  struct Choice {
    size_t taken;
    size_t options;
  };
  std::vector<Choice> choices_;
  size_t at_ = 0;
};

}  // namespace leye::app

#endif  // LEYE_TESTS_SERVICES_APP_CLAIMS_WORLD_H_
