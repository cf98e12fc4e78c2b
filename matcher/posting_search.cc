#include "matcher/posting_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "matcher/exact_funnel.h"

namespace leye::matcher {
namespace {

// The heap's front is what has the best bound.
bool Later(const PostingSearchScratch::Waiting& a, const PostingSearchScratch::Waiting& b) {
  return b.bound < a.bound;
}

// A distance that is not greater than any distance of this squared chord or more: the straight
// line.
Kilometres LowerDistance(double squared_chord) {
  constexpr double kBelow = 1 - 1e-9;
  return Kilometres::Of(std::sqrt(squared_chord) * kEarthRadiusKm * kBelow);
}

// What could not enter. Whoever has no more of the skills criterion and is no nearer cannot either.
struct Hopeless {
  Score skills;
  double chord = 0;
};

bool IsHopeless(const std::optional<Hopeless>& hopeless, Score skills, double chord) {
  return hopeless.has_value() && skills <= hopeless->skills && chord >= hopeless->chord;
}

void InsertRows(size_t first, size_t end, RowMask& mask) {
  for (size_t word = first / 64; word * 64 < end; ++word) {
    uint64_t bits = ~uint64_t{0};
    if (first > word * 64) bits &= ~uint64_t{0} << (first % 64);
    if (end < word * 64 + 64) bits &= (uint64_t{1} << (end % 64)) - 1;
    mask.word(word) |= bits;
  }
}

// The last place of anything with this score; absent: it is everything's.
std::optional<PostingOrder> LastPostingOf(Score least) {
  if (least == Score::Zero()) return std::nullopt;
  return PostingOrder{.score = least, .id = PostingId(~uint64_t{0})};
}

}  // namespace

PostingSearch::PostingSearch(const PostingTables& tables, PostingQuery& query,
                             const RecommendRequest& request, PostingSearchScratch& scratch)
    : tables_(tables),
      query_(query),
      request_(request),
      scratch_(scratch),
      top_(request.k, LastPostingOf(request.least)) {}

PostingRanking PostingSearch::Run() {
  scratch_.heap.clear();
  ranking_.statistics.places = static_cast<int64_t>(tables_.cells.size());
  if (!query_.TakesNothing()) Seed();
  while (!scratch_.heap.empty()) {
    if (!MayEnter(scratch_.heap.front().bound)) break;
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

void PostingSearch::Seed() {
  const auto offer = [this](uint32_t cell, bool at_home) {
    const PostingCellNode& node = tables_.cells[cell];
    if (node.postings == 0) return;
    Offer({.bound = {}, .is_cell = true, .at_home = at_home, .number = cell, .nearest = {}},
          node.summary, node.circle);
  };
  offer(PostingTables::kAnywhere, true);
  for (size_t leaf = 0; leaf < tables_.seeds.leaf_count(); ++leaf) {
    const auto& seeds = tables_.seeds.leaf(leaf);
    const size_t first = leaf * seeds.size();
    const size_t count = std::min(seeds.size(), tables_.seeds.size() - first);
    for (size_t i = leaf == 0 ? 1 : 0; i < count; ++i) {
      if (query_.MayHold(seeds[i])) offer(static_cast<uint32_t>(first + i), false);
    }
  }
}

void PostingSearch::Offer(const Waiting& waiting, const PostingSummary& summary,
                          const Circle& circle) {
  const double chord = waiting.at_home ? 0 : query_.LeastChordTo(circle);
  if (!query_.MayHold(summary, chord)) return;
  const std::optional<Score> skills = query_.BestSkills(summary.asks);
  if (!skills.has_value()) return;
  Waiting offered = waiting;
  offered.nearest = LowerDistance(chord);
  offered.bound = query_.Bound(query_.FrameOf(summary, offered.nearest, waiting.at_home), *skills);
  if (!MayEnter(offered.bound)) return;
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
    Offer({.bound = {},
           .is_cell = false,
           .at_home = waiting.at_home,
           .number = node.block,
           .nearest = {}},
          node.summary, node.circle);
  }
}

void PostingSearch::SelectByKey(const PostingBlock& block, const PostingFrame& frame,
                                RowMask& rows) {
  const bool keyless_enters = top_.MayEnter(query_.Bound(frame, block.summary().asks.most_without));
  RowMask closed;
  RowMask hopeless;
  size_t first = 0;
  for (const AskRun& run : block.runs()) {
    if (run.key.kind == AskKind::kRequired) {
      if (!query_.MayMeet(run.key)) InsertRows(first, run.end, closed);
    } else if (run.key.kind == AskKind::kPreferred && !keyless_enters) {
      if (!query_.MayEarn(run.key)) InsertRows(first, run.end, hopeless);
    }
    first = run.end;
  }
  rows.Without(closed);
  hopeless &= rows;
  if (hopeless.empty()) return;
  skipped_by_bound_ = true;
  rows.Without(hopeless);
}

void PostingSearch::OpenBlock(const Waiting& waiting) {
  const PostingBlock& block = *tables_.blocks[waiting.number];
  block.Prefetch();
  ++ranking_.statistics.blocks_opened;
  RowMask rows = query_.Select(block);
  if (rows.empty()) return;
  const PostingFrame frame = query_.FrameOf(block.summary(), waiting.nearest, waiting.at_home);
  SelectByKey(block, frame, rows);
  if (rows.empty()) return;
  block.PrefetchRows(rows.first(), rows.last() + 1);
  std::optional<Hopeless> by_skills;
  std::optional<Hopeless> by_place;
  rows.ForEach([&](size_t row) {
    ++ranking_.statistics.rows_filtered;
    const auto [met, skills] = query_.SkillsOf(block, row);
    if (!met || IsHopeless(by_skills, skills, 0)) return;
    if (!MayEnter(query_.Bound(frame, skills))) {
      by_skills = {.skills = skills, .chord = 0};
      return;
    }
    const double chord = frame.at_home ? 0 : query_.LeastChordTo(block, row);
    if (!query_.MayGo(chord) || IsHopeless(by_place, skills, chord)) return;
    ++ranking_.statistics.places_bounded;
    const PostingFrame at_place = query_.FrameAt(frame, LowerDistance(chord));
    if (!MayEnter(query_.Bound(at_place, skills))) {
      by_place = {.skills = skills, .chord = chord};
      return;
    }
    OpenRow(block, row, at_place, skills);
  });
}

void PostingSearch::OpenRow(const PostingBlock& block, size_t row, const PostingFrame& at_place,
                            Score skills) {
  const PostingFrame own = query_.FrameOf(at_place, block, row);
  if (!MayEnter(query_.Bound(own, skills))) return;
  if (!query_.MayTake(block, row, at_place.nearest)) return;
  const Travel travel = at_place.at_home ? Travel() : query_.TravelTo(block.PlaceOf(row));
  if (!query_.KnowsNoWays() && !MayEnter(query_.Bound(query_.FrameOf(own, travel), skills))) {
    return;
  }
  Evaluate(block, row, travel);
}

void PostingSearch::Evaluate(const PostingBlock& block, size_t row, const Travel& travel) {
  ++ranking_.statistics.pairs_evaluated;
  PostingProfile& posting = scratch_.posting;
  block.Decode(row, posting);
  const Person& person = query_.person();
  const Pair pair{.candidate = person.candidate,
                  .household = person.household,
                  .posting = posting,
                  .travel = travel};
  const PairScore score = ScorePair(pair, query_.basis());
  CountPair(score, ranking_.funnel);
  if (!score.eligible()) return;
  const PostingOrder order{.score = score.BySide(query_.side()), .id = posting.id};
  if (request_.after.has_value() && order <= *request_.after) return;
  top_.Push({.order = order, .score = score, .travel = pair.travel});
}

}  // namespace leye::matcher
