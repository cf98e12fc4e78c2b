// The matcher's indexes with what following a log needs besides: reading back what was written
// since the last snapshot.
//
//   IndexWriter indexes;
//   indexes.Put(profile);
//   std::optional<matcher::CandidateProfile> again = indexes.Find(profile.id);
//   MatcherSnapshots now = indexes.Publish();
//
// Profiles wait in a small map until they are flushed into the index; Find looks there first, then
// in the last snapshot. Before the first snapshot that has any, all people (packed) and all
// postings wait, and are then loaded at once, which is several times as fast. Thread-compatible:
// owned by the follower.
#ifndef LEYE_SERVICES_LIVE_INDEX_WRITER_H_
#define LEYE_SERVICES_LIVE_INDEX_WRITER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "matcher/candidate_index.h"
#include "matcher/changed_ids.h"
#include "matcher/posting_index.h"
#include "matcher/travel_table.h"
#include "services/live/first_people.h"

namespace leye::live {

// Threads for a load.
size_t Processors();

struct MatcherSnapshots {
  std::shared_ptr<const matcher::CandidateSnapshot> people;
  std::shared_ptr<const matcher::PostingSnapshot> postings;
  std::shared_ptr<const matcher::TravelTable> travel_times;  // null: no time is known
};

class IndexWriter {
 public:
  IndexWriter();

  void Put(matcher::CandidateProfile profile);
  // The same for many people: `person(i, profile)` fills in person i < count. It may be called from
  // several threads. Fastest area by area, or, while LoadsTogether, in any order. Then it is kept,
  // and called when everybody is loaded or somebody is asked for, at the latest by Settle: what it
  // says may have changed until then, but for the ids.
  void Put(size_t count, FirstPeople::Person person);
  bool LoadsTogether() const { return first_people_.has_value(); }
  // Calls what Put keeps for the last time.
  void Settle();
  void Remove(matcher::CandidateId id);
  // Not found: nullopt. REQUIRES: `id` was not removed.
  std::optional<matcher::CandidateProfile> Find(matcher::CandidateId id);

  void Put(matcher::PostingProfile profile);
  void Remove(matcher::PostingId id);
  std::optional<matcher::PostingProfile> Find(matcher::PostingId id) const;

  void ExpectHouseholds(size_t count) { people_.ExpectHouseholds(count); }
  void Put(const matcher::HouseholdProfile& profile) { people_.UpsertHousehold(profile); }
  void Remove(matcher::HouseholdId id) { people_.RemoveHousehold(id); }
  void Put(const matcher::AreaProfile& profile) {
    people_.UpsertArea(profile);
    travel_times_.PutArea(profile);
  }
  void Remove(matcher::AreaIndex area) { people_.RemoveArea(area); }

  matcher::TravelIndex& travel_times() { return travel_times_; }

  // The person's household or area is another, though the profile is not.
  void Touch(matcher::CandidateId id) { changed_.Add(id); }

  // Everything so far.
  MatcherSnapshots Publish();

  // Who was put in, removed or touched since the last call.
  matcher::ChangedIds TakeChanged() { return std::exchange(changed_, {}); }

 private:
  // Profiles that may wait: beyond them a snapshot is taken inside, seen by nobody.
  static constexpr size_t kMaxWaiting = 8192;

  void LoadFirstPeople();
  void LoadFirstPostings();

  matcher::CandidateIndex people_;
  matcher::PostingIndex postings_;
  matcher::TravelIndex travel_times_;
  std::optional<FirstPeople> first_people_ =
      FirstPeople(Processors());  // Until somebody is published.
  bool first_postings_ = true;    // The same.
  absl::flat_hash_map<matcher::CandidateId, matcher::CandidateProfile> waiting_people_;
  absl::flat_hash_map<matcher::PostingId, matcher::PostingProfile> waiting_postings_;
  MatcherSnapshots now_;
  matcher::ChangedIds changed_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_INDEX_WRITER_H_
