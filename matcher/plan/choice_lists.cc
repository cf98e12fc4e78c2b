#include "matcher/plan/choice_lists.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "matcher/parallel_for.h"
#include "matcher/plan/pair_sweep.h"

namespace leye::matcher::plan {
namespace {

constexpr Applicant kChunk = 512;  // applicants ranked by one thread in one go
constexpr size_t kAreas = 16;      // swept between two questions whether to go on
constexpr size_t kAreasAtPrices = 256;
constexpr size_t kAreasOfDesk = 8;  // by one thread in one go
constexpr size_t kGrowth = 4;       // a list becomes so many times as long

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
      Forget();
      return AllRanked::kTooMany;
    }
  }
  return AllRanked::kYes;
}

void ChoiceLists::Forget() {
  lists_.assign(lists_.size(), List());
  pools_.clear();
  size_ = 0;
}

bool ChoiceLists::RankBest(std::vector<Applicant> applicants, LotPrices prices, size_t threads,
                           const std::function<bool(double part)>& go_on) {
  if (by_price_ == nullptr) by_price_ = std::make_unique<PricedSweep>(request_, roster_, side_);
  by_price_->SetPrices(std::move(prices), threads);
  const auto place_of = [this](Applicant a) { return roster_.PlaceOf(a); };
  std::ranges::sort(applicants, [&](Applicant a, Applicant b) {
    return place_of(a) != place_of(b) ? place_of(a) < place_of(b) : a < b;
  });
  applicants.erase(std::unique(applicants.begin(), applicants.end()), applicants.end());
  std::span<const Applicant> rest = applicants;
  while (!rest.empty()) {
    const double left = static_cast<double>(rest.size());
    if (!go_on(1 - left / static_cast<double>(applicants.size()))) return false;
    std::vector<std::span<const Applicant>> areas;
    while (!rest.empty() && areas.size() < kAreasAtPrices) {
      const auto end = std::ranges::find_if(
          rest, [&](Applicant a) { return place_of(a) != place_of(rest.front()); });
      areas.push_back(rest.first(static_cast<size_t>(end - rest.begin())));
      rest = rest.subspan(areas.back().size());
    }
    ListBest(areas, threads);
  }
  return true;
}

void ChoiceLists::ListBest(std::span<const std::span<const Applicant>> areas, size_t threads) {
  std::vector<PricedSweep::Found> found(areas.size());
  ParallelFor((areas.size() + kAreasOfDesk - 1) / kAreasOfDesk, threads, [&](size_t part) {
    PricedSweep::Desk desk;
    const size_t end = std::min(areas.size(), (part + 1) * kAreasOfDesk);
    for (size_t i = part * kAreasOfDesk; i < end; ++i) found[i] = ListBest(areas[i], desk);
  });
  for (size_t i = 0; i < areas.size(); ++i) {
    Keep(std::move(found[i].choices), areas[i], found[i].counts);
  }
}

PricedSweep::Found ChoiceLists::ListBest(std::span<const Applicant> area, PricedSweep::Desk& desk) {
  std::vector<PricedSweep::Asked> asked;
  for (const Applicant a : area) {
    const size_t ranked = lists_[a].ranked;
    const size_t most = ranked == 0 ? options_.first : ranked + ranked / 8 + 1;
    asked.push_back({.applicant = a, .most = static_cast<uint32_t>(most)});
  }
  PricedSweep::Found found = by_price_->Sweep(asked, desk);
  for (size_t i = 0; i < asked.size(); ++i) {
    List& list = lists_[asked[i].applicant];
    list.ranked = asked[i].most;
    list.complete = found.unlisted[i] == PricedSweep::kNothing;
    list.unlisted_micros = list.complete ? 0 : static_cast<int32_t>(found.unlisted[i]);
  }
  return found;
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
  if (ranking.entries.empty()) return;
  list.last = ranking.entries.back().order;
  list.unlisted_micros = list.last.score.micros();
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
