#include "matcher/plan/plan.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/status/status.h"

#include "matcher/plan/auction.h"
#include "matcher/plan/choice_lists.h"
#include "matcher/plan/dual_bound.h"
#include "matcher/plan/path_search.h"
#include "matcher/plan/roster.h"
#include "matcher/plan/seat_book.h"

namespace leye::matcher::plan {
namespace {

constexpr int64_t kSteps = 100;  // of progress in a stage
// What an auction gives for a household's first earner: more than anybody's way to another seat
// costs in practice, and little enough to be bid for.
constexpr int64_t kReward = int64_t{10} * Score::kMicrosPerUnit;

bool MayJudgeAll(const Roster& roster, const PlanOptions& options) {
  return roster.jobs.size() * roster.applicants.size() <= options.most_judged;
}

// So many take part that nobody's place in the order of people matters.
bool ListsAreShort(const Roster& roster, const PlanOptions& options) {
  return roster.applicants.size() > options.most_exact && !MayJudgeAll(roster, options);
}

class Planner {
 public:
  Planner(const PlanRequest& request, const PlanOptions& options, Side side, Roster roster)
      : options_(options),
        roster_(std::move(roster)),
        bonus_micros_(2 * (static_cast<int64_t>(roster_.applicants.size()) + 1) *
                      Score::kMicrosPerUnit),
        choices_(request, roster_, side,
                 {.first = options.first_choices,
                  .most = options.most_choices,
                  .most_in_all = options.most_listed}),
        seats_(roster_),
        search_(roster_, choices_, seats_,
                {.bonus_micros = bonus_micros_,
                 .people = options.search_people,
                 .slack_micros = options.slack.micros()}) {}

  absl::StatusOr<Plan> Make() {
    const bool exactly = roster_.applicants.size() <= options_.most_exact;
    if (!Rank(exactly) || !(exactly ? Assign() : Auctioned()) ||
        !Report(PlanStage::kBounding, 0, 1)) {
      return absl::CancelledError("the plan was cancelled");
    }
    Plan plan;
    WriteMatches(plan);
    WritePostings(plan);
    WriteFigures(plan.figures);
    return plan;
  }

 private:
  // False: stop.
  bool Report(PlanStage stage, int64_t done, int64_t total) const {
    if (options_.on_progress) options_.on_progress({.stage = stage, .done = done, .total = total});
    return !options_.is_cancelled || !options_.is_cancelled();
  }

  bool Rank(bool exactly) {
    const auto count = static_cast<Applicant>(roster_.applicants.size());
    if (MayJudgeAll(roster_, options_)) {
      const ChoiceLists::AllRanked ranked = choices_.RankAll(options_.threads, [&](double part) {
        return Report(PlanStage::kRanking, static_cast<int64_t>(part * count), count);
      });
      if (ranked != ChoiceLists::AllRanked::kTooMany) return ranked == ChoiceLists::AllRanked::kYes;
    }
    if (!exactly) return RankBest();
    const Applicant step = std::max<Applicant>(1024, count / kSteps);
    for (Applicant begin = 0; begin < count;) {
      if (!Report(PlanStage::kRanking, begin, count)) return false;
      const Applicant end = begin + std::min<Applicant>(step, count - begin);
      choices_.RankFirst(begin, end, options_.threads);
      begin = end;
    }
    return true;
  }

  bool RankBest() {
    std::vector<Applicant> everybody(roster_.applicants.size());
    std::iota(everybody.begin(), everybody.end(), Applicant{0});
    const auto count = static_cast<int64_t>(everybody.size());
    const auto go_on = [&](double part) {
      return Report(PlanStage::kRanking, static_cast<int64_t>(part * static_cast<double>(count)),
                    count);
    };
    return choices_.RankBest(std::move(everybody), FreeSeats(roster_), options_.threads, go_on);
  }

  // First one of each zero-employment household, then everybody else. The first unit of a household
  // is worth more than all later ones together, so the order only decides among equals.
  bool Assign() {
    std::vector<bool> done(roster_.homes.size());
    const auto count = static_cast<Applicant>(roster_.applicants.size());
    const int64_t step = std::max<int64_t>(1, count / kSteps);
    for (Applicant a = 0; a < count; ++a) {
      if (a % step == 0 && !Report(PlanStage::kAssigning, a / 2, count)) return false;
      const Home home = roster_.applicants[a].home;
      if (!IsJobless(home) || done[home]) continue;
      done[home] = true;
      search_.SeatOneOf(home);
    }
    done.assign(roster_.homes.size(), false);
    for (Applicant a = 0; a < count; ++a) {
      if (a % step == 0 && !Report(PlanStage::kAssigning, (count + a) / 2, count)) return false;
      const Home home = roster_.applicants[a].home;
      if (!IsJobless(home)) {
        search_.SeatOne(a);
      } else if (!done[home] && search_.SeatedOf(home) > 0) {
        done[home] =
            search_.SeatedOf(home) == roster_.homes[home].member_count || !search_.SeatOneOf(home);
      }
    }
    return true;
  }

  // False: stop. An auction that ends for too many bids has a plan all the same.
  bool Auctioned() {
    bool stopped = false;
    int64_t done = 0;
    const auto total = static_cast<int64_t>(roster_.applicants.size());
    const bool fine = roster_.applicants.size() <= options_.most_fine;
    const Score step = fine ? options_.step : options_.wide_step;
    Auction auction(roster_, choices_, seats_, search_,
                    {.reward_micros = kReward,
                     .step_micros = step.micros(),
                     .most_bids = options_.most_bids,
                     .threads = options_.threads});
    auction.Run([&](size_t waiting) {
      done = std::max(done, total - static_cast<int64_t>(waiting));
      stopped = !Report(PlanStage::kAssigning, done, total);
      return !stopped;
    });
    return !stopped;
  }

