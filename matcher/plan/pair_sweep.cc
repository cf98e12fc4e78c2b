#include "matcher/plan/pair_sweep.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <optional>
#include <utility>

namespace leye::matcher::plan {
namespace {

Ruleset ReachAlone(const Ruleset& rules) {
  Ruleset reach = rules;
  reach.enabled = {};
  if (rules.enabled.Contains(RuleId::kReach)) reach.enabled.Insert(RuleId::kReach);
  return reach;
}

// All that the rule REACH knows of a person.
struct Going {
  std::optional<Kilometres> max_distance;
  std::optional<uint16_t> max_travel_minutes;
  bool willing_to_leave_home = false;
  bool needs_lodging = false;
  bool needs_transport = false;

  explicit Going(const CandidateProfile& candidate)
      : max_distance(candidate.max_distance),
        max_travel_minutes(candidate.max_travel_minutes),
        willing_to_leave_home(candidate.willing_to_leave_home),
        needs_lodging(candidate.needs_lodging),
        needs_transport(candidate.needs_transport) {}

  friend bool operator==(const Going&, const Going&) = default;
};

// Nobody goes farther.
CandidateProfile GoesAnywhere() {
  CandidateProfile candidate;
  candidate.willing_to_leave_home = true;
  return candidate;
}

// The asked skills that somebody holds, or holds what is as good.
class CoveredSkills {
 public:
  CoveredSkills(const CandidateProfile& candidate, const SkillCatalogue& catalogue, uint32_t end)
      : bits_(end) {
    for (const HeldSkill& held : candidate.skills) {
      Insert(held.skill);
      if (!catalogue.Has(held.skill)) continue;
      for (const SkillId asked : catalogue.ServedBy(held.skill)) {
        if (catalogue.Covers(asked, held.skill)) Insert(asked);
      }
    }
  }

  bool ContainsAll(std::span<const SkillId> skills) const {
    return std::ranges::all_of(skills, [this](SkillId skill) { return bits_[skill.value()]; });
  }

 private:
  void Insert(SkillId skill) {
    if (skill.value() < bits_.size()) bits_[skill.value()] = true;
  }

  std::vector<bool> bits_;
};

void SortBestFirst(std::vector<Choice>& choices) {
  const auto key = [](const Choice& choice) {
    const auto missing = static_cast<uint32_t>(Score::kMicrosPerUnit - choice.score_micros);
    return uint64_t{missing} << 32 | choice.job;
  };
  std::ranges::sort(choices, {}, key);
}

}  // namespace

// Somebody of the area that is swept.
struct PairSweep::Seeker {
  Applicant applicant;
  CandidateRecord record;
  Going going;
  PersonFit fit;
  CoveredSkills covered;
  std::vector<Choice> choices;

