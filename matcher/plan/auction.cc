#include "matcher/plan/auction.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/container/inlined_vector.h"

#include "matcher/plan/household_caps.h"

namespace leye::matcher::plan {
namespace {

constexpr int64_t kCoarse = 25;  // steps of the fine auction in one of the coarse one
constexpr int64_t kMargin = 3;   // coarse steps from where the fine one begins to where it may end
constexpr int64_t kLargeStepMicros = 20'000;
constexpr size_t kBidsAStep = 16'384;  // between two questions whether to go on

}  // namespace

Auction::Auction(const Roster& roster, ChoiceLists& choices, SeatBook& seats, PathSearch& search,
                 const AuctionOptions& options)
    : roster_(roster),
      choices_(choices),
      seats_(seats),
      search_(search),
      options_(options),
      lots_(2 * roster.jobs.size()),
      prices_micros_(2 * roster.jobs.size()),
      lot_of_(roster.applicants.size(), kNone),
      seated_(roster.homes.size()),
      has_given_up_(roster.applicants.size()) {
  for (Job job = 0; job < roster.jobs.size(); ++job) {
    const JobFacts& facts = roster.jobs[job];
    lots_[Open(job)].seats = facts.open_seats;
    lots_[Reserved(job)].seats = static_cast<uint16_t>(facts.seats - facts.open_seats);
    for (const LotId lot : {Open(job), Reserved(job)}) {
      if (lots_[lot].seats == 0) prices_micros_[lot] = kUnaffordable;
    }
  }
}

bool Auction::Run(const std::function<bool(size_t waiting)>& go_on) {
  const bool going = choices_.AreBest() ? RunOnce(go_on) : RunTwice(go_on);
  Settle();
  return going;
}

bool Auction::RunOnce(const std::function<bool(size_t waiting)>& go_on) {
  step_micros_ = options_.step_micros;
  return Round(go_on);
}

// Nearly all bids of a fine auction are small raises far below the prices where it ends. So a
// coarse one finds out about where that is, and the fine one begins somewhat below.
bool Auction::RunTwice(const std::function<bool(size_t waiting)>& go_on) {
  step_micros_ = kCoarse * options_.step_micros;
  bool going = Round(go_on);
  if (going) {
    EmptySeats(kMargin * step_micros_);
    step_micros_ = options_.step_micros;
    going = Round(go_on);
  }
  if (going && HasPricedRoom()) {
    EmptySeats(kUnaffordable);
    going = Round(go_on);
  }
  return going;
}

bool Auction::Round(const std::function<bool(size_t waiting)>& go_on) {
  EnqueueEverybody();
  bool going = BidAll(go_on);
  while (going && !asking_.empty() && bids_ < options_.most_bids) {
    going = RankForAsking(go_on) && BidAll(go_on);
  }
  waiting_.clear();
  asking_.clear();
  return going;
}

bool Auction::BidAll(const std::function<bool(size_t waiting)>& go_on) {
  bool going = true;
  for (; going && !waiting_.empty() && bids_ < options_.most_bids; ++bids_) {
    if (bids_ % kBidsAStep == 0) going = go_on(waiting_.size() + asking_.size());
    const Bidder bidder = waiting_.front();
    waiting_.pop_front();
    Bid(bidder);
  }
  return going;
}

bool Auction::RankForAsking(const std::function<bool(size_t waiting)>& go_on) {
  std::vector<Applicant> applicants;
  for (const Bidder& bidder : asking_) {
    Enqueue(bidder);
    if (!bidder.is_home) {
      applicants.push_back(bidder.id);
      continue;
    }
    for (const Applicant member : roster_.MembersOf(bidder.id)) {
      if (!choices_.IsComplete(member)) applicants.push_back(member);
    }
  }
  asking_.clear();
  return choices_.RankBest(std::move(applicants), LotPrices(prices_micros_), options_.threads,
                           [&](double) { return go_on(waiting_.size()); });
}

void Auction::EmptySeats(int64_t rebate_micros) {
  for (LotId lot = 0; lot < lots_.size(); ++lot) {
    if (PriceOf(lot) < kUnaffordable) {
      prices_micros_[lot] = IsFull(lot) ? std::max<int64_t>(0, PriceOf(lot) - rebate_micros) : 0;
    }
    lots_[lot].taken.clear();
  }
  std::ranges::fill(lot_of_, kNone);
  std::ranges::fill(seated_, 0);
  has_given_up_.assign(has_given_up_.size(), false);
}

bool Auction::HasPricedRoom() const {
  for (LotId lot = 0; lot < lots_.size(); ++lot) {
    if (!IsFull(lot) && PriceOf(lot) > 0) return true;
  }
  return false;
}

// Households that need their first earner come first; at equal claims the roster's order decides.
// Where people are so many that lists are short, neighbours bid one after the other, for much the
// same jobs: they are in the cache then.
void Auction::EnqueueEverybody() {
  std::vector<Applicant> order(roster_.applicants.size());
  std::iota(order.begin(), order.end(), Applicant{0});
  if (choices_.AreBest()) {
    std::ranges::stable_sort(order, {}, [this](Applicant a) { return roster_.PlaceOf(a); });
  }
  std::vector<bool> queued(roster_.homes.size());
  for (const Applicant a : order) {
    if (!IsJobless(a)) continue;
    const Home home = roster_.applicants[a].home;
    if (!queued[home]) Enqueue({.id = home, .is_home = true});
    queued[home] = true;
  }
  for (const Applicant a : order) {
    if (!IsJobless(a)) Enqueue({.id = a});
  }
}

void Auction::Bid(const Bidder& bidder) {
  Look look;
  if (bidder.is_home) {
    if (seated_[bidder.id] > 0) return;
    look.second_micros = -options_.reward_micros;
    look.best.value_micros = look.second_micros;
    for (const Applicant member : roster_.MembersOf(bidder.id)) LookAt(member, look);
  } else {
    const bool waits_for_first =
        IsJobless(bidder.id) && seated_[roster_.applicants[bidder.id].home] == 0;
    if (lot_of_[bidder.id] != kNone || has_given_up_[bidder.id] || waits_for_first) return;
    LookAt(bidder.id, look);
    if (!Asks(look) && look.best.lot == kNone) has_given_up_[bidder.id] = true;
  }
  if (Asks(look)) {
    asking_.push_back(bidder);
    return;
  }
  if (look.best.lot == kNone) return;  // Prices only rise: nothing will ever be better.
  Take(look.best, PriceOf(look.best.lot) + RaiseOf(look));
  if (!bidder.is_home) return;
  for (const Applicant member : roster_.MembersOf(bidder.id)) {
    if (member != look.best.applicant) Enqueue({.id = member});
  }
}

// As much as the best is better than the second best, and a step. While a seat is worth its price
// by its score alone, a household bids no more for it than that: it may yet get another one. Once
// none is, there is no other way, and it may take larger steps: few are so far.
int64_t Auction::RaiseOf(const Look& look) const {
  const int64_t best = look.best.value_micros;
  const int64_t second = std::max(look.second_micros, std::min(best, look.unlisted_micros));
  if (best >= 0) return best - std::max<int64_t>(0, second) + step_micros_;
  return best - second + std::max(kLargeStepMicros, step_micros_);
}

// What is worth less than the second best even for nothing need not be looked at.
void Auction::LookAt(Applicant applicant, Look& look) {
  if (choices_.AreBest() && !choices_.IsComplete(applicant)) {
    look.unlisted_micros = std::max(look.unlisted_micros, choices_.UnlistedBound(applicant));
  }
  for (size_t i = 0;;) {
    if (i == choices_.Of(applicant).size()) {
      if (!choices_.MayExtend(applicant)) return;
      if (choices_.UnlistedBound(applicant) <= look.second_micros) return;
      choices_.Extend(applicant);  // What it finds may all be left out: asked again then.
      continue;
    }
    const Choice choice = choices_.Of(applicant)[i++];
    if (choice.score_micros <= look.second_micros) return;
    const LotId open = Open(choice.job);
    const LotId reserved = Reserved(choice.job);
    const int64_t price = std::min(PriceOf(open), PriceOf(reserved));
    if (choice.score_micros - price <= look.second_micros) continue;
    if (!CapAllows(applicant, choice.job)) continue;
    LookAt(applicant, open, choice.score_micros, look);
    if (PriceOf(reserved) < kUnaffordable && roster_.IsReservedFor(choice.job, applicant)) {
      LookAt(applicant, reserved, choice.score_micros, look);
    }
  }
}

void Auction::LookAt(Applicant applicant, LotId lot, int32_t score_micros, Look& look) const {
  const int64_t value = score_micros - PriceOf(lot);
  if (value <= look.second_micros) return;
  if (value <= look.best.value_micros) {
    if (lot != look.best.lot) look.second_micros = value;
    return;
  }
  // The other member's offer of the same lot is no alternative to it.
  if (lot != look.best.lot) look.second_micros = look.best.value_micros;
  look.best = {
      .value_micros = value, .applicant = applicant, .lot = lot, .score_micros = score_micros};
}

void Auction::Take(const Offer& offer, int64_t price_micros) {
  Lot& lot = lots_[offer.lot];
  if (IsFull(offer.lot)) {
    std::pop_heap(lot.taken.begin(), lot.taken.end());
    Unseat(lot.taken.back().holder);
    lot.taken.pop_back();
  }
  lot.taken.push_back({.price_micros = price_micros,
                       .holder = offer.applicant,
                       .score_micros = offer.score_micros});
  std::push_heap(lot.taken.begin(), lot.taken.end());
  if (IsFull(offer.lot)) prices_micros_[offer.lot] = lot.taken.front().price_micros;
  lot_of_[offer.applicant] = offer.lot;
  const Home home = roster_.applicants[offer.applicant].home;
  if (home != kNone) ++seated_[home];
}

void Auction::Unseat(Applicant applicant) {
  lot_of_[applicant] = kNone;
  const Home home = roster_.applicants[applicant].home;
  if (home != kNone) --seated_[home];
  if (IsJobless(applicant) && seated_[home] == 0) {
    Enqueue({.id = home, .is_home = true});
  } else {
    Enqueue({.id = applicant});
  }
}

bool Auction::CapAllows(Applicant applicant, Job job) const {
  const Programme& programme = roster_.jobs[job].programme;
  const Home home = roster_.applicants[applicant].home;
  if (!programme.Counts() || home == kNone) return true;
  absl::InlinedVector<Programme, 8> taken = {programme};
  for (const Applicant member : roster_.MembersOf(home)) {
    if (member == applicant || lot_of_[member] == kNone) continue;
    taken.push_back(roster_.jobs[lot_of_[member] / 2].programme);
  }
  const auto pinned = roster_.pinned_programmes.find(home);
  if (pinned != roster_.pinned_programmes.end()) {
    taken.insert(taken.end(), pinned->second.begin(), pinned->second.end());
  }
  return CapsHold(roster_.homes[home], taken);
}

void Auction::Settle() {
  for (Job job = 0; job < roster_.jobs.size(); ++job) {
    const int64_t open = PriceOf(Open(job));
    const int64_t reserved = PriceOf(Reserved(job));
    const int64_t whole = std::min(open, reserved);
    if (whole < kUnaffordable) seats_.Raise(SeatBook::Whole(job), whole);
    if (open < kUnaffordable) seats_.Raise(SeatBook::OpenPart(job), open);
    for (const LotId lot : {Open(job), Reserved(job)}) {
      for (const Seat& seat : lots_[lot].taken) {
        search_.Place(seat.holder, seats_.EntryOf(seat.holder, job), seat.score_micros);
      }
    }
  }
}

}  // namespace leye::matcher::plan
