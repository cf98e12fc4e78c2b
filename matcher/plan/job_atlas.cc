#include "matcher/plan/job_atlas.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "matcher/posting_codec.h"

namespace leye::matcher::plan {
namespace {

// Beyond, a way is worth next to nothing by usual rules. A larger circle makes the bound of what is
// far a little better, and each area's list longer.
constexpr double kNearKm = 150;

}  // namespace

JobAtlas::JobAtlas(const PlanRequest& request, const Roster& roster)
    : roster_(roster),
      rules_(request.basis.ruleset.enabled),
      postings_(roster.jobs.size()),
      ask_counts_(kSkillIds) {
  request.postings.ForEach(
      [&](const PostingProfile& posting) { postings_[roster.job_of.at(posting.id)] = posting; });
  SketchJobs();
  ListByAsks();
  ListByPlace();
}

double JobAtlas::NearChord() {
  static const double kChord = SquaredChordOf(Kilometres::Of(kNearKm));
  return kChord;
}

double JobAtlas::ReachOf(Job job) const {
  return rules_.Contains(RuleId::kReach) ? sketches_[job].summary.radius_chord
                                         : std::numeric_limits<double>::infinity();
}

JobAtlas::Cell JobAtlas::CellOf(const UnitVector& at) {
  // A little wider than near is, so that rounding does no harm.
  static const double kWidth = std::sqrt(NearChord()) * 1.001;
  const auto line = [](double x) { return static_cast<int32_t>(std::floor(x / kWidth)); };
  return {line(at.x), line(at.y), line(at.z)};
}

void JobAtlas::SketchJobs() {
  ask_starts_.push_back(0);
  for (const PostingProfile& posting : postings_) {
    const PostingRow row = EncodePosting(posting);
    asks_.insert(asks_.end(), row.asks.begin(), row.asks.end());
    ask_starts_.push_back(static_cast<uint32_t>(asks_.size()));
    const PostingSummary summary = PostingSummary::Of(row);
    sketches_.push_back({.work = posting.home_based ? UnitVector() : ToUnitVector(posting.location),
                         .summary = summary,
                         .home_based = posting.home_based});
    gists_.push_back({.admission = {.least_age = summary.least_age,
                                    .most_age = summary.most_age,
                                    .least_education = summary.least_education,
                                    .level_code = 0},
                      .channel = posting.channel});
  }
}

JobStands JobAtlas::JobStandsOf(Job job) const {
  return JobStands(AsksOf(job), ask_counts_, rules_.Contains(RuleId::kSkillRequired));
}

void JobAtlas::ListByAsks() {
  CountAsks(asks_, ask_counts_);
  stand_starts_.push_back(0);
  for (Job job = 0; job < postings_.size(); ++job) {
    const JobStands stands = JobStandsOf(job);
    const std::vector<AskLists::Stand> by_one = stands.ByOne();
    stands_.insert(stands_.end(), by_one.begin(), by_one.end());
    stand_starts_.push_back(static_cast<uint32_t>(stands_.size()));
    gists_[job].admission.level_code = stands.level_code();
  }
}

void JobAtlas::ListByPlace() {
  for (Job job = 0; job < sketches_.size(); ++job) {
    if (roster_.jobs[job].seats == 0) continue;
    if (rules_.Contains(RuleId::kOpen) && !sketches_[job].summary.any_takes_people) continue;
    if (sketches_[job].home_based) {
      at_home_.push_back(job);
      continue;
    }
    const double reach = ReachOf(job);
    const UnitVector& work = sketches_[job].work;
    cells_[CellOf(work)].push_back(
        {.work = work, .reach_chord = std::min(reach, NearChord()), .job = job});
    if (reach <= NearChord()) continue;
    roaming_.push_back(job);
    summary_of_roaming_.Merge(sketches_[job].summary);
  }
}

}  // namespace leye::matcher::plan
