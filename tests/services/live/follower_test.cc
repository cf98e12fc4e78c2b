// What the follower makes of a store's changes: round by round, without threads or sleeps.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

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
  EXPECT_GT(world.Now()->revisions.at(hebei).epoch, before.at(hebei).epoch);
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

TEST(Follower, AnAreaOfAForkCountsThoughItHadAHigherNumber) {
  const std::string place = " division_code: '130723' location { latitude: 41.8 longitude: 114.6 }";
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  world.Put<v1::Household>("households/b", "settlement_area: 'regions/13/settlementAreas/b'");
  world.Put<v1::Candidate>("candidates/b",
                           LiveWorld::PersonText("household: 'regions/13/households/b'"));
  world.KeepStore();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::SettlementArea>("settlementAreas/b", "display_name: 'lost'" + place);
  ASSERT_TRUE(world.CatchUp());
  world.ForkFromKept();
  world.Put<v1::SettlementArea>("settlementAreas/b", "display_name: 'new'" + place);
  ASSERT_TRUE(world.CatchUp());
  EXPECT_THAT(world.Describe(), HasSubstr("new"));
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

}  // namespace
}  // namespace leye::live
