// The index of people: what goes in comes out, in any order of calls, and snapshots stand still.
#include "matcher/candidate_index.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "matcher/ranker.h"
#include "tests/oracle/dice.h"
#include "tests/oracle/indexed_world.h"
#include "tests/oracle/plain_scan.h"

namespace leye::matcher {
namespace {

using oracle::Dice;
using oracle::Same;
using oracle::World;

// Everything a snapshot holds is what the world holds.
void ExpectHolds(const CandidateSnapshot& snapshot, const World& world) {
  ASSERT_EQ(snapshot.candidate_count(), world.candidates.size());
  size_t visited = 0;
  snapshot.ForEach([&](const CandidateRecord&) { ++visited; });
  ASSERT_EQ(visited, world.candidates.size());
  for (const CandidateProfile& candidate : world.candidates) {
    const std::optional<CandidateRecord> record = snapshot.Find(candidate.id);
    ASSERT_TRUE(record.has_value()) << candidate.id.value();
    ASSERT_TRUE(Same(record->candidate, candidate)) << candidate.id.value();
    ASSERT_TRUE(Same(record->household, world.HouseholdOf(candidate))) << candidate.id.value();
  }
}

void ExpectRanks(const CandidateSnapshot& snapshot, const World& world) {
  Ranker ranker;
  const RankRequest request{.k = 50, .side = {}, .after = {}, .funnel = FunnelMode::kExact};
  for (const PostingProfile& posting : world.postings) {
    const auto expected = oracle::ScanCandidates(world, posting, request);
    const auto got = ranker.RankCandidates(snapshot, posting, request, world.Context());
    ASSERT_EQ(expected.entries.size(), got.entries.size());
    for (size_t i = 0; i < expected.entries.size(); ++i) {
      ASSERT_EQ(expected.entries[i].order, got.entries[i].order);
    }
    ASSERT_EQ(expected.funnel, got.funnel);
  }
}

TEST(CandidateIndex, GivesBackEveryFieldOfRandomPeople) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = oracle::IndexableWorld(seed);
    ExpectHolds(*oracle::IndexPeople(world), world);
    if (HasFailure()) return;
  }
}

TEST(CandidateIndex, EmptySnapshotRanksNobody) {
  const World world = oracle::IndexableWorld(1);
  const auto snapshot = CandidateIndex().Publish();
  EXPECT_EQ(snapshot->candidate_count(), 0U);
  EXPECT_FALSE(snapshot->Find(CandidateId(1)).has_value());
  EXPECT_FALSE(snapshot->FindArea(AreaIndex(0)).has_value());
  Ranker ranker;
  const auto ranking = ranker.RankCandidates(*snapshot, world.postings[0], {}, world.Context());
  EXPECT_TRUE(ranking.entries.empty());
  EXPECT_EQ(ranking.funnel.considered, 0);
}

TEST(CandidateIndex, OrderOfCallsDoesNotMatter) {
  const World world = oracle::IndexableWorld(7);
  CandidateIndex index;
  for (const CandidateProfile& candidate : world.candidates) index.Upsert(candidate);
  index.Publish();
  for (const HouseholdProfile& household : world.households) index.UpsertHousehold(household);
  for (const AreaProfile& area : world.areas) index.UpsertArea(area);
  const auto snapshot = index.Publish();
  ExpectHolds(*snapshot, world);
  ExpectRanks(*snapshot, world);
}

TEST(CandidateIndex, PeopleOfAnUnknownAreaAreKeptAndNotRanked) {
  World world = oracle::IndexableWorld(3);
  CandidateIndex index;
  for (const AreaProfile& area : world.areas) index.UpsertArea(area);
  for (const HouseholdProfile& household : world.households) index.UpsertHousehold(household);
  for (const CandidateProfile& candidate : world.candidates) index.Upsert(candidate);
  EXPECT_TRUE(index.RemoveArea(AreaIndex(0)));
  EXPECT_FALSE(index.RemoveArea(AreaIndex(0)));
  const auto without = index.Publish();
  ExpectHolds(*without, world);
  EXPECT_FALSE(without->FindArea(AreaIndex(0)).has_value());
  World ranked = world;
  std::erase_if(ranked.candidates, [](const auto& c) { return c.area == AreaIndex(0); });
  ExpectRanks(*without, ranked);
  index.UpsertArea(world.areas[0]);
  ExpectRanks(*index.Publish(), world);
}

// A random life of an index beside a world that is simply edited.
class RandomLife {
 public:
  RandomLife(uint64_t seed, const World& source) : dice_(seed), source_(source), now_(source) {
    now_.candidates.clear();
    for (const AreaProfile& area : now_.areas) index_.UpsertArea(area);
    for (const HouseholdProfile& household : now_.households) index_.UpsertHousehold(household);
  }

  void Step() {
    switch (dice_.Between(0, 9)) {
      case 0:
        return RemoveSomebody();
      case 1:
        return ChangeHousehold();
      case 2:
        return MoveArea();
      case 3:
      case 4:
      case 5:
        return ChangeSomebodyALittle();
      default:
        return PutSomebody();
    }
  }

  std::shared_ptr<const CandidateSnapshot> Publish() { return index_.Publish(); }
  const World& now() const { return now_; }

