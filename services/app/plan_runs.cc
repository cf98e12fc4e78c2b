#include "services/app/plan_runs.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "matcher/plan/plan.h"
#include "services/app/formats.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/plan_problem.h"
#include "services/app/plan_records.h"
#include "services/app/record_codec.h"
#include "services/app/working_set.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Region;

namespace {

constexpr int kMaxWaiting = 1'000;
constexpr int kMaxAttempts = 3;
constexpr size_t kPartsACommit = 50;  // Some 10,000 lines: far below what a commit may hold.
constexpr size_t kMaxFailure = 1'000;

bool IsFree(const storage::v1::PlanRun& run, absl::Time now) {
  if (run.has_start_time() && ToTime(run.start_time()) > now) return false;
  return run.runner().empty() || ToTime(run.lease_expire_time()) <= now;
}

// What may be different at the next attempt.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsAborted(status);
}

absl::Status TookTooLong(absl::Duration most_time) {
  return absl::ResourceExhaustedError(absl::StrCat("took longer than ",
                                                   absl::FormatDuration(most_time),
                                                   ": plan fewer people or postings at once"));
}

v1::PlanStage StageOf(matcher::plan::PlanStage stage) {
  return static_cast<v1::PlanStage>(static_cast<int>(stage) + v1::PLAN_STAGE_READING);
}

storage::v1::PlanPart PartOf(const std::vector<v1::PlanAssignment>& lines, size_t begin) {
  storage::v1::PlanPart part;
  const size_t end = std::min(lines.size(), begin + kPerPart);
  for (size_t i = begin; i < end; ++i) *part.add_assignments() = lines[i];
  return part;
}

storage::v1::PlanPart PartOf(const std::vector<v1::PlanOutcome>& outcomes, size_t begin) {
  storage::v1::PlanPart part;
  const size_t end = std::min(outcomes.size(), begin + kPerPart);
  for (size_t i = begin; i < end; ++i) *part.add_outcomes() = outcomes[i];
  return part;
}

template <typename Items>
void AddParts(const std::string& plan, PlanContent content, const Items& items, absl::Time now,
              std::vector<Mutation>& mutations) {
  for (size_t begin = 0; begin < items.size(); begin += kPerPart) {
    const store::RecordKey key =
        PlanPartKey(plan, content, static_cast<int>(begin / static_cast<size_t>(kPerPart)));
    store::Envelope envelope;
    envelope.set_open(PartOf(items, begin).SerializeAsString());
    StampTimes(now, nullptr, envelope);
    mutations.push_back(
        Mutation::Put(key.kind, key.name, std::move(envelope), Precondition::Any()));
  }
}

}  // namespace

struct PlanRuns::Waiting {
  std::string plan;
  storage::v1::PlanRun run;
};

// A plan that this server works out.
class PlanRuns::Lease {
 public:
  Lease(const Dependencies& dependencies, const PlanRunsOptions& options, v1::Plan plan,
        storage::v1::PlanRun run)
      : dependencies_(dependencies),
        options_(options),
        region_(ParseName(plan.name(), "plans")->region),
        plan_(std::move(plan)),
        run_(std::move(run)) {}

  Region region() const { return region_; }
  const v1::Plan& plan() const { return plan_; }
  const storage::v1::PlanRun& run() const { return run_; }

  // Commits `mutations` if the lease still holds, and renews it.
  absl::Status Write(std::vector<Mutation> mutations) {
    const absl::Time now = dependencies_.clock.Now();
    run_.set_runner(options_.runner);
    *run_.mutable_lease_expire_time() = ToTimestamp(now + options_.lease);
    store::Envelope envelope;
    envelope.set_open(run_.SerializeAsString());
    StampTimes(now, nullptr, envelope);
    mutations.insert(mutations.begin(), Mutation::Put(Kind::kPlanRun, plan_.name(),
                                                      std::move(envelope), AsWeLeftIt()));
    LEYE_ASSIGN_OR_RETURN(
        const store::CommitResult done,
        dependencies_.store.Commit({.region = region_, .mutations = std::move(mutations)}));
    run_version_ = done.written.front().version;
    renewed_ = now;
    return absl::OkStatus();
  }

  // Says how far the work is, now and then. False: the plan is no longer ours.
  bool Report(v1::PlanStage stage, int64_t done, int64_t total) {
    run_.mutable_progress()->set_stage(stage);
    run_.mutable_progress()->set_done(done);
    run_.mutable_progress()->set_total(total);
    if (lost_ || dependencies_.clock.Now() < renewed_ + options_.renewal) return !lost_;
    // A store that cannot be reached now may be reached at the next renewal.
    lost_ = IsConflict(Write({}));
    return !lost_;
  }

  bool lost() const { return lost_; }

