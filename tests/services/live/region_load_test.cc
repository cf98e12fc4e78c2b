// What loads of whole regions make and tell, before anything is published.
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/services/live/live_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::live {
namespace {

TEST(RegionLoad, RegionsThatWaitForOneAnotherAreLoadedTogether) {
  LiveWorld world;
  world.AddBasics();
  for (const char* region : {"13", "44"}) {
    for (int i = 0; i < 30; ++i) {
      world.Put<v1::Candidate>(absl::StrCat("regions/", region, "/candidates/c", i),
                               LiveWorld::PersonText());
    }
  }
  world.PutBytes(store::Kind::kPlacement, "regions/44/candidates/c3", "");
  EXPECT_EQ(world.Fresh()->people->candidate_count(), 60u);
  // Region 13 is loaded, followed, and loaded again, all before anything is published.
  world.store->failing_region = store::Region::FromNumber(44);
  EXPECT_FALSE(world.CatchUp());
  world.Delete(store::Kind::kCandidate, "candidates/c0");
  world.PutBytes(store::Kind::kPlacement, "candidates/c1", "");
  ASSERT_TRUE(world.CatchUp());
  world.Delete(store::Kind::kCandidate, "candidates/c2");
  world.Put<v1::Candidate>("candidates/new", LiveWorld::PersonText());
  world.store->holes = 1;
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.rounds->status().regions_loaded, 2);
  EXPECT_EQ(world.Now(), nullptr);
  world.store->failing_region.reset();
  world.clock.Advance(absl::Seconds(1));
  ASSERT_TRUE(world.CatchUp());
  EXPECT_EQ(world.Now()->people->candidate_count(), 59u);
  EXPECT_EQ(world.Describe(), Describe(*world.Fresh()));
}

TEST(RegionLoad, TellsUnderWhichKeysALoadFoundRecords) {
  LiveWorld world;
  const auto put = [&world](const std::string& path, const char* key) {
    store::Envelope envelope;
    envelope.mutable_sealed()->set_content("x");
    envelope.mutable_sealed()->set_key_id(key);
    ASSERT_THAT(world.store->Commit({.region = store::Region::FromNumber(13),
                                     .mutations = {store::Mutation::Put(
                                         store::Kind::kReferral, LiveWorld::Name(path), envelope,
                                         store::Precondition::Any())}}),
                testing::IsOk());
  };
  world.AddBasics();
  put("referrals/a", "k1");
  put("referrals/b", "k2");
  put("referrals/c", "k1");
  put("referrals/d", "");
  ASSERT_TRUE(world.CatchUp());
  const SealsByKey& seals = world.rounds->status().seals.at(store::Region::FromNumber(13));
  ASSERT_EQ(seals.size(), 3u);
  EXPECT_EQ(seals.at("k1").records, 2);
  EXPECT_EQ(seals.at("k1").example.name, LiveWorld::Name("referrals/a"));
  EXPECT_EQ(seals.at("k2").records, 1);
  EXPECT_EQ(seals.at("").records, 1);
}

}  // namespace
}  // namespace leye::live
