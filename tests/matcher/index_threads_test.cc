// Readers rank while the writer publishes: meant for ThreadSanitizer, and checks that every answer
// is that of one snapshot.
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "matcher/ranker.h"
#include "tests/oracle/indexed_world.h"
#include "tests/oracle/plain_scan.h"

namespace leye::matcher {
namespace {

using oracle::World;

class Published {
 public:
  void Set(std::shared_ptr<const CandidateSnapshot> snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }
  std::shared_ptr<const CandidateSnapshot> Get() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const CandidateSnapshot> snapshot_;
};

// The writer removes and puts back everybody of one half in one step: a reader sees all of them or
// none.
TEST(IndexThreads, ReadersSeeWholeSnapshotsWhileTheWriterPublishes) {
  const World world = oracle::IndexableWorld(
      2, {.areas = 3, .households = 50, .candidates = 600, .postings = 6, .skills = 12});
  World half = world;
  std::erase_if(half.candidates, [](const auto& c) { return c.id.value() % 2 == 0; });
  const RankRequest request{.k = 1000, .side = {}, .after = {}, .funnel = {}};
  std::vector<size_t> with_all;
  std::vector<size_t> with_half;
  for (const PostingProfile& posting : world.postings) {
    with_all.push_back(oracle::ScanCandidates(world, posting, request).entries.size());
    with_half.push_back(oracle::ScanCandidates(half, posting, request).entries.size());
  }

  CandidateIndex index;
  for (const AreaProfile& area : world.areas) index.UpsertArea(area);
  for (const HouseholdProfile& household : world.households) index.UpsertHousehold(household);
  for (const CandidateProfile& candidate : world.candidates) index.Upsert(candidate);
  Published published;
  published.Set(index.Publish());
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;

  const auto read = [&] {
    Ranker ranker;
    while (!done.load()) {
      const auto snapshot = published.Get();
      const bool all = snapshot->candidate_count() == world.candidates.size();
      for (size_t i = 0; i < world.postings.size(); ++i) {
        const size_t got =
            ranker.RankCandidates(*snapshot, world.postings[i], request, world.Context())
                .entries.size();
        if (got != (all ? with_all[i] : with_half[i])) ++wrong;
      }
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back(read);
  for (int round = 0; round < 40; ++round) {
    for (const CandidateProfile& candidate : world.candidates) {
      if (candidate.id.value() % 2 != 0) continue;
      if (round % 2 == 0) {
        index.Remove(candidate.id);
      } else {
        index.Upsert(candidate);
      }
    }
    published.Set(index.Publish());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong.load(), 0);
}

}  // namespace
}  // namespace leye::matcher
