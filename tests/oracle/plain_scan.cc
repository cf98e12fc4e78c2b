#include "tests/oracle/plain_scan.h"

#include <algorithm>

namespace leye::matcher::oracle {
namespace {

void Count(const PairScore& score, Funnel& funnel) {
  ++funnel.considered;
  if (score.eligible()) ++funnel.eligible.count;
  for (int rule = 0; rule < kEnumCount<RuleId>; ++rule) {
    if (score.failed.Contains(static_cast<RuleId>(rule))) {
      ++funnel.TurnedAwayBy(static_cast<RuleId>(rule)).count;
    }
  }
}

template <typename Entry>
void SortByOrder(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.order < b.order; });
}

// The page that the request asks for.
template <typename Entry, typename Request>
std::vector<Entry> Page(const std::vector<Entry>& sorted, const Request& request) {
  std::vector<Entry> page;
  for (const Entry& entry : sorted) {
    if (request.after.has_value() && entry.order <= *request.after) continue;
    if (entry.order.score >= request.least && page.size() < request.k) page.push_back(entry);
  }
  return page;
}

}  // namespace

std::vector<RankedCandidate> EligibleCandidates(const World& world, const PostingProfile& posting,
                                                Side side, const Exposure* exposure) {
  std::vector<RankedCandidate> eligible;
  for (const CandidateProfile& candidate : world.candidates) {
    const Pair pair = world.PairOf(candidate, posting);
    const PairScore score = ScorePair(pair, world.Context());
    if (!score.eligible()) continue;
    Congestion congestion;
    if (exposure != nullptr) {
      congestion = CongestionOf(exposure->ShowingsOf(candidate.id), posting.id,
                                score.criteria[Criterion::kPriority], world.ruleset.congestion,
                                world.Context().day);
    }
    eligible.push_back({.order = OrderOf(candidate, congestion.Less(score.BySide(side)),
                                         world.ruleset.candidate_ties),
                        .area = candidate.area,
                        .score = score,
                        .travel = pair.travel,
                        .congestion = congestion});
  }
  SortByOrder(eligible);
  return eligible;
}

std::vector<RankedPosting> EligiblePostings(const World& world, const CandidateProfile& candidate,
                                            Side side) {
  std::vector<RankedPosting> eligible;
  for (const PostingProfile& posting : world.postings) {
    const Pair pair = world.PairOf(candidate, posting);
    const PairScore score = ScorePair(pair, world.Context());
    if (!score.eligible()) continue;
    eligible.push_back({.order = {.score = score.BySide(side), .id = posting.id},
                        .score = score,
                        .travel = pair.travel});
  }
  SortByOrder(eligible);
  return eligible;
}

CandidateRanking ScanCandidates(const World& world, const PostingProfile& posting,
                                const RankRequest& request) {
  CandidateRanking ranking;
  const Side side = request.side.value_or(world.ruleset.rank_candidates_by);
  ranking.entries = Page(EligibleCandidates(world, posting, side, request.exposure), request);
  for (const CandidateProfile& candidate : world.candidates) {
    Count(ScorePair(world.PairOf(candidate, posting), world.Context()), ranking.funnel);
  }
  return ranking;
}

PostingRanking ScanPostings(const World& world, const CandidateProfile& candidate,
                            const RecommendRequest& request) {
  PostingRanking ranking;
  const Side side = request.side.value_or(world.ruleset.recommend_postings_by);
  ranking.entries = Page(EligiblePostings(world, candidate, side), request);
  for (const PostingProfile& posting : world.postings) {
    Count(ScorePair(world.PairOf(candidate, posting), world.Context()), ranking.funnel);
  }
  return ranking;
}

}  // namespace leye::matcher::oracle
