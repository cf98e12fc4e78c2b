// Claims that meet: two claimers in many orders, or in every one, with a crash at every step; then
// random worlds, and the same with faults planted, which must be noticed.
//
// LEYE_CLAIM_ORDERS sets how many orders of each meeting are tried, 0 for every one, and
// LEYE_CLAIM_WORLDS how many random worlds; LEYE_CLAIM_SEED repeats what it was printed for.

#include <cstdlib>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/app/claims.h"
#include "tests/services/app/claims_world.h"

namespace leye::app {
namespace {

using store::Kind;
using ::testing::IsEmpty;

constexpr char kWang[] = "regions/13/candidates/wang";
constexpr char kLi[] = "regions/13/candidates/li";
constexpr char kJob[] = "regions/44/postings/job";
constexpr char kOtherJob[] = "regions/44/postings/other";
constexpr int kNever = std::numeric_limits<int>::max();

// When a claimer dies: at its commit of this number, counted from 0, before or after it is done.
struct Death {
  int commit = kNever;
  StepFate fate = StepFate::kLost;
};

// Which calls of a store are put into an order. Those left out touch nothing that the other claimer
// touches, so that an order among them would change nothing.
using Shared = bool (*)(const StoreCall& call);
bool EveryCall(const StoreCall&) { return true; }
bool CallsOfHebei(const StoreCall& call) { return call.region == ClaimsWorld::kHebei; }
bool CallsOfGuangdong(const StoreCall& call) { return call.region == ClaimsWorld::kGuangdong; }

// A claimer's connection: waits for its turn before each shared call; after its death all calls
// fail.
class Connection {
 public:
  Connection(ClaimsWorld& world, const StepStore::Decide& before_call, Death death)
      : store_(world.store(), [this, before_call, death](const StoreCall& call) {
          const StepFate fate = before_call(call);
          if (dead_) return StepFate::kLost;
          if (call.commit == nullptr || commits_++ != death.commit) return fate;
          dead_ = true;
          return death.fate;
        }) {}

  store::Store& store() { return store_; }
  bool dead() const { return dead_; }

 private:
  int commits_ = 0;
  bool dead_ = false;
  StepStore store_;
};

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t value = otherwise;
  if (text != nullptr && !absl::SimpleAtoi(text, &value)) return otherwise;
  return value;
}

uint64_t Seed() { return FromEnvironment("LEYE_CLAIM_SEED", std::random_device()()); }

// What a claimer does; `id` is the run's, for claim ids.
using Script = std::function<void(const Claimer& claims, const std::string& id)>;

// Two scripts in many interleavings of their shared calls, or in every one. People are of Hebei,
// postings of Guangdong, with one opening each.
class Meeting {
 public:
  Meeting(Shared shared, Script first, Script second, Script before = {})
      : shared_(shared),
        first_(std::move(first)),
        second_(std::move(second)),
        before_(std::move(before)) {}
  ~Meeting() { ::testing::Test::RecordProperty("runs", runs_); }

  // The first dies as told. Returns whether it lived to its end in every run.
  bool TryOrders(Death death = {}) {
    const uint64_t orders = FromEnvironment("LEYE_CLAIM_ORDERS", kShortRun);
    bool lived = true;
    if (orders == 0) {
      EveryChoice choices;
      do {
        lived &= Try([&](size_t options) { return choices.Next(options); }, death);
      } while (choices.Another() && !::testing::Test::HasFailure());
      return lived;
    }
    for (uint64_t i = 0; i < orders && !::testing::Test::HasFailure(); ++i) {
      lived &= Try([&](size_t options) { return random_() % options; }, death);
    }
    return lived;
  }

  // The first dies at each of its commits, before and after it is done.
  void TryAllDeaths() {
    for (const StepFate fate : {StepFate::kLost, StepFate::kUnanswered}) {
      for (int commit = 0; !TryOrders({commit, fate}); ++commit) {
        ASSERT_FALSE(::testing::Test::HasFailure()) << "dead at commit " << commit;
      }
    }
  }

 private:
  static constexpr uint64_t kShortRun = 30;

