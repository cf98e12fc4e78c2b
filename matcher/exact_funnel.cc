#include "matcher/exact_funnel.h"

#include <bit>
#include <limits>
#include <optional>

#include "matcher/candidate_tables.h"
#include "matcher/posting_tables.h"

namespace leye::matcher {
namespace {

constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

struct Extent {
  size_t first_cell;
  int64_t most_records;  // Whole blocks until there are so many.
};

// Calls `visit` for the records of a snapshot, block by block; how many there were.
template <typename Record, typename Tables, typename Visit>
int64_t VisitBlocks(const Tables& tables, const Extent& extent, Visit visit) {
  Record record;
  int64_t visited = 0;
  for (size_t i = extent.first_cell; i < tables.cells.size(); ++i) {
    const auto* cell = tables.cells[i].cell.get();
    if (cell == nullptr) continue;
    for (const auto& node : cell->blocks) {
      if (visited >= extent.most_records) return visited;
      const auto& block = *tables.blocks[node.block];
      for (size_t row = 0; row < block.rows(); ++row) {
        block.Decode(row, record);
        visit(record);
      }
      visited += static_cast<int64_t>(block.rows());
    }
  }
  return visited;
}

Funnel WithBounds(int64_t counted, Funnel funnel) {
  const bool all = counted >= funnel.considered;
  funnel.eligible.exact = all;
  for (FunnelCount& count : funnel.turned_away) count.exact = all;
  return funnel;
}

}  // namespace

void CountPair(const PairScore& score, Funnel& funnel) {
  if (score.eligible()) ++funnel.eligible.count;
  for (uint32_t left = score.failed.bits(); left != 0; left &= left - 1) {
    ++funnel.turned_away[static_cast<size_t>(std::countr_zero(left))].count;
  }
}

void FinishBoundedFunnel(int64_t considered, bool takes_nobody, Funnel& funnel) {
  funnel.considered = considered;
  const bool nobody_left_out = considered == 0;
  for (FunnelCount& count : funnel.turned_away) count.exact = nobody_left_out;
  if (takes_nobody) {
    funnel.eligible = {.count = 0, .exact = true};
    funnel.TurnedAwayBy(RuleId::kOpen) = {.count = considered, .exact = true};
  }
}

Funnel PartialFunnel(const CandidateSnapshot& people, const PostingProfile& posting,
                     const FitContext& basis, int64_t most_pairs) {
  Funnel funnel;
  funnel.considered = static_cast<int64_t>(people.tables().ranked_count);
  std::optional<AreaProfile> area;
  Travel travel;
  const auto count = [&](const CandidateRecord& record) {
    if (!area.has_value() || area->index != record.candidate.area) {
      area = people.FindArea(record.candidate.area);
      if (area.has_value()) travel = TravelBetween(*area, posting, basis);
    }
    if (!area.has_value()) return;
    const Pair pair{.candidate = record.candidate,
                    .household = record.household,
                    .posting = posting,
                    .travel = travel};
    CountPair(ScorePair(pair, basis), funnel);
  };
  constexpr size_t kFirst = CandidateTables::kNowhere + 1;
  const int64_t counted =
      VisitBlocks<CandidateRecord>(people.tables(), {kFirst, most_pairs}, count);
  return WithBounds(counted, funnel);
}

Funnel PartialFunnel(const PostingSnapshot& postings, const Person& person, const FitContext& basis,
                     int64_t most_pairs) {
  Funnel funnel;
  funnel.considered = static_cast<int64_t>(postings.posting_count());
  const auto count = [&](const PostingProfile& posting) {
    const Pair pair{.candidate = person.candidate,
                    .household = person.household,
                    .posting = posting,
                    .travel = TravelBetween(person.area, posting, basis)};
    CountPair(ScorePair(pair, basis), funnel);
  };
  const int64_t counted = VisitBlocks<PostingProfile>(postings.tables(), {0, most_pairs}, count);
  return WithBounds(counted, funnel);
}

Funnel ExactFunnel(const CandidateSnapshot& people, const PostingProfile& posting,
                   const FitContext& basis) {
  return PartialFunnel(people, posting, basis, kAll);
}

Funnel ExactFunnel(const PostingSnapshot& postings, const Person& person, const FitContext& basis) {
  return PartialFunnel(postings, person, basis, kAll);
}

}  // namespace leye::matcher
