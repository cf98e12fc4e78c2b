#include "matcher/plan/choice_lists.h"

#include <algorithm>
#include <optional>

#include "matcher/parallel_for.h"

namespace leye::matcher::plan {
namespace {

constexpr size_t kChunk = 512;  // applicants ranked by one thread in one go
constexpr size_t kGrowth = 4;   // a list becomes so many times as long

}  // namespace

ChoiceLists::ChoiceLists(const PlanRequest& request, const Roster& roster, Side side,
                         const ChoiceListOptions& options)
    : request_(request),
      roster_(roster),
      side_(side),
      options_(options),
      lists_(roster.applicants.size()) {
  for (const PlanPair& ban : request.bans) {
    bans_.insert({ban.candidate.value(), ban.posting.value()});
  }
}

bool ChoiceLists::IsLeftOut(Applicant applicant, Job job) const {
  const JobFacts& facts = roster_.jobs[job];
  if (facts.seats == 0) return true;
  if (facts.open_seats == 0 && !roster_.IsReservedFor(job, applicant)) return true;
  return !bans_.empty() &&
         bans_.contains({roster_.applicants[applicant].id.value(), facts.id.value()});
}

void ChoiceLists::Rank(Applicant applicant, size_t k, Ranker& ranker, List& list,
                       std::vector<Choice>& choices) const {
  const std::optional<CandidateRecord> record =
      request_.people.Find(roster_.applicants[applicant].id);
  const std::optional<AreaProfile> area = request_.people.FindArea(record->candidate.area);
  RecommendRequest asked;
  asked.k = k;
  asked.side = side_;
  if (list.ranked > 0) asked.after = list.last;
  const PostingRanking ranking = ranker.RecommendPostings(
      request_.postings,
      {.candidate = record->candidate, .household = record->household, .area = *area}, asked,
      request_.basis);
  for (const RankedPosting& entry : ranking.entries) {
    const Job job = roster_.job_of.at(entry.order.id);
    if (IsLeftOut(applicant, job)) continue;
    choices.push_back({.job = job, .score_micros = entry.order.score.micros()});
    ++list.count;
  }
  list.ranked += static_cast<uint32_t>(ranking.entries.size());
  list.complete = ranking.entries.size() < k;
  if (!ranking.entries.empty()) list.last = ranking.entries.back().order;
}

void ChoiceLists::RankFirst(Applicant begin, Applicant end, size_t threads) {
  const size_t chunks = (end - begin + kChunk - 1) / kChunk;
  std::vector<std::vector<Choice>> found(chunks);
  const size_t k = std::min(options_.first, options_.most);
  ParallelFor(chunks, threads, [&](size_t chunk) {
    Ranker ranker;
    const Applicant last =
        std::min<Applicant>(end, begin + static_cast<Applicant>((chunk + 1) * kChunk));
    for (Applicant a = begin + static_cast<Applicant>(chunk * kChunk); a < last; ++a) {
      Rank(a, k, ranker, lists_[a], found[chunk]);
    }
  });
  Applicant at = begin;
  for (const std::vector<Choice>& choices : found) {
    uint64_t position = pool_.size();
    pool_.insert(pool_.end(), choices.begin(), choices.end());
    for (size_t i = 0; i < kChunk && at < end; ++i, ++at) {
      lists_[at].begin = position;
      position += lists_[at].count;
    }
  }
}

void ChoiceLists::Extend(Applicant applicant) {
  List& list = lists_[applicant];
  const size_t k = std::min<size_t>(list.ranked * (kGrowth - 1), options_.most - list.ranked);
  const std::span<const Choice> listed = Of(applicant);
  std::vector<Choice> choices(listed.begin(), listed.end());
  Rank(applicant, k, ranker_, list, choices);
  if (choices.size() == listed.size()) return;
  // A list is one piece: the old one is left behind, a third of the new one at most.
  list.begin = pool_.size();
  pool_.insert(pool_.end(), choices.begin(), choices.end());
}

}  // namespace leye::matcher::plan
