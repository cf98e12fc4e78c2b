// Best-first search for the best people: what may hold the best is opened first, and the search
// ends when nothing unopened can enter the result.
//
// Cells and chunks wait in one heap, parts of chunks and blocks in another, ordered by their
// bounds; opening one puts its children in, or, at a block, evaluates the rows that filters and row
// bounds leave. Until k are found, whatever can be judged goes first: the k-th result tells how
// little of all others need be weighed. What the posting asks of skills is weighed for all blocks
// of a cell or chunk at once, before any of them is touched; blocks of a chunk that promise the
// same are a part. Because a bound is never worse than what is under it (candidate_query.h), the
// result is exact when neither heap's best bound can enter (Fagin, Lotem and Naor 2003; Hjaltason
// and Samet 1999).
//
// The two arrangements share the people out by the squared chord to their area: nearer than
// far_chord everybody is met by place; beyond, people who go anywhere are met in the far
// arrangement, all others by place. Nobody is met twice.
#ifndef LEYE_MATCHER_CANDIDATE_SEARCH_H_
#define LEYE_MATCHER_CANDIDATE_SEARCH_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "matcher/candidate_query.h"
#include "matcher/candidate_tables.h"
#include "matcher/ranker.h"
#include "matcher/top_k.h"

namespace leye::matcher {

// Memory that searches use again.
struct CandidateSearchScratch {
  // Something that may be opened.
  struct Waiting {
    enum class Kind : uint8_t { kCell, kFarChunk, kFarRest, kFarPart, kBlock };

    CandidateOrder bound{};
    Kind kind = Kind::kCell;
    bool far = false;     // kBlock: of the far arrangement
    uint32_t number = 0;  // of the cell, chunk or block
    Score skills{};       // kFarPart: as promised
    uint32_t rows = 0;    // kBlock: number in `masks`; kFarPart: of the chunk in `chunk_rows`
    uint64_t blocks = 0;  // kFarPart: bit b: block b of the chunk
    double chord = 0;     // squared; of an area's block exact, otherwise nobody is nearer
    // kBlock: whose skills earn as much or more was judged before.
    uint64_t earned_below = std::numeric_limits<uint64_t>::max();
  };

  std::vector<Waiting> to_weigh;  // heaps: cells and chunks,
  std::vector<Waiting> to_judge;  // and what they were found to hold
  // Of what was weighed last, block by block: what each promises, and the number in `masks` of its
  // rows that have the skills needed.
  std::vector<SkillPromise> promises;
  std::vector<uint32_t> qualified;
  // The first, kEverybody, is all rows.
  std::vector<RowMask> masks;
  static constexpr uint32_t kEverybody = 0;
  std::vector<uint32_t> chunk_rows;  // `qualified` of each opened chunk, one after the other
  SkillSieveScratch sieve;
  SkillCredits credits;
  CandidateRecord record;
};

class CandidateSearch {
 public:
  // The arguments outlive the search.
  CandidateSearch(const CandidateTables& tables, const CandidateQuery& query,
                  const RankRequest& request, CandidateSearchScratch& scratch);

  // Once.
  CandidateRanking Run();

 private:
  using Waiting = CandidateSearchScratch::Waiting;

  void Seed();
  void OfferCell(uint32_t cell);
  void PrefetchSieves() const;
  // Puts it into the heap if it may enter. `place` and `skills` bound everybody under the summary.
  void Offer(const Waiting& waiting, const CandidateSummary& summary, const Criteria& place,
             Score skills);
  // What is opened next, in its heap.
  std::vector<Waiting>& NextHeap();
  void Open(const Waiting& waiting);
  void OpenCell(const Waiting& waiting);
  void OfferArea(const Cell& cell, const AreaNode& area);
  void OpenFarChunk(const Waiting& waiting);
  void OpenFarRest(const Waiting& waiting);
  void OpenFarPart(const Waiting& waiting);
  void OpenBlocks(const Waiting& first);
  // A block under way.
  struct Opened {
    Waiting waiting;
    const CandidateBlock* block = nullptr;
    RowMask rows;  // still in question
    Travel travel;
  };
  // Keeps whom no filter of columns drops.
  void Select(Opened& opened);
  // `next`: the bound of what would be judged next.
  void Judge(Opened& opened, const std::optional<CandidateOrder>& next);
  void Evaluate(const CandidateBlock& block, size_t row, const Travel& travel);
  // For a row of the far arrangement: how far its area is; nullopt if it is met by place.
  std::optional<Travel> FarTravel(const CandidateBlock& block, size_t row) const;

  Scope ScopeAt(double squared_chord) const;
  // The least step of the value of skills with which somebody under the summary may enter.
  uint32_t LeastStep(const CandidateSummary& summary, const Criteria& place) const;
  // What each block of the cell or chunk promises to whom that step may help in.
  void WeighCell(const Cell& cell, uint32_t least_step);
  void WeighChunk(const FarChunk& chunk, const SkillQuery::Steps& steps);
  void OfferFarParts(const Waiting& chunk);
  // Keeps what was found for a slot of the sieve as that of the block.
  void KeepWeighed(size_t slot, const SkillPromise& promise, size_t block);

  const CandidateTables& tables_;
  const CandidateQuery& query_;
  const RankRequest& request_;
  CandidateSearchScratch& scratch_;
  TopK<CandidateOrder, RankedCandidate> top_;
  CandidateRanking ranking_;
  Criteria far_place_;  // bounds of whom the far arrangement holds
  Nearest far_nearest_;
  bool skipped_by_bound_ = false;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_SEARCH_H_
