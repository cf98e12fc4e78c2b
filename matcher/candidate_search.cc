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

bool IsWeighed(CandidateSearchScratch::Waiting::Kind kind) {
  using Kind = CandidateSearchScratch::Waiting::Kind;
  return kind == Kind::kCell || kind == Kind::kFarChunk || kind == Kind::kFarRest;
}

CandidateSearchScratch::Waiting TakeBest(std::vector<CandidateSearchScratch::Waiting>& heap) {
  std::pop_heap(heap.begin(), heap.end(), Later);
  const CandidateSearchScratch::Waiting best = heap.back();
  heap.pop_back();
  return best;
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
  scratch_.to_weigh.clear();
  scratch_.to_judge.clear();
  scratch_.chunk_rows.clear();
  scratch_.masks.assign(1, RowMask(ColumnTable::kMaxRows));
  if (!query_.TakesNobody()) {
    Seed();
    if (!query_.skills().AsksNothing()) PrefetchSieves();
    while (!scratch_.to_weigh.empty() || !scratch_.to_judge.empty()) {
      std::vector<Waiting>& heap = NextHeap();
      if (top_.MayEnter(heap.front().bound)) {
        Open(TakeBest(heap));
      } else {
        skipped_by_bound_ = true;
        heap.clear();
      }
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
  if (waiting.kind == Waiting::Kind::kBlock) tables_.blocks.Prefetch(waiting.number);
  std::vector<Waiting>& heap = IsWeighed(waiting.kind) ? scratch_.to_weigh : scratch_.to_judge;
  heap.push_back(offered);
  std::push_heap(heap.begin(), heap.end(), Later);
}

// The k-th found decides how little of all others need be weighed: so until there is one, whatever
// can be judged is judged.
std::vector<CandidateSearch::Waiting>& CandidateSearch::NextHeap() {
  std::vector<Waiting>& weigh = scratch_.to_weigh;
  std::vector<Waiting>& judge = scratch_.to_judge;
  if (judge.empty()) return weigh;
  if (weigh.empty() || !top_.full()) return judge;
  return Later(judge.front(), weigh.front()) ? weigh : judge;
}

void CandidateSearch::Seed() {
  ranking_.statistics.places = static_cast<int64_t>(tables_.area_count);
  for (size_t leaf = 0; leaf < tables_.seeds.leaf_count(); ++leaf) {
    const auto& seeds = tables_.seeds.leaf(leaf);
    const size_t first = leaf * seeds.size();
    const size_t count = std::min(seeds.size(), tables_.seeds.size() - first);
    for (size_t i = 0; i < count; ++i) {
      const auto cell = static_cast<uint32_t>(first + i);
      if (query_.MayReach(seeds[i]) && cell != CandidateTables::kNowhere) OfferCell(cell);
    }
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
  const auto first = std::span(scratch_.to_weigh).first(std::min(kMost, scratch_.to_weigh.size()));
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
  if (query_.TooFar(node.summary, chord, ScopeAt(chord))) return;
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
// before the first is needed, and that of skills only where filters leave somebody.
void CandidateSearch::OpenBlocks(const Waiting& first) {
  constexpr size_t kAtOnce = 8;
  absl::InlinedVector<Opened, kAtOnce> batch;
  const auto add = [&](const Waiting& waiting) {
    Opened& opened = batch.emplace_back();
    opened.waiting = waiting;
    opened.block = tables_.blocks[waiting.number].get();
    hwy::Prefetch(opened.block);
  };
  add(first);
  std::vector<Waiting>& heap = scratch_.to_judge;
  while (batch.size() < kAtOnce && !heap.empty() && heap.front().kind == Waiting::Kind::kBlock &&
         top_.MayEnter(heap.front().bound)) {
    add(TakeBest(heap));
  }
  for (const Opened& opened : batch) opened.block->PrefetchColumns();
  for (Opened& opened : batch) {
    Select(opened);
    if (!opened.rows.empty()) opened.block->PrefetchSkills();
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    if (!top_.MayEnter(batch[i].waiting.bound)) {
      skipped_by_bound_ = true;
      continue;
    }
    std::optional<CandidateOrder> next;
    if (!heap.empty()) next = heap.front().bound;
    if (i + 1 < batch.size()) {
      const CandidateOrder& of_batch = batch[i + 1].waiting.bound;
      next = next.has_value() ? std::min(*next, of_batch) : of_batch;
    }
    Judge(batch[i], next);
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
  if (area.people == 0 || query_.TooFar(area.summary, chord, scope)) return;
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

// Until k are known, first those who are worth most, which is quickly found out; often nobody else
// is asked for. Afterwards all who may enter at once.
void CandidateSearch::OpenFarChunk(const Waiting& waiting) {
  const FarNode& node = tables_.far[waiting.number];
  const uint32_t most = query_.skills().steps();
  const uint32_t least = LeastStep(node.summary, far_place_);
  skipped_by_bound_ = skipped_by_bound_ || least > 0;
  WeighChunk(*node.chunk, {.least = least > 0 ? least : most});
  OfferFarParts(waiting);
  if (most == 0 || least > 0) return;
  if (std::ranges::none_of(scratch_.promises, &SkillPromise::may_hold)) return OpenFarRest(waiting);
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

void CandidateSearch::Select(Opened& opened) {
  const CandidateBlock& block = *opened.block;
  const Waiting& waiting = opened.waiting;
  ++ranking_.statistics.blocks_opened;
  ranking_.statistics.rows_filtered += static_cast<int64_t>(block.rows());
  opened.rows = RowMask(block.rows());
  opened.rows &= scratch_.masks[waiting.rows];
  if (waiting.far) return query_.Select(block, Scope::kEverybody, far_nearest_, opened.rows);
  const AreaIndex area(static_cast<uint32_t>(block.Get(CandidateColumn::kArea, 0)));
  opened.travel = query_.TravelFrom(area, waiting.chord);
  const Nearest nearest = CandidateQuery::NearestOf(opened.travel, waiting.chord);
  query_.Select(block, ScopeAt(waiting.chord), nearest, opened.rows);
}

void CandidateSearch::Judge(Opened& opened, const std::optional<CandidateOrder>& next) {
  const CandidateBlock& block = *opened.block;
  const Waiting& waiting = opened.waiting;
  const Travel& travel = opened.travel;
  RowMask& rows = opened.rows;
  if (!rows.empty()) query_.skills().KeepSkilled(block.skills(), rows);
  if (rows.empty()) return;
  query_.skills().Sum(block.skills(), rows, scratch_.credits);
  const Criteria place = waiting.far ? far_place_ : query_.PlaceBounds(travel);
  const RowBounds bounds(query_, block, place);
  // Those worth most first, all who are worth the same together.
  for (uint64_t below = waiting.earned_below;;) {
    std::optional<size_t> best;
    rows.ForEach([&](size_t row) {
      const uint64_t earned = scratch_.credits.earned[row];
      if (earned < below && (!best.has_value() || earned > scratch_.credits.earned[*best])) {
        best = row;
      }
    });
    if (!best.has_value()) return;
    const Score skills = query_.skills().ValueOf(scratch_.credits, *best);
    const CandidateOrder bound = query_.Bound(block.summary(), place, skills);
    if (!top_.MayEnter(bound)) {
      skipped_by_bound_ = true;
      return;
    }
    if (!top_.full() && next.has_value() && *next < bound) {
      Waiting rest = waiting;
      rest.earned_below = below;
      Offer(rest, block.summary(), place, skills);
      return;
    }
    below = scratch_.credits.earned[*best];
    rows.ForEach([&](size_t row) {
      if (scratch_.credits.earned[row] != below) return;
      if (!top_.MayEnter(bounds.Of(row, skills))) {
        skipped_by_bound_ = true;
        return;
      }
      const std::optional<Travel> way = waiting.far ? FarTravel(block, row) : travel;
      if (way.has_value()) Evaluate(block, row, *way);
    });
  }
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
  const Ruleset& rules = query_.basis().ruleset;
  Congestion congestion;
  if (request_.exposure != nullptr) {
    congestion =
        CongestionOf(request_.exposure->ShowingsOf(record.candidate.id), query_.posting().id,
                     score.criteria[Criterion::kPriority], rules.congestion, query_.basis().day);
  }
  const CandidateOrder order =
      OrderOf(record.candidate, congestion.Less(score.BySide(query_.side())), rules.candidate_ties);
  if (request_.after.has_value() && order <= *request_.after) return;
  top_.Push({.order = order,
             .area = record.candidate.area,
             .score = score,
             .travel = travel,
             .congestion = congestion});
}

}  // namespace leye::matcher