  Seeker(Applicant who, CandidateRecord known, const FitContext& basis, uint32_t skill_end)
      : applicant(who),
        record(std::move(known)),
        going(record.candidate),
        fit(record.candidate, record.household, basis),
        covered(record.candidate, basis.catalogue, skill_end) {}
};

PairSweep::PairSweep(const PlanRequest& request, const Roster& roster, Side side)
    : request_(request),
      roster_(roster),
      side_(side),
      reach_rules_(ReachAlone(request.basis.ruleset)),
      postings_(roster.jobs.size()) {
  request.postings.ForEach(
      [&](const PostingProfile& posting) { postings_[roster.job_of.at(posting.id)] = posting; });
  SortByArea();
  ListAsked();
}

void PairSweep::SortByArea() {
  const auto area_of = [this](Applicant a) { return roster_.applicants[a].area; };
  by_area_.resize(roster_.applicants.size());
  std::iota(by_area_.begin(), by_area_.end(), Applicant{0});
  std::ranges::stable_sort(by_area_, {}, area_of);
  for (uint32_t i = 0; i < by_area_.size(); ++i) {
    if (i == 0 || area_of(by_area_[i]) != area_of(by_area_[i - 1])) area_starts_.push_back(i);
  }
  area_starts_.push_back(static_cast<uint32_t>(by_area_.size()));
}

void PairSweep::ListAsked() {
  const bool binding = request_.basis.ruleset.enabled.Contains(RuleId::kSkillRequired);
  asked_starts_.push_back(0);
  for (const PostingProfile& posting : postings_) {
    for (const RequiredSkillGroup& group : posting.required_skills) {
      if (!binding || group.any_of.size() != 1) continue;
      const SkillId skill = group.any_of.front().skill;
      asked_.push_back(skill);
      skill_end_ = std::max<uint32_t>(skill_end_, skill.value() + 1U);
    }
    asked_starts_.push_back(static_cast<uint32_t>(asked_.size()));
  }
}

std::span<const SkillId> PairSweep::AskedBy(Job job) const {
  return std::span(asked_).subspan(asked_starts_[job], asked_starts_[job + 1] - asked_starts_[job]);
}

PairSweep::Area PairSweep::Sweep(size_t area) const {
  Area found;
  found.people =
      std::span(by_area_).subspan(area_starts_[area], area_starts_[area + 1] - area_starts_[area]);
  const std::optional<AreaProfile> place =
      request_.people.FindArea(roster_.applicants[found.people.front()].area);
  const std::vector<Near> near = JobsNear(*place);
  std::deque<Seeker> seekers;               // which refer to themselves
  std::vector<std::vector<Seeker*>> alike;  // in how far they go
  for (const Applicant applicant : found.people) {
    Seeker& seeker =
        seekers.emplace_back(applicant, *request_.people.Find(roster_.applicants[applicant].id),
                             request_.basis, skill_end_);
    const auto group = std::ranges::find_if(
        alike, [&](const auto& others) { return others.front()->going == seeker.going; });
    (group == alike.end() ? alike.emplace_back() : *group).push_back(&seeker);
  }
  for (const std::vector<Seeker*>& group : alike) {
    for (const Near& job : Within(near, group.front()->record.candidate)) Judge(job, group);
  }
  size_t total = 0;
  for (const Seeker& seeker : seekers) total += seeker.choices.size();
  found.choices.reserve(total);
  for (Seeker& seeker : seekers) {
    SortBestFirst(seeker.choices);
    found.counts.push_back(static_cast<uint32_t>(seeker.choices.size()));
    found.choices.insert(found.choices.end(), seeker.choices.begin(), seeker.choices.end());
  }
  return found;
}

std::vector<PairSweep::Near> PairSweep::JobsNear(const AreaProfile& area) const {
  std::vector<Near> jobs;
  for (Job job = 0; job < postings_.size(); ++job) {
    if (roster_.jobs[job].seats == 0) continue;
    jobs.push_back({.job = job, .travel = TravelBetween(area, postings_[job], request_.basis)});
  }
  return Within(jobs, GoesAnywhere());
}

std::vector<PairSweep::Near> PairSweep::Within(std::span<const Near> jobs,
                                               const CandidateProfile& goer) const {
  const HouseholdProfile household;
  const FitContext reach{
      .ruleset = reach_rules_, .catalogue = request_.basis.catalogue, .day = request_.basis.day};
  const PersonFit fit(goer, household, reach);
  std::vector<Near> within;
  for (const Near& near : jobs) {
    if (fit.IsEligible(postings_[near.job], near.travel)) within.push_back(near);
  }
  return within;
}

// Job by job: a posting is larger than all that is looked at of a person.
void PairSweep::Judge(const Near& near, std::span<Seeker* const> seekers) const {
  const std::span<const SkillId> asked = AskedBy(near.job);
  for (Seeker* const seeker : seekers) {
    if (!seeker->covered.ContainsAll(asked)) continue;
    const std::optional<PairScore> score = seeker->fit.Score(postings_[near.job], near.travel);
    if (!score.has_value() || !roster_.MaySit(seeker->applicant, near.job)) continue;
    seeker->choices.push_back({.job = near.job, .score_micros = score->BySide(side_).micros()});
  }
}

}  // namespace leye::matcher::plan
