#include "matcher/plan/path_search.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "absl/container/inlined_vector.h"

#include "matcher/plan/household_caps.h"

namespace leye::matcher::plan {
namespace {

// Below every cost, and far from overflow.
constexpr int64_t kFromTheStart = std::numeric_limits<int64_t>::min() / 4;

SeatNode OtherNode(SeatNode node) { return node ^ 1U; }

}  // namespace

PathSearch::PathSearch(const Roster& roster, ChoiceLists& choices, SeatBook& seats,
                       const PathSearchOptions& options)
    : roster_(roster),
      choices_(choices),
      seats_(seats),
      options_(options),
      scores_(roster.applicants.size()),
      home_states_(roster.homes.size(), {.value_micros = kFromTheStart}),
      seat_labels_(seats.node_count()),
      home_labels_(roster.homes.size()) {}

bool PathSearch::SeatOneOf(Home home) {
  HomeState& state = home_states_[home];
  Begin(state.seated == 0 ? options_.bonus_micros : 0);
  source_home_ = home;
  for (const Applicant member : roster_.MembersOf(home)) {
    if (!seats_.IsSeated(member)) OfferChoices(member, kFromTheStart, 0);
  }
  const bool seated = Run();
  if (seated) ++state.seated;
  return seated;
}

bool PathSearch::SeatOne(Applicant applicant) {
  Begin(0);
  OfferChoices(applicant, kFromTheStart, 0);
  return Run();
}

void PathSearch::Place(Applicant applicant, SeatNode node, int32_t score_micros) {
  seats_.Seat(applicant, node);
  scores_[applicant] = score_micros;
  const Home home = roster_.applicants[applicant].home;
  if (JoblessHome(home)) ++home_states_[home].seated;
}

void PathSearch::Begin(int64_t reward) {
  ++search_;
  source_home_ = kNone;
  reward_ = best_end_ = reward;
  people_ = 0;
  best_seen_.reset();
  heap_.clear();
  labelled_seats_.clear();
  labelled_homes_.clear();
}

bool PathSearch::Run() {
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    const Event event = heap_.back();
    heap_.pop_back();
    if (IsInVain(event)) break;
    if (people_ > options_.people || IsGoodEnough(event)) return TakeWhatWasSeen(event.cost);
    if (!Open(event)) continue;
    RaisePrices(event.cost);
    Carry(event);
    return true;
  }
  RaisePrices(reward_);
  return false;
}

// Nothing is gained by letting one go for another of the same worth.
bool PathSearch::IsInVain(const Event& event) const {
  if (event.cost != reward_) return event.cost > reward_;
  return event.kind == Kind::kDropPerson || event.kind == Kind::kDropOfHome;
}

// The event is the cheapest left. Before any end was seen the best one is to do nothing.
bool PathSearch::IsGoodEnough(const Event& event) const {
  return options_.slack_micros > 0 && event.cost > best_end_ - options_.slack_micros;
}

bool PathSearch::TakeWhatWasSeen(int64_t cost) {
  RaisePrices(cost);
  if (!best_seen_.has_value()) return false;
  Carry(*best_seen_);
  return true;
}

bool PathSearch::Open(const Event& event) {
  switch (event.kind) {
    case Kind::kSeat:
      if (seat_labels_[event.id].cost == event.cost) OpenSeat(event.id);
      return false;
    case Kind::kHome:
      if (home_labels_[event.id].cost == event.cost) OpenHome(event.id);
      return false;
    case Kind::kMoreChoices:
      choices_.Extend(event.id);
      OfferChoices(event.id, CostOf(event.id), BaseOf(event.id));
      return false;
    case Kind::kFreeSeat:
    case Kind::kDropPerson:
    case Kind::kDropOfHome:
      break;
  }
  return true;
}

void PathSearch::OpenSeat(SeatNode node) {
  const int64_t cost = seat_labels_[node].cost;
  const Job job = SeatBook::JobAt(node);
  for (Applicant a = seats_.First(node); a != kNone; a = seats_.Next(a)) {
    ++people_;
    OfferChoices(a, cost, BaseOf(a));
    OfferDrop(a, cost);
  }
  if (!seats_.HasReserve(job)) return;
  const SeatNode other = OtherNode(node);
  const int64_t step = std::max<int64_t>(0, seats_.Price(other) - seats_.Price(node));
  if (!SeatBook::IsWhole(node)) {
    if (seats_.HasRoom(node)) OfferSeat(other, cost + step, kNone);
  } else if (seats_.Used(other) > 0) {
    OfferSeat(other, cost + step, kNone);
  }
}

