// The follower on random histories against its obvious twin: a start that reads everything anew.

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "leye/storage/v1/showings.pb.h"
#include "services/live/follower_rounds.h"
#include "services/live/log_upkeep.h"
#include "tests/services/live/live_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::live {
namespace {

// Commits at random over a few names, references that dangle included.
class RandomHistory {
 public:
  RandomHistory(LiveWorld& world, uint32_t seed) : world_(world), dice_(seed) {}

  void Step() {
    switch (Roll(10)) {
      case 0:
        return PutArea();
      case 1:
      case 2:
        return PutHousehold();
      case 3:
        return PutEmployer();
      case 4:
      case 5:
        return PutPosting();
      case 6:
        return Roll(2) == 0 ? Delete() : PutLedger();
      case 7:
        return Roll(2) == 0 ? PutTravelPlace() : PutPerson();
      default:
        return PutPerson();
    }
  }

 private:
  int Roll(int sides) { return static_cast<int>(dice_() % static_cast<uint32_t>(sides)); }
  std::string Pick(const std::string& prefix, int among) {
    return absl::StrCat(prefix, Roll(among));
  }

  void PutArea() {
    world_.Put<v1::SettlementArea>(
        Pick("settlementAreas/a", 3),
        absl::StrCat("display_name: 'area' division_code: '13072", Roll(3),
                     "' location { latitude: 41.", Roll(4), " longitude: 114.6 }"));
  }
  void PutHousehold() {
    world_.Put<v1::Household>(
        Pick("households/h", 5),
        absl::StrCat("settlement_area: 'regions/13/", Pick("settlementAreas/a", 4),
                     "' monitoring: ", Roll(4), " subsistence_allowance: ", Roll(2)));
  }
  // Now and then of an area that is not there, or beyond the rows.
  void PutTravelPlace() {
    world_.Put<v1::TravelPlace>(
        Pick("travelPlaces/t", 3),
        absl::StrCat("location { latitude: 41.", Roll(4), " longitude: 114.6 } radius_m: 2000 ",
                     "settlement_areas: ['a", Roll(2), "', 'a", 2 + Roll(2),
                     "'] rows { mode: ", 1 + Roll(5), " minutes: [", Roll(3),
                     ", 40] } rows { mode: 3 minutes: ", 20 + Roll(3), " costs_fen: 300 }"));
  }
  void PutEmployer() {
    world_.Put<v1::Employer>(Pick("employers/e", 3),
                             absl::StrCat("display_name: '", Roll(9), "' state: ", 1 + Roll(2)));
  }
  void PutPosting() {
    world_.Put<v1::Posting>(
        Pick("postings/p", 4),
        absl::StrCat(
            "employer: 'regions/13/", Pick("employers/e", 4), "' title: 't", Roll(9),
            "' state: ", 1 + Roll(2), " openings: ", 1 + Roll(2),
            " place { division_code: '130723' location { latitude: 41.", Roll(4),
            " longitude: 114.6 } } pay { unit: PAY_UNIT_MONTH min_yuan: ", 2000 + 500 * Roll(4),
            " } ", Roll(3) == 0 ? "public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING }" : ""));
  }
  void PutPerson() {
    world_.Put<v1::Candidate>(
        Pick("candidates/c", 12),
        absl::StrCat("household: 'regions/13/", Pick("households/h", 6), "' birth_date: '",
                     1960 + Roll(50), "-05-01' sex: ", 1 + Roll(2), " employment { state: ",
                     Roll(6), " division_code: '13072", Roll(5), "' } consent { given_date: ",
                     "'2024-01-01' } preferences { willing: ", Roll(4) == 0 ? 0 : 1,
                     " willing_to_leave_home: 1 division_codes: '440300' monthly_pay_yuan: ",
                     2000 + 500 * Roll(5), " } unemployed_since: '202", Roll(4), "-03-01'"));
  }
  void PutLedger() {
    if (Roll(3) == 0) {
      storage::v1::Showings showings;
      showings.add_showings()->set_posting(dice_());
      world_.PutBytes(store::Kind::kShowings, Pick("candidates/c", 12),
                      showings.SerializeAsString());
      return;
    }
    if (Roll(2) == 0) {
      const auto kind = Roll(2) == 0 ? store::Kind::kClaim : store::Kind::kPlacement;
      world_.PutBytes(kind, Pick("candidates/c", 12), "");
      return;
    }
    const std::string text = absl::StrCat(
        "holds { claim_id: '1' reserved_group: ", Roll(3), " public_welfare_kind: ", Roll(4),
        " } bars { candidate: 'regions/13/", Pick("candidates/c", 12),
        "' candidate_number: ", 1 + Roll(60),
        Roll(2) == 0 ? " open_referral: 'r' }" : " refuse_time { seconds: 1714500000 } }");
    world_.PutHolds(Roll(2) == 0 ? Pick("postings/p", 4) : Pick("households/h", 5), text);
  }
  void Delete() {
    const std::vector<std::pair<store::Kind, std::string>> all = {
        {store::Kind::kSettlementArea, Pick("settlementAreas/a", 3)},
        {store::Kind::kHousehold, Pick("households/h", 5)},
        {store::Kind::kCandidate, Pick("candidates/c", 12)},
        {store::Kind::kEmployer, Pick("employers/e", 3)},
        {store::Kind::kPosting, Pick("postings/p", 4)},
        {store::Kind::kClaim, Pick("candidates/c", 12)},
        {store::Kind::kPlacement, Pick("candidates/c", 12)},
        {store::Kind::kShowings, Pick("candidates/c", 12)},
        {store::Kind::kHolds, Pick("postings/p", 4)},
        {store::Kind::kHolds, Pick("households/h", 5)},
        {store::Kind::kTravelTimes, Pick("travelPlaces/t", 3)}};
    const auto& [kind, path] = all[static_cast<size_t>(Roll(static_cast<int>(all.size())))];
    const auto found =
        world_.store->Get(store::Region::FromNumber(13), {kind, LiveWorld::Name(path)});
    if (found.ok()) world_.Delete(kind, path);
  }

