// The index of postings: what goes in comes out, and snapshots stand still.
#include "matcher/posting_index.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "matcher/ranker.h"
#include "tests/oracle/dice.h"
#include "tests/oracle/indexed_world.h"
#include "tests/oracle/plain_scan.h"

namespace leye::matcher {
namespace {

using oracle::Dice;
using oracle::World;

void ExpectHolds(const PostingSnapshot& snapshot, const World& world) {
  ASSERT_EQ(snapshot.posting_count(), world.postings.size());
  size_t visited = 0;
  snapshot.ForEach([&](const PostingProfile&) { ++visited; });
  ASSERT_EQ(visited, world.postings.size());
  for (const PostingProfile& posting : world.postings) {
    const std::optional<PostingProfile> found = snapshot.Find(posting.id);
    ASSERT_TRUE(found.has_value()) << posting.id.value();
    ASSERT_TRUE(oracle::Same(*found, posting)) << posting.id.value();
  }
}

TEST(PostingIndex, GivesBackEveryFieldOfRandomPostings) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = oracle::IndexableWorld(seed);
    ExpectHolds(*oracle::IndexPostings(world), world);
    if (HasFailure()) return;
  }
}

TEST(PostingIndex, LoadedAtOnceHoldsTheSameAndTakesChanges) {
  World world = oracle::IndexableWorld(
      5, {.areas = 3, .households = 10, .candidates = 20, .postings = 1500, .skills = 20});
  PostingIndex index;
  index.Load(
      world.postings.size(),
      [&](size_t i, PostingProfile& profile) { profile = world.postings[i]; }, 2);
  ExpectHolds(*index.Publish(), world);
  for (size_t i = 0; i < 100; ++i) {
    const PostingId id = world.postings[i].id;
    world.postings[i] = world.postings[i + 700];
    world.postings[i].id = id;
    index.Upsert(world.postings[i]);
    EXPECT_TRUE(index.Remove(world.postings.back().id));
    world.postings.pop_back();
  }
  ExpectHolds(*index.Publish(), world);
}

TEST(PostingIndex, FindsNothingInAnEmptySnapshot) {
  const auto snapshot = PostingIndex().Publish();
  EXPECT_EQ(snapshot->posting_count(), 0U);
  EXPECT_FALSE(snapshot->Find(PostingId(1)).has_value());
}

TEST(PostingIndex, RandomLivesLeaveEverySnapshotAsItWas) {
  const World source = oracle::IndexableWorld(
      11, {.areas = 3, .households = 10, .candidates = 20, .postings = 1500, .skills = 20});
  World now = source;
  now.postings.clear();
  PostingIndex index;
  Dice dice(11);
  std::vector<std::pair<std::shared_ptr<const PostingSnapshot>, World>> past;
  for (int round = 0; round < 6; ++round) {
    for (int step = 0; step < 600; ++step) {
      PostingProfile put = dice.OneOf(source.postings);
      put.id = dice.OneOf(source.postings).id;
      const size_t before =
          std::erase_if(now.postings, [&](const auto& p) { return p.id == put.id; });
      if (dice.OneIn(4)) {
        EXPECT_EQ(index.Remove(put.id), before == 1);
      } else {
        index.Upsert(put);
        now.postings.push_back(put);
      }
    }
    past.emplace_back(index.Publish(), now);
  }
  Ranker ranker;
  for (const auto& [snapshot, world] : past) {
    ExpectHolds(*snapshot, world);
    for (const CandidateProfile& candidate : world.candidates) {
      const auto expected = oracle::ScanPostings(world, candidate, {});
      const auto got = ranker.RecommendPostings(*snapshot, oracle::PersonOf(world, candidate), {},
                                                world.Context());
      ASSERT_EQ(expected.entries.size(), got.entries.size());
      for (size_t i = 0; i < expected.entries.size(); ++i) {
        ASSERT_EQ(expected.entries[i].order, got.entries[i].order);
      }
    }
  }
}

}  // namespace
}  // namespace leye::matcher