  bool Try(const std::function<size_t(size_t options)>& choose, Death death) {
    world_.Clear();
    world_.AddPosting(kJob, 1);
    world_.AddPosting(kOtherJob, 1);
    const std::string id = absl::StrCat("run", runs_++);
    if (before_) before_(world_.NewClaims(world_.store()), id);
    Turns turns(2, [&](const auto& waiting) { return choose(waiting.size()); });
    const auto wait = [&](size_t worker) {
      return [this, &turns, worker](const StoreCall& call) {
        if (shared_(call)) turns.Wait(worker);
        return StepFate::kDone;
      };
    };
    Connection one(world_, wait(0), death);
    Connection two(world_, wait(1), {});
    turns.Run({[&] { first_(world_.NewClaims(one.store()), id); },
               [&] { second_(world_.NewClaims(two.store()), id); }});
    EXPECT_THAT(world_.RecoverAndCheck(), IsEmpty())
        << "run " << runs_ << ", LEYE_CLAIM_SEED=" << seed_;
    return !one.dead();
  }

  const Shared shared_;
  const Script first_, second_, before_;
  const uint64_t seed_ = Seed();
  std::mt19937_64 random_{seed_};
  ClaimsWorld world_;
  int runs_ = 0;
};

ClaimRequest LastingClaim(const std::string& id, const std::string& person,
                          const std::string& job) {
  return {.claim_id = id,
          .candidate = person,
          .posting = job,
          .expire_time = absl::FromUnixSeconds(4'000'000'000)};
}

Script Place(const std::string& person, const std::string& job) {
  return [=](const Claimer& claims, const std::string& run) {
    const std::string id = run + person.back() + job.back();
    if (!claims.Start(LastingClaim(id, person, job)).ok()) return;
    if (!claims.Confirm(person, id).ok()) return;
    (void)claims.Settle(person, id);
  };
}

void StartWang(const Claimer& claims, const std::string& id) {
  EXPECT_TRUE(claims.Start(LastingClaim(id, kWang, kJob)).ok());
}
void ConfirmWang(const Claimer& claims, const std::string& id) { (void)claims.Confirm(kWang, id); }
void SettleWang(const Claimer& claims, const std::string& id) { (void)claims.Settle(kWang, id); }
void UndoWang(const Claimer& claims, const std::string& id) { (void)claims.Undo(kWang, id); }

TEST(ClaimsThatMeet, OnePersonTwoPostings) {
  Meeting(&CallsOfHebei, Place(kWang, kJob), Place(kWang, kOtherJob)).TryAllDeaths();
}

TEST(ClaimsThatMeet, OneOpeningTwoPeople) {
  Meeting(&CallsOfGuangdong, Place(kWang, kJob), Place(kLi, kJob)).TryAllDeaths();
}

TEST(ClaimsThatMeet, OneClaimConfirmedAndUndone) {
  Meeting meeting(&EveryCall, &ConfirmWang, &UndoWang, &StartWang);
  EXPECT_TRUE(meeting.TryOrders());
  EXPECT_FALSE(meeting.TryOrders({.commit = 0, .fate = StepFate::kUnanswered}))
      << "the hold is there";
}

TEST(ClaimsThatMeet, OneClaimUndoneByOneWhoDies) {
  Meeting(&CallsOfGuangdong, &UndoWang, &ConfirmWang, &StartWang).TryAllDeaths();
}

TEST(ClaimsThatMeet, OneClaimSettledAndUndone) {
  const Script before = [](const Claimer& claims, const std::string& id) {
    StartWang(claims, id);
    ConfirmWang(claims, id);
  };
  Meeting(&CallsOfHebei, &SettleWang, &UndoWang, before).TryAllDeaths();
}

TEST(ClaimsThatMeet, OneClaimConfirmedTwice) {
  Meeting(&CallsOfGuangdong, &ConfirmWang, &ConfirmWang, &StartWang).TryAllDeaths();
}

// A fault of the store that random worlds must notice; kDone for a call that it leaves alone.
using Fault = StepFate (*)(ClaimsWorld& world, const StoreCall& call);

StepFate Sound(ClaimsWorld&, const StoreCall&) { return StepFate::kDone; }

bool Writes(const StoreCall& call, Kind kind) {
  return call.commit != nullptr && call.commit->mutations[0].key.kind == kind;
}

StepFate HoldsUnchecked(ClaimsWorld&, const StoreCall& call) {
  return Writes(call, Kind::kHolds) ? StepFate::kUnchecked : StepFate::kDone;
}

StepFate ClaimsUnchecked(ClaimsWorld&, const StoreCall& call) {
  return Writes(call, Kind::kClaim) ? StepFate::kUnchecked : StepFate::kDone;
}

// As if Undo did not write the holds when it has none there.
StepFate UndoWithoutHoldDoesNotWrite(ClaimsWorld& world, const StoreCall& call) {
  if (!Writes(call, Kind::kHolds)) return StepFate::kDone;
  storage::v1::Holds written;
  written.ParseFromString(call.commit->mutations[0].envelope.open());
  const int held = world.HoldsOf(call.commit->mutations[0].key.name);
  return written.holds_size() == held ? StepFate::kSwallowed : StepFate::kDone;
}

// Three claimers do random things to three people and two postings, in random order, and may die.
class RandomWorlds {
 public:
  explicit RandomWorlds(Fault fault) : fault_(fault) {}

  // What is wrong after the world of this seed has come to rest.
  std::vector<std::string> Run(uint64_t seed) {
    random_.seed(seed);
    world_.Clear();
    world_.AddPosting(kJob, 1);
    world_.AddPosting(kOtherJob, 2);
    ids_.clear();
    ++runs_;
    Turns turns(kClaimers, [this](const auto& waiting) { return Below(waiting.size()); });
    std::vector<std::function<void()>> tasks;
    for (size_t worker = 0; worker < kClaimers; ++worker) {
      tasks.emplace_back([this, &turns, worker] { Work(turns, worker); });
    }
    turns.Run(tasks);
    return world_.RecoverAndCheck();
  }

 private:
  static constexpr size_t kClaimers = 3;
  static constexpr int kActions = 6;

  struct Known {
    std::string person;
    std::string id;
  };

  // Only the worker whose turn it is runs, so all of this is for one thread at a time.
  size_t Below(size_t limit) { return random_() % limit; }

  void Work(Turns& turns, size_t worker) {
    Death death;
    if (Below(2) == 0) {
      death = {static_cast<int>(Below(12)),
               Below(2) == 0 ? StepFate::kLost : StepFate::kUnanswered};
    }
    Connection connection(
        world_,
        [&](const StoreCall& call) {
          turns.Wait(worker);
          return fault_(world_, call);
        },
        death);
    const Claimer claims = world_.NewClaims(connection.store());
    for (int i = 0; i < kActions && !connection.dead(); ++i) Act(claims);
  }

  void Act(const Claimer& claims) {
    const size_t dice = Below(20);
    if (dice == 0) world_.clock().Advance(ClaimsWorld::kLife / 2);
    if (dice == 1) (void)claims.Recover(ClaimsWorld::kHebei);
    if (dice < 8 || ids_.empty()) {
      const char* const people[] = {kWang, kLi, "regions/44/candidates/zhao"};
      const std::string person = people[Below(3)];
      ids_.push_back({person, absl::StrCat("world", runs_, "-", ids_.size())});
      (void)claims.Start(world_.Request(person, ids_.back().id, Below(2) == 0 ? kJob : kOtherJob));
      return;
    }
    const Known known = ids_[Below(ids_.size())];
    if (dice < 14) (void)claims.Confirm(known.person, known.id);
    if (dice >= 14 && dice < 16) (void)claims.Settle(known.person, known.id);
    if (dice >= 16) (void)claims.Undo(known.person, known.id);
  }

  const Fault fault_;
  ClaimsWorld world_;
  std::mt19937_64 random_;
  std::vector<Known> ids_;
  int runs_ = 0;
};

TEST(RandomClaims, EndWellInEveryWorld) {
  const uint64_t seed = Seed();
  const uint64_t worlds = FromEnvironment("LEYE_CLAIM_WORLDS", 100);
  RandomWorlds random(&Sound);
  for (uint64_t i = 0; i < worlds && !HasFailure(); ++i) {
    EXPECT_THAT(random.Run(seed + i), IsEmpty())
        << "LEYE_CLAIM_SEED=" << seed + i << " LEYE_CLAIM_WORLDS=1";
  }
}

class PlantedFault : public ::testing::TestWithParam<std::pair<const char*, Fault>> {};

TEST_P(PlantedFault, IsNoticed) {
  RandomWorlds random(GetParam().second);
  uint64_t worlds = 1;
  while (worlds < 20'000 && random.Run(worlds).empty()) ++worlds;
  EXPECT_LT(worlds, 20'000u);
  RecordProperty("worlds", static_cast<int>(worlds));
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedFault,
                         ::testing::Values(std::pair("HoldsUnchecked", &HoldsUnchecked),
                                           std::pair("ClaimsUnchecked", &ClaimsUnchecked),
                                           std::pair("UndoWithoutHoldDoesNotWrite",
                                                     &UndoWithoutHoldDoesNotWrite)),
                         [](const auto& test) { return test.param.first; });

}  // namespace
}  // namespace leye::app
