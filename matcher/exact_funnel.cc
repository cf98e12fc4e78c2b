#include "matcher/exact_funnel.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "matcher/candidate_tables.h"

namespace leye::matcher {

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

Funnel ExactFunnel(const CandidateSnapshot& people, const PostingProfile& posting,
                   const FitContext& basis) {
  Funnel funnel;
  funnel.considered = static_cast<int64_t>(people.tables().ranked_count);
  std::optional<AreaProfile> area;
  Travel travel;
  people.ForEach([&](const CandidateRecord& record) {
    if (!area.has_value() || area->index != record.candidate.area) {
      area = people.FindArea(record.candidate.area);
      if (area.has_value()) travel = TravelBetween(*area, posting);
    }
    if (!area.has_value()) return;
    const Pair pair{.candidate = record.candidate,
                    .household = record.household,
                    .posting = posting,
                    .travel = travel};
    CountPair(ScorePair(pair, basis), funnel);
  });
  return funnel;
}

Funnel ExactFunnel(const PostingSnapshot& postings, const Person& person, const FitContext& basis) {
  Funnel funnel;
  funnel.considered = static_cast<int64_t>(postings.posting_count());
  postings.ForEach([&](const PostingProfile& posting) {
    const Pair pair{.candidate = person.candidate,
                    .household = person.household,
                    .posting = posting,
                    .travel = TravelBetween(person.area, posting)};
    CountPair(ScorePair(pair, basis), funnel);
  });
  return funnel;
}

}  // namespace leye::matcher