  LiveWorld& world_;
  std::mt19937 dice_;
};

TEST(Follower, FollowingAnyHistoryEqualsStartingAfresh) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  LiveWorld world;
  RandomHistory history(world, seed);
  for (int round = 0; round < 60; ++round) {
    for (int step = 0; step < 12; ++step) history.Step();
    if (round % 7 == 3) {
      world.clock.Advance(LogUpkeepOptions().lease);
      const auto head = *world.store->Head(store::Region::FromNumber(13));
      ASSERT_THAT(world.store->TrimLog(store::Region::FromNumber(13), head.sequence),
                  testing::IsOk());
    }
    ASSERT_TRUE(world.CatchUp());
    ASSERT_EQ(world.Describe(), Describe(*world.Fresh())) << "round " << round;
  }
}

TEST(Follower, AForkThatLostWhatWasFollowedEqualsStartingAfresh) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  LiveWorld world;
  RandomHistory history(world, seed);
  for (int round = 0; round < 40; ++round) {
    for (int step = 0; step < 6; ++step) history.Step();
    world.KeepStore();
    for (int step = 0; step < 6; ++step) history.Step();
    ASSERT_TRUE(world.CatchUp());
    world.ForkFromKept();
    // What comes now has the numbers, and perhaps the names, of what is lost.
    for (int step = 0; step < round % 12; ++step) history.Step();
    ASSERT_TRUE(world.CatchUp());
    ASSERT_EQ(world.Describe(), Describe(*world.Fresh())) << "round " << round;
  }
}

TEST(Follower, ALoadIntoWhichOthersWriteEqualsStartingAfresh) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  LiveWorld world;
  RandomHistory history(world, seed);
  for (int round = 0; round < 30; ++round) {
    for (int step = 0; step < 12; ++step) history.Step();
    world.store->before_page = [&history, round](const auto& request) {
      for (int step = 0; step < round % 4 && !request.cursor.empty(); ++step) history.Step();
    };
    SnapshotHolder holder;
    FollowerRounds rounds({.load = {.page_records = 3}},
                          {*world.store, world.codes, world.clock, world.logger, holder});
    ASSERT_THAT(rounds.Run(absl::ZeroDuration()), testing::IsOk());
    world.store->before_page = [](const auto&) {};
    do {
      ASSERT_THAT(rounds.Run(absl::ZeroDuration()), testing::IsOk());
    } while (rounds.behind());
    ASSERT_EQ(Describe(*holder.Get()), Describe(*world.Fresh())) << "round " << round;
  }
}

}  // namespace
}  // namespace leye::live
