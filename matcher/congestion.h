// What it costs a person, in one ranking, to have been shown for many other postings of late.
//
//   const Congestion found = CongestionOf(exposure.ShowingsOf(person), posting, priority,
//                                         ruleset.congestion, today);
//   found.Less(score);                                   // what orders the person
//
// The discount is most * n / (n + half) for n other postings: half of the most after `half`, never
// all of it, and never less for more. Whoever is in need enough is spared. A discount only lowers a
// place, so bounds of undiscounted scores stay bounds (ENGINE.md). Pure; thread-safe.
#ifndef LEYE_MATCHER_CONGESTION_H_
#define LEYE_MATCHER_CONGESTION_H_

#include <span>

#include "matcher/ids.h"
#include "matcher/ruleset.h"
#include "matcher/units.h"

namespace leye::matcher {

// A posting for which a person stood in an answer, and the last day of that.
struct Showing {
  PostingId posting;
  Day last_day;

  friend bool operator==(const Showing&, const Showing&) = default;
};

// Who was shown for which postings. Immutable, thread-safe.
class Exposure {
 public:
  virtual ~Exposure() = default;

  // Each posting once. Empty for whom nothing is known of. Valid as long as this is.
  virtual std::span<const Showing> ShowingsOf(CandidateId person) const = 0;
};

struct Congestion {
  int shown_for_others = 0;  // within the window
  bool spared = false;       // by priority
  Score discount;

  Score Less(Score score) const { return Score::FromMicros(score.micros() - discount.micros()); }
};

// `posting`: the one that is ranked, which does not count. `priority`: the person's PRIORITY.
Congestion CongestionOf(std::span<const Showing> showings, PostingId posting, Score priority,
                        const CongestionParameters& parameters, Day today);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CONGESTION_H_
