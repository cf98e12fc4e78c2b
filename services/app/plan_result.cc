#include "services/app/plan_result.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"

#include "matcher/explain.h"
#include "matcher/fit.h"
#include "services/app/matching_answer.h"

namespace leye::app {

using matcher::CandidateId;
using matcher::CandidateRecord;
using matcher::PostingId;
using matcher::PostingProfile;
using matcher::plan::PlannedMatch;

namespace {

constexpr int64_t kPeopleAStep = 1'000;

// The API numbers these lists as the matcher does, after UNSPECIFIED = 0.
template <typename V1, typename E>
V1 NextNumber(E value) {
  return static_cast<V1>(static_cast<int>(value) + 1);
}

// A posting with empty openings, and what becomes of those who could have them.
struct Unfilled {
  PostingProfile profile;
  v1::PlanOutcome* outcome;
  std::array<int64_t, matcher::kEnumCount<matcher::RuleId>> turned_away{};
  int64_t eligible = 0;
  int64_t planned_elsewhere = 0;
};

// Spreads ids evenly (the finaliser of splitmix64), so that a part of the people is no part of
// town.
uint64_t Spread(uint64_t id) {
  id = (id ^ (id >> 30)) * 0xbf58476d1ce4e5b9ULL;
  id = (id ^ (id >> 27)) * 0x94d049bb133111ebULL;
  return id ^ (id >> 31);
}

class Describer {
 public:
  Describer(const matcher::plan::Plan& plan, const PlanProblem& problem,
            const PlanResultOptions& options)
      : plan_(plan), problem_(problem), options_(options), fit_(problem.fit()) {}

  absl::StatusOr<PlanResult> Describe() && {
    WriteOutcomes();
    WriteLines();
    WriteFigures();
    if (!ExplainEmpty()) return absl::CancelledError("the plan was cancelled");
    std::ranges::sort(result_.outcomes, {}, &v1::PlanOutcome::posting);
    return std::move(result_);
  }

 private:
  void WriteOutcomes() {
    result_.outcomes.reserve(plan_.postings.size());  // Nothing moves: Unfilled points into it.
    for (const matcher::plan::PostingOutcome& found : plan_.postings) {
      v1::PlanOutcome& outcome = result_.outcomes.emplace_back();
      outcome.set_posting(problem_.world().NameOf(found.posting));
      const absl::string_view title = problem_.world().DisplayOf(found.posting).title;
      outcome.set_title(title.data(), title.size());
      outcome.set_openings(found.openings);
      outcome.set_reserved(found.reserved);
      outcome.set_filled(found.filled);
      outcome.set_empty(found.openings - found.filled);
    }
  }

  void WriteLines() {
    for (const PlannedMatch& match : plan_.matches) {
      posting_of_[match.candidate] = match.posting;
      result_.lines.push_back(LineOf(match));
    }
    const matcher::Side side = fit_.ruleset.rank_candidates_by;
    const auto score = [side](const v1::PlanAssignment& line) {
      if (side == matcher::Side::kForward) return line.scores().forward_micros();
      if (side == matcher::Side::kReverse) return line.scores().reverse_micros();
      return line.scores().mutual_micros();
    };
    std::ranges::sort(result_.lines, [&](const auto& a, const auto& b) {
      if (a.posting() != b.posting()) return a.posting() < b.posting();
      if (score(a) != score(b)) return score(a) > score(b);
      return a.candidate() < b.candidate();
    });
    int number = 0;
    for (v1::PlanAssignment& line : result_.lines) line.set_line(++number);
    MarkFirstEarners();
  }

  v1::PlanAssignment LineOf(const PlannedMatch& match) const {
    const CandidateRecord person = *problem_.world().people().Find(match.candidate);
    const PostingProfile posting = *problem_.world().postings().Find(match.posting);
    const matcher::AreaProfile area = *problem_.world().people().FindArea(person.candidate.area);
    const matcher::FitResult fit = Fit({.candidate = person.candidate,
                                        .household = person.household,
                                        .posting = posting,
                                        .travel = TravelBetween(area, posting, fit_)},
                                       fit_);
    v1::PlanAssignment line;
    line.set_candidate(problem_.world().NameOf(match.candidate));
    line.set_posting(problem_.world().NameOf(match.posting));
    line.set_pinned(match.pinned);
    line.mutable_scores()->set_forward_micros(fit.forward.micros());
    line.mutable_scores()->set_reverse_micros(fit.reverse.micros());
    line.mutable_scores()->set_mutual_micros(fit.mutual.micros());
    for (const auto& reason : matcher::Explain(fit, fit_.ruleset.rank_candidates_by).criteria) {
      v1::Criterion& criterion = *line.add_criteria();
      criterion.set_criterion(NextNumber<v1::CriterionKind>(reason.criterion));
      criterion.set_value_micros(reason.value.micros());
      criterion.set_forward_weight_micros(reason.forward_weight.micros());
      criterion.set_reverse_weight_micros(reason.reverse_weight.micros());
      criterion.set_contribution_micros(reason.contribution.micros());
    }
    if (!posting.home_based) FillTravel(fit.travel, fit_.ruleset, *line.mutable_travel());
    line.set_of_reserved_group(
        EffectiveGroups(person.candidate, person.household, fit_.ruleset.age, fit_.day)
            .Contains(posting.reserved_for));
    return line;
  }

  void MarkFirstEarners() {
    absl::flat_hash_set<matcher::HouseholdId> reached;
    for (v1::PlanAssignment& line : result_.lines) {
      const CandidateRecord person =
          *problem_.world().people().Find(*problem_.world().FindCandidate(line.candidate()));
      const bool counts =
          person.household.id != matcher::HouseholdId() && person.household.ZeroEmployment();
      line.set_first_earner(counts && reached.insert(person.household.id).second);
    }
  }

