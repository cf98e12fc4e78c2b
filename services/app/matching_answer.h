// Fills the answers of matching: scores, names, reasons, basis.
//
//   const MatchAnswer answer({.world = *world, .fit = fit_context, .catalogue = catalogue,
//                             .query = query, .side = side});
//   answer.Fill(entry, posting, *response.add_matches());
#ifndef LEYE_SERVICES_APP_MATCHING_ANSWER_H_
#define LEYE_SERVICES_APP_MATCHING_ANSWER_H_

#include "leye/v1/match.pb.h"
#include "matcher/explain.h"
#include "matcher/ranker.h"
#include "services/app/catalogue.h"
#include "services/app/explanation.h"
#include "services/app/matching_query.h"
#include "services/app/matching_world.h"

namespace leye::app {

// Everything it views outlives it.
struct AnswerBasis {
  const MatchWorld& world;
  const matcher::FitContext& fit;
  const Catalogue& catalogue;
  const MatchQuery& query;
  matcher::Side side;  // That orders the answer.
};

// One pair with its records.
struct PairRecords {
  const matcher::CandidateRecord& person;
  const matcher::PostingProfile& posting;
  matcher::Travel travel;
};

// The way of a pair whose work is not at home.
void FillTravel(const matcher::Travel& travel, const matcher::Ruleset& ruleset, v1::Travel& answer);

// Immutable.
class MatchAnswer {
 public:
  explicit MatchAnswer(const AnswerBasis& basis)
      : basis_(basis),
        explainer_(
            {.catalogue = basis.catalogue, .ruleset = basis.fit.ruleset, .day = basis.fit.day},
            basis.query.language) {}

  void Fill(const matcher::RankedCandidate& entry, const matcher::PostingProfile& posting,
            v1::CandidateMatch& match) const;
  void Fill(const matcher::RankedPosting& entry, const matcher::CandidateRecord& person,
            v1::PostingMatch& match) const;
  // `view_all`: criteria and notes whatever the query says.
  void FillPair(const PairRecords& pair, v1::PairMatch& match) const;

  void Fill(const matcher::CandidateProfile& candidate, v1::CandidateSummary& summary) const;
  void Fill(const matcher::PostingProfile& posting, v1::PostingSummary& summary) const;
  void Fill(const matcher::Funnel& funnel, v1::Funnel& answer) const;

  // `forward`: the weights of the posting's side that were used.
  void FillBasis(const matcher::Weights& forward, v1::MatchBasis& answer) const;

 private:
  // Criteria and notes of a pair, into any of the three kinds of match.
  template <typename Match>
  void FillReasons(const PairRecords& pair, const matcher::FitResult& fit, Match& match) const;
  void FillTravel(const matcher::Travel& travel, const matcher::PostingProfile& posting,
                  v1::Travel& answer) const;
  // `score`: of the side that orders, undiscounted.
  void FillCongestion(const matcher::Congestion& congestion, matcher::Score score,
                      v1::Congestion& answer) const;
  absl::string_view AreaName(matcher::AreaIndex area) const;

  const AnswerBasis basis_;
  const Explainer explainer_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCHING_ANSWER_H_