  // Ends the lease with the plan's new state; `plan` is used up. Without a run it has ended.
  absl::Status Leave(v1::Plan plan, std::optional<storage::v1::PlanRun> run) {
    WorkingSet set(dependencies_.store, region_, dependencies_.clock.Now());
    LEYE_RETURN_IF_ERROR(set.Read({PlanKey(plan.name()), PlanRunKey(plan.name())}));
    const store::Record* now = set.Find(PlanRunKey(plan.name()));
    if (now == nullptr || now->version != run_version_) return Contended();
    PutPlan(plan, set);
    if (run.has_value()) {
      set.Put(PlanRunKey(plan.name()), *run);
    } else {
      set.Delete(PlanRunKey(plan.name()));
    }
    return dependencies_.store.Commit({.region = region_, .mutations = set.Mutations()}).status();
  }

  void TakenAt(uint64_t version, absl::Time now) {
    run_version_ = version;
    renewed_ = now;
  }

 private:
  Precondition AsWeLeftIt() const { return Precondition::AtVersion(run_version_); }

  const Dependencies& dependencies_;
  const PlanRunsOptions& options_;
  Region region_;
  v1::Plan plan_;
  storage::v1::PlanRun run_;
  uint64_t run_version_ = 0;
  absl::Time renewed_ = absl::InfinitePast();
  bool lost_ = false;
};

PlanRuns::PlanRuns(const Dependencies& dependencies, const PlanSource& source,
                   const PlanRunsOptions& options)
    : dependencies_(dependencies), source_(source), options_(options) {}

absl::StatusOr<std::optional<PlanRuns::Waiting>> PlanRuns::FindNext() const {
  LEYE_ASSIGN_OR_RETURN(const store::Heads regions, dependencies_.store.ListRegions());
  const absl::Time now = dependencies_.clock.Now();
  std::optional<Waiting> next;
  for (const auto& [region, head] : regions) {
    LEYE_ASSIGN_OR_RETURN(
        const store::ScanPage page,
        dependencies_.store.Scan(
            {.region = region, .kind = Kind::kPlanRun, .after_name = "", .limit = kMaxWaiting}));
    for (const store::Record& record : page.records) {
      storage::v1::PlanRun run;
      if (!run.ParseFromString(record.envelope.open()) || !IsFree(run, now)) continue;
      const bool earlier =
          !next.has_value() || ToTime(run.queue_time()) < ToTime(next->run.queue_time());
      if (earlier) next = Waiting{.plan = record.name, .run = std::move(run)};
    }
  }
  return next;
}

absl::StatusOr<std::optional<PlanRuns::Lease>> PlanRuns::Take(const Waiting& waiting) const {
  const absl::Time now = dependencies_.clock.Now();
  const store::RecordKey plan_key = PlanKey(waiting.plan);
  const store::RecordKey run_key = PlanRunKey(waiting.plan);
  WorkingSet set(dependencies_.store, ParseName(waiting.plan, "plans")->region, now);
  LEYE_RETURN_IF_ERROR(set.Read({plan_key, run_key}));
  const store::Record* record = set.Find(plan_key);
  LEYE_ASSIGN_OR_RETURN(auto run, set.Parse<storage::v1::PlanRun>(run_key));
  // Somebody else was faster, or has cancelled it.
  if (record == nullptr || !set.Has(run_key) || !IsFree(run, now)) return std::nullopt;
  v1::Plan plan;
  LEYE_RETURN_IF_ERROR(DecodeOpenInto(*record, plan));
  run.set_runner(options_.runner);
  run.set_attempts(run.attempts() + 1);
  run.clear_progress();
  run.mutable_progress()->set_stage(v1::PLAN_STAGE_READING);
  *run.mutable_lease_expire_time() = ToTimestamp(now + options_.lease);
  set.Put(run_key, run);
  plan.set_state(v1::PLAN_STATE_RUNNING);
  PutPlan(plan, set);
  const absl::StatusOr<store::CommitResult> taken =
      dependencies_.store.Commit({.region = set.region(), .mutations = set.Mutations()});
  if (IsConflict(taken.status())) return std::nullopt;
  LEYE_RETURN_IF_ERROR(taken);
  Lease lease(dependencies_, options_, std::move(plan), std::move(run));
  lease.TakenAt(taken->revision.sequence, now);
  return lease;
}

