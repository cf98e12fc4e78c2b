// What the searches of the engine have cost and found so far: for metrics.
//
// Thread-safe; counting takes no lock.

#ifndef LEYE_SERVICES_APP_MATCH_FIGURES_H_
#define LEYE_SERVICES_APP_MATCH_FIGURES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "matcher/ranker.h"

namespace leye::app {

// Of one direction: people for a posting, or postings for a person.
struct SearchFigures {
  using Count = std::atomic<int64_t>;

  Count searches{0};
  Count places{0};           // Of the snapshots that were searched.
  Count places_bounded{0};   // Whose own bound was computed.
  Count blocks_opened{0};    // Whose rows were filtered.
  Count rows_filtered{0};    // Of those blocks.
  Count pairs_evaluated{0};  // Judged one by one.
  Count considered{0};       // By the funnels.
  Count eligible{0};         // The same; of some searches a lower bound.
  Count answered{0};         // People or postings in the answers.

  template <typename Ranking>
  void Add(const Ranking& ranked) {
    const auto count = [](Count& figure, int64_t more) {
      figure.fetch_add(more, std::memory_order_relaxed);
    };
    count(searches, 1);
    count(places, ranked.statistics.places);
    count(places_bounded, ranked.statistics.places_bounded);
    count(blocks_opened, ranked.statistics.blocks_opened);
    count(rows_filtered, ranked.statistics.rows_filtered);
    count(pairs_evaluated, ranked.statistics.pairs_evaluated);
    count(considered, ranked.funnel.considered);
    count(eligible, ranked.funnel.eligible.count);
    count(answered, static_cast<int64_t>(ranked.entries.size()));
  }
};

struct MatchFigures {
  SearchFigures candidates;  // RankCandidates; each round of it where the caller sees a part only.
  SearchFigures postings;    // RecommendPostings.
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_FIGURES_H_
