#include "tests/bench/watch_command.h"

#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "services/app/catalogue_loader.h"
#include "services/app/match_watch_rounds.h"
#include "tests/bench/loading.h"
#include "tests/bench/random_change.h"
#include "tests/oracle/dice.h"

namespace leye::bench {
namespace {

constexpr char kPeople[] = "regions/13/candidates/";
constexpr char kPostings[] = "regions/13/postings/";

template <typename RecordId>
std::optional<RecordId> IdIn(absl::string_view name, absl::string_view prefix) {
  uint64_t id = 0;
  if (!absl::ConsumePrefix(&name, prefix) || !absl::SimpleAtoi(name, &id)) return std::nullopt;
  return RecordId(id);
}

// Two snapshots; names are numbers.
class BenchWorld final : public app::MatchWorld {
 public:
  BenchWorld(std::shared_ptr<const matcher::CandidateSnapshot> people,
             std::shared_ptr<const matcher::PostingSnapshot> postings)
      : people_(std::move(people)), postings_(std::move(postings)) {}

  const matcher::CandidateSnapshot& people() const override { return *people_; }
  const matcher::PostingSnapshot& postings() const override { return *postings_; }
  const matcher::TravelTable* travel_times() const override { return nullptr; }
  const store::Heads& revisions() const override { return revisions_; }
  absl::Time published() const override { return absl::UnixEpoch(); }
  absl::Time current() const override { return absl::UnixEpoch(); }
  std::optional<matcher::CandidateId> FindCandidate(absl::string_view name) const override {
    return IdIn<matcher::CandidateId>(name, kPeople);
  }
  std::optional<matcher::PostingId> FindPosting(absl::string_view name) const override {
    return IdIn<matcher::PostingId>(name, kPostings);
  }
  std::string NameOf(matcher::CandidateId id) const override {
    return absl::StrCat(kPeople, id.value());
  }
  std::string NameOf(matcher::PostingId id) const override {
    return absl::StrCat(kPostings, id.value());
  }
  app::PostingDisplay DisplayOf(matcher::PostingId /*id*/) const override { return {}; }
  std::string EmployerOf(matcher::PostingId /*id*/) const override { return ""; }
  app::AreaDisplay DisplayOf(matcher::AreaIndex /*area*/) const override { return {}; }
  std::span<const matcher::Showing> ShowingsOf(matcher::CandidateId /*person*/) const override {
    return {};
  }
  void ForEachShown(
      store::Region /*region*/,
      absl::FunctionRef<void(matcher::CandidateId, std::span<const matcher::Showing>)> /*visit*/)
      const override {}

 private:
  const std::shared_ptr<const matcher::CandidateSnapshot> people_;
  const std::shared_ptr<const matcher::PostingSnapshot> postings_;
  const store::Heads revisions_;
};

class BenchmarkClock final : public leye::Clock {
 public:
  absl::Time Now() const override {
    return absl::FromCivil(BenchmarkDay().civil(), absl::UTCTimeZone());
  }
};

// Adds the processor time that this thread takes while it lives.
class ProcessorTime {
 public:
  explicit ProcessorTime(double& seconds) : seconds_(seconds), before_(Now()) {}
  ~ProcessorTime() { seconds_ += Now() - before_; }
  ProcessorTime(const ProcessorTime&) = delete;
  ProcessorTime& operator=(const ProcessorTime&) = delete;

 private:
  static double Now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  }

  double& seconds_;
  const double before_;
};

// A world that changes, its watches and their readers, on one thread.
class WatchRun {
 public:
  WatchRun(Dataset& data, const app::Catalogue& catalogue, const WatchOptions& options)
      : data_(data), catalogue_(catalogue), options_(options), dice_(options.seed) {
    people_now_ = LoadPeople(data_, people_);
    postings_now_ = LoadPostings(data_, postings_);
    MakeWorld();
  }

  void OpenWatches() {
    for (int i = 0; i < options_.watches; ++i) Open(i % 2 == 0);
    const ProcessorTime time(begin_seconds_);
    do {
      rounds_.Run({.world = world_, .changed = {}});
      Read();
    } while (rounds_.busy() || told_ == 0);
    matches_ = std::exchange(told_, 0);
  }

  void Update() {
    for (int64_t done = 0; done < options_.updates; done += options_.batch) {
      matcher::ChangedIds changed;
      for (int64_t i = 0; i < options_.batch; ++i) ChangeOne(changed);
      people_now_ = people_.Publish();
      postings_now_ = postings_.Publish();
      MakeWorld();
      {
        const ProcessorTime time(round_seconds_);
        rounds_.Run({.world = world_, .changed = changed});
        while (rounds_.busy()) rounds_.Run({.world = world_, .changed = {}});
      }
      const ProcessorTime time(read_seconds_);
      Read();
    }
  }

