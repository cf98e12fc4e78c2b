// What matching reads: everything in memory at one moment, whoever keeps it.
//
//   const MatchWorldSource worlds = snapshot_holder;       // a live::SnapshotHolder
//   std::shared_ptr<const MatchWorld> now = worlds.Current();
//   now->people();  now->FindPosting("regions/13/postings/x");  now->NameOf(id);
//
// app does not know live: a source is made from anything whose Get() and WaitFor() give a shared
// pointer to a snapshot with the members used below. One allocation a call, no copy.
#ifndef LEYE_SERVICES_APP_MATCHING_WORLD_H_
#define LEYE_SERVICES_APP_MATCHING_WORLD_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "matcher/candidate_index.h"
#include "matcher/changed_ids.h"
#include "matcher/congestion.h"
#include "matcher/posting_index.h"
#include "matcher/travel_table.h"
#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::app {

// A settlement area as answers show it. Views the world.
struct AreaDisplay {
  absl::string_view name;
  absl::string_view display_name;
};

struct PostingDisplay {
  absl::string_view title;
  absl::string_view employer_display_name;
  bool published = true;
};

// Immutable, thread-safe.
class MatchWorld : public matcher::Exposure {
 public:
  virtual const matcher::CandidateSnapshot& people() const = 0;
  virtual const matcher::PostingSnapshot& postings() const = 0;
  // Null: no travel time is known.
  virtual const matcher::TravelTable* travel_times() const = 0;
  virtual const store::Heads& revisions() const = 0;
  virtual absl::Time published() const = 0;
  // Everything that was stored at this time is in this world; InfinitePast: not known.
  virtual absl::Time current() const = 0;

  // By full resource name; nullopt when there is no such record.
  virtual std::optional<matcher::CandidateId> FindCandidate(absl::string_view name) const = 0;
  virtual std::optional<matcher::PostingId> FindPosting(absl::string_view name) const = 0;

  // REQUIRES: ids of this world.
  virtual std::string NameOf(matcher::CandidateId id) const = 0;
  virtual std::string NameOf(matcher::PostingId id) const = 0;
  virtual PostingDisplay DisplayOf(matcher::PostingId id) const = 0;
  // The employer's full name; "" when the posting names none.
  virtual std::string EmployerOf(matcher::PostingId id) const = 0;

  // Calls `visit` for everybody of the region who was shown. Looks at everybody.
  virtual void ForEachShown(
      store::Region region,
      absl::FunctionRef<void(matcher::CandidateId, std::span<const matcher::Showing>)> visit)
      const = 0;

  // Empty for an area that is not known.
  virtual AreaDisplay DisplayOf(matcher::AreaIndex area) const = 0;
};

// A world over a snapshot such as live::LiveSnapshot.
template <typename Snapshot>
class SnapshotWorld final : public MatchWorld {
 public:
  SnapshotWorld(std::shared_ptr<const Snapshot> snapshot, absl::Time current)
      : snapshot_(std::move(snapshot)), current_(current) {}

  const matcher::CandidateSnapshot& people() const override { return *snapshot_->people; }
  const matcher::PostingSnapshot& postings() const override { return *snapshot_->postings; }
  const matcher::TravelTable* travel_times() const override {
    return snapshot_->travel_times.get();
  }
  const store::Heads& revisions() const override { return snapshot_->revisions; }
  absl::Time published() const override { return snapshot_->published; }
  absl::Time current() const override { return current_; }

  std::optional<matcher::CandidateId> FindCandidate(absl::string_view name) const override {
    return snapshot_->directory.FindCandidate(name);
  }
  std::optional<matcher::PostingId> FindPosting(absl::string_view name) const override {
    return snapshot_->directory.FindPosting(name);
  }
  std::string NameOf(matcher::CandidateId id) const override {
    return snapshot_->directory.NameOf(id);
  }
  std::string NameOf(matcher::PostingId id) const override {
    return snapshot_->directory.NameOf(id);
  }
  PostingDisplay DisplayOf(matcher::PostingId id) const override {
    return {.title = snapshot_->directory.TitleOf(id),
            .employer_display_name = snapshot_->directory.EmployerOf(id),
            .published = snapshot_->directory.IsPublished(id)};
  }
  std::string EmployerOf(matcher::PostingId id) const override {
    return snapshot_->directory.EmployerNameOf(id);
  }
  std::span<const matcher::Showing> ShowingsOf(matcher::CandidateId person) const override {
    return snapshot_->directory.ShowingsOf(person);
  }
  void ForEachShown(store::Region region,
                    absl::FunctionRef<void(matcher::CandidateId, std::span<const matcher::Showing>)>
                        visit) const override {
    snapshot_->directory.ForEachShown(region, visit);
  }
  AreaDisplay DisplayOf(matcher::AreaIndex area) const override {
    const auto* entry = snapshot_->directory.FindArea(area);
    if (entry == nullptr) return {};
    return {.name = entry->name, .display_name = entry->display_name};
  }

