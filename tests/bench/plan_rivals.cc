#include "tests/bench/plan_rivals.h"

#include <queue>
#include <set>
#include <tuple>
#include <vector>

#include "matcher/plan/choice_lists.h"
#include "matcher/plan/household_caps.h"
#include "matcher/plan/roster.h"
#include "matcher/plan/seat_book.h"
#include "tests/oracle/flow_plan.h"

namespace leye::bench {
namespace {

using matcher::plan::Applicant;
using matcher::plan::Choice;
using matcher::plan::ChoiceLists;
using matcher::plan::Home;
using matcher::plan::Job;
using matcher::plan::kNone;
using matcher::plan::PlanRequest;
using matcher::plan::Roster;
using matcher::plan::SeatBook;
using matcher::plan::SeatNode;

matcher::Side SideOf(const PlanRequest& request) {
  return request.basis.ruleset.rank_candidates_by;
}

Applicant Count(const Roster& roster) { return static_cast<Applicant>(roster.applicants.size()); }

class Greedy {
 public:
  Greedy(const PlanRequest& request, const Roster& roster, size_t threads)
      : roster_(roster),
        choices_(request, roster, SideOf(request), {}),
        seats_(roster),
        programmes_(roster.homes.size()) {
    choices_.RankFirst(0, Count(roster), threads);
    for (Applicant a = 0; a < Count(roster); ++a) Queue(a, 0);
  }

  RivalPlan Run() {
    RivalPlan plan;
    std::set<Home> helped;
    while (!queue_.empty()) {
      const auto [score, earlier, position] = queue_.top();
      queue_.pop();
      const Applicant a = Count(roster_) - earlier;
      if (!Take(a, choices_.Of(a)[position].job)) {
        Queue(a, position + 1);
        continue;
      }
      ++plan.filled;
      plan.value.score_micros += score;
      const Home home = roster_.applicants[a].home;
      if (home != kNone && roster_.homes[home].jobless) helped.insert(home);
    }
    plan.value.households = static_cast<int64_t>(helped.size());
    return plan;
  }

 private:
  void Queue(Applicant a, size_t position) {
    if (position >= choices_.Of(a).size() && choices_.MayExtend(a)) choices_.Extend(a);
    if (position >= choices_.Of(a).size()) return;
    queue_.emplace(choices_.Of(a)[position].score_micros, Count(roster_) - a, position);
  }

  bool Take(Applicant a, Job job) {
    const SeatNode node = seats_.EntryOf(a, job);
    if (!seats_.HasRoom(node) || !seats_.HasRoom(SeatBook::Whole(job))) return false;
    const Home home = roster_.applicants[a].home;
    if (home != kNone) {
      programmes_[home].push_back(roster_.jobs[job].programme);
      if (!matcher::plan::CapsHold(roster_.homes[home], programmes_[home])) {
        programmes_[home].pop_back();
        return false;
      }
    }
    seats_.Seat(a, node);
    return true;
  }

  const Roster& roster_;
  ChoiceLists choices_;
  SeatBook seats_;
  std::vector<std::vector<matcher::plan::Programme>> programmes_;
  // Score, the earlier applicant first, position in the list.
  std::priority_queue<std::tuple<int32_t, Applicant, size_t>> queue_;
};

}  // namespace

absl::StatusOr<RivalPlan> GreedyPlan(const PlanRequest& request, size_t threads) {
  const absl::StatusOr<Roster> roster = MakeRoster(request, SideOf(request));
  if (!roster.ok()) return roster.status();
  return Greedy(request, *roster, threads).Run();
}

absl::StatusOr<matcher::oracle::PlanValue> FlowOptimum(const PlanRequest& request, size_t threads) {
  const absl::StatusOr<Roster> roster = MakeRoster(request, SideOf(request));
  if (!roster.ok()) return roster.status();
  ChoiceLists choices(request, *roster, SideOf(request), {.first = roster->jobs.size() + 1});
  choices.RankFirst(0, Count(*roster), threads);
  matcher::oracle::FlowTask task;
  task.homes = static_cast<int>(roster->homes.size());
  for (const matcher::plan::JobFacts& job : roster->jobs) {
    task.jobs.push_back({.seats = job.seats, .open_seats = job.open_seats});
  }
  for (Applicant a = 0; a < Count(*roster); ++a) {
    matcher::oracle::FlowPerson& person = task.people.emplace_back();
    const Home home = roster->applicants[a].home;
    if (home != kNone && roster->homes[home].jobless) person.home = static_cast<int>(home);
    for (const Choice& choice : choices.Of(a)) {
      person.choices.push_back({.job = static_cast<int>(choice.job),
                                .score_micros = choice.score_micros,
                                .only_open_seats = !roster->IsReservedFor(choice.job, a)});
    }
  }
  return matcher::oracle::BestFlow(task);
}

}  // namespace leye::bench
