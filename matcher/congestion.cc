#include "matcher/congestion.h"

#include <algorithm>

namespace leye::matcher {

Congestion CongestionOf(std::span<const Showing> showings, PostingId posting, Score priority,
                        const CongestionParameters& parameters, Day today) {
  const Day since = today.PlusDays(1 - parameters.window_days);
  Congestion found;
  found.shown_for_others =
      static_cast<int>(std::ranges::count_if(showings, [&](const Showing& showing) {
        return showing.posting != posting && showing.last_day >= since;
      }));
  found.spared = priority >= parameters.spared_from_priority;
  if (!found.spared) {
    const int64_t shown = found.shown_for_others;
    found.discount = parameters.most * Score::FromRatio(shown, shown + parameters.half_postings);
  }
  return found;
}

}  // namespace leye::matcher
