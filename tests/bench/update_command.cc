#include "tests/bench/update_command.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "tests/bench/loading.h"
#include "tests/bench/random_change.h"
#include "tests/bench/report.h"
#include "tests/oracle/benchmark_ruleset.h"
#include "tests/oracle/dice.h"

namespace leye::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Snapshot = std::shared_ptr<const matcher::CandidateSnapshot>;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What readers see.
class Holder {
 public:
  void Set(Snapshot snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_.swap(snapshot);
  }
  Snapshot Get() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }

 private:
  mutable std::mutex mutex_;
  Snapshot snapshot_;
};

// Ranks the queries of the data one after the other until told to stop; times in microseconds.
std::vector<double> RankUntil(const Dataset& data, const Holder& holder,
                              const std::atomic<bool>& stop) {
  const matcher::Ruleset ruleset = matcher::oracle::BenchmarkRuleset();
  const matcher::SkillCatalogue catalogue;
  const matcher::FitContext basis{
      .ruleset = ruleset, .catalogue = catalogue, .day = BenchmarkDay()};
  matcher::Ranker ranker;
  std::vector<double> times;
  for (size_t i = 0; !stop.load(); ++i) {
    const Query& query = data.posting_queries[i % data.posting_queries.size()];
    const matcher::PostingProfile posting = PostingProfileOf(data.postings[query.subject]);
    const Snapshot snapshot = holder.Get();
    const Clock::time_point asked = Clock::now();
    ranker.RankCandidates(*snapshot, posting, {}, basis);
    times.push_back(SecondsSince(asked) * 1e6);
  }
  return times;
}

}  // namespace

int RunUpdate(const UpdateOptions& options) {
  absl::StatusOr<Dataset> data = ReadDataset(options.data);
  if (!data.ok()) {
    fmt::print(stderr, "{}\n", data.status().ToString());
    return 2;
  }
  matcher::CandidateIndex index;
  Holder holder;
  holder.Set(LoadPeople(*data, index));
  std::atomic<bool> stop = false;
  std::vector<double> times;
  std::thread reader;
  const Dataset unchanged = *data;
  if (options.readers) {
    reader = std::thread([&] { times = RankUntil(unchanged, holder, stop); });
  }
  matcher::oracle::Dice dice(options.seed);
  matcher::CandidateProfile profile;
  std::vector<double> publish_us;
  const Clock::time_point start = Clock::now();
  for (int64_t i = 1; i <= options.updates; ++i) {
    MakeCandidate(*data, data->candidates[ChangeSomebody(*data, dice)], profile);
    index.Upsert(profile);
    if (i % options.batch != 0) continue;
    const Clock::time_point before = Clock::now();
    holder.Set(index.Publish());
    publish_us.push_back(SecondsSince(before) * 1e6);
  }
  const double seconds = SecondsSince(start);
  stop = true;
  if (reader.joinable()) reader.join();
  const nlohmann::json json = {{"updates", options.updates},
                               {"batch", options.batch},
                               {"updates_per_s", static_cast<double>(options.updates) / seconds},
                               {"publish_p50_us", Percentile(publish_us, 0.5)},
                               {"publish_p99_us", Percentile(publish_us, 0.99)},
                               {"query_p50_us", Percentile(times, 0.5)},
                               {"query_p99_us", Percentile(times, 0.99)},
                               {"queries", times.size()}};
  fmt::print(
      "{:.0f} updates/s in batches of {}; publish p50 {:.0f} us, p99 {:.0f} us; {} queries, "
      "p50 {:.0f} us, p99 {:.0f} us\n",
      static_cast<double>(options.updates) / seconds, options.batch, Percentile(publish_us, 0.5),
      Percentile(publish_us, 0.99), times.size(), Percentile(times, 0.5), Percentile(times, 0.99));
  if (options.json) fmt::print("{}\n", json.dump());
  return 0;
}

}  // namespace leye::bench
