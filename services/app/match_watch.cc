#include "services/app/match_watch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/app/matching_answer.h"
#include "services/app/showings.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

using Responses = std::vector<MatchWatch::Response>;

// Of a batch, those that were added, with what RankCandidates would say of them, best first.
template <typename Entry>
struct AddedMatch {
  Entry entry;
  const MatchNotice* notice = nullptr;
};

template <typename Entry>
void SortByOrder(std::vector<AddedMatch<Entry>>& added) {
  std::sort(added.begin(), added.end(),
            [](const auto& a, const auto& b) { return a.entry.order < b.entry.order; });
}

void AppendRemoved(const std::vector<MatchNotice>& notices, Responses& responses) {
  for (const MatchNotice& notice : notices) {
    if (notice.added) continue;
    MatchWatch::Response& response = responses.emplace_back();
    response.set_change(v1::MATCH_CHANGE_REMOVED);
    response.set_name(notice.name);
  }
}

MatchWatch::Response& AppendAdded(const MatchNotice& notice, Responses& responses) {
  MatchWatch::Response& response = responses.emplace_back();
  response.set_change(v1::MATCH_CHANGE_ADDED);
  response.set_name(notice.name);
  return response;
}

// Fills what is said of each pair as the answers of matching do.
class MatchTeller {
 public:
  MatchTeller(const MatchQuestion& question, const MatchNews::Batch& batch,
              const Catalogue& catalogue)
      : question_(question),
        batch_(batch),
        world_(*batch.state.world),
        fit_{.ruleset = *batch.state.ruleset,
             .catalogue = catalogue.matcher_catalogue(),
             .day = batch.state.day,
             .travel_times = batch.state.world->travel_times()},
        side_(question.query.side.value_or(question.of_posting
                                               ? fit_.ruleset.rank_candidates_by
                                               : fit_.ruleset.recommend_postings_by)),
        answer_({.world = world_,
                 .fit = fit_,
                 .catalogue = catalogue,
                 .query = question.query,
                 .side = side_}) {}

  void AppendPeople(Showings* showings, Responses& responses) const {
    const auto posting = Posting(world_.FindPosting(question_.subject));
    if (!posting.has_value()) return;
    std::vector<AddedMatch<matcher::RankedCandidate>> added;
    for (const MatchNotice& notice : batch_.notices) {
      const auto person = world_.people().Find(matcher::CandidateId(notice.id));
      if (!notice.added || !person.has_value()) continue;
      const auto area = world_.people().FindArea(person->candidate.area);
      if (area.has_value()) added.push_back({Rank(*person, *area, *posting), &notice});
    }
    SortByOrder(added);
    std::vector<matcher::CandidateId> shown;
    for (const auto& match : added) {
      answer_.Fill(match.entry, *posting,
                   *AppendAdded(*match.notice, responses).mutable_candidate_match());
      shown.push_back(match.entry.order.id);
    }
    if (showings != nullptr) showings->Note(*posting, shown);
  }

  void AppendPostings(Responses& responses) const {
    const auto id = world_.FindCandidate(question_.subject);
    const auto person = id.has_value() ? world_.people().Find(*id) : std::nullopt;
    if (!person.has_value()) return;
    const auto area = world_.people().FindArea(person->candidate.area);
    if (!area.has_value()) return;
    std::vector<AddedMatch<matcher::RankedPosting>> added;
    for (const MatchNotice& notice : batch_.notices) {
      const auto posting = Posting(matcher::PostingId(notice.id));
      if (!notice.added || !posting.has_value()) continue;
      const matcher::RankedCandidate pair = Rank(*person, *area, *posting);
      added.push_back({{.order = {.score = pair.order.score, .id = posting->id},
                        .score = pair.score,
                        .travel = pair.travel},
                       &notice});
    }
    SortByOrder(added);
    for (const auto& match : added) {
      answer_.Fill(match.entry, *person,
                   *AppendAdded(*match.notice, responses).mutable_posting_match());
    }
  }

  void FillBasis(v1::MatchBasis& basis) const {
    const auto posting =
        question_.of_posting ? Posting(world_.FindPosting(question_.subject)) : std::nullopt;
    answer_.FillBasis(fit_.ruleset.ForwardWeights(
                          posting.has_value() ? posting->channel : matcher::Channel::kEnterprise),
                      basis);
  }

 private:
  std::optional<matcher::PostingProfile> Posting(std::optional<matcher::PostingId> id) const {
    if (!id.has_value()) return std::nullopt;
    return world_.postings().Find(*id);
  }

  matcher::RankedCandidate Rank(const matcher::CandidateRecord& person,
                                const matcher::AreaProfile& area,
                                const matcher::PostingProfile& posting) const {
    const matcher::Travel travel = matcher::TravelBetween(area, posting, fit_);
    const matcher::PairScore score =
        matcher::ScorePair({person.candidate, person.household, posting, travel}, fit_);
    return {.order = matcher::OrderOf(person.candidate, score.BySide(side_),
                                      fit_.ruleset.candidate_ties),
            .area = area.index,
            .score = score,
            .travel = travel};
  }

  const MatchQuestion& question_;
  const MatchNews::Batch& batch_;
  const MatchWorld& world_;
  const matcher::FitContext fit_;
  const matcher::Side side_;
  const MatchAnswer answer_;
};

}  // namespace

absl::StatusOr<Responses> MatchWatch::Next(absl::Time /*deadline*/) {
  LEYE_ASSIGN_OR_RETURN(const std::optional<MatchNews::Batch> batch, news_->Take());
  Responses responses;
  if (!batch.has_value()) return responses;
  responses.reserve(MatchNews::kMostAtOnce);
  const MatchTeller teller(*question_, *batch, catalogue_);
  AppendRemoved(batch->notices, responses);
  if (question_->of_posting) {
    teller.AppendPeople(showings_, responses);
  } else {
    teller.AppendPostings(responses);
  }
  if (responses.empty()) responses.emplace_back().set_change(v1::MATCH_CHANGE_NONE);
  if (batch->last) {
    responses.back().set_last(true);
    teller.FillBasis(*responses.back().mutable_basis());
  }
  return responses;
}

}  // namespace leye::app
