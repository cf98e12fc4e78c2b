#include "matcher/plan/seat_book.h"

namespace leye::matcher::plan {

SeatBook::SeatBook(const Roster& roster)
    : roster_(roster), nodes_(2 * roster.jobs.size()), people_(roster.applicants.size()) {
  for (Job job = 0; job < roster.jobs.size(); ++job) {
    nodes_[Whole(job)].seats = roster.jobs[job].seats;
    nodes_[OpenPart(job)].seats = roster.jobs[job].open_seats;
  }
}

void SeatBook::Count(SeatNode node, int change) {
  nodes_[node].used = static_cast<uint16_t>(nodes_[node].used + change);
  if (IsWhole(node)) return;
  Node& whole = nodes_[Whole(JobAt(node))];
  whole.used = static_cast<uint16_t>(whole.used + change);
}

void SeatBook::Seat(Applicant applicant, SeatNode node) {
  Person& person = people_[applicant];
  person = {.seat = node, .next = nodes_[node].first, .previous = kNone};
  if (person.next != kNone) people_[person.next].previous = applicant;
  nodes_[node].first = applicant;
  Count(node, 1);
}

void SeatBook::Unseat(Applicant applicant) {
  Person& person = people_[applicant];
  if (person.previous == kNone) {
    nodes_[person.seat].first = person.next;
  } else {
    people_[person.previous].next = person.next;
  }
  if (person.next != kNone) people_[person.next].previous = person.previous;
  Count(person.seat, -1);
  person = {};
}

}  // namespace leye::matcher::plan
