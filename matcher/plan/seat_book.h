// Who sits where, how many seats are left, and what a seat is worth.
//
// A job is one node, or two where some of its seats are reserved: the whole (all its seats) and the
// open part (the seats that people outside the reserved group may take). People of the group sit at
// the whole, the others at the open part and so in the whole as well. A job without a reserve
// seats everybody at the whole.
//
// Prices are the dual prices of one more seat for whoever enters there, in micros; at least 0, and
// the open part's is at least the whole's. Thread-compatible.
#ifndef LEYE_MATCHER_PLAN_SEAT_BOOK_H_
#define LEYE_MATCHER_PLAN_SEAT_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "matcher/plan/roster.h"

namespace leye::matcher::plan {

using SeatNode = uint32_t;

class SeatBook {
 public:
  // `roster` outlives the book.
  explicit SeatBook(const Roster& roster);

  static SeatNode Whole(Job job) { return 2 * job; }
  static SeatNode OpenPart(Job job) { return 2 * job + 1; }
  static Job JobAt(SeatNode node) { return node / 2; }
  static bool IsWhole(SeatNode node) { return node % 2 == 0; }

  size_t node_count() const { return nodes_.size(); }
  bool HasReserve(Job job) const { return roster_.jobs[job].HasReserve(); }

  // Where the applicant enters the job.
  SeatNode EntryOf(Applicant applicant, Job job) const {
    return HasReserve(job) && !roster_.IsReservedFor(job, applicant) ? OpenPart(job) : Whole(job);
  }

  // kNone: nowhere.
  SeatNode SeatOf(Applicant applicant) const { return people_[applicant].seat; }
  bool IsSeated(Applicant applicant) const { return SeatOf(applicant) != kNone; }

  // Of this node alone: the open part may have room where the whole has none.
  bool HasRoom(SeatNode node) const { return nodes_[node].used < nodes_[node].seats; }
  uint16_t Used(SeatNode node) const { return nodes_[node].used; }
  uint16_t Seats(SeatNode node) const { return nodes_[node].seats; }

  // Those who entered at this node: for (a = First(n); a != kNone; a = Next(a)).
  Applicant First(SeatNode node) const { return nodes_[node].first; }
  Applicant Next(Applicant applicant) const { return people_[applicant].next; }

  // REQUIRES: not seated. Whether there is room is the caller's affair.
  void Seat(Applicant applicant, SeatNode node);
  // REQUIRES: seated.
  void Unseat(Applicant applicant);

  int64_t Price(SeatNode node) const { return nodes_[node].price_micros; }
  void Raise(SeatNode node, int64_t by_micros) { nodes_[node].price_micros += by_micros; }

 private:
  struct Node {
    int64_t price_micros = 0;
    Applicant first = kNone;
    uint16_t seats = 0;
    uint16_t used = 0;
  };
  struct Person {
    SeatNode seat = kNone;
    Applicant next = kNone;
    Applicant previous = kNone;
  };

  void Count(SeatNode node, int change);

  const Roster& roster_;
  std::vector<Node> nodes_;
  std::vector<Person> people_;
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_SEAT_BOOK_H_
