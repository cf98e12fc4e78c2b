// Seats one more, in the best way there is: the shortest augmenting path.
//
//   PathSearch search(roster, choices, seats, {.bonus_micros = bonus});
//   search.SeatOneOf(home);         // one member of a zero-employment household
//   search.SeatOne(applicant);      // somebody whose household does not matter
//
// A path begins with somebody who gets a seat. If it is taken, its holder moves on to another, and
// so on, until there is a free seat, or somebody is left without one. Costs are scores lost and
// prices paid; the cheapest path is found by Dijkstra's algorithm over costs that the prices keep
// from being negative, and prices rise as the search says, so that the plan stays the best one for
// all units served so far (successive shortest paths; Ahuja, Magnanti and Orlin 1993, chapter 9;
// README.md has the argument). Lists of choices are extended only where an unlisted choice might be
// on the path. The household's first earner earns `bonus_micros` on top of the score.
//
// Deterministic. Thread-compatible.
#ifndef LEYE_MATCHER_PLAN_PATH_SEARCH_H_
#define LEYE_MATCHER_PLAN_PATH_SEARCH_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "matcher/plan/choice_lists.h"
#include "matcher/plan/roster.h"
#include "matcher/plan/seat_book.h"

namespace leye::matcher::plan {

struct PathSearchOptions {
  int64_t bonus_micros = 0;
  size_t people = kUnlimited;  // looked at for one path; then the best path seen so far is taken
  int64_t slack_micros = 0;    // taken too if no path can be better by more than this
};

class PathSearch {
 public:
  // The arguments outlive the search.
  PathSearch(const Roster& roster, ChoiceLists& choices, SeatBook& seats,
             const PathSearchOptions& options);

  // False if nothing is gained. Then nothing ever will be: further calls for the home are in vain.
  // REQUIRES: the home is jobless.
  bool SeatOneOf(Home home);
  // False if nothing is gained. REQUIRES: not seated, not of a jobless home.
  bool SeatOne(Applicant applicant);

  // Seats somebody without a search; prices stay. REQUIRES: not seated, and there is room.
  void Place(Applicant applicant, SeatNode node, int32_t score_micros);

  // Of the seat held. REQUIRES: seated.
  int32_t ScoreOf(Applicant applicant) const { return scores_[applicant]; }
  // Members of a jobless home who are seated.
  uint32_t SeatedOf(Home home) const { return home_states_[home].seated; }

 private:
  // At equal costs the first kind comes first: rather a free seat than somebody without one.
  enum class Kind : uint8_t { kFreeSeat, kSeat, kHome, kMoreChoices, kDropPerson, kDropOfHome };
  // Something that can be reached at a cost.
  struct Event {
    int64_t cost = 0;
    Kind kind = Kind::kSeat;
    uint32_t id = 0;  // a SeatNode, Home or Applicant

    friend auto operator<=>(const Event&, const Event&) = default;
  };
  struct SeatLabel {
    int64_t cost = 0;
    uint32_t search = 0;      // valid in this search only
    Applicant mover = kNone;  // who would come here; kNone: reached through the job's other node
  };
  struct HomeLabel {
    int64_t cost = 0;
    uint32_t search = 0;
    Applicant dropped = kNone;  // whose seat would be given up for another member
  };
  struct HomeState {
    int64_t value_micros;  // added to each member's score: the dual price of the household's unit
    uint32_t seated = 0;
  };
  struct Move {
    Applicant applicant;
    SeatNode to;  // kNone: loses the seat
  };

  void Begin(int64_t reward);
  bool Run();
  bool IsInVain(const Event& event) const;
  bool IsGoodEnough(const Event& event) const;
  // Opens what the event stands for; true if it ends a path.
  bool Open(const Event& event);
  void OpenSeat(SeatNode node);
  void OpenHome(Home home);
  bool TakeWhatWasSeen(int64_t cost);

  // Offers everything listed for the applicant, reached at `cost`; a choice that is worth as much
  // as `base` costs nothing.
  void OfferChoices(Applicant applicant, int64_t cost, int64_t base);
  void OfferSeat(SeatNode node, int64_t cost, Applicant mover);
  bool IsReached(SeatNode node, int64_t cost) const {
    return seat_labels_[node].search == search_ && seat_labels_[node].cost <= cost;
  }
  void OfferDrop(Applicant applicant, int64_t cost);
  void Push(const Event& event);
  int64_t CostOf(Applicant applicant) const;
  int64_t BaseOf(Applicant applicant) const;

  bool CapAllows(Applicant applicant, Job job) const;
  bool SiblingJoins(Applicant applicant, PublicWelfareKind kind) const;
  // Who comes to the node on the way found, and to which node of the job.
  Move Arrival(SeatNode node) const;
  // Whose seat the applicant without one is given; kNone: the path begins here.
  Applicant DroppedFor(Applicant applicant) const;

  void RaisePrices(int64_t cost);
  void Carry(const Event& end);

  bool JoblessHome(Home home) const { return home != kNone && roster_.homes[home].jobless; }
  int64_t LastReward(Home home) const {
    return home_states_[home].seated == 1 ? options_.bonus_micros : 0;
  }

  const Roster& roster_;
  ChoiceLists& choices_;
  SeatBook& seats_;
  const PathSearchOptions options_;

  std::vector<int32_t> scores_;
  std::vector<HomeState> home_states_;

  // Of the search that is running.
  uint32_t search_ = 0;
  Home source_home_ = kNone;
  int64_t reward_ = 0;
  int64_t best_end_ = 0;  // no path that costs more is wanted
  size_t people_ = 0;
  std::optional<Event> best_seen_;
  std::vector<Event> heap_;
  std::vector<SeatLabel> seat_labels_;
  std::vector<HomeLabel> home_labels_;
  std::vector<SeatNode> labelled_seats_;
  std::vector<Home> labelled_homes_;
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_PATH_SEARCH_H_
