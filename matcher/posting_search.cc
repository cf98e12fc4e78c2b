#include "matcher/posting_search.h"

#include <algorithm>
#include <utility>

#include "matcher/exact_funnel.h"

namespace leye::matcher {
namespace {

// The heap's front is what has the best bound.
bool Later(const PostingSearchScratch::Waiting& a, const PostingSearchScratch::Waiting& b) {
  return b.bound < a.bound;
}

}  // namespace

PostingSearch::PostingSearch(const PostingTables& tables, const PostingQuery& query,
                             const RecommendRequest& request, PostingSearchScratch& scratch)
    : tables_(tables), query_(query), request_(request), scratch_(scratch), top_(request.k) {}

PostingRanking PostingSearch::Run() {
  scratch_.heap.clear();
  ranking_.statistics.places = static_cast<int64_t>(tables_.cells.size());
  for (uint32_t cell = 0; cell < tables_.cells.size() && !query_.TakesNothing(); ++cell) {
    const PostingCellNode& node = tables_.cells[cell];
    if (node.postings == 0) continue;
    const bool at_home = cell == PostingTables::kAnywhere;
    Offer({.bound = {}, .is_cell = true, .at_home = at_home, .number = cell}, node.summary,
          node.circle);
  }
  while (!scratch_.heap.empty()) {
    if (!top_.MayEnter(scratch_.heap.front().bound)) {
      skipped_by_bound_ = true;
      break;
    }
    const Waiting best = TakeBest();
    if (best.is_cell) {
      OpenCell(best);
    } else {
      OpenBlock(best);
    }
  }
  ranking_.entries = std::move(top_).Take();
  ranking_.funnel.eligible.exact = !skipped_by_bound_;
  return std::move(ranking_);
}

void PostingSearch::Offer(const Waiting& waiting, const PostingSummary& summary,
                          const Circle& circle) {
  constexpr double kBelow = 1 - 1e-9;
  const double chord = waiting.at_home ? 0 : query_.LeastChordTo(circle);
  if (!query_.MayHold(summary, chord)) return;
  ++ranking_.statistics.places_bounded;
  Waiting offered = waiting;
  offered.bound =
      query_.Bound(summary, Kilometres::Of(DistanceOf(chord).km() * kBelow), waiting.at_home);
  if (!top_.MayEnter(offered.bound)) {
    skipped_by_bound_ = true;
    return;
  }
  scratch_.heap.push_back(offered);
  std::push_heap(scratch_.heap.begin(), scratch_.heap.end(), Later);
}

PostingSearch::Waiting PostingSearch::TakeBest() {
  std::pop_heap(scratch_.heap.begin(), scratch_.heap.end(), Later);
  const Waiting best = scratch_.heap.back();
  scratch_.heap.pop_back();
  return best;
}

void PostingSearch::OpenCell(const Waiting& waiting) {
  for (const PostingBlockNode& node : tables_.cells[waiting.number].cell->blocks) {
    Offer({.bound = {}, .is_cell = false, .at_home = waiting.at_home, .number = node.block},
          node.summary, node.circle);
  }
}

void PostingSearch::OpenBlock(const Waiting& waiting) {
  const PostingBlock& block = *tables_.blocks[waiting.number];
  ++ranking_.statistics.blocks_opened;
  ranking_.statistics.rows_filtered += static_cast<int64_t>(block.rows());
  query_.Select(block).ForEach([&](size_t row) {
    if (!query_.MayHaveSkills(block, row)) return;
    Kilometres distance;
    if (!waiting.at_home) {
      const double chord = query_.ChordTo(block.PlaceOf(row));
      if (!query_.MayHold(block.summary(), chord)) return;
      distance = DistanceOf(chord);
    }
    if (!top_.MayEnter(query_.RowBound(block, row, distance))) {
      skipped_by_bound_ = true;
      return;
    }
    Evaluate(block, row, distance);
  });
}

void PostingSearch::Evaluate(const PostingBlock& block, size_t row, Kilometres distance) {
  ++ranking_.statistics.pairs_evaluated;
  PostingProfile& posting = scratch_.posting;
  block.Decode(row, posting);
  const Person& person = query_.person();
  const Pair pair{.candidate = person.candidate,
                  .household = person.household,
                  .posting = posting,
                  .travel = {.distance = distance, .minutes = std::nullopt}};
  const PairScore score = ScorePair(pair, query_.basis());
  CountPair(score, ranking_.funnel);
  if (!score.eligible()) return;
  const PostingOrder order{.score = score.BySide(query_.side()), .id = posting.id};
  if (request_.after.has_value() && order <= *request_.after) return;
  top_.Push({.order = order, .score = score, .travel = pair.travel});
}

}  // namespace leye::matcher