  bool IsJobless(Home home) const { return home != kNone && roster_.homes[home].jobless; }

  void WriteMatches(Plan& plan) const {
    for (const KeptPin& pin : roster_.pins) {
      plan.matches.push_back({.candidate = pin.pair.candidate,
                              .posting = pin.pair.posting,
                              .score = pin.score,
                              .pinned = true});
    }
    for (Applicant a = 0; a < roster_.applicants.size(); ++a) {
      if (!seats_.IsSeated(a)) continue;
      plan.matches.push_back({.candidate = roster_.applicants[a].id,
                              .posting = roster_.jobs[SeatBook::JobAt(seats_.SeatOf(a))].id,
                              .score = Score::FromMicros(search_.ScoreOf(a))});
    }
    std::ranges::sort(plan.matches, {}, &PlannedMatch::candidate);
  }

  void WritePostings(Plan& plan) const {
    for (Job job = 0; job < roster_.jobs.size(); ++job) {
      const JobFacts& facts = roster_.jobs[job];
      const int pinned = facts.openings - facts.seats;
      plan.postings.push_back(
          {.posting = facts.id,
           .openings = facts.openings,
           .reserved = facts.reserved,
           .filled = static_cast<uint16_t>(pinned + seats_.Used(SeatBook::Whole(job)))});
    }
    std::ranges::sort(plan.postings, {}, &PostingOutcome::posting);
  }

  void WriteFigures(PlanFigures& figures) const {
    for (const KeptPin& pin : roster_.pins) {
      figures.score_micros += pin.score.micros();
      figures.households_first_earner += pin.first_earner ? 1 : 0;
    }
    for (const JobFacts& job : roster_.jobs) figures.openings += job.openings;
    figures.filled = static_cast<int64_t>(roster_.pins.size());
    int64_t score_micros = 0;
    for (Applicant a = 0; a < roster_.applicants.size(); ++a) {
      if (MayBeSeated(a)) ++figures.applicants;
      if (!seats_.IsSeated(a)) continue;
      ++figures.filled;
      score_micros += search_.ScoreOf(a);
    }
    figures.score_micros += score_micros;
    WriteBounds(score_micros, figures);
  }

  bool MayBeSeated(Applicant applicant) const {
    return !choices_.Of(applicant).empty() || !choices_.IsComplete(applicant);
  }

  // `score_micros` is of those who are not pinned; the figures hold the pins' share as well.
  void WriteBounds(int64_t score_micros, PlanFigures& figures) const {
    const DualBound bound(roster_, choices_, seats_, search_, options_.threads);
    const absl::int128 excess = bound.Excess({.bonus_micros = bonus_micros_});
    int64_t hopeful = 0;
    int64_t served = 0;
    for (Home home = 0; home < roster_.homes.size(); ++home) {
      if (!roster_.homes[home].jobless) continue;
      const auto members = roster_.MembersOf(home);
      if (search_.SeatedOf(home) > 0) ++served;
      if (std::ranges::any_of(members, [this](Applicant a) { return MayBeSeated(a); })) ++hopeful;
    }
    // Another plan may pay for further households with all its scores.
    const auto further = static_cast<int64_t>((excess + score_micros) / bonus_micros_);
    figures.households_bound =
        figures.households_first_earner + std::min(hopeful, served + further);
    figures.households_first_earner += served;
    // The second point serves where the first says little: where households are left without.
    const absl::int128 plain =
        excess < Score::kMicrosPerUnit
            ? excess
            : bound.Excess({.bonus_micros = 0, .most_price_micros = Score::kMicrosPerUnit});
    // No plan that reaches as many households is better by more, whatever a household is worth.
    const absl::int128 rewarded = bound.Excess({.bonus_micros = kReward});
    figures.score_bound_micros =
        figures.score_micros + static_cast<int64_t>(std::min({excess, plain, rewarded}));
    figures.exact = figures.households_bound == figures.households_first_earner &&
                    figures.score_bound_micros == figures.score_micros;
  }

  const PlanOptions& options_;
  const Roster roster_;
  // More than all scores together, so that a household always weighs more; twice as much, so that
  // they do not hide in the bound that no further household is reached.
  const int64_t bonus_micros_;
  ChoiceLists choices_;
  SeatBook seats_;
  PathSearch search_;
};

}  // namespace

double PlanFigures::Gap() const {
  const auto share = [](int64_t bound, int64_t reached) {
    return bound == reached ? 0.0
                            : static_cast<double>(bound - reached) /
                                  static_cast<double>(std::max<int64_t>(1, reached));
  };
  return std::max(share(households_bound, households_first_earner),
                  share(score_bound_micros, score_micros));
}

absl::StatusOr<Plan> MakePlan(const PlanRequest& request, const PlanOptions& options) {
  if (options.first_choices == 0 || options.threads == 0 || options.step.micros() <= 0 ||
      options.wide_step.micros() <= 0) {
    return absl::InvalidArgumentError(
        "first_choices, threads, step and wide_step must be at least 1");
  }
  if (options.on_progress) options.on_progress({});
  const Side side = options.side.value_or(request.basis.ruleset.rank_candidates_by);
  absl::StatusOr<Roster> roster = MakeRoster(request, side);
  if (!roster.ok()) return roster.status();
  if (ListsAreShort(*roster, options)) NumberByPlace(request, *roster);
  return Planner(request, options, side, *std::move(roster)).Make();
}

}  // namespace leye::matcher::plan
