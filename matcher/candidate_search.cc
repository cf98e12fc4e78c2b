#include "matcher/candidate_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "hwy/cache_control.h"

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

// The last place of anybody with this score; absent: it is everybody's.
std::optional<CandidateOrder> LastCandidateOf(Score least) {
  if (least == Score::Zero()) return std::nullopt;
  return CandidateOrder{
      .score = least, .waiting_since = Day::Max(), .id = CandidateId(~uint64_t{0})};
}

}  // namespace

CandidateSearch::CandidateSearch(const CandidateTables& tables, const CandidateQuery& query,
                                 const RankRequest& request, CandidateSearchScratch& scratch)
    : tables_(tables),
      query_(query),
      request_(request),
      scratch_(scratch),
      top_(request.k, LastCandidateOf(request.least)),
      far_place_(query.PlaceBoundsBeyond(query.far_from())),
      far_nearest_(query.NearestBeyond(query.far_from(), query.far_chord())) {}

CandidateRanking CandidateSearch::Run() {
  scratch_.heap.clear();
  scratch_.chunk_rows.clear();
  scratch_.masks.assign(1, RowMask(ColumnTable::kMaxRows));
  if (!query_.TakesNobody()) {
    Seed();
    if (!query_.skills().AsksNothing()) PrefetchSieves();
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

void CandidateSearch::Offer(const Waiting& waiting, const CandidateSummary& summary,
                            const Criteria& place, Score skills) {
  Waiting offered = waiting;
  offered.bound = query_.Bound(summary, place, skills);
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
  const double chord = query_.far_chord();
  if (chord == std::numeric_limits<double>::infinity()) return;
  for (uint32_t chunk = 0; chunk < tables_.far.size(); ++chunk) {
    const CandidateSummary& summary = tables_.far[chunk].summary;
    if (!query_.MayHold(summary, far_nearest_, Scope::kEverybody)) continue;
    Offer({.kind = Waiting::Kind::kFarChunk, .far = true, .number = chunk, .chord = chord}, summary,
          far_place_, Score::One());
  }
}

// What was offered first is nearly always opened, and each needs memory that leads to other memory:
// asked for step by step for all of them, it arrives side by side.
void CandidateSearch::PrefetchSieves() const {
  constexpr size_t kMost = 32;
  const auto first = std::span(scratch_.heap).first(std::min(kMost, scratch_.heap.size()));
  absl::InlinedVector<const SkillSieve*, kMost> sieves;
  for (const Waiting& waiting : first) {
    if (waiting.kind == Waiting::Kind::kCell) {
      hwy::Prefetch(tables_.cells[waiting.number].cell.get());
    } else {
      hwy::Prefetch(tables_.far[waiting.number].chunk.get());
    }
  }
  for (const Waiting& waiting : first) {
    if (waiting.kind == Waiting::Kind::kCell) {
      const Cell& cell = *tables_.cells[waiting.number].cell;
      hwy::Prefetch(cell.areas.data());
      hwy::Prefetch(cell.blocks.data());
      for (const auto& sieve : cell.sieves) sieves.push_back(sieve.sieve.get());
    } else {
      sieves.push_back(tables_.far[waiting.number].chunk->sieve.get());
    }
  }
  for (const SkillSieve* sieve : sieves) hwy::Prefetch(sieve);
  for (const auto what :
       {SkillSieve::Ahead::kDirectory, SkillSieve::Ahead::kStarts, SkillSieve::Ahead::kLists}) {
    for (const SkillSieve* sieve : sieves) query_.skills().Prefetch(*sieve, what);
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
  const Kilometres nearest = LowerDistance(chord);
  if (!query_.MayHold(node.summary, query_.NearestBeyond(nearest, chord), ScopeAt(chord))) return;
  Offer({.kind = Waiting::Kind::kCell, .number = cell, .chord = chord}, node.summary,
        query_.PlaceBoundsBeyond(nearest), Score::One());
}

void CandidateSearch::Open(const Waiting& waiting) {
  switch (waiting.kind) {
    case Waiting::Kind::kCell:
      return OpenCell(waiting);
    case Waiting::Kind::kFarChunk:
      return OpenFarChunk(waiting);
    case Waiting::Kind::kFarRest:
      return OpenFarRest(waiting);
    case Waiting::Kind::kFarPart:
      return OpenFarPart(waiting);
    case Waiting::Kind::kBlock:
      return OpenBlocks(waiting);
  }
}

// Whatever is next and a block is nearly always opened too; so the memory of several is asked for
// before the first is needed.
void CandidateSearch::OpenBlocks(const Waiting& first) {
  constexpr size_t kAtOnce = 8;
  struct Next {
    Waiting waiting;
    const CandidateBlock* block;
  };
  absl::InlinedVector<Next, kAtOnce> batch;
  const auto add = [&](const Waiting& waiting) {
    batch.push_back({waiting, tables_.blocks[waiting.number].get()});
    hwy::Prefetch(batch.back().block);
  };
  add(first);
  while (batch.size() < kAtOnce && !scratch_.heap.empty() &&
         scratch_.heap.front().kind == Waiting::Kind::kBlock &&
         top_.MayEnter(scratch_.heap.front().bound)) {
    add(TakeBest());
  }
  for (const Next& next : batch) next.block->PrefetchColumns();
  for (const Next& next : batch) next.block->PrefetchSkills();
  for (const Next& next : batch) {
    if (top_.MayEnter(next.waiting.bound)) {
      OpenBlock(next.waiting, *next.block);
    } else {
      skipped_by_bound_ = true;
    }
  }
}

void CandidateSearch::KeepWeighed(size_t slot, const SkillPromise& promise, size_t block) {
  scratch_.promises[block] = promise;
  if (!promise.may_hold) return;
  scratch_.qualified[block] = static_cast<uint32_t>(scratch_.masks.size());
  scratch_.masks.push_back(scratch_.sieve.qualified.masks[slot]);
}

uint32_t CandidateSearch::LeastStep(const CandidateSummary& summary, const Criteria& place) const {
  const auto may_enter = [&](uint32_t step) {
    return top_.MayEnter(query_.Bound(summary, place, query_.skills().ValueOfStep(step)));
  };
  if (may_enter(0)) return 0;
  uint32_t out = 0;
  uint32_t in = query_.skills().steps() + 1;
  while (in - out > 1) {
    const uint32_t middle = out + (in - out) / 2;
    (may_enter(middle) ? in : out) = middle;
  }
  return in;
}

void CandidateSearch::WeighCell(const Cell& cell, uint32_t least_step) {
  skipped_by_bound_ = skipped_by_bound_ || least_step > 0;
  scratch_.promises.assign(cell.blocks.size(), SkillPromise());
  scratch_.qualified.assign(cell.blocks.size(), CandidateSearchScratch::kEverybody);
  if (query_.skills().AsksNothing()) return;
  std::array<SkillPromise, SkillSieve::kMaxBlocks> by_slot;
  size_t block = 0;
  for (const SievedBlocks& part : cell.sieves) {
    query_.skills().Promise(*part.sieve, {.least = least_step}, scratch_.sieve, by_slot);
    for (size_t slot = 0; slot < part.sieve->slots(); ++slot, ++block) {
      if (((part.changed >> slot) & 1) == 0) KeepWeighed(slot, by_slot[slot], block);
    }
  }
}

void CandidateSearch::OpenCell(const Waiting& waiting) {
  const CellNode& node = tables_.cells[waiting.number];
  const Cell& cell = *node.cell;
  WeighCell(cell, LeastStep(node.summary, query_.PlaceBoundsBeyond(LowerDistance(waiting.chord))));
  if (std::ranges::none_of(scratch_.promises, &SkillPromise::may_hold)) return;
  for (const AreaNode& area : cell.areas) OfferArea(cell, area);
}

void CandidateSearch::OfferArea(const Cell& cell, const AreaNode& area) {
  const auto promises = std::span(scratch_.promises).subspan(area.first_block, area.block_count);
  if (std::ranges::none_of(promises, &SkillPromise::may_hold)) return;
  const double chord = query_.ChordTo(area.at);
  const Scope scope = ScopeAt(chord);
  if (area.people == 0) return;
  const Travel travel = query_.TravelFrom(area.area, chord);
  const Nearest nearest = CandidateQuery::NearestOf(travel, chord);
  if (!query_.MayHold(area.summary, nearest, scope)) return;
  ++ranking_.statistics.places_bounded;
  const Criteria place = query_.PlaceBounds(travel);
  for (uint32_t i = 0; i < area.block_count; ++i) {
    const BlockNode& node = cell.blocks[area.first_block + i];
    if (!promises[i].may_hold || !query_.MayHold(node.summary, nearest, scope)) continue;
    Offer({.kind = Waiting::Kind::kBlock,
           .number = node.block,
           .rows = scratch_.qualified[area.first_block + i],
           .chord = chord},
          node.summary, place, promises[i].best);
  }
}

void CandidateSearch::WeighChunk(const FarChunk& chunk, const SkillQuery::Steps& steps) {
  // Whose skills changed after the sieve was made is met with those who are worth most.
  const SkillPromise unknown{.may_hold = steps.most_too, .best = Score::One()};
  scratch_.promises.assign(chunk.blocks.size(), unknown);
  scratch_.qualified.assign(chunk.blocks.size(), CandidateSearchScratch::kEverybody);
  if (query_.skills().AsksNothing()) return;
  std::array<SkillPromise, FarChunk::kMaxBlocks> by_slot;
  query_.skills().Promise(*chunk.sieve, steps, scratch_.sieve, by_slot);
  for (size_t i = 0; i < chunk.blocks.size(); ++i) {
    const uint8_t slot = chunk.slots[i];
    if (slot != FarChunk::kNoSlot) KeepWeighed(slot, by_slot[slot], i);
  }
}

// First those who are worth most, which is quickly found out; often nobody else is asked for.
void CandidateSearch::OpenFarChunk(const Waiting& waiting) {
  const FarNode& node = tables_.far[waiting.number];
  const uint32_t most = query_.skills().steps();
  WeighChunk(*node.chunk, {.least = most});
  OfferFarParts(waiting);
  if (most == 0) return;
  Waiting rest = waiting;
  rest.kind = Waiting::Kind::kFarRest;
  Offer(rest, node.summary, far_place_, query_.skills().ValueOfStep(most - 1));
}

void CandidateSearch::OpenFarRest(const Waiting& waiting) {
  const FarNode& node = tables_.far[waiting.number];
  const uint32_t least = LeastStep(node.summary, far_place_);
  skipped_by_bound_ = skipped_by_bound_ || least > 0;
  if (least >= query_.skills().steps()) return;
  WeighChunk(*node.chunk, {.least = least, .most_too = false});
  OfferFarParts(waiting);
}

void CandidateSearch::OfferFarParts(const Waiting& chunk) {
  const FarNode& node = tables_.far[chunk.number];
  const auto rows = static_cast<uint32_t>(scratch_.chunk_rows.size());
  scratch_.chunk_rows.insert(scratch_.chunk_rows.end(), scratch_.qualified.begin(),
                             scratch_.qualified.end());
  absl::InlinedVector<Waiting, 16> parts;
  for (size_t i = 0; i < node.chunk->blocks.size(); ++i) {
    const SkillPromise& promise = scratch_.promises[i];
    if (!promise.may_hold) continue;
    auto part = std::ranges::find(parts, promise.best, &Waiting::skills);
    if (part == parts.end()) {
      part = parts.insert(part, chunk);
      part->kind = Waiting::Kind::kFarPart;
      part->skills = promise.best;
      part->rows = rows;
    }
    part->blocks |= uint64_t{1} << i;
  }
  for (const Waiting& part : parts) Offer(part, node.summary, far_place_, part.skills);
}

void CandidateSearch::OpenFarPart(const Waiting& waiting) {
  const FarChunk& chunk = *tables_.far[waiting.number].chunk;
  for (uint64_t left = waiting.blocks; left != 0; left &= left - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    const BlockNode& node = chunk.blocks[i];
    if (!query_.MayHold(node.summary, far_nearest_, Scope::kEverybody)) continue;
    Offer({.kind = Waiting::Kind::kBlock,
           .far = true,
           .number = node.block,
           .rows = scratch_.chunk_rows[waiting.rows + i],
           .chord = waiting.chord},
          node.summary, far_place_, waiting.skills);
  }
}

std::optional<Travel> CandidateSearch::FarTravel(const CandidateBlock& block, size_t row) const {
  const AreaPlace& place = tables_.places[block.Get(CandidateColumn::kArea, row)];
  const double chord = query_.ChordTo(place.at);
  if (!place.known || ScopeAt(chord) == Scope::kEverybody) return std::nullopt;
  return query_.TravelFrom(place.profile.index, chord);
}

void CandidateSearch::OpenBlock(const Waiting& waiting, const CandidateBlock& block) {
  ++ranking_.statistics.blocks_opened;
  ranking_.statistics.rows_filtered += static_cast<int64_t>(block.rows());
  const Scope scope = waiting.far ? Scope::kEverybody : ScopeAt(waiting.chord);
  RowMask rows(block.rows());
  rows &= scratch_.masks[waiting.rows];
  const AreaIndex area(static_cast<uint32_t>(block.Get(CandidateColumn::kArea, 0)));
  const Travel travel = waiting.far ? Travel() : query_.TravelFrom(area, waiting.chord);
  const Nearest nearest =
      waiting.far ? far_nearest_ : CandidateQuery::NearestOf(travel, waiting.chord);
  query_.Select(block, scope, nearest, rows);
  if (rows.empty()) return;
  query_.skills().Sum(block.skills(), block.rows(), scratch_.credits);
  const Criteria place = waiting.far ? far_place_ : query_.PlaceBounds(travel);
  const RowBounds bounds(query_, block, place);
  // The bound of the block rises with the skills: with no more than `hopeless` nobody can enter,
  // with `hopeful` or more somebody might, a little earlier at least.
  std::optional<uint64_t> hopeless;
  uint64_t hopeful = std::numeric_limits<uint64_t>::max();
  rows.ForEach([&](size_t row) {
    const uint64_t earned = scratch_.credits.earned[row];
    if (hopeless.has_value() && earned <= *hopeless) return;
    const Score skills = query_.skills().ValueOf(scratch_.credits, row);
    if (earned < hopeful) {
      if (!top_.MayEnter(query_.Bound(block.summary(), place, skills))) {
        skipped_by_bound_ = true;
        hopeless = earned;
        return;
      }
      hopeful = earned;
    }
    if (!top_.MayEnter(bounds.Of(row, skills))) {
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
