// Which people and postings of a world the caller of a match reaches: access/reach.h, asked of what
// matching knows instead of the store.
//
//   const MatchReach reach(context, *world);
//   if (!reach.Covers(posting)) return NotFound({name});
#ifndef LEYE_SERVICES_APP_MATCH_REACH_H_
#define LEYE_SERVICES_APP_MATCH_REACH_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "matcher/ranker.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"
#include "services/base/status.h"

namespace leye::app {

// Thread-compatible. Views both.
class MatchReach {
 public:
  MatchReach(const CallContext& caller, const MatchWorld& world) : caller_(caller), world_(world) {}

  // Nothing is out of reach, in any region.
  bool whole() const;

  bool Covers(const matcher::CandidateProfile& person) const;
  bool Covers(const matcher::PostingProfile& posting) const;

  // Whether the person may be in the answer about a posting that the caller reaches: to an employer
  // anybody who agreed to that, as little as it is shown of them.
  bool MayList(matcher::CandidateId person) const;

 private:
  const CallContext& caller_;
  const MatchWorld& world_;
};

// What `rank` answers, with only those people whom the caller may be told of: it is asked for more
// until there are enough of them, or until `alive` is an error. The funnel counts everybody.
template <typename Alive, typename Rank>
absl::StatusOr<matcher::CandidateRanking> RankReached(matcher::RankRequest ranking,
                                                      const MatchReach& reach, const Alive& alive,
                                                      const Rank& rank) {
  if (reach.whole()) return rank(ranking);
  constexpr size_t kFirstRound = 1'000;
  constexpr size_t kLargestRound = 64'000;
  const size_t wanted = ranking.k;
  ranking.k = std::max(wanted, kFirstRound);
  std::optional<matcher::CandidateRanking> reached;
  for (bool more = true; more; ranking.k = std::min(4 * ranking.k, kLargestRound)) {
    LEYE_RETURN_IF_ERROR(alive());
    matcher::CandidateRanking round = rank(ranking);
    more = round.entries.size() == ranking.k;
    if (more) ranking.after = round.entries.back().order;
    std::erase_if(round.entries, [&](const matcher::RankedCandidate& entry) {
      return !reach.MayList(entry.order.id);
    });
    if (!reached.has_value()) {
      reached = std::move(round);
      ranking.funnel = matcher::FunnelMode::kBounded;
    } else {
      reached->entries.insert(reached->entries.end(), round.entries.begin(), round.entries.end());
    }
    more = more && reached->entries.size() < wanted;
  }
  if (reached->entries.size() > wanted) reached->entries.resize(wanted);
  return *std::move(reached);
}

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_REACH_H_
