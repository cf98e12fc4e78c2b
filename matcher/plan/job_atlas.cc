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
      limits_reach_(request.basis.ruleset.enabled.Contains(RuleId::kReach)),
      postings_(roster.jobs.size()) {
  request.postings.ForEach(
      [&](const PostingProfile& posting) { postings_[roster.job_of.at(posting.id)] = posting; });
  SketchJobs();
  ListByPlace();
}

double JobAtlas::NearChord() {
  static const double kChord = SquaredChordOf(Kilometres::Of(kNearKm));
  return kChord;
}

double JobAtlas::ReachOf(Job job) const {
  return limits_reach_ ? sketches_[job].summary.radius_chord
                       : std::numeric_limits<double>::infinity();
}

JobAtlas::Cell JobAtlas::CellOf(const UnitVector& at) {
  // A little wider than near is, so that rounding does no harm.
  static const double kWidth = std::sqrt(NearChord()) * 1.001;
  const auto line = [](double x) { return static_cast<int32_t>(std::floor(x / kWidth)); };
  return {line(at.x), line(at.y), line(at.z)};
}

void JobAtlas::SketchJobs() {
  SkillCounts counts(kSkillIds);
  ask_starts_.push_back(0);
  for (const PostingProfile& posting : postings_) {
    const PostingRow row = EncodePosting(posting);
    CountAsks(row.asks, counts);
    asks_.insert(asks_.end(), row.asks.begin(), row.asks.end());
    ask_starts_.push_back(static_cast<uint32_t>(asks_.size()));
    sketches_.push_back({.work = posting.home_based ? UnitVector() : ToUnitVector(posting.location),
                         .summary = PostingSummary::Of(row),
                         .channel = posting.channel,
                         .home_based = posting.home_based,
                         .key = {},
                         .most_without = {}});
  }
  for (Job job = 0; job < sketches_.size(); ++job) {
    sketches_[job].key = ChooseKey(AsksOf(job), counts);
    sketches_[job].most_without = MostWithout(AsksOf(job), sketches_[job].key);
  }
}

void JobAtlas::ListByPlace() {
  for (Job job = 0; job < sketches_.size(); ++job) {
    if (roster_.jobs[job].seats == 0) continue;
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