absl::StatusOr<bool> PlanRuns::RunNext(const Stop& stop) const {
  LEYE_ASSIGN_OR_RETURN(const std::optional<Waiting> waiting, FindNext());
  if (!waiting.has_value()) return false;
  LEYE_ASSIGN_OR_RETURN(std::optional<Lease> lease, Take(*waiting));
  if (!lease.has_value()) return true;
  if (lease->run().attempts() > kMaxAttempts) {
    LEYE_RETURN_IF_ERROR(End(*lease, v1::PLAN_STATE_FAILED,
                             absl::StrCat("was interrupted ", kMaxAttempts, " times")));
    return true;
  }
  absl::StatusOr<PlanResult> result = Work(*lease, stop);
  const absl::Status ended = result.ok() ? Finish(*lease, *result) : result.status();
  if (lease->lost()) return true;
  if (ended.ok()) return true;
  if (stop() || IsPassing(ended)) {
    storage::v1::PlanRun back = lease->run();
    back.clear_runner();
    back.clear_lease_expire_time();
    back.clear_progress();
    back.set_attempts(back.attempts() - 1);
    v1::Plan plan = lease->plan();
    plan.set_state(v1::PLAN_STATE_QUEUED);
    const absl::Status given_back = lease->Leave(std::move(plan), back);
    if (IsConflict(given_back) || stop()) return true;
    return ended;
  }
  const absl::Status noted =
      End(*lease, v1::PLAN_STATE_FAILED, std::string(ended.message()).substr(0, kMaxFailure));
  if (!noted.ok() && !IsConflict(noted)) return noted;
  return true;
}

absl::Status PlanRuns::End(Lease& lease, v1::PlanState state, const std::string& failure) const {
  v1::Plan plan = lease.plan();
  plan.set_state(state);
  plan.set_failure(failure);
  *plan.mutable_end_time() = ToTimestamp(dependencies_.clock.Now());
  return lease.Leave(std::move(plan), std::nullopt);
}

bool PlanRuns::TooLate(absl::Time began) const {
  return dependencies_.clock.Now() > began + options_.most_time;
}

absl::StatusOr<PlanResult> PlanRuns::Work(Lease& lease, const Stop& stop) const {
  const absl::Time began = dependencies_.clock.Now();
  LEYE_ASSIGN_OR_RETURN(const PlanBasis basis,
                        source_.BasisOf(lease.plan(), absl::InfiniteFuture()));
  LEYE_ASSIGN_OR_RETURN(const std::vector<std::string> postings,
                        source_.PostingsOf(lease.plan(), CallContext()));
  Violations violations;
  const PlanProblem problem(lease.plan(), postings, basis, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const auto go_on = [&] { return !lease.lost() && !stop() && !TooLate(began); };
  matcher::plan::PlanOptions solving;
  solving.threads = options_.threads;
  solving.on_progress = [&](const matcher::plan::PlanProgress& progress) {
    lease.Report(StageOf(progress.stage), progress.done, progress.total);
  };
  solving.is_cancelled = [&] { return !go_on(); };
  const auto found = matcher::plan::MakePlan(problem.request(), solving);
  if (!found.ok()) return TooLate(began) ? TookTooLong(options_.most_time) : found.status();
  PlanResultOptions telling;
  telling.go_on = [&](int64_t done, int64_t total) {
    return lease.Report(v1::PLAN_STAGE_EXPLAINING, done, total) && go_on();
  };
  auto result = DescribePlan(*found, problem, telling);
  if (!result.ok()) return TooLate(began) ? TookTooLong(options_.most_time) : result.status();
  for (const auto& [region, revision] : basis.world->revisions()) {
    result->revisions.push_back(store::FormatToken({region, revision}));
  }
  result->date = absl::FormatCivilTime(basis.day.civil());
  return result;
}

// The parts first, which nobody reads before the plan says that they are there.
absl::Status PlanRuns::Finish(Lease& lease, const PlanResult& result) const {
  const absl::Time now = dependencies_.clock.Now();
  lease.Report(v1::PLAN_STAGE_STORING, 0, 0);
  std::vector<Mutation> parts;
  AddParts(lease.plan().name(), PlanContent::kLines, result.lines, now, parts);
  AddParts(lease.plan().name(), PlanContent::kOutcomes, result.outcomes, now, parts);
  std::vector<Mutation> batch;
  for (size_t i = 0; i < parts.size(); ++i) {
    batch.push_back(std::move(parts[i]));
    if (batch.size() < kPartsACommit && i + 1 < parts.size()) continue;
    LEYE_RETURN_IF_ERROR(lease.Write(std::exchange(batch, {})));
  }
  v1::Plan plan = lease.plan();
  plan.set_state(v1::PLAN_STATE_SUCCEEDED);
  *plan.mutable_figures() = result.figures;
  plan.mutable_revisions()->Assign(result.revisions.begin(), result.revisions.end());
  plan.set_date(result.date);
  plan.set_lines(static_cast<int>(result.lines.size()));
  *plan.mutable_end_time() = ToTimestamp(dependencies_.clock.Now());
  return lease.Leave(std::move(plan), std::nullopt);
}

}  // namespace leye::app
