// Best-first search for the best postings of a person, as candidate_search.h: cells and blocks wait
// in one heap by bound, and the search ends when the best bound cannot enter the result.
#ifndef LEYE_MATCHER_POSTING_SEARCH_H_
#define LEYE_MATCHER_POSTING_SEARCH_H_

#include <cstdint>
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
  };

  std::vector<Waiting> heap;
  PostingProfile posting;
};

class PostingSearch {
 public:
  // The arguments outlive the search.
  PostingSearch(const PostingTables& tables, const PostingQuery& query,
                const RecommendRequest& request, PostingSearchScratch& scratch);

  // Once.
  PostingRanking Run();

 private:
  using Waiting = PostingSearchScratch::Waiting;

  void Offer(const Waiting& waiting, const PostingSummary& summary, const Circle& circle);
  Waiting TakeBest();
  void OpenCell(const Waiting& waiting);
  void OpenBlock(const Waiting& waiting);
  void Evaluate(const PostingBlock& block, size_t row, Kilometres distance);

  const PostingTables& tables_;
  const PostingQuery& query_;
  const RecommendRequest& request_;
  PostingSearchScratch& scratch_;
  TopK<PostingOrder, RankedPosting> top_;
  PostingRanking ranking_;
  bool skipped_by_bound_ = false;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_SEARCH_H_
