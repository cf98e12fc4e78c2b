// The people the matcher ranks: one writer changes the index, any number of readers use snapshots.
//
//   CandidateIndex index;                                     // owned by the one writer
//   index.UpsertArea(area);
//   index.UpsertHousehold(household);
//   index.Upsert(candidate);
//   std::shared_ptr<const CandidateSnapshot> now = index.Publish();
//   CandidateRanking ranking = ranker.RankCandidates(*now, posting, request, basis);   // ranker.h
//
// 1. A snapshot never changes. What the writer does after Publish is seen by the next snapshot
//    only.
// 2. Snapshots share all blocks that did not change between them: publishing costs what was
//    touched. The memory of an old snapshot goes at the first Publish after its last holder let go,
//    so that readers never pay for it.
// 3. Profiles are packed (candidate_codec.h) and decoded on demand; a decoded profile equals the
//    one that was put in.
// 4. Order of calls does not matter: a household or an area may come before or after the people who
//    name it. People of an area that is not (or no longer) known are kept, and are not ranked.
//    People of an unknown household count as having a default HouseholdProfile with that id.
//
// CandidateIndex is thread-compatible: one writer. CandidateSnapshot is immutable and thread-safe.
// How it is laid out and why pruning is safe: matcher/ENGINE.md.
#ifndef LEYE_MATCHER_CANDIDATE_INDEX_H_
#define LEYE_MATCHER_CANDIDATE_INDEX_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "matcher/ids.h"
#include "matcher/profile.h"

namespace leye::matcher {

struct CandidateTables;  // the engine's view of a snapshot, candidate_tables.h

// One person as the rules see them.
struct CandidateRecord {
  CandidateProfile candidate;
  HouseholdProfile household;
};

class CandidateSnapshot {
 public:
  // Made by CandidateIndex::Publish.
  explicit CandidateSnapshot(std::unique_ptr<const CandidateTables> tables);
  ~CandidateSnapshot();
  CandidateSnapshot(const CandidateSnapshot&) = delete;
  CandidateSnapshot& operator=(const CandidateSnapshot&) = delete;

  // People, those of unknown areas included.
  size_t candidate_count() const;
  // Known areas, empty ones included.
  size_t area_count() const;

  // Not found: nullopt. About a microsecond.
  std::optional<CandidateRecord> Find(CandidateId id) const;
  // Not found: nullopt.
  std::optional<AreaProfile> FindArea(AreaIndex area) const;

  // Calls `visit` once for everybody, area by area. The record lives until the call returns.
  void ForEach(const std::function<void(const CandidateRecord&)>& visit) const;

  // Bytes held by this snapshot alone, blocks shared with others included.
  size_t MemoryBytes() const;

  // For the ranker.
  const CandidateTables& tables() const { return *tables_; }

 private:
  std::unique_ptr<const CandidateTables> tables_;
};

class CandidateIndex {
 public:
  CandidateIndex();
  ~CandidateIndex();
  CandidateIndex(const CandidateIndex&) = delete;
  CandidateIndex& operator=(const CandidateIndex&) = delete;

  // Puts in, or replaces, the person with this id.
  // REQUIRES: skills ascending by id, each once; no more than kMaxWishedTrades wished trades.
  void Upsert(const CandidateProfile& candidate);
  // The same for a whole population at once, several times as fast: `candidate(i, profile)` fills
  // in person i < count. It is called from up to `threads` threads, once for each. REQUIRES:
  // nobody is in; every id once; as above.
  void Load(size_t count, const std::function<void(size_t, CandidateProfile&)>& candidate,
            size_t threads);
  // False if nobody has this id.
  bool Remove(CandidateId id);

  // So many households will be put in: their table is made for them.
  void ExpectHouseholds(size_t count);
  // Puts in, or replaces, what members of the household share; members are judged anew.
  void UpsertHousehold(const HouseholdProfile& household);
  // Members, if any are left, count as having a default household. False if it is not known.
  bool RemoveHousehold(HouseholdId id);

  // Puts in, or replaces, an area. Area indexes should be dense: memory grows with the greatest.
  void UpsertArea(const AreaProfile& area);
  // Its people are kept, unranked, until it comes again. False if it is not known.
  bool RemoveArea(AreaIndex area);

  // A snapshot of everything put in so far. Never null.
  std::shared_ptr<const CandidateSnapshot> Publish();

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
  std::vector<std::shared_ptr<const CandidateSnapshot>> published_;  // and maybe still read
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_INDEX_H_
