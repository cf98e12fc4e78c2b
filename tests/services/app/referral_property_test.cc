// Whatever is called in whatever order, and by however many at once: nobody over-books, holds two,
// breaks a cap or leaves a hold behind. And the checker that says so notices when it is otherwise.
#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/app/referral_machine.h"
#include "services/base/status.h"
#include "tests/services/app/referral_fixture.h"
#include "tests/services/live/store_proxy.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

constexpr int kPeople = 8;
constexpr int kPostings = 5;
constexpr const char* kPostingIds[kPostings] = {"p0", "p1", "p2", "p3", "regions/44/postings/p4"};

// One of each sort, the last one of another region.
void AddPosting(Bureau& bureau, int number) {
  constexpr const char* kSorts[kPostings] = {
      "openings: 1", "openings: 3 reserved { count: 2 }",
      "openings: 2 public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING publicity_days: 1 }",
      "openings: 2 work_for_relief { project: '水渠' }", "openings: 2 reserved { count: 1 }"};
  bureau.AddPosting(kPostingIds[number], kSorts[number]);
}

// Calls at random; refusals are as good as successes.
class RandomClerk {
 public:
  RandomClerk(Bureau& bureau, uint32_t seed, std::string id)
      : bureau_(bureau), dice_(seed), id_(std::move(id)) {}

  void Act() {
    switch (Roll(10)) {
      case 0:
      case 1:
        return Create();
      case 2:
        return Roll(2) == 0 ? DeletePerson() : DeletePosting();
      case 8:
        return Move();
      case 9:
        return Roll(4) == 0 ? CreateBatch() : Step();
      case 3:
        static_cast<void>(bureau_.referrals->ExpireDue(bureau_.region, 3));
        return;
      default:
        return Step();
    }
  }

 private:
  int Roll(int sides) { return static_cast<int>(dice_() % static_cast<uint32_t>(sides)); }

  void Create() {
    constexpr v1::ReferralState kStates[] = {v1::REFERRAL_STATE_RECOMMENDED,
                                             v1::REFERRAL_STATE_PUSHED, v1::REFERRAL_STATE_REFERRED,
                                             v1::REFERRAL_STATE_REFERRED};
    const std::string id = absl::StrCat(id_, "-", ++tried_);
    const auto made = bureau_.Create(id, absl::StrCat("c", Roll(kPeople)),
                                     kPostingIds[Roll(kPostings)], kStates[Roll(4)]);
    if (!NamesNobody(made.status())) Note(made.status());
    if (made.ok()) made_.push_back(id);
  }

  void CreateBatch() {
    v1::BatchCreateReferralsRequest request;
    request.set_parent("regions/13");
    const int first = Roll(kPeople);
    for (int i = 0; i < 3; ++i) {
      v1::Referral& referral = *request.add_referrals();
      const std::string person = absl::StrCat("c", (first + i) % kPeople);
      referral.set_candidate(Bureau::Name("candidates", person));
      referral.set_posting(Bureau::Name("postings", kPostingIds[Roll(kPostings)]));
      referral.set_state(Roll(2) == 0 ? v1::REFERRAL_STATE_PUSHED : v1::REFERRAL_STATE_REFERRED);
    }
    const auto made = bureau_.referrals->BatchCreateReferrals(request, bureau_.app.Caller());
    if (!NamesNobody(made.status())) Note(made.status());
    if (!made.ok()) return;
    for (const v1::Referral& referral : made->referrals()) {
      made_.push_back(referral.name().substr(referral.name().rfind('/') + 1));
    }
  }

