// leye_bench rank and recommend.
#include <chrono>
#include <functional>
#include <memory>

#include <fmt/core.h>

#include "tests/bench/column_scan.h"
#include "tests/bench/fit_scan.h"
#include "tests/bench/loading.h"
#include "tests/bench/plain_check.h"
#include "tests/bench/query_run.h"
#include "tests/bench/stopwatch.h"

namespace leye::bench {
namespace {

template <typename Ranking>
Answer AnswerOf(const Ranking& ranking, Clock::time_point start) {
  Answer answer;
  answer.microseconds = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  answer.statistics = ranking.statistics;
  for (const auto& entry : ranking.entries) {
    answer.entries.push_back(
        {.id = entry.order.id.value(), .score_micros = entry.order.score.micros()});
  }
  return answer;
}

double Each(size_t bytes, size_t count) {
  return static_cast<double>(bytes) / static_cast<double>(std::max<size_t>(1, count));
}

// Asks for the pages up to options.page, each from the end of the one before it; the answer is the
// last one and what it cost. `ask` takes a request.
template <typename Request, typename AskOnce>
Answer AskForPage(const QueryOptions& options, const AskOnce& ask) {
  Request request{.k = options.k, .side = {}, .after = {}, .funnel = {}};
  for (int page = 1;; ++page) {
    const Clock::time_point asked = Clock::now();
    const auto ranking = ask(request);
    if (page >= options.page || ranking.entries.empty()) return AnswerOf(ranking, asked);
    request.after = ranking.entries.back().order;
  }
}

// The basis with travel times, if they are asked for. Keeps them.
class TimedBasis {
 public:
  TimedBasis(const Dataset& data, const QueryOptions& options, const Basis& basis)
      : times_(options.travel_places == 0
                   ? nullptr
                   : MakeTravelTimes(data, options.travel_places, basis.context().ruleset)),
        context_(basis.context()) {
    context_.travel_times = times_.get();
  }
  const matcher::FitContext& context() const { return context_; }

