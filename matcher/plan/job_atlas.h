// The jobs of a plan by place, with the little that most looks at them need.
//
//   const JobAtlas atlas(request, roster);
//   atlas.ForEachNear(at, [](Job job, double squared_chord) { ... });
//
// Immutable; thread-safe.
#ifndef LEYE_MATCHER_PLAN_JOB_ATLAS_H_
#define LEYE_MATCHER_PLAN_JOB_ATLAS_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "matcher/geo.h"
#include "matcher/plan/ask_lists.h"
#include "matcher/plan/job_stands.h"
#include "matcher/plan/roster.h"
#include "matcher/posting_tables.h"

namespace leye::matcher::plan {

class JobAtlas {
 public:
  // What is looked at before a posting is: bounds that the engine's filters understand.
  struct Sketch {
    UnitVector work;
    PostingSummary summary;  // of this one posting
    bool home_based = false;
  };
  // The first look, small enough to stay in the cache.
  struct Gist {
    AskLists::Admission admission;
    Channel channel = Channel::kEnterprise;
  };

  // The arguments outlive the atlas.
  JobAtlas(const PlanRequest& request, const Roster& roster);

  // Squared: what lies no farther is near.
  static double NearChord();

  const PostingProfile& PostingOf(Job job) const { return postings_[job]; }
  const Sketch& SketchOf(Job job) const { return sketches_[job]; }
  const Gist& GistOf(Job job) const { return gists_[job]; }
  // In which lists by one skill the job stands.
  std::span<const AskLists::Stand> StandsOf(Job job) const {
    return std::span(stands_).subspan(stand_starts_[job],
                                      stand_starts_[job + 1] - stand_starts_[job]);
  }
  // In which lists, most by two skills.
  std::vector<AskLists::Stand> FineStandsOf(Job job) const { return JobStandsOf(job).ByTwo(); }
  std::span<const uint32_t> AsksOf(Job job) const {
    return std::span(asks_).subspan(ask_starts_[job], ask_starts_[job + 1] - ask_starts_[job]);
  }

  // Jobs with seats, not at home, that are near and take people from there; ascending by place.
  template <typename Visit>
  void ForEachNear(const UnitVector& at, const Visit& visit) const {
    ForEachCellAround(at, [&](std::span<const Placed> jobs) {
      for (const Placed& placed : jobs) {
        const double chord = SquaredChord(at, placed.work);
        if (chord <= placed.reach_chord) visit(placed.job, chord);
      }
    });
  }

  // Ascending. Jobs with seats that may take people from farther than near; work at home.
  std::span<const Job> Roaming() const { return roaming_; }
  std::span<const Job> AtHome() const { return at_home_; }
  // Of all that roam together.
  const PostingSummary& SummaryOfRoaming() const { return summary_of_roaming_; }

 private:
  // Cubes of space: what is near to a point lies in its own or in a neighbouring one.
  using Cell = std::array<int32_t, 3>;
  struct Placed {
    UnitVector work;
    double reach_chord = 0;  // squared; of the job, and at most NearChord
    Job job = kNone;
  };

  static Cell CellOf(const UnitVector& at);
  void SketchJobs();
  void ListByAsks();
  JobStands JobStandsOf(Job job) const;
  void ListByPlace();
  // Squared; nobody farther is taken.
  double ReachOf(Job job) const;

  template <typename Visit>
  void ForEachCellAround(const UnitVector& at, const Visit& visit) const {
    const Cell own = CellOf(at);
    for (int32_t i = 0; i < 27; ++i) {
      const auto found =
          cells_.find(Cell{own[0] + i / 9 - 1, own[1] + i / 3 % 3 - 1, own[2] + i % 3 - 1});
      if (found != cells_.end()) visit(std::span<const Placed>(found->second));
    }
  }

  const Roster& roster_;
  const RuleSet rules_;
  std::vector<PostingProfile> postings_;  // by job, as what follows
  std::vector<Sketch> sketches_;
  std::vector<Gist> gists_;
  SkillCounts ask_counts_;
  std::vector<AskLists::Stand> stands_;
  std::vector<uint32_t> stand_starts_;
  std::vector<uint32_t> asks_;
  std::vector<uint32_t> ask_starts_;
  absl::flat_hash_map<Cell, std::vector<Placed>> cells_;
  std::vector<Job> roaming_;
  PostingSummary summary_of_roaming_;
  std::vector<Job> at_home_;
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_JOB_ATLAS_H_
