// What the follower makes of a store's changes: round by round, without threads or sleeps.
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/storage/v1/showings.pb.h"
#include "tests/services/live/live_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::live {
namespace {

using ::testing::HasSubstr;

constexpr char kElsewhere[] = R"(display_name: "远方社区" division_code: "130424"
    location { latitude: 36.4 longitude: 114.9 })";

TEST(Follower, AnEmptyStoreIsReady) {
  LiveWorld world;
  ASSERT_TRUE(world.CatchUp());
  ASSERT_NE(world.Now(), nullptr);
  EXPECT_EQ(world.Now()->people->candidate_count(), 0u);
}

TEST(Follower, APersonRanksForAPosting) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
  EXPECT_THAT(world.Describe(), HasSubstr("regions/13/postings/p '缝纫工' of '怡安服装厂'"));
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

TEST(Follower, TheOrderOfArrivalDoesNotMatter) {
  LiveWorld world;
  ASSERT_TRUE(world.CatchUp());
  const auto catch_up = [&] { ASSERT_TRUE(world.CatchUp()); };
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  catch_up();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  catch_up();
  EXPECT_EQ(world.RankedFor("p"), 0u);
  world.Put<v1::Household>("households/h", R"(settlement_area: "regions/13/settlementAreas/a")");
  catch_up();
  world.Put<v1::Employer>("employers/e", "state: EMPLOYER_STATE_ACTIVE");
  catch_up();
  EXPECT_EQ(world.RankedFor("p"), 0u);
  world.Put<v1::SettlementArea>("settlementAreas/a", R"(display_name: "怡安社区"
      division_code: "130723" location { latitude: 41.85 longitude: 114.61 })");
  catch_up();
  EXPECT_EQ(world.RankedFor("p"), 1u);
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

TEST(Follower, ADeletedPersonIsGone) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  world.Delete(store::Kind::kCandidate, "candidates/c");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  EXPECT_FALSE(world.Now()->directory.FindCandidate("regions/13/candidates/c").has_value());
  EXPECT_EQ(world.Now()->directory.CountsOf("regions/13/households/h")->members, 0);
}

TEST(Follower, ANameThatIsUsedAgainIsANewPerson) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  ASSERT_TRUE(world.CatchUp());
  const auto before = world.Now()->directory.FindCandidate("regions/13/candidates/c");
  world.Delete(store::Kind::kCandidate, "candidates/c");
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  ASSERT_TRUE(world.CatchUp());
  const auto after = world.Now()->directory.FindCandidate("regions/13/candidates/c");
  ASSERT_TRUE(after.has_value());
  EXPECT_GT(*after, *before);
  EXPECT_EQ(world.Now()->people->candidate_count(), 1u);
  EXPECT_EQ(world.Now()->directory.NameOf(*after), "regions/13/candidates/c");
}

TEST(Follower, AnOldSnapshotStaysAsItWas) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  const auto old = world.Now();
  const std::string before = Describe(*old);
  for (int i = 0; i < 300; ++i) {
    world.Put<v1::Candidate>(absl::StrCat("candidates/n", i), LiveWorld::PersonText());
  }
  world.Delete(store::Kind::kCandidate, "candidates/c");
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText("title: \"保洁\""));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(Describe(*old), before);
  EXPECT_NE(world.Describe(), before);
}

TEST(Follower, ASuspendedEmployerTakesNobodyUntilReinstated) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  world.Put<v1::Employer>("employers/e", "state: EMPLOYER_STATE_SUSPENDED");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  EXPECT_THAT(world.Describe(), HasSubstr("POSTING_CLOSED"));
  world.Put<v1::Employer>("employers/e", "state: EMPLOYER_STATE_ACTIVE");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
}

TEST(Follower, AClosedPostingStaysClosedWhenItsEmployerIsReinstated) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText("state: POSTING_STATE_CLOSED"));
  world.Put<v1::Employer>("employers/e", "state: EMPLOYER_STATE_SUSPENDED");
  ASSERT_TRUE(world.CatchUp());
  world.Put<v1::Employer>("employers/e", "state: EMPLOYER_STATE_ACTIVE");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
}

TEST(Follower, AHouseholdCountsAnewWhenAMemberFindsWork) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Candidate>("candidates/d", LiveWorld::PersonText());
  ASSERT_TRUE(world.CatchUp());
  const auto counts = [&] { return *world.Now()->directory.CountsOf("regions/13/households/h"); };
  EXPECT_TRUE(counts().ZeroEmployment());
  world.Put<v1::Candidate>(
      "candidates/d", LiveWorld::PersonText("employment { state: EMPLOYMENT_STATE_EMPLOYED }"));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(counts().earners, 1);
  EXPECT_FALSE(counts().ZeroEmployment());
  const auto id = world.Now()->directory.FindCandidate("regions/13/candidates/c");
  EXPECT_EQ(world.Now()->people->Find(*id)->household.earners, 1);
}

TEST(Follower, APersonMovesWithTheHousehold) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::SettlementArea>("settlementAreas/far", kElsewhere);
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
  world.Put<v1::Household>("households/h", R"(settlement_area: "regions/13/settlementAreas/far")");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

