// Best-first search for the best postings of a person, as candidate_search.h: cells and blocks wait
// in one heap by bound, and the search ends when the best bound cannot enter the result.
#ifndef LEYE_MATCHER_POSTING_SEARCH_H_
#define LEYE_MATCHER_POSTING_SEARCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "matcher/posting_query.h"
#include "matcher/posting_tables.h"
#include "matcher/ranker.h"
#include "matcher/top_k.h"

namespace leye::matcher {

// Memory that searches use again.
struct PostingSearchScratch {
  struct Waiting {
    PostingOrder bound;
    bool is_cell = false;
    bool at_home = false;
    uint32_t number = 0;  // of the cell or block
    Kilometres nearest;   // nothing in it is nearer
  };

  std::vector<Waiting> heap;
  PostingProfile posting;
  OfferedSkills skills;
};

class PostingSearch {
 public:
  // The arguments outlive the search.
  PostingSearch(const PostingTables& tables, PostingQuery& query, const RecommendRequest& request,
                PostingSearchScratch& scratch);

  // Once.
  PostingRanking Run();

 private:
  using Waiting = PostingSearchScratch::Waiting;

  void Seed();
  void Offer(const Waiting& waiting, const PostingSummary& summary, const Circle& circle);
  Waiting TakeBest();
  void OpenCell(const Waiting& waiting);
  // Drops rows whose key says that they are closed to the person or cannot enter.
  void SelectByKey(const PostingBlock& block, const PostingFrame& frame, RowMask& rows);
  void OpenBlock(const Waiting& waiting);
  void OpenRow(const PostingBlock& block, size_t row, const PostingFrame& at_place, Score skills);
  void Evaluate(const PostingBlock& block, size_t row, const Travel& travel);

  // As TopK::MayEnter, and remembers if not.
  bool MayEnter(const PostingOrder& bound) {
    const bool may_enter = top_.MayEnter(bound);
    if (!may_enter) skipped_by_bound_ = true;
    return may_enter;
  }

  const PostingTables& tables_;
  PostingQuery& query_;
  const RecommendRequest& request_;
  PostingSearchScratch& scratch_;
  TopK<PostingOrder, RankedPosting> top_;
  PostingRanking ranking_;
  bool skipped_by_bound_ = false;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_SEARCH_H_