 private:
  std::shared_ptr<const matcher::TravelTable> times_;
  matcher::FitContext context_;
};

// Asks all queries, and before that, for the ratio, without travel times. `make_ask` and `scan`
// take the context.
template <typename MakeAskIn, typename ScanIn>
void RunTimed(const std::vector<Query>& queries, const QueryOptions& options, const Basis& basis,
              const TimedBasis& timed, const MakeAskIn& make_ask, const ScanIn& scan,
              Report& report) {
  if (options.travel_places > 0) {
    report.without_times = std::make_unique<Report>();
    RunQueries(queries, options, make_ask(basis.context()), scan(basis.context()),
               *report.without_times);
  }
  RunQueries(queries, options, make_ask(timed.context()), scan(timed.context()), report);
}

// The last page of the best k x page.
Scan PageOf(const QueryOptions& options,
            std::function<Scan::result_type(const Query&, size_t)> best) {
  return [options, best = std::move(best)](const Query& query) {
    const auto pages = static_cast<size_t>(options.page);
    std::vector<Answer::Entry> entries = best(query, options.k * pages);
    const size_t before = std::min(entries.size(), options.k * (pages - 1));
    entries.erase(entries.begin(), entries.begin() + static_cast<ptrdiff_t>(before));
    return entries;
  };
}

// The same queries by the scan of columns, for the ratio.
template <typename Best>
void AddScan(const std::vector<Query>& queries, const QueryOptions& options, const Best& best,
             Report& report) {
  if (!options.against_scan) return;
  Report& scanned = *(report.scan = std::make_unique<Report>());
  for (const Query& query : queries) {
    const Clock::time_point asked = Clock::now();
    Answer answer = best(query);
    answer.microseconds = SecondsSince(asked) * 1e6;
    scanned.Add(answer, query.query_class);
  }
}

}  // namespace

int RunRank(const QueryOptions& options) {
  const absl::StatusOr<Dataset> data = ReadDataset(options.data);
  if (!data.ok()) {
    fmt::print(stderr, "{}\n", data.status().ToString());
    return 2;
  }
  const Basis basis(options.rules);
  Report report;
  matcher::CandidateIndex index;
  const Clock::time_point start = Clock::now();
  const auto people = LoadPeople(*data, index);
  report.build_seconds = SecondsSince(start);
  report.bytes_per_candidate = Each(people->MemoryBytes(), data->candidates.size());
  std::vector<matcher::PostingProfile> postings;
  for (const PostingRecord& record : data->postings) postings.push_back(PostingProfileOf(record));
  const TimedBasis timed(*data, options, basis);
  const auto make_ask = [&](const matcher::FitContext& context) -> MakeAsk {
    return [&]() -> Ask {
      auto ranker = std::make_shared<matcher::Ranker>();
      return [&, ranker](const Query& query) {
        return AskForPage<matcher::RankRequest>(options, [&](const matcher::RankRequest& request) {
          return ranker->RankCandidates(*people, postings[query.subject], request, context);
        });
      };
    };
  };
  const auto scan = [&](const matcher::FitContext& context) {
    return PageOf(options, [&](const Query& query, size_t k) {
      const bool plain = options.rules == Rules::kBenchmark && context.travel_times == nullptr;
      return plain ? ScanCandidates(*data, data->postings[query.subject], k)
                   : FitCandidates(*data, postings[query.subject], context, k);
    });
  };
  RunTimed(data->posting_queries, options, basis, timed, make_ask, scan, report);
  const PeopleColumns columns(*data);
  AddScan(
      data->posting_queries, options,
      [&](const Query& query) { return columns.Best(data->postings[query.subject], options.k); },
      report);
  return Finish(report, options);
}

int RunRecommend(const QueryOptions& options) {
  const absl::StatusOr<Dataset> data = ReadDataset(options.data);
  if (!data.ok()) {
    fmt::print(stderr, "{}\n", data.status().ToString());
    return 2;
  }
  const Basis basis(options.rules);
  Report report;
  matcher::PostingIndex index;
  const Clock::time_point start = Clock::now();
  const auto postings = LoadPostings(*data, index);
  report.build_seconds = SecondsSince(start);
  report.bytes_per_posting = Each(postings->MemoryBytes(), data->postings.size());
  const TimedBasis timed(*data, options, basis);
  const auto make_ask = [&](const matcher::FitContext& context) -> MakeAsk {
    return [&]() -> Ask {
      auto ranker = std::make_shared<matcher::Ranker>();
      return [&, ranker](const Query& query) {
        const CandidateRecord& record = data->candidates[query.subject];
        const matcher::HouseholdProfile household;
        const matcher::AreaProfile area = AreaProfileOf(*data, record.area);
        matcher::CandidateProfile candidate;
        MakeCandidate(*data, record, candidate);
        const matcher::Person person{.candidate = candidate, .household = household, .area = area};
        return AskForPage<matcher::RecommendRequest>(
            options, [&](const matcher::RecommendRequest& request) {
              return ranker->RecommendPostings(*postings, person, request, context);
            });
      };
    };
  };
  std::vector<matcher::PostingProfile> profiles;
  const bool judged = options.rules != Rules::kBenchmark || options.travel_places > 0;
  if (judged && options.verify_queries > 0) {
    for (const PostingRecord& record : data->postings) profiles.push_back(PostingProfileOf(record));
  }
  const auto scan = [&](const matcher::FitContext& context) {
    return PageOf(options, [&](const Query& query, size_t k) {
      const CandidateRecord& person = data->candidates[query.subject];
      const bool plain = options.rules == Rules::kBenchmark && context.travel_times == nullptr;
      return plain ? ScanPostings(*data, person, k)
                   : FitPostings(*data, profiles, person, context, k);
    });
  };
  RunTimed(data->candidate_queries, options, basis, timed, make_ask, scan, report);
  const PostingColumns columns(*data);
  AddScan(
      data->candidate_queries, options,
      [&](const Query& query) {
        const CandidateRecord& person = data->candidates[query.subject];
        return columns.Best(person, data->SkillsOf(person), data->areas[person.area].at, options.k);
      },
      report);
  return Finish(report, options);
}

}  // namespace leye::bench