  // A step of a referral that has not ended: mostly one that leads on, so that some get as far as
  // work and back.
  void Step() {
    if (made_.empty()) return;
    const size_t at = static_cast<size_t>(Roll(static_cast<int>(made_.size())));
    const std::string id = made_[at];
    const v1::Referral referral = bureau_.Get(id);
    const std::vector<v1::ReferralEvent> onward = Onward(referral);
    if (onward.empty()) {
      made_.erase(made_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    const v1::ReferralEvent event =
        Roll(4) == 0 || onward.empty()
            ? AnyEvent()
            : onward[static_cast<size_t>(Roll(static_cast<int>(onward.size())))];
    const bool leaves = event == v1::REFERRAL_EVENT_LEAVE;
    Note(
        bureau_
            .Step(id, event, leaves ? absl::StrCat("leaving_reason: ", 1 + Roll(7)) : std::string())
            .status());
  }

  // Any that a caller may ask for.
  v1::ReferralEvent AnyEvent() {
    return static_cast<v1::ReferralEvent>(2 + Roll(v1::ReferralEvent_ARRAYSIZE - 3));
  }

  // What the table allows, but for calling it off and what the clock does.
  static std::vector<v1::ReferralEvent> Onward(const v1::Referral& referral) {
    std::vector<v1::ReferralEvent> events = EventsFrom(referral.state(), ChannelOf(referral));
    std::erase(events, v1::REFERRAL_EVENT_CANCEL);
    std::erase(events, v1::REFERRAL_EVENT_EXPIRE);
    return events;
  }

  void DeletePerson() {
    if (Roll(2) != 0) return;
    const std::string person = absl::StrCat("c", Roll(kPeople));
    const Answer gone = bureau_.app.Call(
        "DeleteCandidate", absl::StrCat("name: '", Bureau::Name("candidates", person), "'"));
    if (gone.ok()) bureau_.AddPerson(person, absl::StrCat("h", Roll(2) == 0 ? "" : "2"));
  }

  void DeletePosting() {
    const int number = Roll(kPostings);
    const std::string name = Bureau::Name("postings", kPostingIds[number]);
    if (bureau_.app.Call("DeletePosting", absl::StrCat("name: '", name, "'")).ok()) {
      AddPosting(bureau_, number);
    }
  }

  // To another household, if nobody else is changing the person.
  void Move() {
    const std::string person = absl::StrCat("c", Roll(kPeople));
    bureau_.app.Call(
        "UpdateCandidate",
        absl::StrCat("candidate { name: '", Bureau::Name("candidates", person), "' household: '",
                     Bureau::Name("households", Roll(2) == 0 ? "h" : "h2"),
                     "' } update_mask { paths: 'household' }"));
  }

  // Only people or postings that another clerk has just deleted are wrong with it.
  static bool NamesNobody(const absl::Status& status) {
    const std::vector<FieldViolation> violations = GetErrorDetails(status).violations;
    return !violations.empty() &&
           std::all_of(violations.begin(), violations.end(), [](const FieldViolation& each) {
             return absl::StartsWith(each.description, "NOT_FOUND");
           });
  }

  // What no sequence of calls should give.
  static void Note(const absl::Status& status) {
    EXPECT_TRUE(status.ok() || absl::IsFailedPrecondition(status) || absl::IsNotFound(status) ||
                absl::IsAlreadyExists(status) || absl::IsAborted(status))
        << status;
  }

  Bureau& bureau_;
  std::mt19937 dice_;
  const std::string id_;
  int tried_ = 0;
  std::vector<std::string> made_;
};

void Fill(Bureau& bureau) {
  for (int i = 0; i < kPeople; ++i) bureau.AddPerson(absl::StrCat("c", i), i % 2 ? "h" : "h2");
  for (int i = 0; i < kPostings; ++i) AddPosting(bureau, i);
  for (int i = 0; i < 3; ++i) {
    bureau.judge.of_reserved_group.insert(Bureau::Name("candidates", absl::StrCat("c", i)));
  }
  bureau.judge.household_cap = 1;
}

TEST(ReferralProperty, NoSequenceOfCallsBreaksAPromise) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Bureau bureau;
  Fill(bureau);
  RandomClerk clerk(bureau, seed, "r");
  for (int round = 0; round < 60; ++round) {
    for (int call = 0; call < 10; ++call) clerk.Act();
    bureau.app.clock.Advance(absl::Hours(7));
    ASSERT_THAT(bureau.Problems(), IsEmpty()) << "round " << round;
  }
}

// The states that some referral of a long sequence of calls has been in.
std::set<v1::ReferralState> StatesReached(uint32_t seed) {
  Bureau bureau;
  Fill(bureau);
  RandomClerk clerk(bureau, seed, "r");
  for (int call = 1; call <= 1'500; ++call) {
    clerk.Act();
    // Mostly an hour, now and then a week, or as long as work takes to be stable.
    const int days = call % 150 == 0 ? 91 : call % 40 == 0 ? 7 : 0;
    bureau.app.clock.Advance(absl::Hours(1 + 24 * days));
  }
  EXPECT_THAT(bureau.Problems(), IsEmpty());
  std::set<v1::ReferralState> reached;
  for (const v1::Referral& referral : ReadRecords(*bureau.app.store).referrals) {
    for (const v1::ReferralStep& step : referral.steps()) reached.insert(step.to_state());
  }
  return reached;
}

TEST(ReferralProperty, SuchSequencesGetAsFarAsWorkAndOutAgain) {
  EXPECT_THAT(StatesReached(1),
              ::testing::IsSupersetOf({v1::REFERRAL_STATE_DECLINED, v1::REFERRAL_STATE_REFERRED,
                                       v1::REFERRAL_STATE_NO_SHOW, v1::REFERRAL_STATE_REJECTED,
                                       v1::REFERRAL_STATE_VILLAGE_REVIEW, v1::REFERRAL_STATE_HIRED,
                                       v1::REFERRAL_STATE_ONBOARD, v1::REFERRAL_STATE_LEFT,
                                       v1::REFERRAL_STATE_EXPIRED, v1::REFERRAL_STATE_CANCELLED}));
}

TEST(ReferralProperty, ManyClerksAtOnceBreakNoPromise) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Bureau bureau;
  Fill(bureau);
  std::vector<std::thread> clerks;
  for (int i = 0; i < 6; ++i) {
    clerks.emplace_back([&bureau, seed, i] {
      RandomClerk clerk(bureau, seed + static_cast<uint32_t>(i), absl::StrCat("t", i));
      for (int call = 0; call < 60; ++call) {
        clerk.Act();
        bureau.app.clock.Advance(absl::Hours(2));  // Six clerks: a hold lasts some 14 calls.
      }
    });
  }
  for (std::thread& clerk : clerks) clerk.join();
  EXPECT_THAT(bureau.Problems(), IsEmpty());
  EXPECT_THAT(ProblemsOfHistory(*bureau.app.store, bureau.judge), IsEmpty());
}

