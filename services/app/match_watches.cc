#include "services/app/match_watches.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/app/match_watch_rounds.h"
#include "services/base/mutex.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

// How long a new watch, a closed one or Stop may have to wait for the thread.
constexpr absl::Duration kLongestTurn = absl::Milliseconds(20);
// Lets the pool go on between two rounds that have much to do.
constexpr absl::Duration kShortestTurn = absl::Milliseconds(1);

absl::Status TooManyWatches() {
  return WithMessageZh(Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_WATCHES",
                             "too many matches are being watched: try again later"),
                       "订阅数量已达上限，请稍后重试");
}

// An employer may look for people, a person for postings: as for RankCandidates and
// RecommendPostings.
absl::Status CheckDirection(access::Role role, bool of_posting) {
  if (role == access::Role::kEnterprise && !of_posting) {
    return access::OutOfScope("candidate", "求职者");
  }
  if (role == access::Role::kApp && of_posting) return access::OutOfScope("posting", "岗位");
  return absl::OkStatus();
}

}  // namespace

// The thread, and what waits for it. Thread-safe.
class MatchWatches::Loop {
 public:
  explicit Loop(const Parts& parts)
      : changes_(parts.changes),
        rounds_({.rulesets = parts.rulesets, .catalogue = parts.catalogue, .clock = parts.clock}),
        thread_([this] { Run(); }) {}
  ~Loop() { Stop(); }

  // A watch that waits for the thread.
  struct Added {
    std::shared_ptr<const MatchQuestion> question;
    std::vector<std::string> known;
    std::shared_ptr<MatchNews> news;
  };

  absl::Status Add(Added added) ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      MutexLock lock(mutex_);
      if (watches_ >= kMostWatches) return TooManyWatches();
      ++watches_;
      if (!stopping_) {
        added_.push_back(std::move(added));
      } else {
        added.news->Stop();  // Nobody is woken by it yet: whoever comes is stopped at once.
      }
    }
    added_or_stopping_.NotifyOne();
    return absl::OkStatus();
  }

  void Stop() ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      MutexLock lock(mutex_);
      stopping_ = true;
    }
    added_or_stopping_.NotifyOne();
    if (!thread_.joinable()) return;
    thread_.join();
    TakeAdded();
    rounds_.StopReaders();
  }

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_) {
    while (AwaitWork()) {
      TakeAdded();
      rounds_.Run(changes_.Take(SteadyDeadline(rounds_.busy() ? kShortestTurn : kLongestTurn)));
      MutexLock lock(mutex_);
      watches_ = rounds_.size() + added_.size();
    }
  }

  // False when it is time to end.
  bool AwaitWork() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    while (!stopping_ && watches_ == 0) added_or_stopping_.Wait(mutex_);
    return !stopping_;
  }

  void TakeAdded() ABSL_LOCKS_EXCLUDED(mutex_) {
    std::vector<Added> added;
    {
      MutexLock lock(mutex_);
      added.swap(added_);
    }
    for (const Added& one : added) rounds_.Add(one.question, one.known, one.news);
  }

  const MatchChangeSource changes_;
  MatchWatchRounds rounds_;  // The thread's, until that has ended.
  Mutex mutex_;
  CondVar added_or_stopping_;
  std::vector<Added> added_ ABSL_GUARDED_BY(mutex_);
  size_t watches_ ABSL_GUARDED_BY(mutex_) = 0;  // Open ones, at least.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

MatchWatches::MatchWatches(const Parts& parts)
    : parts_(parts),
      validator_(*v1::WatchMatchesRequest::descriptor()),
      reader_(parts.catalogue),
      loop_(std::make_unique<Loop>(parts)) {}

MatchWatches::~MatchWatches() = default;

void MatchWatches::Stop() { loop_->Stop(); }

absl::StatusOr<MatchQuestion> MatchWatches::Read(const v1::WatchMatchesRequest& request,
                                                 const CallContext& context) const {
  Violations violations;
  v1::WatchMatchesRequest alone = request;
  alone.clear_options();  // Are read by themselves.
  validator_.Check(
      alone, {.region = store::Region::FromNumber(0), .catalogue = parts_.catalogue, .path = ""},
      violations);
  const bool of_posting = !request.has_candidate();
  const std::string& subject = of_posting ? request.posting() : request.candidate();
  MatchQueryReader::CheckName(subject, of_posting ? "postings" : "candidates",
                              of_posting ? "posting" : "candidate", violations);
  for (int i = 0; i < request.known_size(); ++i) {
    MatchQueryReader::CheckName(request.known(i), of_posting ? "candidates" : "postings",
                                absl::StrCat("known[", i, "]"), violations);
  }
  if (request.options().forward_weights_size() + request.options().reverse_weights_size() > 0) {
    violations.Add({"options", "NOT_ALLOWED", "must not have weights: the ruleset's are used",
                    "不得自定权重：须采用规则集的权重"});
  }
  const auto rules = parts_.rulesets.InForce(store::Region::FromNumber(0), Today(parts_.clock));
  MatchQuery query = reader_.ReadOptions(request.options(), rules, context, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  MatchQuestion question{.subject = subject,
                         .of_posting = of_posting,
                         .least = matcher::Score::FromMicros(request.min_score_micros()),
                         .query = std::move(query),
                         .caller = context};
  question.caller.cancelled = {};  // The call's, which ends before the watch is let go of.
  return question;
}

absl::StatusOr<std::unique_ptr<MatchWatch>> MatchWatches::WatchMatches(
    const v1::WatchMatchesRequest& request, const CallContext& context) const {
  LEYE_RETURN_IF_ERROR(CheckDirection(context.principal.role, !request.has_candidate()));
  LEYE_ASSIGN_OR_RETURN(MatchQuestion read, Read(request, context));
  const auto question = std::make_shared<const MatchQuestion>(std::move(read));
  const auto news = std::make_shared<MatchNews>();
  LEYE_RETURN_IF_ERROR(loop_->Add({.question = question,
                                   .known = {request.known().begin(), request.known().end()},
                                   .news = news}));
  return std::make_unique<MatchWatch>(question, news, parts_.catalogue, parts_.showings);
}

}  // namespace leye::app
