// The follower with its thread, and waiting for revisions.
#include <chrono>
#include <cstdlib>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/services/live/live_world.h"
#include "tests/testing/sanitizers.h"
#include "tests/testing/status_matchers.h"

namespace leye::live {
namespace {

using ::testing::HasSubstr;

SteadyTime In(absl::Duration time) { return SteadyDeadline(time); }
constexpr absl::Duration kPatience = absl::Seconds(60);

TEST(FollowerThread, ReachesWhatWasCommitted) {
  LiveWorld world;
  world.AddBasics();
  Follower follower({}, world.Environment());
  follower.Start();
  const auto put = world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  LEYE_ASSERT_OK_AND_ASSIGN(auto snapshot, world.holder.WaitFor({put}, In(kPatience)));
  EXPECT_TRUE(snapshot->Includes(put));
  EXPECT_EQ(snapshot->people->candidate_count(), 1u);
}

TEST(FollowerThread, StopsWhileItWaitsAndMayBeStoppedTwice) {
  LiveWorld world;
  Follower follower({}, world.Environment());
  follower.Start();
  follower.Stop();
  follower.Stop();
}

TEST(FollowerThread, RecoversFromAStoreThatFails) {
  LiveWorld world;
  world.AddBasics();
  world.store->failing = true;
  SystemClock clock;
  Follower follower({.first_pause = absl::Milliseconds(1), .longest_pause = absl::Milliseconds(5)},
                    {*world.store, world.codes, clock, world.logger, world.holder});
  follower.Start();
  while (follower.status().errors < 3) std::this_thread::yield();
  EXPECT_THAT(follower.status().last_error, HasSubstr("made to fail"));
  EXPECT_FALSE(follower.status().ready);
  world.store->failing = false;
  const auto put = world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
  EXPECT_THAT(world.holder.WaitFor({put}, In(kPatience)), testing::IsOk());
}

void ExpectEverybodyNamed(const LiveSnapshot& now) {
  now.people->ForEach([&](const matcher::CandidateRecord& record) {
    EXPECT_FALSE(now.directory.NameOf(record.candidate.id).empty());
  });
}

TEST(FollowerThread, ReadersAndTheFollowerDoNotDisturbEachOther) {
  LiveWorld world;
  world.AddBasics();
  world.Put<v1::Posting>("postings/p", LiveWorld::PostingText());
  Follower follower({}, world.Environment());
  follower.Start();
  ASSERT_THAT(world.holder.WaitFor({}, In(kPatience)), testing::IsOk());
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  readers.reserve(2);
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) ExpectEverybodyNamed(*world.holder.Get());
    });
  }
  store::RegionRevision last{store::Region::FromNumber(13), {}};
  for (int i = 0; i < 200; ++i) {
    last =
        world.Put<v1::Candidate>("candidates/c" + std::to_string(i % 60), LiveWorld::PersonText());
  }
  EXPECT_THAT(world.holder.WaitFor({last}, In(kPatience)), testing::IsOk());
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(world.Now()->people->candidate_count(), 60u);
}

// Counts without a lock who asks.
class RacingClock final : public Clock {
 public:
  absl::Time Now() const override {
    ++asked_;
    return absl::UnixEpoch() + absl::Seconds(asked_);
  }

 private:
  mutable int64_t asked_ = 0;
};

TEST(PlantedRace, WithTheFollowersThreadIsCaught) {
  if (!testing::kHasThreadSanitizer) GTEST_SKIP() << "for preset tsan";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  constexpr int kExitCode = 66;  // ThreadSanitizer's own.
  const auto race = [] {
    const RacingClock clock;
    LiveWorld world;
    world.AddBasics();
    Follower follower({}, {*world.store, world.codes, clock, world.logger, world.holder});
    follower.Start();
    const auto put = world.Put<v1::Candidate>("candidates/c", LiveWorld::PersonText());
    if (world.holder.WaitFor({put}, In(kPatience)).ok()) clock.Now();
  };
  EXPECT_EXIT((race(), std::exit(0)), ::testing::ExitedWithCode(kExitCode), "data race");
}

TEST(SnapshotHolder, WaitingForALaterRevisionTimesOut) {
  LiveWorld world;
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  const store::Region hebei = store::Region::FromNumber(13);
  store::Revision at = world.Now()->revisions.at(hebei);
  EXPECT_THAT(world.holder.WaitFor({{hebei, at}}, In(absl::ZeroDuration())), testing::IsOk());
  ++at.sequence;
  EXPECT_THAT(world.holder.WaitFor({{hebei, at}}, In(absl::Milliseconds(5))),
              testing::FailsWith(absl::StatusCode::kDeadlineExceeded, "REVISION_NOT_REACHED"));
}

TEST(SnapshotHolder, ARevisionOfALaterEpochIsWaitedFor) {
  LiveWorld world;
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  const store::Region hebei = store::Region::FromNumber(13);
  store::Revision at = world.Now()->revisions.at(hebei);
  at.epoch += 1;
  at.sequence = 1;
  EXPECT_THAT(world.holder.WaitFor({{hebei, at}}, In(absl::Milliseconds(5))),
              testing::FailsWith(absl::StatusCode::kDeadlineExceeded, "REVISION_NOT_REACHED"));
}

TEST(SnapshotHolder, ARevisionOfAnEpochThatIsOverIsRefusedAtOnce) {
  LiveWorld world;
  world.AddBasics();
  ASSERT_TRUE(world.CatchUp());
  const store::Region hebei = store::Region::FromNumber(13);
  const store::RegionRevision seen{hebei, world.Now()->revisions.at(hebei)};
  world.ReopenWithNewEpoch();
  EXPECT_THAT(world.holder.WaitFor({seen}, In(absl::ZeroDuration())), testing::IsOk())
      << "nobody has noticed yet";
  ASSERT_TRUE(world.CatchUp());
  EXPECT_THAT(world.holder.WaitFor({seen}, In(kPatience)),
              testing::FailsWith(absl::StatusCode::kOutOfRange, "EPOCH_CHANGED"));
}

}  // namespace
}  // namespace leye::live