// Everybody at once for the same openings, each with a person of their own. How many got one.
int Race(Bureau& bureau, int clerks) {
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < clerks; ++i) {
    threads.emplace_back([&bureau, &won, i] {
      const auto made = bureau.Create(absl::StrCat("race", i), absl::StrCat("n", i), "hot");
      won += made.ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return won;
}

TEST(ReferralProperty, ManyClerksAndTwoOpeningsHaveTwoWinners) {
  constexpr int kClerks = 12;
  Bureau bureau;
  for (int i = 0; i < kClerks; ++i) bureau.AddPerson(absl::StrCat("n", i));
  bureau.AddPosting("hot", "openings: 2");
  EXPECT_EQ(Race(bureau, kClerks), 2);
  EXPECT_EQ(bureau.Held("hot"), 2);
  EXPECT_THAT(bureau.Problems(), IsEmpty());
}

// A store whose commits do not look at what stands under a posting's holds, and whose reads of them
// come from before anybody held one: the fault that the checker is there to see.
class CarelessStore final : public live::StoreProxy {
 public:
  using StoreProxy::StoreProxy;

  absl::StatusOr<store::CommitResult> Commit(const store::CommitRequest& request) override {
    store::CommitRequest careless = request;
    careless.mutations.clear();
    for (const store::Mutation& mutation : request.mutations) {
      const bool ledger = mutation.key.kind == store::Kind::kHolds;
      if (ledger && mutation.type == store::Mutation::Type::kCheck) continue;
      careless.mutations.push_back(mutation);
      if (ledger) careless.mutations.back().precondition = store::Precondition::Any();
    }
    return StoreProxy::Commit(careless);
  }

  absl::StatusOr<std::vector<std::optional<store::Record>>> BatchGet(
      store::Region region, const std::vector<store::RecordKey>& keys) override {
    auto records = StoreProxy::BatchGet(region, keys);
    for (size_t i = 0; i < keys.size() && records.ok(); ++i) {
      if (keys[i].kind == store::Kind::kHolds) (*records)[i].reset();
    }
    return records;
  }
};

enum class Ledger { kChecked, kUnchecked };

// Two clerks of whom the second read the ledger before the first had written, on a store that
// checks the ledger and on one that does not. What the checker says afterwards.
std::vector<std::string> TwoClerks(Ledger ledger) {
  Bureau bureau;
  bureau.AddPerson("wang");
  bureau.AddPerson("li");
  bureau.AddPosting("one", "openings: 1");
  EXPECT_TRUE(bureau.Create("r1", "wang", "one").ok());
  if (ledger == Ledger::kUnchecked) {
    bureau.app.store = std::make_unique<CarelessStore>(std::move(bureau.app.store));
    bureau.referrals = std::make_unique<Referrals>(
        Dependencies{*bureau.app.store, bureau.app.sealer, TestCatalogue(), bureau.app.clock,
                     bureau.app.random},
        bureau.judge, bureau.app.figures);
  }
  EXPECT_EQ(bureau.Create("r2", "li", "one").ok(), ledger == Ledger::kUnchecked);
  return bureau.Problems();
}

TEST(ReferralProperty, TheCheckerSeesAnOpeningHeldTwice) {
  EXPECT_THAT(TwoClerks(Ledger::kChecked), IsEmpty());
  EXPECT_THAT(TwoClerks(Ledger::kUnchecked),
              Contains(::testing::HasSubstr("is held 2 times of 1")));
}

TEST(ReferralProperty, TheCheckerSeesAHoldLeftBehind) {
  Bureau bureau;
  bureau.AddPerson("wang");
  bureau.AddPosting("one", "openings: 1");
  ASSERT_TRUE(bureau.Create("r", "wang", "one").ok());
  Records state = ReadRecords(*bureau.app.store);
  EXPECT_THAT(ProblemsOf(state, bureau.judge), IsEmpty());
  state.referrals[0].set_state(v1::REFERRAL_STATE_CANCELLED);
  EXPECT_THAT(ProblemsOf(state, bureau.judge),
              Contains("regions/13/postings/one: the ledger and the referrals differ"));
}

}  // namespace
}  // namespace leye::app
