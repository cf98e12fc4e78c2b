#include "tests/bench/fit_scan.h"

#include <utility>

#include "matcher/top_k.h"

namespace leye::bench {
namespace {

template <typename Order>
struct Found {
  Order order;
};

template <typename Order>
std::vector<Answer::Entry> EntriesOf(matcher::TopK<Order, Found<Order>> top) {
  std::vector<Answer::Entry> entries;
  for (const Found<Order>& found : std::move(top).Take()) {
    entries.push_back({.id = found.order.id.value(), .score_micros = found.order.score.micros()});
  }
  return entries;
}

}  // namespace

std::vector<Answer::Entry> FitCandidates(const Dataset& data,
                                         const matcher::PostingProfile& posting,
                                         const matcher::FitContext& context, size_t k) {
  std::vector<matcher::Travel> travels;
  for (uint32_t area = 0; area < data.areas.size(); ++area) {
    travels.push_back(matcher::TravelBetween(AreaProfileOf(data, area), posting, context));
  }
  matcher::TopK<matcher::CandidateOrder, Found<matcher::CandidateOrder>> top(k);
  const matcher::HouseholdProfile household;
  matcher::CandidateProfile candidate;
  for (const CandidateRecord& record : data.candidates) {
    MakeCandidate(data, record, candidate);
    const matcher::PairScore score = matcher::ScorePair({.candidate = candidate,
                                                         .household = household,
                                                         .posting = posting,
                                                         .travel = travels[record.area]},
                                                        context);
    if (!score.eligible()) continue;
    top.Push({matcher::OrderOf(candidate, score.BySide(context.ruleset.rank_candidates_by),
                               context.ruleset.candidate_ties)});
  }
  return EntriesOf(std::move(top));
}

std::vector<Answer::Entry> FitPostings(const Dataset& data,
                                       std::span<const matcher::PostingProfile> postings,
                                       const CandidateRecord& person,
                                       const matcher::FitContext& context, size_t k) {
  matcher::TopK<matcher::PostingOrder, Found<matcher::PostingOrder>> top(k);
  const matcher::HouseholdProfile household;
  const matcher::AreaProfile home = AreaProfileOf(data, person.area);
  matcher::CandidateProfile candidate;
  MakeCandidate(data, person, candidate);
  for (const matcher::PostingProfile& posting : postings) {
    const matcher::PairScore score =
        matcher::ScorePair({.candidate = candidate,
                            .household = household,
                            .posting = posting,
                            .travel = matcher::TravelBetween(home, posting, context)},
                           context);
    if (!score.eligible()) continue;
    top.Push({matcher::PostingOrder{.score = score.BySide(context.ruleset.recommend_postings_by),
                                    .id = posting.id}});
  }
  return EntriesOf(std::move(top));
}

}  // namespace leye::bench
