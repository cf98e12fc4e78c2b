// leye_bench rank and recommend.
#include <chrono>

#include <fmt/core.h>

#include "tests/bench/loading.h"
#include "tests/bench/plain_check.h"
#include "tests/bench/query_run.h"
#include "tests/oracle/benchmark_ruleset.h"

namespace leye::bench {
namespace {

using Clock = std::chrono::steady_clock;

// The ruleset, an empty catalogue and the day, with stable addresses.
struct Basis {
  matcher::Ruleset ruleset = matcher::oracle::BenchmarkRuleset();
  matcher::SkillCatalogue catalogue;
  matcher::FitContext context{.ruleset = ruleset, .catalogue = catalogue, .day = BenchmarkDay()};
};

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

int Finish(const Report& report, const QueryOptions& options) {
  PrintTable(report);
  if (options.json) PrintJson(report);
  return report.mismatches.value_or(0) == 0 ? 0 : 1;
}

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

int RunRank(const QueryOptions& options) {
  const absl::StatusOr<Dataset> data = ReadDataset(options.data);
  if (!data.ok()) {
    fmt::print(stderr, "{}\n", data.status().ToString());
    return 2;
  }
  const Basis basis;
  Report report;
  matcher::CandidateIndex index;
  const Clock::time_point start = Clock::now();
  const auto people = LoadPeople(*data, index);
  report.build_seconds = SecondsSince(start);
  report.bytes_per_candidate = static_cast<double>(people->MemoryBytes()) /
                               static_cast<double>(std::max<size_t>(1, data->candidates.size()));
  std::vector<matcher::PostingProfile> postings;
  for (const PostingRecord& record : data->postings) postings.push_back(PostingProfileOf(record));
  const MakeAsk make_ask = [&]() -> Ask {
    auto ranker = std::make_shared<matcher::Ranker>();
    return [&, ranker](const Query& query) {
      const matcher::RankRequest request{.k = options.k, .side = {}, .after = {}, .funnel = {}};
      const Clock::time_point asked = Clock::now();
      const auto ranking =
          ranker->RankCandidates(*people, postings[query.subject], request, basis.context);
      return AnswerOf(ranking, asked);
    };
  };
  const Scan scan = [&](const Query& query) {
    return ScanCandidates(*data, data->postings[query.subject], options.k);
  };
  RunQueries(data->posting_queries, options, make_ask, scan, report);
  return Finish(report, options);
}

int RunRecommend(const QueryOptions& options) {
  const absl::StatusOr<Dataset> data = ReadDataset(options.data);
  if (!data.ok()) {
    fmt::print(stderr, "{}\n", data.status().ToString());
    return 2;
  }
  const Basis basis;
  Report report;
  matcher::PostingIndex index;
  const Clock::time_point start = Clock::now();
  const auto postings = LoadPostings(*data, index);
  report.build_seconds = SecondsSince(start);
  report.bytes_per_posting = static_cast<double>(postings->MemoryBytes()) /
                             static_cast<double>(std::max<size_t>(1, data->postings.size()));
  const MakeAsk make_ask = [&]() -> Ask {
    auto ranker = std::make_shared<matcher::Ranker>();
    return [&, ranker](const Query& query) {
      const CandidateRecord& record = data->candidates[query.subject];
      const matcher::RecommendRequest request{
          .k = options.k, .side = {}, .after = {}, .funnel = {}};
      const matcher::HouseholdProfile household;
      const matcher::AreaProfile area = AreaProfileOf(*data, record.area);
      matcher::CandidateProfile candidate;
      MakeCandidate(*data, record, candidate);
      const matcher::Person person{.candidate = candidate, .household = household, .area = area};
      const Clock::time_point asked = Clock::now();
      const auto ranking = ranker->RecommendPostings(*postings, person, request, basis.context);
      return AnswerOf(ranking, asked);
    };
  };
  const Scan scan = [&](const Query& query) {
    return ScanPostings(*data, data->candidates[query.subject], options.k);
  };
  RunQueries(data->candidate_queries, options, make_ask, scan, report);
  return Finish(report, options);
}

}  // namespace leye::bench