TEST(Follower, AMovedAreaMovesItsResidents) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  world.Put<v1::SettlementArea>("settlementAreas/a", kElsewhere);
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  const auto id = world.Now()->directory.FindCandidate("regions/13/candidates/c");
  EXPECT_EQ(world.Now()->people->Find(*id)->candidate.residence_division,
            matcher::DivisionCode::FromNumber(130424));
}

TEST(Follower, PeopleRetireOvernight) {
  LiveWorld world;
  world.AddBasics();
  // Born 1969-12-31: as a woman of 55 she retires on 2024-12-31.
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText("birth_date: \"1969-12-31\""));
  world.clock.Set(absl::FromCivil(absl::CivilHour(2024, 12, 30, 23), ChinaStandardTime()));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.Now()->directory.CountsOf("regions/13/households/h")->able, 1);
  world.clock.Advance(absl::Hours(2));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.Now()->directory.CountsOf("regions/13/households/h")->able, 0);
}

TEST(Follower, NewRegionsAppearByThemselves) {
  LiveWorld world;
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  world.Put<v1::Employer>("regions/44/employers/e", "display_name: \"东莞\"");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.Now()->revisions.size(), 2u);
  EXPECT_NE(world.Now()->directory.region(store::Region::FromNumber(44)), nullptr);
}

TEST(Follower, AnUnreadableRecordIsLeftOutAndCounted) {
  LiveWorld world;
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  world.PutBytes(store::Kind::kCandidate, "candidates/broken", "\xff\xff\xff");
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.rounds->status().unreadable, 1);
  EXPECT_EQ(world.Now()->people->candidate_count(), 1u);
  EXPECT_EQ(world.Fresh()->people->candidate_count(), 1u);
}

TEST(Follower, LoadsAgainWhenTheLogWasTrimmed) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/gone", LiveWorld::PersonText());
  ASSERT_TRUE(world.CatchUp());
  world.Delete(store::Kind::kCandidate, "candidates/gone");
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  const auto last = world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  world.clock.Advance(LogUpkeepOptions().lease);  // As if it had not been heard of for so long.
  ASSERT_THAT(world.store->TrimLog(last.region, last.revision.sequence + 1), testing::IsOk());
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.rounds->status().regions_loaded, 2);
  EXPECT_EQ(world.RankedFor("p"), 1u);
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

TEST(Follower, LoadsAgainWhenAnEntryIsMissing) {
  LiveWorld world;
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Candidate>("candidates/d", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  world.store->holes = 1;
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.rounds->status().regions_loaded, 2);
  EXPECT_EQ(world.RankedFor("p"), 2u);
}

TEST(Follower, LoadsAgainInANewEpoch) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  ASSERT_TRUE(world.CatchUp());
  const store::Heads before = world.Now()->revisions;
  world.ReopenWithNewEpoch();
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  const store::Region hebei = store::Region::FromNumber(13);
  EXPECT_NE(world.Now()->revisions.at(hebei).epoch, before.at(hebei).epoch);
  EXPECT_EQ(world.RankedFor("p"), 1u);
  EXPECT_FALSE(world.Now()->Includes({hebei, before.at(hebei)}));
}

TEST(Follower, TellsSinceWhenMemoryMayBeOld) {
  LiveWorld world;
  EXPECT_EQ(world.holder.current(), absl::InfinitePast());
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.holder.current(), world.clock.Now());
  const absl::Time good = world.clock.Now();
  world.clock.Advance(absl::Seconds(10));
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.store->failing = true;
  EXPECT_FALSE(world.CatchUp());
  EXPECT_EQ(world.holder.current(), good);
  world.store->failing = false;
  world.clock.Advance(absl::Seconds(1));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.holder.current(), world.clock.Now());
  world.clock.Advance(absl::Seconds(10));
  ASSERT_TRUE(world.CatchUp()) << "nothing has changed meanwhile";
  const absl::Time heard = world.clock.Now();
  EXPECT_EQ(world.holder.current(), heard);
  world.clock.Advance(absl::Seconds(10));
  world.store->ailing = true;
  ASSERT_TRUE(world.CatchUp()) << "of what it was told";
  EXPECT_EQ(world.holder.current(), heard) << "some region may have changed unheard";
}

TEST(Follower, KeepsAnsweringWhileTheStoreFails) {
  LiveWorld world;
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  const auto good = world.Now();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.store->failing = true;
  EXPECT_FALSE(world.CatchUp());
  EXPECT_EQ(world.Now(), good);
  EXPECT_THAT(world.rounds->status().last_error, HasSubstr("made to fail"));
  world.store->failing = false;
  world.clock.Advance(absl::Seconds(1));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.rounds->status().last_error, "");
  EXPECT_EQ(world.Now()->people->candidate_count(), 1u);
}

TEST(Follower, NothingIsPublishedBeforeEveryRegionIsLoaded) {
  LiveWorld world;
  world.AddBasics();
  world.store->failing = true;
  EXPECT_FALSE(world.CatchUp());
  EXPECT_EQ(world.Now(), nullptr);
}

// --- random histories ----------------------------------------------------------------------------

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
