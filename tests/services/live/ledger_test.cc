// What referrals hold, as matching sees it: in any order of arrival, and after a fresh start.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/storage/v1/showings.pb.h"
#include "tests/services/live/live_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::live {
namespace {

using ::testing::HasSubstr;

TEST(FollowedLedgers, WhoIsHeldRanksForNothingUntilFreed) {
  LiveWorld world;
  world.AddBasics();
  world.PutBytes(store::Kind::kPlacement, "candidates/c", "");
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  EXPECT_THAT(world.Describe(), HasSubstr("PLACED_ELSEWHERE"));
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText("education: EDUCATION_PRIMARY"));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u) << "another change of the person frees nobody";
  world.Delete(store::Kind::kPlacement, "candidates/c");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
  world.PutBytes(store::Kind::kClaim, "candidates/c", "");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

TEST(FollowedLedgers, ShowingsComeBeforeTheirPersonAndGoByThemselves) {
  LiveWorld world;
  world.AddBasics();
  storage::v1::Showings showings;
  showings.add_showings()->set_posting(7);
  world.PutBytes(store::Kind::kShowings, "candidates/c", showings.SerializeAsString());
  ASSERT_TRUE(world.CatchUp());
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  ASSERT_TRUE(world.CatchUp());
  const auto count = [](const LiveSnapshot& snapshot) {
    const auto id = snapshot.directory.FindCandidate("regions/13/candidates/c");
    return id.has_value() ? snapshot.directory.ShowingsOf(*id).size() : 0;
  };
  const auto one = world.Now();
  EXPECT_EQ(count(*one), 1u);
  EXPECT_EQ(count(*world.Fresh()), 1u);
  showings.add_showings()->set_posting(8);
  world.PutBytes(store::Kind::kShowings, "candidates/c", showings.SerializeAsString());
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(count(*world.Now()), 2u);
  EXPECT_EQ(count(*one), 1u) << "a snapshot changed";
  world.Delete(store::Kind::kShowings, "candidates/c");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(count(*world.Now()), 0u);
  EXPECT_EQ(count(*world.Fresh()), 0u);
}

TEST(FollowedLedgers, HeldOpeningsAreNotLeft) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.PutHolds("postings/p", "holds { claim_id: '1' } holds { claim_id: '2' }");
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  EXPECT_THAT(world.Describe(), HasSubstr("NO_OPENINGS_LEFT"));
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
  world.PutHolds("postings/p", "holds { claim_id: '2' }");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText("reserved { count: 1 }"));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_THAT(world.Describe(), HasSubstr("ONLY_RESERVED_LEFT")) << "the last one is for a group";
  world.PutHolds("postings/p", "holds { claim_id: '2' reserved_group: GROUP_RELOCATED }");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
  world.Put<v1::Posting>("postings/p",
                         LiveWorld::PostingText("reserved { count: 1 group: GROUP_DISABLED }"));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u) << "the one who holds it took it as another group's";
  world.Delete(store::Kind::kHolds, "postings/p");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

TEST(FollowedLedgers, ABarredPairIsNotMatchedButOthersAre) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Candidate>("candidates/d", LiveWorld::PersonText());
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  world.Put<v1::Posting>("postings/q", LiveWorld::PostingText());
  const auto record = world.store->Get(store::Region::FromNumber(13),
                                       {store::Kind::kCandidate, LiveWorld::Name("candidates/c")});
  ASSERT_THAT(record, testing::IsOk());
  const std::string bar = absl::StrCat("bars { candidate: 'regions/13/candidates/c' ",
                                       "candidate_number: ", record->number);
  world.PutHolds("postings/p", absl::StrCat(bar, " open_referral: 'r' }"));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
  EXPECT_EQ(world.RankedFor("q"), 2u);
  EXPECT_THAT(world.Describe(), HasSubstr("PAIR_REFERRED"));
  world.PutHolds("postings/p", absl::StrCat(bar, " refuse_time { seconds: 1714500000 } }"));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_THAT(world.Describe(), HasSubstr("PAIR_REFUSED"));
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
  world.clock.Advance(absl::Hours(24 * 181));
  EXPECT_EQ(world.RankedFor("p"), 2u);
}

TEST(FollowedLedgers, PostsHeldForAHouseholdCountForItsCap) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  world.Put<v1::Posting>(
      "postings/p",
      LiveWorld::PostingText("public_welfare { kind: PUBLIC_WELFARE_KIND_FOREST_GUARD } "
                             "conditions { household_cap: 1 }"));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 1u);
  world.PutHolds("households/h",
                 "holds { claim_id: '1' public_welfare_kind: PUBLIC_WELFARE_KIND_FOREST_GUARD }");
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.RankedFor("p"), 0u);
  EXPECT_THAT(world.Describe(), HasSubstr("HOUSEHOLD_CAP_REACHED"));
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

}  // namespace
}  // namespace leye::live
