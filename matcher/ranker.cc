#include "matcher/ranker.h"

#include <bit>
#include <utility>

#include "matcher/candidate_search.h"
#include "matcher/exact_funnel.h"
#include "matcher/posting_search.h"

namespace leye::matcher {

struct Ranker::Scratch {
  CandidateSearchScratch candidates;
  PostingSearchScratch postings;
};

Ranker::Ranker() : scratch_(std::make_unique<Scratch>()) {}
Ranker::~Ranker() = default;
Ranker::Ranker(Ranker&&) noexcept = default;
Ranker& Ranker::operator=(Ranker&&) noexcept = default;

CandidateRanking Ranker::RankCandidates(const CandidateSnapshot& people,
                                        const PostingProfile& posting, const RankRequest& request,
                                        const FitContext& basis) {
  const Side side = request.side.value_or(basis.ruleset.rank_candidates_by);
  const CandidateQuery query(posting, side, basis);
  CandidateRanking ranking =
      CandidateSearch(people.tables(), query, request, scratch_->candidates).Run();
  if (request.funnel == FunnelMode::kExact) {
    ranking.funnel = ExactFunnel(people, posting, basis);
  } else {
    FinishBoundedFunnel(static_cast<int64_t>(people.tables().ranked_count), query.TakesNobody(),
                        ranking.funnel);
  }
  return ranking;
}

PostingRanking Ranker::RecommendPostings(const PostingSnapshot& postings, const Person& person,
                                         const RecommendRequest& request, const FitContext& basis) {
  const Side side = request.side.value_or(basis.ruleset.recommend_postings_by);
  PostingQuery query(person, side, basis, scratch_->postings.skills);
  PostingRanking ranking =
      PostingSearch(postings.tables(), query, request, scratch_->postings).Run();
  if (request.funnel == FunnelMode::kExact) {
    ranking.funnel = ExactFunnel(postings, person, basis);
  } else {
    FinishBoundedFunnel(static_cast<int64_t>(postings.posting_count()), false, ranking.funnel);
  }
  return ranking;
}

}  // namespace leye::matcher