  void WriteFigures() {
    const matcher::plan::PlanFigures& found = plan_.figures;
    v1::PlanFigures& figures = result_.figures;
    figures.set_applicants(found.applicants);
    figures.set_postings(static_cast<int64_t>(result_.outcomes.size()));
    figures.set_openings(found.openings);
    figures.set_filled(found.filled);
    figures.set_households_first_earner(found.households_first_earner);
    figures.set_households_bound(found.households_bound);
    figures.set_score_micros(found.score_micros);
    figures.set_score_bound_micros(found.score_bound_micros);
    figures.set_exact(found.exact);
    figures.set_gap(found.Gap());
    absl::flat_hash_map<std::string, int64_t> of_group;
    for (const v1::PlanAssignment& line : result_.lines) {
      if (line.of_reserved_group()) ++of_group[line.posting()];
    }
    int64_t reserved = 0;
    int64_t filled = 0;
    for (const v1::PlanOutcome& outcome : result_.outcomes) {
      reserved += outcome.reserved();
      filled += std::min<int64_t>(outcome.reserved(), of_group[outcome.posting()]);
    }
    figures.set_reserved_openings(reserved);
    figures.set_reserved_filled(filled);
  }

  // Asks everybody, or an even part of them, what keeps them from each posting with empty openings.
  bool ExplainEmpty() {
    std::vector<Unfilled> unfilled = FindUnfilled();
    if (unfilled.empty()) return true;
    const int64_t people = CountPeople();
    const auto pairs = people * static_cast<int64_t>(unfilled.size());
    const auto part = static_cast<uint64_t>(1 + pairs / (options_.most_pairs + 1));
    const absl::flat_hash_set<matcher::AreaIndex> areas(problem_.areas().begin(),
                                                        problem_.areas().end());
    int64_t done = 0;
    bool going = true;
    problem_.world().people().ForEach([&](const CandidateRecord& person) {
      if (!going || !areas.contains(person.candidate.area)) return;
      if (done++ % kPeopleAStep == 0 && options_.go_on) going = options_.go_on(done - 1, people);
      if (Spread(person.candidate.id.value()) % part == 0) Ask(person, unfilled);
    });
    for (const Unfilled& posting : unfilled) WriteFunnel(posting, people, part == 1);
    return going;
  }

  std::vector<Unfilled> FindUnfilled() {
    std::vector<Unfilled> unfilled;
    for (size_t i = 0; i < plan_.postings.size(); ++i) {
      if (result_.outcomes[i].empty() == 0) continue;
      unfilled.push_back({.profile = *problem_.world().postings().Find(plan_.postings[i].posting),
                          .outcome = &result_.outcomes[i],
                          .turned_away = {}});
    }
    return unfilled;
  }

  int64_t CountPeople() const {
    const absl::flat_hash_set<matcher::AreaIndex> areas(problem_.areas().begin(),
                                                        problem_.areas().end());
    int64_t people = 0;
    problem_.world().people().ForEach([&](const CandidateRecord& person) {
      if (areas.contains(person.candidate.area)) ++people;
    });
    return people;
  }

  void Ask(const CandidateRecord& person, std::vector<Unfilled>& unfilled) const {
    const std::optional<matcher::AreaProfile> area =
        problem_.world().people().FindArea(person.candidate.area);
    if (!area.has_value()) return;
    const auto planned = posting_of_.find(person.candidate.id);
    for (Unfilled& posting : unfilled) {
      const matcher::PairScore score =
          ScorePair({.candidate = person.candidate,
                     .household = person.household,
                     .posting = posting.profile,
                     .travel = TravelBetween(*area, posting.profile, fit_)},
                    fit_);
      matcher::RuleSet failed = score.failed;
      if (failed.empty()) {
        ++posting.eligible;
        const bool elsewhere =
            planned != posting_of_.end() && planned->second != posting.profile.id;
        if (elsewhere) ++posting.planned_elsewhere;
      }
      for (; !failed.empty(); failed.Remove(failed.first())) {
        ++posting.turned_away[static_cast<size_t>(failed.first())];
      }
    }
  }

  static void WriteFunnel(const Unfilled& posting, int64_t people, bool exact) {
    v1::Funnel& funnel = *posting.outcome->mutable_funnel();
    funnel.set_considered(people);
    funnel.set_eligible(posting.eligible);
    funnel.set_eligible_exact(exact);
    posting.outcome->set_planned_elsewhere(posting.planned_elsewhere);
    for (size_t i = 0; i < posting.turned_away.size(); ++i) {
      if (posting.turned_away[i] == 0) continue;
      v1::RuleCount& count = *funnel.add_turned_away();
      count.set_rule(NextNumber<v1::RuleId>(static_cast<matcher::RuleId>(i)));
      count.set_count(posting.turned_away[i]);
      count.set_exact(exact);
    }
  }

  const matcher::plan::Plan& plan_;
  const PlanProblem& problem_;
  const PlanResultOptions& options_;
  const matcher::FitContext fit_;
  PlanResult result_;
  absl::flat_hash_map<CandidateId, PostingId> posting_of_;
};

}  // namespace

absl::StatusOr<PlanResult> DescribePlan(const matcher::plan::Plan& plan, const PlanProblem& problem,
                                        const PlanResultOptions& options) {
  return Describer(plan, problem, options).Describe();
}

}  // namespace leye::app
