// Seats many at once, well enough: an auction.
//
//   Auction auction(roster, choices, seats, search, {.reward_micros = reward, .step_micros =
//   1000}); auction.Run(go_on);
//
// Who has no seat bids for the best one at present prices, as much more as it is better than the
// second best, and a step; who is outbid bids again. A full job costs what its cheapest holder has
// bid, one with room nothing. In the end nobody could do better by more than a step, so the plan is
// within (people seated) x step of the best one (Bertsekas 1988; Bertsekas and Castanon 1989 for
// many seats alike). `dual_bound` says how far it is in truth.
//
// A zero-employment household without a seat bids as one, for whichever member, up to
// `reward_micros` above the score; once one member has a seat, the others bid for themselves.
// A coarse round comes first, from which the fine one knows near which prices it will end.
//
// With lists of the best at given prices (ChoiceLists::RankBest), who might do better by something
// unlisted does not bid but asks; when nobody else bids, all who asked get new lists. Prices must
// not fall then, so there is one round.
//
// HH-CAP is kept by every bid. Deterministic. Thread-compatible.
#ifndef LEYE_MATCHER_PLAN_AUCTION_H_
#define LEYE_MATCHER_PLAN_AUCTION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "matcher/plan/choice_lists.h"
#include "matcher/plan/path_search.h"
#include "matcher/plan/priced_sweep.h"
#include "matcher/plan/roster.h"
#include "matcher/plan/seat_book.h"

namespace leye::matcher::plan {

struct AuctionOptions {
  int64_t reward_micros = 0;   // what a household's first earner is worth on top of the score
  int64_t step_micros = 1000;  // >= 1
  size_t most_bids = kUnlimited;
  size_t threads = 1;  // that rank
};

class Auction {
 public:
  // The arguments outlive the auction. REQUIRES: nobody is seated.
  Auction(const Roster& roster, ChoiceLists& choices, SeatBook& seats, PathSearch& search,
          const AuctionOptions& options);

  // Seats everybody and sets the prices, also when it ends early: whoever waits to bid then goes
  // without. `go_on` is asked now and then, with the number of those who wait; false if it said so.
  bool Run(const std::function<bool(size_t waiting)>& go_on);

 private:
  // The seats of a job that anybody may have, or those reserved for its group.
  using LotId = uint32_t;
  struct Seat {
    int64_t price_micros = 0;
    Applicant holder = kNone;
    int32_t score_micros = 0;

    // The cheapest is on top of a heap.
    friend bool operator<(const Seat& a, const Seat& b) {
      return a.price_micros != b.price_micros ? a.price_micros > b.price_micros
                                              : a.holder > b.holder;
    }
  };
  struct Lot {
    std::vector<Seat> taken;  // a heap
    uint16_t seats = 0;
  };
  struct Offer {
    int64_t value_micros = 0;  // score less price
    Applicant applicant = kNone;
    LotId lot = kNone;
    int32_t score_micros = 0;
  };
  // The best offer, and how good the second best is: of another lot, or nothing at all.
  struct Look {
    Offer best;
    int64_t second_micros = 0;
    int64_t unlisted_micros = PricedSweep::kNothing;  // nothing that is not listed is better
  };
  // A person, or a household that has no seat.
  struct Bidder {
    uint32_t id = 0;
    bool is_home = false;
  };

  static LotId Reserved(Job job) { return LotPrices::Reserved(job); }
  static LotId Open(Job job) { return LotPrices::Open(job); }

  // As Run, but for what it sets in the end: one round; a coarse one and a fine one.
  bool RunOnce(const std::function<bool(size_t waiting)>& go_on);
  bool RunTwice(const std::function<bool(size_t waiting)>& go_on);
  // Everybody bids until nobody waits. False: `go_on` said so.
  bool Round(const std::function<bool(size_t waiting)>& go_on);
  bool BidAll(const std::function<bool(size_t waiting)>& go_on);
  // Longer lists for those who ask, who then bid again. False: `go_on` said so.
  bool RankForAsking(const std::function<bool(size_t waiting)>& go_on);
  // Might something that is not listed be better than the best offer?
  bool Asks(const Look& look) const {
    const int64_t slack = std::max(PricedSweep::kSlackMicros, step_micros_ / 2);
    return look.unlisted_micros > look.best.value_micros + slack;
  }
  // For another round: full lots begin at so much less, others at nothing.
  void EmptySeats(int64_t rebate_micros);
  // Did a round end with seats that nobody wants at the price they began with?
  bool HasPricedRoom() const;
  void Bid(const Bidder& bidder);
  int64_t RaiseOf(const Look& look) const;
  void LookAt(Applicant applicant, Look& look);
  void LookAt(Applicant applicant, LotId lot, int32_t score_micros, Look& look) const;
  void Take(const Offer& offer, int64_t price_micros);
  void Unseat(Applicant applicant);
  void Enqueue(const Bidder& bidder) { waiting_.push_back(bidder); }
  void EnqueueEverybody();
  bool CapAllows(Applicant applicant, Job job) const;
  bool IsJobless(Applicant applicant) const {
    const Home home = roster_.applicants[applicant].home;
    return home != kNone && roster_.homes[home].jobless;
  }
  bool IsFull(LotId lot) const { return lots_[lot].taken.size() == lots_[lot].seats; }
  // Of one more seat.
  int64_t PriceOf(LotId lot) const { return prices_micros_[lot]; }
  void Settle();

  const Roster& roster_;
  ChoiceLists& choices_;
  SeatBook& seats_;
  PathSearch& search_;
  const AuctionOptions options_;
  std::vector<Lot> lots_;
  std::vector<int64_t> prices_micros_;  // by lot
  std::vector<LotId> lot_of_;           // by applicant; kNone: no seat
  std::vector<uint32_t> seated_;        // by home
  std::vector<bool> has_given_up_;      // by applicant, bidding for themselves
  std::deque<Bidder> waiting_;
  std::vector<Bidder> asking_;  // for longer lists
  int64_t step_micros_ = 0;     // of the round
  size_t bids_ = 0;             // of all rounds
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_AUCTION_H_
