// The batch: who takes which opening, for many people and many postings at once.
//
//   const PlanRequest request{.people = *people, .postings = *postings, .basis = basis,
//                             .areas = {}, .pins = {}, .bans = {}};
//   absl::StatusOr<Plan> plan = MakePlan(request, {.threads = 2});
//   plan->figures.exact;              // nothing better exists
//   plan->figures.Gap();              // otherwise no better plan is better by more than this
//
// In this order: no hard rule is broken (fit.h for each pair; HH-CAP over the whole plan), nobody
// is planned twice and no posting over-booked, openings reserved for a group go to that group only,
// the most zero-employment households get their first earner, and the sum of scores is the
// greatest. What the model is, how it is solved and why the bounds hold: README.md.
//
// The same request gives the same plan: it depends neither on threads nor on the order of pins and
// bans; people of equal claim are served in the total order of fit.h. Pure and thread-safe; no
// clock.
#ifndef LEYE_MATCHER_PLAN_PLAN_H_
#define LEYE_MATCHER_PLAN_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "matcher/candidate_index.h"
#include "matcher/fit.h"
#include "matcher/posting_index.h"
#include "matcher/ranker.h"

namespace leye::matcher::plan {

struct PlanPair {
  CandidateId candidate;
  PostingId posting;

  friend auto operator<=>(const PlanPair&, const PlanPair&) = default;
};

// What is referred to outlives the call.
struct PlanRequest {
  const CandidateSnapshot& people;
  const PostingSnapshot& postings;  // all of them take part
  FitContext basis;                 // REQUIRES: a valid ruleset
  std::vector<AreaIndex> areas;     // whose people take part; empty: everybody
  std::vector<PlanPair> pins;       // in the plan, whatever it costs
  std::vector<PlanPair> bans;       // not in the plan; pairs nobody knows are harmless
};

enum class PlanStage : uint8_t { kReading, kRanking, kAssigning, kBounding };

struct PlanProgress {
  PlanStage stage = PlanStage::kReading;
  int64_t done = 0;
  int64_t total = 0;  // of this stage
};

inline constexpr size_t kUnlimited = std::numeric_limits<size_t>::max();

// Limits and slack make plans quicker and bounds wider, never a plan wrong.
struct PlanOptions {
  size_t threads = 1;
  std::optional<Side> side;  // whose score is summed; absent: the side that ranks candidates
  // No more pairs of people and postings than these are all judged at the start, if no more than
  // most_listed may be taken. Otherwise lists are ranked as far as anybody asks, and for an auction
  // as far as anybody asks at the prices of the day.
  size_t most_judged = 2'000'000'000;
  size_t first_choices = 12;          // postings ranked for everybody at the start; >= 1
  size_t most_choices = kUnlimited;   // postings ranked for one person in all
  size_t most_listed = 300'000'000;   // and for everybody together, 8 bytes each
  size_t search_people = kUnlimited;  // people looked at to seat one more
  Score slack;  // one more is seated well enough if no way is better by more than this
  // More people than these are seated by an auction: its plan is within `step` a person of the
  // best; of more than most_fine people, within `wide_step`.
  size_t most_exact = 20'000;
  Score step = Score::FromMicros(1000);
  size_t most_fine = 1'000'000;
  Score wide_step = Score::FromMicros(12'000);
  size_t most_bids = 200'000'000;  // then the auction ends with what it has
  // Both are called from the calling thread only, some hundred times in all.
  std::function<void(const PlanProgress&)> on_progress;
  std::function<bool()> is_cancelled;
};

struct PlannedMatch {
  CandidateId candidate;
  PostingId posting;
  Score score;
  bool pinned = false;

  friend bool operator==(const PlannedMatch&, const PlannedMatch&) = default;
};

struct PostingOutcome {
  PostingId posting;
  uint16_t openings = 0;
  uint16_t reserved = 0;  // of the openings
  uint16_t filled = 0;
};

struct PlanFigures {
  int64_t applicants = 0;  // people of the areas who may take some posting, pins not counted
  int64_t openings = 0;
  int64_t filled = 0;
  int64_t households_first_earner = 0;
  int64_t households_bound = 0;  // no plan reaches more
  int64_t score_micros = 0;
  int64_t score_bound_micros = 0;  // no plan that reaches as many households has more
  bool exact = false;              // both bounds are met

  // The greater of the two gaps as a share of what was reached; 0 if exact.
  double Gap() const;
};

struct Plan {
  std::vector<PlannedMatch> matches;     // ascending by candidate
  std::vector<PostingOutcome> postings;  // ascending by id
  PlanFigures figures;
};

struct PinProblem {
  PlanPair pin;
  std::string problem;  // "rule AGE-RANGE turns it away"
};

// Why pins of the request cannot be kept, each by itself or all together; empty: all can be.
std::vector<PinProblem> CheckPins(const PlanRequest& request);

// INVALID_ARGUMENT: every pin that cannot be kept, with the reason, and options out of range.
// CANCELLED: is_cancelled said so.
absl::StatusOr<Plan> MakePlan(const PlanRequest& request, const PlanOptions& options);

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_PLAN_H_