  void Print() const {
    const auto updates = static_cast<double>(options_.updates);
    fmt::print(
        "{} watches with {} matches, worked out in {:.2f} s; {} updates: {:.1f} us each to find "
        "who is to be told, {:.1f} us to tell {} changes; at 1,000 a second {:.1f} % of a core\n",
        options_.watches, matches_, begin_seconds_, options_.updates,
        round_seconds_ / updates * 1e6, read_seconds_ / updates * 1e6, told_,
        (round_seconds_ + read_seconds_) / updates * 1e5);
    if (!options_.json) return;
    const nlohmann::json json = {{"watches", options_.watches},
                                 {"matches", matches_},
                                 {"begin_s", begin_seconds_},
                                 {"updates", options_.updates},
                                 {"round_us", round_seconds_ / updates * 1e6},
                                 {"read_us", read_seconds_ / updates * 1e6},
                                 {"told", told_}};
    fmt::print("{}\n", json.dump());
  }

 private:
  void MakeWorld() { world_ = std::make_shared<const BenchWorld>(people_now_, postings_now_); }

  void Open(bool of_posting) {
    const size_t count = of_posting ? data_.postings.size() : data_.candidates.size();
    const auto at = static_cast<size_t>(dice_.Between(0, static_cast<int>(count) - 1));
    app::MatchQuestion question{
        .subject = absl::StrCat(of_posting ? kPostings : kPeople,
                                of_posting ? data_.postings[at].id : data_.candidates[at].id),
        .of_posting = of_posting,
        .least = of_posting ? LeastOf(data_.postings[at]) : LeastOf(data_.candidates[at]),
        .query = {},
        .caller = {.principal = access::LocalOperator()}};
    question.query.full = false;
    const auto shared = std::make_shared<const app::MatchQuestion>(std::move(question));
    const auto news = std::make_shared<app::MatchNews>();
    rounds_.Add(shared, {}, news);
    watches_.push_back(std::make_unique<app::MatchWatch>(shared, news, catalogue_));
  }

  template <typename Ranking>
  matcher::Score LeastIn(const Ranking& ranking) const {
    return ranking.entries.size() < options_.best ? matcher::Score::Zero()
                                                  : ranking.entries.back().order.score;
  }
  matcher::Score LeastOf(const PostingRecord& posting) {
    return LeastIn(ranker_.RankCandidates(*people_now_, PostingProfileOf(posting),
                                          {.k = options_.best, .side = {}, .after = {}}, fit_));
  }
  matcher::Score LeastOf(const CandidateRecord& record) {
    matcher::CandidateProfile profile;
    MakeCandidate(data_, record, profile);
    const auto person = people_now_->Find(profile.id);
    return LeastIn(ranker_.RecommendPostings(
        *postings_now_, {person->candidate, person->household, AreaProfileOf(data_, record.area)},
        {.k = options_.best, .side = {}, .after = {}}, fit_));
  }

  void ChangeOne(matcher::ChangedIds& changed) {
    if (dice_.OneIn(20)) {
      const auto at =
          static_cast<size_t>(dice_.Between(0, static_cast<int>(data_.postings.size()) - 1));
      matcher::PostingProfile posting = PostingProfileOf(data_.postings[at]);
      closed_[at] = !closed_[at];
      posting.open = !closed_[at];
      postings_.Upsert(posting);
      changed.Add(posting.id);
      return;
    }
    MakeCandidate(data_, data_.candidates[ChangeSomebody(data_, dice_)], profile_);
    people_.Upsert(profile_);
    changed.Add(profile_.id);
  }

  void Read() {
    for (const auto& watch : watches_) {
      const auto events = watch->Next({});
      if (events.ok()) told_ += static_cast<int64_t>(events->size());
    }
  }

  Dataset& data_;
  const app::Catalogue& catalogue_;
  const WatchOptions& options_;
  matcher::oracle::Dice dice_;
  matcher::CandidateIndex people_;
  matcher::PostingIndex postings_;
  std::shared_ptr<const matcher::CandidateSnapshot> people_now_;
  std::shared_ptr<const matcher::PostingSnapshot> postings_now_;
  std::shared_ptr<const BenchWorld> world_;
  const BenchmarkClock clock_;
  const app::OneRuleset rules_{matcher::DefaultRuleset()};
  const app::RulesetSource::Ruleset ruleset_ =
      rules_.InForce(store::Region::FromNumber(13), absl::CivilDay());
  const matcher::FitContext fit_{
      .ruleset = *ruleset_, .catalogue = catalogue_.matcher_catalogue(), .day = BenchmarkDay()};
  matcher::Ranker ranker_;
  matcher::CandidateProfile profile_;
  std::vector<bool> closed_ = std::vector<bool>(data_.postings.size());
  app::MatchWatchRounds rounds_{{.rulesets = rules_, .catalogue = catalogue_, .clock = clock_}};
  std::vector<std::unique_ptr<app::MatchWatch>> watches_;
  int64_t matches_ = 0;
  int64_t told_ = 0;
  double begin_seconds_ = 0;
  double round_seconds_ = 0;
  double read_seconds_ = 0;
};

}  // namespace

int RunWatch(const WatchOptions& options) {
  absl::StatusOr<Dataset> data = ReadDataset(options.data);
  const absl::StatusOr<app::Catalogue> catalogue = app::Catalogue::Parse(app::BuiltInTables());
  if (!data.ok() || !catalogue.ok()) {
    fmt::print(stderr, "{} {}\n", data.status().ToString(), catalogue.status().ToString());
    return 2;
  }
  WatchRun run(*data, *catalogue, options);
  run.OpenWatches();
  run.Update();
  run.Print();
  return 0;
}

}  // namespace leye::bench