void PathSearch::OpenHome(Home home) {
  const int64_t cost = home_labels_[home].cost;
  const HomeState& state = home_states_[home];
  Push({.cost = cost + std::max<int64_t>(0, LastReward(home) - state.value_micros),
        .kind = Kind::kDropOfHome,
        .id = home});
  for (const Applicant member : roster_.MembersOf(home)) {
    if (seats_.IsSeated(member)) continue;
    ++people_;
    OfferChoices(member, cost, BaseOf(member));
  }
}

// At which cost the applicant, seated or not, was reached.
int64_t PathSearch::CostOf(Applicant applicant) const {
  if (seats_.IsSeated(applicant)) return seat_labels_[seats_.SeatOf(applicant)].cost;
  const Home home = roster_.applicants[applicant].home;
  if (!JoblessHome(home) || home == source_home_) return kFromTheStart;
  return home_labels_[home].cost;
}

int64_t PathSearch::BaseOf(Applicant applicant) const {
  if (seats_.IsSeated(applicant)) {
    const SeatNode seat = seats_.SeatOf(applicant);
    return seat_labels_[seat].cost + scores_[applicant] - seats_.Price(seat);
  }
  const Home home = roster_.applicants[applicant].home;
  if (!JoblessHome(home) || home == source_home_) return 0;
  return home_labels_[home].cost - home_states_[home].value_micros;
}

void PathSearch::OfferChoices(Applicant applicant, int64_t cost, int64_t base) {
  for (const Choice& choice : choices_.Of(applicant)) {
    if (base - choice.score_micros > best_end_) return;
    const SeatNode node = seats_.EntryOf(applicant, choice.job);
    const int64_t arrival = std::max(cost, base - choice.score_micros + seats_.Price(node));
    if (arrival > best_end_ || IsReached(node, arrival)) continue;
    if (node == seats_.SeatOf(applicant) || !CapAllows(applicant, choice.job)) continue;
    OfferSeat(node, arrival, applicant);
  }
  if (!choices_.MayExtend(applicant)) return;
  Push({.cost = std::max(cost, base - choices_.UnlistedBound(applicant)),
        .kind = Kind::kMoreChoices,
        .id = applicant});
}

void PathSearch::OfferSeat(SeatNode node, int64_t cost, Applicant mover) {
  SeatLabel& label = seat_labels_[node];
  if (IsReached(node, cost)) return;
  if (label.search != search_) labelled_seats_.push_back(node);
  label = {.cost = cost, .search = search_, .mover = mover};
  if (SeatBook::IsWhole(node) && seats_.HasRoom(node)) {
    Push({.cost = cost, .kind = Kind::kFreeSeat, .id = node});
    return;
  }
  Push({.cost = cost, .kind = Kind::kSeat, .id = node});
  // Through the open part into a free seat: known at once.
  const SeatNode whole = SeatBook::Whole(SeatBook::JobAt(node));
  if (node != whole && seats_.HasRoom(node) && seats_.HasRoom(whole)) {
    OfferSeat(whole, cost, kNone);
  }
}

// The holder of a seat goes without, or another member of the household goes instead.
void PathSearch::OfferDrop(Applicant applicant, int64_t cost) {
  const Home home = roster_.applicants[applicant].home;
  const bool jobless = JoblessHome(home);
  const int64_t value = scores_[applicant] - seats_.Price(seats_.SeatOf(applicant)) +
                        (jobless ? home_states_[home].value_micros : 0);
  const int64_t dropped = cost + std::max<int64_t>(0, value);
  if (!jobless) {
    Push({.cost = dropped, .kind = Kind::kDropPerson, .id = applicant});
    return;
  }
  HomeLabel& label = home_labels_[home];
  if (home == source_home_ || dropped > best_end_) return;
  if (label.search == search_ && label.cost <= dropped) return;
  if (label.search != search_) labelled_homes_.push_back(home);
  label = {.cost = dropped, .search = search_, .dropped = applicant};
  Push({.cost = dropped, .kind = Kind::kHome, .id = home});
}

