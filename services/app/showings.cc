#include "services/app/showings.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <span>

#include "services/app/mutator.h"
#include "services/app/working_set.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Region;

namespace {

constexpr size_t kPeopleACommit = 500;
constexpr int kMostTries = 5;

bool IsWritten(std::span<const matcher::Showing> showings, matcher::PostingId posting,
               matcher::Day today) {
  return std::ranges::find(showings, matcher::Showing{.posting = posting, .last_day = today}) !=
         showings.end();
}

Region RegionOfPerson(matcher::CandidateId id) {
  return Region::FromNumber(matcher::RegionOf(id).value());
}

}  // namespace

void AddShowing(matcher::PostingId posting, matcher::Day today, storage::v1::Showings& showings) {
  const int first_day = today.PlusDays(1 - matcher::kMaxCongestionWindowDays).number();
  std::vector<storage::v1::Showing> kept;
  for (const storage::v1::Showing& showing : showings.showings()) {
    if (showing.last_day() >= first_day && showing.posting() != posting.value()) {
      kept.push_back(showing);
    }
  }
  if (kept.size() >= Showings::kMostKept) {
    std::ranges::stable_sort(kept, std::ranges::greater(), &storage::v1::Showing::last_day);
    kept.resize(Showings::kMostKept - 1);
  }
  storage::v1::Showing& added = kept.emplace_back();
  added.set_posting(posting.value());
  added.set_last_day(today.number());
  std::ranges::sort(kept, {}, &storage::v1::Showing::posting);
  showings.mutable_showings()->Assign(kept.begin(), kept.end());
}

void Showings::Add(const Pair& pair) {
  if (waiting_.size() < kMostWaiting) {
    waiting_.insert(pair);
  } else if (!waiting_.contains(pair)) {
    ++uncounted_;
  }
}

void Showings::Note(const matcher::PostingProfile& posting,
                    const std::vector<matcher::CandidateId>& people) {
  if (posting.channel != matcher::Channel::kEnterprise) return;
  MutexLock lock(mutex_);
  for (const matcher::CandidateId person : people) Add({person, posting.id});
}

Showings::Pairs Showings::TakeWaiting() {
  MutexLock lock(mutex_);
  return std::exchange(waiting_, {});
}

absl::StatusOr<int64_t> Showings::WriteDown() {
  Pairs pairs = TakeWaiting();
  const MatchWorldSource::World world = worlds_.Current();
  const matcher::Day today = matcher::Day::FromCivil(Today(clock_));
  std::map<Region, ByPerson> regions;
  for (const Pair& pair : pairs) {
    const auto& [person, posting] = pair;
    if (world == nullptr || !world->people().Find(person).has_value()) continue;
    if (IsWritten(world->ShowingsOf(person), posting, today)) continue;
    regions[RegionOfPerson(person)][world->NameOf(person)].push_back(pair);
  }
  absl::Status first_error;
  for (auto& [region, people] : regions) {
    first_error.Update(WriteRegion(region, people, today));
  }
  LEYE_RETURN_IF_ERROR(first_error);
  MutexLock lock(mutex_);
  return std::exchange(uncounted_, 0);
}

absl::Status Showings::WriteRegion(Region region, ByPerson& people, matcher::Day today) {
  while (!people.empty()) {
    ByPerson some;
    while (!people.empty() && some.size() < kPeopleACommit) {
      some.insert(people.extract(people.begin()));
    }
    const absl::Status written = WriteSome(region, some, today);
    if (written.ok()) continue;
    people.merge(some);
    MutexLock lock(mutex_);
    for (const auto& [name, pairs] : people) {
      for (const Pair& pair : pairs) Add(pair);
    }
    return written;
  }
  return absl::OkStatus();
}

absl::Status Showings::WriteSome(Region region, const ByPerson& people, matcher::Day today) const {
  std::vector<store::RecordKey> keys;
  for (const auto& [name, pairs] : people) {
    keys.push_back({Kind::kCandidate, name});
    keys.push_back({Kind::kShowings, name});
  }
  absl::Status done;
  for (int i = 0; i < kMostTries; ++i) {
    WorkingSet set(store_, region, clock_.Now());
    LEYE_RETURN_IF_ERROR(set.Read(keys));
    bool changed = false;
    for (const auto& [name, pairs] : people) {
      if (!set.Has({Kind::kCandidate, name})) continue;  // Deleted: nothing is kept of them.
      const store::RecordKey key{Kind::kShowings, name};
      LEYE_ASSIGN_OR_RETURN(auto showings, set.Parse<storage::v1::Showings>(key));
      const std::string before = showings.SerializeAsString();
      for (const auto& [person, posting] : pairs) AddShowing(posting, today, showings);
      changed = changed || showings.SerializeAsString() != before;
      set.Put(key, showings);
    }
    if (!changed) return absl::OkStatus();
    done = store_.Commit({.region = region, .mutations = set.Mutations()}).status();
    if (done.ok() || !IsConflict(done)) return done;
  }
  return done;
}

absl::Status EraseShowings(store::Store& store, Region region, const std::string& person,
                           std::vector<Mutation>& mutations) {
  LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(region, {{Kind::kShowings, person}}));
  mutations.push_back(
      records[0].has_value()
          ? Mutation::Delete(Kind::kShowings, person, Precondition::AtVersion(records[0]->version))
          : Mutation::Check(Kind::kShowings, person, Precondition::Absent()));
  return absl::OkStatus();
}

}  // namespace leye::app