 private:
  const std::shared_ptr<const Snapshot> snapshot_;
  const absl::Time current_;
};

// The current world, and who may be judged otherwise in it than in the one before.
struct MatchWorldChanges {
  std::shared_ptr<const MatchWorld> world;  // Null until there is one.
  matcher::ChangedIds changed;
};

// Where changes of the world come from. A value that views a holder, which outlives it;
// thread-safe.
class MatchChangeSource {
 public:
  template <typename Holder>
  // NOLINTNEXTLINE(google-explicit-constructor): a holder is a source.
  MatchChangeSource(Holder& holder)
      : take_([&holder](SteadyTime deadline) {
          const absl::Time current = holder.current();
          auto taken = holder.TakeChanges(deadline);
          using Snapshot = std::remove_cvref_t<decltype(*taken.snapshot)>;
          MatchWorldChanges changes{.world = nullptr, .changed = std::move(taken.changed)};
          if (taken.snapshot != nullptr) {
            changes.world =
                std::make_shared<const SnapshotWorld<Snapshot>>(std::move(taken.snapshot), current);
          }
          return changes;
        }) {}

  // Since the call before; waits for a later world until `deadline`. For one caller.
  MatchWorldChanges Take(SteadyTime deadline) const { return take_(deadline); }

 private:
  std::function<MatchWorldChanges(SteadyTime)> take_;
};

// Where the current world comes from. A value that views a holder, which outlives it; thread-safe.
class MatchWorldSource {
 public:
  using World = std::shared_ptr<const MatchWorld>;

  template <typename Holder>
  // NOLINTNEXTLINE(google-explicit-constructor): a holder is a source.
  MatchWorldSource(const Holder& holder) : source_(std::make_shared<const Over<Holder>>(holder)) {}

  // Null until there is one.
  World Current() const { return source_->Current(); }

  // The first world that includes all of `revisions`; DEADLINE_EXCEEDED when there is none by then,
  // OUT_OF_RANGE as soon as there cannot be one any more.
  absl::StatusOr<World> WaitFor(const std::vector<store::RegionRevision>& revisions,
                                SteadyTime deadline) const {
    return source_->WaitFor(revisions, deadline);
  }

 private:
  struct Source {
    virtual ~Source() = default;
    virtual World Current() const = 0;
    virtual absl::StatusOr<World> WaitFor(const std::vector<store::RegionRevision>& revisions,
                                          SteadyTime deadline) const = 0;
  };

  template <typename Holder>
  struct Over final : Source {
    explicit Over(const Holder& over) : holder(over) {}

    // The time is asked for before the snapshot: a later snapshot holds what an earlier one held.
    World Current() const override {
      const absl::Time current = holder.current();
      return Wrap(holder.Get(), current);
    }
    absl::StatusOr<World> WaitFor(const std::vector<store::RegionRevision>& revisions,
                                  SteadyTime deadline) const override {
      const absl::Time current = holder.current();
      auto snapshot = holder.WaitFor(revisions, deadline);
      if (!snapshot.ok()) return snapshot.status();
      return Wrap(*std::move(snapshot), current);
    }
    template <typename Snapshot>
    static World Wrap(std::shared_ptr<const Snapshot> snapshot, absl::Time current) {
      if (snapshot == nullptr) return nullptr;
      return std::make_shared<const SnapshotWorld<Snapshot>>(std::move(snapshot), current);
    }

    const Holder& holder;
  };

  std::shared_ptr<const Source> source_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCHING_WORLD_H_
