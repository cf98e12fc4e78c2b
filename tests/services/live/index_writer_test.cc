// The indexes' writer: what waits for the first snapshot is what smaller steps would have made.
#include "services/live/index_writer.h"

#include <optional>
#include <vector>

#include "gtest/gtest.h"

#include "tests/oracle/dice.h"
#include "tests/oracle/indexed_world.h"

namespace leye::live {
namespace {

using matcher::CandidateProfile;
using matcher::PostingProfile;
using matcher::oracle::Dice;
using matcher::oracle::Same;
using matcher::oracle::World;

// Writes, writes again and removes at random; what is in by now is in `world`.
void Change(Dice& dice, World& world, const World& others, IndexWriter& writer) {
  if (dice.OneIn(3)) {
    const size_t first = world.candidates.size();
    const size_t count = static_cast<size_t>(dice.Between(0, 20));
    for (size_t i = 0; i < count && first + i < others.candidates.size(); ++i) {
      world.candidates.push_back(others.candidates[first + i]);
    }
    // Asked for later: those in the world may have changed by then, and are then put again.
    writer.Put(world.candidates.size() - first,
               [&world, first](size_t i, CandidateProfile& profile) {
                 profile = world.candidates[first + i];
               });
  } else if (!world.candidates.empty() && dice.OneIn(2)) {
    CandidateProfile& changed =
        world.candidates[static_cast<size_t>(dice.Between(0, 1'000)) % world.candidates.size()];
    changed.seeking = !changed.seeking;
    writer.Put(changed);
  } else if (!world.candidates.empty()) {
    writer.Remove(world.candidates.back().id);
    world.candidates.pop_back();
  }
  if (world.postings.size() < others.postings.size() && dice.OneIn(2)) {
    world.postings.push_back(others.postings[world.postings.size()]);
    writer.Put(world.postings.back());
  } else if (!world.postings.empty() && dice.OneIn(3)) {
    writer.Remove(world.postings.back().id);
    world.postings.pop_back();
  }
}

void ExpectHolds(const MatcherSnapshots& now, IndexWriter& writer, const World& world) {
  ASSERT_EQ(now.people->candidate_count(), world.candidates.size());
  ASSERT_EQ(now.postings->posting_count(), world.postings.size());
  for (const CandidateProfile& candidate : world.candidates) {
    const auto record = now.people->Find(candidate.id);
    ASSERT_TRUE(record.has_value()) << candidate.id.value();
    ASSERT_TRUE(Same(record->candidate, candidate)) << candidate.id.value();
    ASSERT_TRUE(Same(record->household, world.HouseholdOf(candidate))) << candidate.id.value();
    const std::optional<CandidateProfile> found = writer.Find(candidate.id);
    ASSERT_TRUE(found.has_value() && Same(*found, candidate)) << candidate.id.value();
  }
  for (const PostingProfile& posting : world.postings) {
    ASSERT_TRUE(now.postings->Find(posting.id).has_value()) << posting.id.value();
  }
}

TEST(IndexWriter, WhatWaitsForTheFirstSnapshotIsWhatSmallStepsMake) {
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const World others = matcher::oracle::IndexableWorld(seed);
    World world = matcher::oracle::IndexableWorld(seed);
    world.candidates.clear();
    world.postings.clear();
    IndexWriter writer;
    const bool in_small_steps = dice.OneIn(2);
    for (const auto& area : world.areas) writer.Put(area);
    for (const auto& household : world.households) writer.Put(household);
    for (int step = 0; step < 40; ++step) {
      Change(dice, world, others, writer);
      if (in_small_steps && dice.OneIn(3)) writer.Publish();
    }
    ExpectHolds(writer.Publish(), writer, world);
    for (int step = 0; step < 10; ++step) Change(dice, world, others, writer);
    ExpectHolds(writer.Publish(), writer, world);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace leye::live
