// Everything that anybody may take: every pair of a plan that fits, area by area.
//
//   const PairSweep sweep(request, roster, side);
//   for (size_t area = 0; area < sweep.area_count(); ++area) {
//     const PairSweep::Area found = sweep.Sweep(area);   // may run on several threads
//   }
//
// What a plan needs of a whole population is found much quicker by judging everybody than by asking
// the engine for each person's list to its end: postings are decoded once, the way from an area
// once for all its people, and who lacks an asked skill is left out by a bit. Verdicts and scores
// are PersonFit's, so that lists are the ranker's. Immutable; thread-safe.
#ifndef LEYE_MATCHER_PLAN_PAIR_SWEEP_H_
#define LEYE_MATCHER_PLAN_PAIR_SWEEP_H_

#include <cstdint>
#include <span>
#include <vector>

#include "matcher/fit.h"
#include "matcher/plan/roster.h"

namespace leye::matcher::plan {

class PairSweep {
 public:
  struct Area {
    std::span<const Applicant> people;
    // What they may take, one after the other, each best first: score descending, then posting.
    std::vector<Choice> choices;
    std::vector<uint32_t> counts;  // by person
  };

  // The arguments outlive the sweep.
  PairSweep(const PlanRequest& request, const Roster& roster, Side side);

  // Of applicants, by area.
  size_t area_count() const { return area_starts_.size() - 1; }
  // REQUIRES: area < area_count().
  Area Sweep(size_t area) const;

 private:
  // A posting that takes people from the area, as far as the way decides.
  struct Near {
    Job job = kNone;
    Travel travel;
  };
  struct Seeker;

  void SortByArea();
  void ListAsked();
  std::vector<Near> JobsNear(const AreaProfile& area) const;
  // Those of `jobs` to which somebody who goes as far as `goer` may go.
  std::vector<Near> Within(std::span<const Near> jobs, const CandidateProfile& goer) const;
  void Judge(const Near& near, std::span<Seeker* const> seekers) const;
  std::span<const SkillId> AskedBy(Job job) const;

  const PlanRequest& request_;
  const Roster& roster_;
  const Side side_;
  const Ruleset reach_rules_;             // the request's, with the rule REACH alone
  std::vector<PostingProfile> postings_;  // by job
  std::vector<Applicant> by_area_;        // all applicants
  std::vector<uint32_t> area_starts_;     // in by_area_
  // Skills without which nobody may take a job, job by job.
  std::vector<SkillId> asked_;
  std::vector<uint32_t> asked_starts_;
  uint32_t skill_end_ = 0;  // above all of them
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_PAIR_SWEEP_H_