void PathSearch::Push(const Event& event) {
  if (event.cost > best_end_) return;
  if (event.kind != Kind::kSeat && event.kind != Kind::kHome && event.kind != Kind::kMoreChoices &&
      !IsInVain(event)) {
    if (!best_seen_.has_value() || event < *best_seen_) best_seen_ = event;
    best_end_ = event.cost;
  }
  heap_.push_back(event);
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

bool PathSearch::CapAllows(Applicant applicant, Job job) const {
  const Programme& programme = roster_.jobs[job].programme;
  const Home home = roster_.applicants[applicant].home;
  if (!programme.Counts() || home == kNone) return true;
  absl::InlinedVector<Programme, 8> taken = {programme};
  for (const Applicant member : roster_.MembersOf(home)) {
    if (member == applicant || !seats_.IsSeated(member)) continue;
    taken.push_back(roster_.jobs[SeatBook::JobAt(seats_.SeatOf(member))].programme);
  }
  const auto pinned = roster_.pinned_programmes.find(home);
  if (pinned != roster_.pinned_programmes.end()) {
    taken.insert(taken.end(), pinned->second.begin(), pinned->second.end());
  }
  return CapsHold(roster_.homes[home], taken) && !SiblingJoins(applicant, programme.kind);
}

// Would another member come to the programme earlier on the path? What is opened keeps its label,
// so the path to the applicant is final.
bool PathSearch::SiblingJoins(Applicant applicant, PublicWelfareKind kind) const {
  const Home home = roster_.applicants[applicant].home;
  if (roster_.homes[home].member_count < 2) return false;
  Applicant at = applicant;
  for (;;) {
    if (!seats_.IsSeated(at)) {
      at = DroppedFor(at);
      if (at == kNone) return false;
    }
    const Move arrival = Arrival(seats_.SeatOf(at));
    at = arrival.applicant;
    if (roster_.applicants[at].home == home &&
        roster_.jobs[SeatBook::JobAt(arrival.to)].programme.kind == kind) {
      return true;
    }
  }
}

PathSearch::Move PathSearch::Arrival(SeatNode node) const {
  if (seat_labels_[node].mover == kNone) node = OtherNode(node);
  return {.applicant = seat_labels_[node].mover, .to = node};
}

Applicant PathSearch::DroppedFor(Applicant applicant) const {
  const Home home = roster_.applicants[applicant].home;
  if (!JoblessHome(home) || home == source_home_) return kNone;
  return home_labels_[home].dropped;
}

void PathSearch::RaisePrices(int64_t cost) {
  for (const SeatNode node : labelled_seats_) {
    const int64_t by = cost - seat_labels_[node].cost;
    if (by > 0) seats_.Raise(node, by);
  }
  for (const Home home : labelled_homes_) {
    const int64_t by = cost - home_labels_[home].cost;
    if (by > 0) home_states_[home].value_micros += by;
  }
  if (source_home_ != kNone) {
    int64_t& value = home_states_[source_home_].value_micros;
    value = std::max(value, cost);
  }
}

void PathSearch::Carry(const Event& end) {
  std::vector<Move> moves;
  SeatNode node = end.id;
  if (end.kind != Kind::kFreeSeat) {
    const Applicant dropped = end.kind == Kind::kDropPerson ? end.id : home_labels_[end.id].dropped;
    if (end.kind == Kind::kDropOfHome) --home_states_[end.id].seated;
    moves.push_back({.applicant = dropped, .to = kNone});
    node = seats_.SeatOf(dropped);
  }
  for (;;) {
    const Move arrival = Arrival(node);
    moves.push_back(arrival);
    if (seats_.IsSeated(arrival.applicant)) {
      node = seats_.SeatOf(arrival.applicant);
      continue;
    }
    const Applicant dropped = DroppedFor(arrival.applicant);
    if (dropped == kNone) break;
    moves.push_back({.applicant = dropped, .to = kNone});
    node = seats_.SeatOf(dropped);
  }
  for (const Move& move : moves) {
    if (seats_.IsSeated(move.applicant)) seats_.Unseat(move.applicant);
  }
  for (const Move& move : moves) {
    if (move.to == kNone) continue;
    seats_.Seat(move.applicant, move.to);
    const auto choices = choices_.Of(move.applicant);
    const auto taken = std::ranges::find(choices, SeatBook::JobAt(move.to), &Choice::job);
    scores_[move.applicant] = taken->score_micros;
  }
}

}  // namespace leye::matcher::plan
