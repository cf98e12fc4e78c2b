// How much better than the plan any plan can be, from the prices of seats.
//
//   const DualBound bound(roster, choices, seats, search, threads);
//   bound.Excess({.bonus_micros = bonus});      // 0: the plan is the best one
//
// Lagrangian duality: whatever seats cost, no plan is worth more than what all seats are paid for
// together and what is left to each household at its best choice at these prices. Within a
// household the best choice is found over all its members together, so that its first earner and
// HH-CAP are kept. The bound stands on the prices alone, not on how they were found. Immutable.
#ifndef LEYE_MATCHER_PLAN_DUAL_BOUND_H_
#define LEYE_MATCHER_PLAN_DUAL_BOUND_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/numeric/int128.h"

#include "matcher/plan/choice_lists.h"
#include "matcher/plan/path_search.h"
#include "matcher/plan/roster.h"
#include "matcher/plan/seat_book.h"

namespace leye::matcher::plan {

// What a household's first earner is worth on top of the score, and the most that a seat costs:
// higher prices are cut to it.
struct DualPoint {
  int64_t bonus_micros = 0;
  int64_t most_price_micros = std::numeric_limits<int64_t>::max();
};

class DualBound {
 public:
  // The arguments outlive the bound.
  DualBound(const Roster& roster, const ChoiceLists& choices, const SeatBook& seats,
            const PathSearch& search, size_t threads);

  // (bonus x households with a first earner + sum of scores) of any plan is at most that of this
  // plan and the excess. Not negative.
  absl::int128 Excess(const DualPoint& point) const;

 private:
  // The best seat of one programme, or of none, that a member could have: score less price.
  struct Option {
    Programme programme;
    int64_t value_micros = 0;
  };
  using Options = std::vector<Option>;

  int64_t Price(SeatNode node, const DualPoint& point) const;
  absl::int128 ExcessOfSeats(const DualPoint& point) const;
  // Of the people and of the homes with these numbers, as far as there are any.
  absl::int128 ExcessOfRange(uint32_t begin, uint32_t end, const DualPoint& point) const;
  int64_t ExcessOfOne(Applicant applicant, const DualPoint& point) const;
  int64_t ExcessOfHome(Home home, const DualPoint& point) const;
  // What the applicant has, and the best to be had, having nothing included.
  int64_t ValueOf(Applicant applicant, const DualPoint& point) const;
  int64_t BestOf(Applicant applicant, const DualPoint& point) const;
  // All that may be part of a best choice of the household; having nothing is not among them.
  Options OptionsOf(Applicant applicant, const DualPoint& point) const;
  int64_t BestOfHome(Home home, const std::vector<Options>& members, const DualPoint& point) const;
  bool MayCapBind(Home home) const;

  const Roster& roster_;
  const ChoiceLists& choices_;
  const SeatBook& seats_;
  const PathSearch& search_;
  const size_t threads_;
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_DUAL_BOUND_H_
