// Best-first search for the best people: what may hold the best is opened first, and the search
// ends when nothing unopened can enter the result.
//
// Cells, areas, chunks and blocks wait in one heap, ordered by their bounds; opening one puts its
// children in, or, at a block, evaluates the rows that filters and row bounds leave. Because a
// bound is never worse than what is under it (candidate_query.h), the result is exact when the
// heap's best bound cannot enter (Fagin, Lotem and Naor 2003; Hjaltason and Samet 1999).
//
// The two arrangements share the people out by the squared chord to their area: nearer than
// far_chord everybody is met by place; beyond, people who go anywhere are met in the far
// arrangement, all others by place. Nobody is met twice.
#ifndef LEYE_MATCHER_CANDIDATE_SEARCH_H_
#define LEYE_MATCHER_CANDIDATE_SEARCH_H_

#include <cstdint>
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
    enum class Kind : uint8_t { kCell, kArea, kFarChunk, kBlock };

    CandidateOrder bound;
    Kind kind = Kind::kCell;
    bool far = false;    // kBlock: of the far arrangement
    uint32_t first = 0;  // cell or chunk; kBlock: block number
    uint32_t index = 0;  // kArea: within the cell
    double chord = 0;    // squared; of an area and its blocks exact, otherwise nobody is nearer
  };

  std::vector<Waiting> heap;
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
  void Offer(const Waiting& waiting, const CandidateSummary& summary, Scope scope,
             Kilometres nearest);
  Waiting TakeBest();
  void Open(const Waiting& waiting);
  void OpenCell(const Waiting& waiting);
  void OpenArea(const Waiting& waiting);
  void OpenFarChunk(const Waiting& waiting);
  void OpenBlock(const Waiting& waiting);
  void Evaluate(const CandidateBlock& block, size_t row, const Travel& travel);
  // For a row of the far arrangement: how far its area is; nullopt if it is met by place.
  std::optional<Travel> FarTravel(const CandidateBlock& block, size_t row) const;

  Scope ScopeAt(double squared_chord) const;

  const CandidateTables& tables_;
  const CandidateQuery& query_;
  const RankRequest& request_;
  CandidateSearchScratch& scratch_;
  TopK<CandidateOrder, RankedCandidate> top_;
  CandidateRanking ranking_;
  bool skipped_by_bound_ = false;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_SEARCH_H_