 private:
  // Somebody of the source world, under the id of perhaps somebody else.
  void PutSomebody() {
    CandidateProfile put = dice_.OneOf(source_.candidates);
    put.id = dice_.OneOf(source_.candidates).id;
    index_.Upsert(put);
    std::erase_if(now_.candidates, [&](const auto& c) { return c.id == put.id; });
    now_.candidates.push_back(put);
  }

  // What mostly happens to people: nothing that moves them to another place.
  void ChangeSomebodyALittle() {
    if (now_.candidates.empty()) return;
    const auto last = static_cast<int>(now_.candidates.size()) - 1;
    CandidateProfile& person = now_.candidates[static_cast<size_t>(dice_.Between(0, last))];
    if (dice_.OneIn(2)) person.seeking = !person.seeking;
    if (dice_.OneIn(3)) person.wished_yuan_per_month = dice_.Between(1'000, 20'000);
    if (dice_.OneIn(4)) person.max_distance = Kilometres::Of(dice_.Between(1, 400));
    if (dice_.OneIn(5)) person.education.reset();
    index_.Upsert(person);
  }

  void RemoveSomebody() {
    const CandidateId id = dice_.OneOf(source_.candidates).id;
    const size_t gone = std::erase_if(now_.candidates, [&](const auto& c) { return c.id == id; });
    EXPECT_EQ(index_.Remove(id), gone == 1);
  }

  void ChangeHousehold() {
    const HouseholdId id = dice_.OneOf(source_.households).id;
    if (id == HouseholdId()) return;
    HouseholdProfile changed = dice_.OneOf(source_.households);
    changed.id = id;
    const bool forget = dice_.OneIn(5);
    if (forget) {
      changed = HouseholdProfile();
      changed.id = id;
      index_.RemoveHousehold(id);
    } else {
      index_.UpsertHousehold(changed);
    }
    now_.households[id.value()] = changed;
  }

  void MoveArea() {
    AreaProfile moved = dice_.OneOf(source_.areas);
    moved.index = dice_.OneOf(source_.areas).index;
    index_.UpsertArea(moved);
    now_.areas[moved.index.value()] = moved;
  }

  Dice dice_;
  const World& source_;
  World now_;
  CandidateIndex index_;
};

TEST(CandidateIndex, RandomLivesEndAsIfBuiltFromScratch) {
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World source = oracle::IndexableWorld(seed);
    RandomLife life(seed, source);
    Dice dice(seed + 1000);
    for (int step = 0; step < 300; ++step) {
      life.Step();
      if (!dice.OneIn(20)) continue;
      const auto snapshot = life.Publish();
      ExpectHolds(*snapshot, life.now());
      if (HasFailure()) return;
    }
    ExpectRanks(*life.Publish(), life.now());
    if (HasFailure()) return;
  }
}

// Blocks split, empty and fill again.
TEST(CandidateIndex, CrowdedLivesEndAsIfBuiltFromScratch) {
  const World source = oracle::IndexableWorld(
      5, {.areas = 2, .households = 100, .candidates = 1500, .postings = 3, .skills = 20});
  RandomLife life(5, source);
  for (int round = 0; round < 6; ++round) {
    for (int step = 0; step < 900; ++step) life.Step();
    const auto snapshot = life.Publish();
    ExpectHolds(*snapshot, life.now());
    ExpectRanks(*snapshot, life.now());
    if (HasFailure()) return;
  }
}

// Skills that more people of a block hold than a byte counts; people all over the areas; threads.
TEST(CandidateIndex, LoadedAtOnceIsAsPutInOneByOne) {
  for (const size_t threads : {1, 3}) {
    const World world = oracle::IndexableWorld(
        11, {.areas = 3, .households = 200, .candidates = 2500, .postings = 5, .skills = 3});
    CandidateIndex index;
    for (const AreaProfile& area : world.areas) index.UpsertArea(area);
    for (const HouseholdProfile& household : world.households) index.UpsertHousehold(household);
    index.Load(
        world.candidates.size(),
        [&](size_t i, CandidateProfile& profile) { profile = world.candidates[i]; }, threads);
    ExpectHolds(*index.Publish(), world);
    ExpectRanks(*index.Publish(), world);
    // Households know their members.
    World changed = world;
    for (HouseholdProfile& household : changed.households) {
      if (household.id == HouseholdId()) continue;
      household.earners = static_cast<uint8_t>(household.earners + 1);
      index.UpsertHousehold(household);
    }
    ExpectHolds(*index.Publish(), changed);
    ExpectRanks(*index.Publish(), changed);
  }
}

TEST(CandidateIndex, SnapshotsStandStillWhileTheWriterGoesOn) {
  const World source = oracle::IndexableWorld(
      9, {.areas = 3, .households = 60, .candidates = 800, .postings = 4, .skills = 20});
  RandomLife life(9, source);
  std::vector<std::pair<std::shared_ptr<const CandidateSnapshot>, World>> past;
  for (int round = 0; round < 8; ++round) {
    for (int step = 0; step < 200; ++step) life.Step();
    past.emplace_back(life.Publish(), life.now());
  }
  for (const auto& [snapshot, world] : past) {
    ExpectHolds(*snapshot, world);
    ExpectRanks(*snapshot, world);
  }
}

}  // namespace
}  // namespace leye::matcher
