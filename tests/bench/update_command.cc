#include "tests/bench/update_command.h"

#include <atomic>
#include <chrono>
#include <ctime>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "tests/bench/loading.h"
#include "tests/bench/random_change.h"
#include "tests/bench/report.h"
#include "tests/bench/stopwatch.h"
#include "tests/oracle/benchmark_ruleset.h"
#include "tests/oracle/dice.h"

namespace leye::bench {
namespace {

using Snapshot = std::shared_ptr<const matcher::CandidateSnapshot>;

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

// Ranks the queries of the data one after the other, and notes the times in microseconds.
class Reader {
 public:
  Reader(const Dataset& data, const Holder& holder) : data_(data), holder_(holder) {}

  std::vector<double> RankAll() {
    std::vector<double> times;
    for (const Query& query : data_.posting_queries) times.push_back(Rank(query));
    return times;
  }
  std::vector<double> RankUntil(const std::atomic<bool>& stop) {
    std::vector<double> times;
    for (size_t i = 0; !stop.load(); ++i) {
      times.push_back(Rank(data_.posting_queries[i % data_.posting_queries.size()]));
    }
    return times;
  }

 private:
  double Rank(const Query& query) {
    const matcher::PostingProfile posting = PostingProfileOf(data_.postings[query.subject]);
    const Snapshot snapshot = holder_.Get();
    const Clock::time_point asked = Clock::now();
    ranker_.RankCandidates(*snapshot, posting, {}, basis_);
    return SecondsSince(asked) * 1e6;
  }

  const Dataset& data_;
  const Holder& holder_;
  const matcher::Ruleset ruleset_ = matcher::oracle::BenchmarkRuleset();
  const matcher::SkillCatalogue catalogue_;
  const matcher::FitContext basis_{
      .ruleset = ruleset_, .catalogue = catalogue_, .day = BenchmarkDay()};
  matcher::Ranker ranker_;
};

// Changes people at random, publishes every so often, and notes what that takes.
class Updater {
 public:
  Updater(Dataset& data, matcher::CandidateIndex& index, Holder& holder,
          const UpdateOptions& options)
      : data_(data), index_(index), holder_(holder), options_(options), dice_(options.seed) {}

  void Run() {
    const Clock::time_point start = Clock::now();
    const std::clock_t cpu = std::clock();
    for (int64_t i = 1; i <= options_.updates; ++i) {
      MakeCandidate(data_, data_.candidates[ChangeSomebody(data_, dice_)], profile_);
      index_.Upsert(profile_);
      put_in_.push_back(Clock::now());
      if (i % options_.batch == 0) Publish();
    }
    seconds_ = SecondsSince(start);
    cpu_seconds_ = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  }

  double updates_per_second() const { return static_cast<double>(options_.updates) / seconds_; }
  // Of all threads.
  double cpu_seconds() const { return cpu_seconds_; }
  const std::vector<double>& publish_us() const { return publish_us_; }
  // From putting in a change until readers get it.
  const std::vector<double>& visible_us() const { return visible_us_; }

 private:
  void Publish() {
    const Clock::time_point before = Clock::now();
    holder_.Set(index_.Publish());
    publish_us_.push_back(SecondsSince(before) * 1e6);
    for (const Clock::time_point put_in : put_in_) {
      visible_us_.push_back(SecondsSince(put_in) * 1e6);
    }
    put_in_.clear();
  }

  Dataset& data_;
  matcher::CandidateIndex& index_;
  Holder& holder_;
  const UpdateOptions& options_;
  matcher::oracle::Dice dice_;
  matcher::CandidateProfile profile_;
  std::vector<Clock::time_point> put_in_;
  std::vector<double> publish_us_;
  std::vector<double> visible_us_;
  double seconds_ = 0;
  double cpu_seconds_ = 0;
};

void PrintRun(const Updater& updater, const std::vector<double>& alone,
              const std::vector<double>& beside, const UpdateOptions& options) {
  const auto p50 = [](const std::vector<double>& times) { return Percentile(times, 0.5); };
  const auto p99 = [](const std::vector<double>& times) { return Percentile(times, 0.99); };
  const double ratio = alone.empty() || beside.empty() ? 0 : p99(beside) / p99(alone);
  fmt::print(
      "{:.0f} updates/s in batches of {} ({:.2f} s of processor time); publish p50 {:.0f} us, p99 "
      "{:.0f} us; visible after p50 {:.0f} us, p99 {:.0f} us\n",
      updater.updates_per_second(), options.batch, updater.cpu_seconds(), p50(updater.publish_us()),
      p99(updater.publish_us()), p50(updater.visible_us()), p99(updater.visible_us()));
  fmt::print(
      "{} queries beside them, p50 {:.0f} us, p99 {:.0f} us; without, p50 {:.0f} us, p99 {:.0f} "
      "us; p99 grows {:.2f} times\n",
      beside.size(), p50(beside), p99(beside), p50(alone), p99(alone), ratio);
  if (!options.json) return;
  const nlohmann::json json = {{"updates", options.updates},
                               {"batch", options.batch},
                               {"updates_per_s", updater.updates_per_second()},
                               {"cpu_s", updater.cpu_seconds()},
                               {"publish_p50_us", p50(updater.publish_us())},
                               {"publish_p99_us", p99(updater.publish_us())},
                               {"visible_p50_us", p50(updater.visible_us())},
                               {"visible_p99_us", p99(updater.visible_us())},
                               {"query_p50_us", p50(beside)},
                               {"query_p99_us", p99(beside)},
                               {"queries", beside.size()},
                               {"query_alone_p50_us", p50(alone)},
                               {"query_alone_p99_us", p99(alone)},
                               {"query_p99_ratio", ratio}};
  fmt::print("{}\n", json.dump());
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
  // The reader asks about postings only, which do not change.
  Reader reader(*data, holder);
  std::vector<double> alone;
  if (options.readers) {
    reader.RankAll();  // warms up
    alone = reader.RankAll();
  }
  std::atomic<bool> stop = false;
  std::vector<double> beside;
  std::thread thread;
  if (options.readers) thread = std::thread([&] { beside = reader.RankUntil(stop); });
  Updater updater(*data, index, holder, options);
  updater.Run();
  stop = true;
  if (thread.joinable()) thread.join();
  PrintRun(updater, alone, beside, options);
  return 0;
}

}  // namespace leye::bench
