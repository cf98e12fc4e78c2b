#include "matcher/plan/choice_lists.h"

#include <algorithm>
#include <optional>

#include "matcher/parallel_for.h"
#include "matcher/plan/pair_sweep.h"

namespace leye::matcher::plan {
namespace {

constexpr Applicant kChunk = 512;  // applicants ranked by one thread in one go
constexpr size_t kAreas = 16;      // swept between two questions whether to go on
constexpr size_t kGrowth = 4;      // a list becomes so many times as long

}  // namespace

ChoiceLists::ChoiceLists(const PlanRequest& request, const Roster& roster, Side side,
                         const ChoiceListOptions& options)
    : request_(request),
      roster_(roster),
      side_(side),
      options_(options),
      lists_(roster.applicants.size()) {}

ChoiceLists::AllRanked ChoiceLists::RankAll(size_t threads,
                                            const std::function<bool(double part)>& go_on) {
  const PairSweep sweep(request_, roster_, side_);
  const size_t count = sweep.area_count();
  for (size_t begin = 0; begin < count; begin += kAreas) {
    if (!go_on(static_cast<double>(begin) / static_cast<double>(count))) {
      return AllRanked::kStopped;
    }
    std::vector<PairSweep::Area> areas(std::min(kAreas, count - begin));
    ParallelFor(areas.size(), threads, [&](size_t i) { areas[i] = sweep.Sweep(begin + i); });
    for (PairSweep::Area& area : areas) {
      Keep(std::move(area.choices), area.people, area.counts);
      for (const Applicant applicant : area.people) lists_[applicant].complete = true;
    }
    if (size_ > options_.most_in_all) {
      lists_.assign(lists_.size(), List());
      pools_.clear();
      size_ = 0;
      return AllRanked::kTooMany;
    }
  }
  return AllRanked::kYes;
}

void ChoiceLists::Keep(std::vector<Choice> pool, std::span<const Applicant> applicants,
                       std::span<const uint32_t> counts) {
  size_ += pool.size();
  pools_.push_back(std::move(pool));
  std::span<const Choice> rest = pools_.back();
  for (size_t i = 0; i < applicants.size(); ++i) {
    lists_[applicants[i]].choices = rest.first(counts[i]);
    rest = rest.subspan(counts[i]);
  }
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
    if (!roster_.MaySit(applicant, job)) continue;
    choices.push_back({.job = job, .score_micros = entry.order.score.micros()});
  }
  list.ranked += static_cast<uint32_t>(ranking.entries.size());
  list.complete = ranking.entries.size() < k;
  if (!ranking.entries.empty()) list.last = ranking.entries.back().order;
}

void ChoiceLists::RankFirst(Applicant begin, Applicant end, size_t threads) {
  struct Found {
    std::vector<Applicant> applicants;
    std::vector<Choice> choices;
    std::vector<uint32_t> counts;
  };
  std::vector<Found> chunks((end - begin + kChunk - 1) / kChunk);
  const size_t k = std::min(options_.first, options_.most);
  ParallelFor(chunks.size(), threads, [&](size_t chunk) {
    Ranker ranker;
    Found& found = chunks[chunk];
    const auto first = begin + static_cast<Applicant>(chunk * kChunk);
    for (Applicant a = first; a < std::min<Applicant>(end, first + kChunk); ++a) {
      const size_t before = found.choices.size();
      Rank(a, k, ranker, lists_[a], found.choices);
      found.applicants.push_back(a);
      found.counts.push_back(static_cast<uint32_t>(found.choices.size() - before));
    }
  });
  for (Found& found : chunks) Keep(std::move(found.choices), found.applicants, found.counts);
}

void ChoiceLists::Extend(Applicant applicant) {
  List& list = lists_[applicant];
  const size_t k = std::min<size_t>(list.ranked * (kGrowth - 1), options_.most - list.ranked);
  const std::span<const Choice> listed = Of(applicant);
  std::vector<Choice> choices(listed.begin(), listed.end());
  Rank(applicant, k, ranker_, list, choices);
  if (choices.size() == listed.size()) return;
  // A list is one piece: the old one is left behind, a third of the new one at most.
  const auto count = static_cast<uint32_t>(choices.size());
  Keep(std::move(choices), std::span(&applicant, 1), std::span(&count, 1));
}

}  // namespace leye::matcher::plan
