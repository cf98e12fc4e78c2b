// What the follower's thread does, without the thread: one round reads what is new and publishes
// it.
//
// Thread-compatible. Tests and benchmarks run rounds by hand.
#ifndef LEYE_SERVICES_LIVE_FOLLOWER_ROUNDS_H_
#define LEYE_SERVICES_LIVE_FOLLOWER_ROUNDS_H_

#include <map>
#include <memory>

#include "absl/status/status.h"

#include "services/live/follower.h"
#include "services/live/region_writer.h"

namespace leye::live {

class FollowerRounds {
 public:
  FollowerRounds(const FollowerOptions& options, const FollowerEnvironment& environment);

  // Waits for news, at most `wait`, takes what there is (a batch of each region), and publishes if
  // anything changed. The first error of the round; what could be done is done all the same.
  absl::Status Run(absl::Duration wait);

  // True when a region is known to have more than was taken.
  bool behind() const { return status_.entries_behind > 0; }

  const FollowerStatus& status() const { return status_; }

 private:
  struct RegionState {
    std::unique_ptr<RegionWriter> writer;  // Null until loaded.
    store::Revision at;
    std::shared_ptr<const RegionTables> published;
    bool changed = false;
    absl::Time retry = absl::InfinitePast();  // Not before, after an error.
    absl::Duration pause = absl::ZeroDuration();
  };

  absl::Status Advance(store::Region region, store::Revision head, RegionState& state);
  // Retries after growing pauses.
  absl::Status Postpone(store::Region region, const absl::Status& error, RegionState& state);
  absl::Status Load(store::Region region, RegionState& state);
  absl::Status Follow(store::Region region, RegionState& state);
  void Assemble(store::Region region, LoadedRegion& loaded, RegionState& state);
  void Apply(const std::vector<store::LogEntry>& entries, RegionWriter& writer);
  void Apply(const store::Change& change, RegionWriter& writer);
  void TurnThePage();  // To a new date.
  bool HoldsAllOf(const store::Heads& heads) const;
  void CountBehind();
  bool Publishable() const;
  void Publish();

  const FollowerOptions options_;
  const FollowerEnvironment environment_;
  const ProfileContext context_;
  LogUpkeep log_;
  IndexWriter indexes_;
  AreaTable areas_;
  matcher::Day day_;
  std::map<store::Region, RegionState> regions_;
  store::Heads heads_;
  FollowerStatus status_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_FOLLOWER_ROUNDS_H_
