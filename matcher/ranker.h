// The best people for a posting, and the best postings for a person: exact top-k over a snapshot.
//
//   Ranker ranker;                                            // one a thread; keeps scratch memory
//   const FitContext basis{.ruleset = rules, .catalogue = catalogue, .day = today};
//   CandidateRanking first = ranker.RankCandidates(*people, posting, {.k = 20}, basis);
//   CandidateRanking next = ranker.RankCandidates(
//       *people, posting, {.k = 20, .after = first.entries.back().order}, basis);
//
// Exact: ids, order, scores and criteria are those of ScorePair over everybody, sorted by the total
// order (fit.h), under every valid ruleset. What cannot enter the answer is skipped by bounds that
// are never below a score (ENGINE.md has the argument), so work grows with the answer, not with the
// population.
//
// Weights of a request go into a copy of the ruleset. Explanations in words start from Fit on the
// decoded profiles of the entries (CandidateSnapshot::Find). The travel of an entry is what
// TravelBetween gives, with the minutes where `basis` brings a table that knows them.
//
// Thread-compatible: one Ranker a thread; snapshots may be shared. No clock, no state that an
// answer could depend on.
#ifndef LEYE_MATCHER_RANKER_H_
#define LEYE_MATCHER_RANKER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "matcher/candidate_index.h"
#include "matcher/congestion.h"
#include "matcher/fit.h"
#include "matcher/posting_index.h"

namespace leye::matcher {

// How the funnel is counted.
enum class FunnelMode : uint8_t {
  kBounded,  // what ranking learns anyway; counts are lower bounds unless marked exact
  kExact,    // every rule for every pair: looks at everybody
};

// What both directions share. `Order` is CandidateOrder or PostingOrder.
template <typename Order>
struct RankRequestOf {
  size_t k = 20;               // at most so many entries
  std::optional<Side> side;    // whose score orders; absent: the ruleset's
  std::optional<Order> after;  // only what comes later in the total order: the last entry of a page
  FunnelMode funnel = FunnelMode::kBounded;
  Score least = Score::Zero();  // only entries of this score or more
  // Of people only: not null takes the ruleset's congestion off the score that orders, `after` and
  // `least` included.
  const Exposure* exposure = nullptr;
};
using RankRequest = RankRequestOf<CandidateOrder>;
using RecommendRequest = RankRequestOf<PostingOrder>;

struct FunnelCount {
  int64_t count = 0;
  bool exact = true;  // otherwise a lower bound

  friend bool operator==(const FunnelCount&, const FunnelCount&) = default;
};

// How many were considered and what became of them, whatever `after` and `k` say. A pair may be
// turned away by several rules and is counted under each.
struct Funnel {
  int64_t considered = 0;  // people of known areas, or postings; always exact
  FunnelCount eligible;
  std::array<FunnelCount, kEnumCount<RuleId>> turned_away{};

  FunnelCount& TurnedAwayBy(RuleId rule) { return turned_away[static_cast<size_t>(rule)]; }
  const FunnelCount& TurnedAwayBy(RuleId rule) const {
    return turned_away[static_cast<size_t>(rule)];
  }
  friend bool operator==(const Funnel&, const Funnel&) = default;
};

// What an answer cost. Places are areas of people or groups of postings.
struct RankStatistics {
  int64_t places = 0;           // in the snapshot
  int64_t places_bounded = 0;   // whose own bound was computed
  int64_t blocks_opened = 0;    // whose rows were filtered
  int64_t rows_filtered = 0;    // rows of those blocks
  int64_t pairs_evaluated = 0;  // decoded and judged by ScorePair
};

struct RankedCandidate {
  CandidateOrder order;  // score by the side that orders less congestion, waiting, id
  AreaIndex area;
  PairScore score;
  Travel travel;
  Congestion congestion = {};  // where the request asks for it
};

struct RankedPosting {
  PostingOrder order;
  PairScore score;
  Travel travel;
};

template <typename Entry>
struct RankingOf {
  std::vector<Entry> entries;  // best first; fewer than k: there are no more
  Funnel funnel;
  RankStatistics statistics;
};
using CandidateRanking = RankingOf<RankedCandidate>;
using PostingRanking = RankingOf<RankedPosting>;

// The person for whom postings are sought. `area` is where `candidate.area` lies.
struct Person {
  const CandidateProfile& candidate;
  const HouseholdProfile& household;
  const AreaProfile& area;
};

class Ranker {
 public:
  Ranker();
  ~Ranker();
  Ranker(Ranker&&) noexcept;
  Ranker& operator=(Ranker&&) noexcept;

  // REQUIRES: a valid ruleset in `basis`.
  CandidateRanking RankCandidates(const CandidateSnapshot& people, const PostingProfile& posting,
                                  const RankRequest& request, const FitContext& basis);

  // REQUIRES: as above.
  PostingRanking RecommendPostings(const PostingSnapshot& postings, const Person& person,
                                   const RecommendRequest& request, const FitContext& basis);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_RANKER_H_
