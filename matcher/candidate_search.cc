#include "matcher/candidate_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "matcher/exact_funnel.h"

namespace leye::matcher {
namespace {

// Far above the rounding of a chord between unit vectors; six micrometres on the ground.
constexpr double kChordRounding = 1e-12;

// The heap's front is what has the best bound.
bool Later(const CandidateSearchScratch::Waiting& a, const CandidateSearchScratch::Waiting& b) {
  return b.bound < a.bound;
}

// A distance that is not greater than any distance of this squared chord or more.
Kilometres LowerDistance(double squared_chord) {
  constexpr double kBelow = 1 - 1e-9;
  return Kilometres::Of(DistanceOf(squared_chord).km() * kBelow);
}

}  // namespace

CandidateSearch::CandidateSearch(const CandidateTables& tables, const CandidateQuery& query,
                                 const RankRequest& request, CandidateSearchScratch& scratch)
    : tables_(tables), query_(query), request_(request), scratch_(scratch), top_(request.k) {}

CandidateRanking CandidateSearch::Run() {
  scratch_.heap.clear();
  if (!query_.TakesNobody()) {
    Seed();
    while (!scratch_.heap.empty()) {
      if (!top_.MayEnter(scratch_.heap.front().bound)) {
        skipped_by_bound_ = true;
        break;
      }
      Open(TakeBest());
    }
  }
  ranking_.entries = std::move(top_).Take();
  ranking_.funnel.eligible.exact = !skipped_by_bound_;
  return std::move(ranking_);
}

Scope CandidateSearch::ScopeAt(double squared_chord) const {
  return squared_chord < query_.far_chord() ? Scope::kEverybody : Scope::kNearOnly;
}

void CandidateSearch::Offer(const Waiting& waiting, const CandidateSummary& summary, Scope scope,
                            Kilometres nearest) {
  if (!query_.MayHold(summary, waiting.chord, scope)) return;
  Waiting offered = waiting;
  offered.bound = query_.Bound(summary, nearest);
  if (!top_.MayEnter(offered.bound)) {
    skipped_by_bound_ = true;
    return;
  }
  scratch_.heap.push_back(offered);
  std::push_heap(scratch_.heap.begin(), scratch_.heap.end(), Later);
}

CandidateSearch::Waiting CandidateSearch::TakeBest() {
  std::pop_heap(scratch_.heap.begin(), scratch_.heap.end(), Later);
  const Waiting best = scratch_.heap.back();
  scratch_.heap.pop_back();
  return best;
}

void CandidateSearch::Seed() {
  ranking_.statistics.places = static_cast<int64_t>(tables_.area_count);
  for (uint32_t cell = 0; cell < tables_.cells.size(); ++cell) {
    if (cell != CandidateTables::kNowhere) OfferCell(cell);
  }
  if (query_.far_chord() == std::numeric_limits<double>::infinity()) return;
  for (uint32_t chunk = 0; chunk < tables_.far.size(); ++chunk) {
    Offer({.bound = {},
           .kind = Waiting::Kind::kFarChunk,
           .far = true,
           .first = chunk,
           .index = 0,
           .chord = query_.far_chord()},
          tables_.far[chunk].summary, Scope::kEverybody, query_.far_from());
  }
}

void CandidateSearch::OfferCell(uint32_t cell) {
  const CellNode& node = tables_.cells[cell];
  if (node.people == 0) return;
  double chord = 0;
  if (!query_.posting().home_based) {
    // The triangle inequality, for the straight lines between centre, area and work.
    const double to_centre = std::sqrt(SquaredChord(node.centre, query_.at()));
    const double nearest = std::max(0.0, to_centre - node.radius_chord - kChordRounding);
    chord = nearest * nearest;
  }
  // A cell may lie on both sides of the far chord: then its nearest area decides.
  if (!query_.MayHold(node.summary, chord, ScopeAt(chord))) return;
  Offer({.bound = {},
         .kind = Waiting::Kind::kCell,
         .far = false,
         .first = cell,
         .index = 0,
         .chord = chord},
        node.summary, ScopeAt(chord), LowerDistance(chord));
}

void CandidateSearch::Open(const Waiting& waiting) {
  switch (waiting.kind) {
    case Waiting::Kind::kCell:
      return OpenCell(waiting);
    case Waiting::Kind::kArea:
      return OpenArea(waiting);
    case Waiting::Kind::kFarChunk:
      return OpenFarChunk(waiting);
    case Waiting::Kind::kBlock:
      return OpenBlock(waiting);
  }
}

void CandidateSearch::OpenCell(const Waiting& waiting) {
  const Cell& cell = *tables_.cells[waiting.first].cell;
  for (uint32_t i = 0; i < cell.areas.size(); ++i) {
    const AreaNode& area = cell.areas[i];
    const double chord = query_.ChordTo(area.at);
    const Scope scope = ScopeAt(chord);
    if (area.people == 0 || !query_.MayHold(area.summary, chord, scope)) continue;
    ++ranking_.statistics.places_bounded;
    const bool one_block = area.block_count == 1;
    Offer({.bound = {},
           .kind = one_block ? Waiting::Kind::kBlock : Waiting::Kind::kArea,
           .far = false,
           .first = one_block ? cell.blocks[area.first_block].block : waiting.first,
           .index = i,
           .chord = chord},
          area.summary, scope, query_.TravelOver(chord).distance);
  }
}

void CandidateSearch::OpenArea(const Waiting& waiting) {
  const Cell& cell = *tables_.cells[waiting.first].cell;
  const AreaNode& area = cell.areas[waiting.index];
  const Kilometres distance = query_.TravelOver(waiting.chord).distance;
  for (uint32_t i = 0; i < area.block_count; ++i) {
    const BlockNode& node = cell.blocks[area.first_block + i];
    Offer({.bound = {},
           .kind = Waiting::Kind::kBlock,
           .far = false,
           .first = node.block,
           .index = waiting.index,
           .chord = waiting.chord},
          node.summary, ScopeAt(waiting.chord), distance);
  }
}

void CandidateSearch::OpenFarChunk(const Waiting& waiting) {
  for (const BlockNode& node : tables_.far[waiting.first].chunk->blocks) {
    Offer({.bound = {},
           .kind = Waiting::Kind::kBlock,
           .far = true,
           .first = node.block,
           .index = 0,
           .chord = waiting.chord},
          node.summary, Scope::kEverybody, query_.far_from());
  }
}

std::optional<Travel> CandidateSearch::FarTravel(const CandidateBlock& block, size_t row) const {
  const AreaPlace& place = tables_.places[block.Get(CandidateColumn::kArea, row)];
  const double chord = query_.ChordTo(place.at);
  if (!place.known || ScopeAt(chord) == Scope::kEverybody) return std::nullopt;
  return query_.TravelOver(chord);
}

void CandidateSearch::OpenBlock(const Waiting& waiting) {
  const CandidateBlock& block = *tables_.blocks[waiting.first];
  ++ranking_.statistics.blocks_opened;
  ranking_.statistics.rows_filtered += static_cast<int64_t>(block.rows());
  const Scope scope = waiting.far ? Scope::kEverybody : ScopeAt(waiting.chord);
  const RowMask rows = query_.Select(block, scope, waiting.chord);
  if (rows.empty()) return;
  query_.skills().Sum(block.skills(), block.rows(), scratch_.credits);
  const Travel travel = query_.TravelOver(waiting.chord);
  const Criteria place = query_.PlaceBounds(waiting.far ? query_.far_from() : travel.distance);
  // Whose skills are no better than those that the whole block cannot enter with, cannot enter.
  std::optional<uint64_t> hopeless;
  rows.ForEach([&](size_t row) {
    const uint64_t earned = scratch_.credits.earned[row];
    if (hopeless.has_value() && earned <= *hopeless) return;
    const Score skills = query_.skills().ValueOf(scratch_.credits, row);
    if (!top_.MayEnter(query_.Bound(block.summary(), place, skills))) {
      skipped_by_bound_ = true;
      hopeless = earned;
      return;
    }
    if (!top_.MayEnter(query_.RowBound(block, row, place, skills))) {
      skipped_by_bound_ = true;
      return;
    }
    const std::optional<Travel> way = waiting.far ? FarTravel(block, row) : travel;
    if (way.has_value()) Evaluate(block, row, *way);
  });
}

void CandidateSearch::Evaluate(const CandidateBlock& block, size_t row, const Travel& travel) {
  ++ranking_.statistics.pairs_evaluated;
  CandidateRecord& record = scratch_.record;
  block.Decode(row, record);
  const Pair pair{.candidate = record.candidate,
                  .household = record.household,
                  .posting = query_.posting(),
                  .travel = travel};
  const PairScore score = ScorePair(pair, query_.basis());
  CountPair(score, ranking_.funnel);
  if (!score.eligible()) return;
  const CandidateOrder order =
      OrderOf(record.candidate, score.BySide(query_.side()), query_.basis().ruleset.candidate_ties);
  if (request_.after.has_value() && order <= *request_.after) return;
  top_.Push({.order = order, .area = record.candidate.area, .score = score, .travel = travel});
}

}  // namespace leye::matcher
