// The best that people could have at given prices, and a bound of all else: short lists for more
// pairs of people and postings than can be kept.
//
//   PricedSweep sweep(request, roster, side);
//   sweep.SetPrices(FreeSeats(roster), threads);
//   PricedSweep::Desk desk;                                        // one a thread
//   const PricedSweep::Found found = sweep.Sweep(people, desk);    // of one area
//
// Value is score less price. A list holds the best values to be had, and `unlisted` is more than
// the value of whatever it does not hold: at most kSlackMicros above the worst listed. While prices
// only rise, that stays true. Verdicts and scores are PersonFit's.
//
// The jobs near an area are found once and kept. They stand by what they ask, as do those that
// people come to from anywhere (ask_lists.h), and are put in order once for all who look at a time,
// by the most that anybody could gain there; a person looks down that order until nothing below can
// enter. Different areas may be swept at the same time, as long as nobody sets prices.
#ifndef LEYE_MATCHER_PLAN_PRICED_SWEEP_H_
#define LEYE_MATCHER_PLAN_PRICED_SWEEP_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "matcher/plan/ask_lists.h"
#include "matcher/plan/job_atlas.h"
#include "matcher/plan/roster.h"

namespace leye::matcher::plan {

// What nobody pays. Below any overflow.
inline constexpr int64_t kUnaffordable = std::numeric_limits<int64_t>::max() / 4;

// A price of each kind of seat: those that are reserved by a job, and those that anybody may have.
// kUnaffordable: there is none.
class LotPrices {
 public:
  static uint32_t Reserved(Job job) { return 2 * job; }
  static uint32_t Open(Job job) { return 2 * job + 1; }

  // By Reserved and Open.
  explicit LotPrices(std::vector<int64_t> micros) : micros_(std::move(micros)) {}

  // Of the cheaper seat.
  int64_t Least(Job job) const { return std::min(micros_[Reserved(job)], micros_[Open(job)]); }
  int64_t For(Job job, bool of_group) const { return of_group ? Least(job) : micros_[Open(job)]; }

 private:
  std::vector<int64_t> micros_;
};

// Nothing costs anything.
LotPrices FreeSeats(const Roster& roster);

class PricedSweep {
 public:
  static constexpr int64_t kSlackMicros = 1000;
  // `unlisted` where everything is listed.
  static constexpr int64_t kNothing = std::numeric_limits<int64_t>::min();

  struct Asked {
    Applicant applicant = kNone;
    uint32_t most = 0;  // choices listed; >= 1
  };
  // Memory to work in.
  struct Desk {
    OfferedSkills skills;
    std::vector<uint16_t> prices;  // of the area's jobs, in plateaus
    AskOrder daily;
    AskOrder lodging;
    AskOrder living;
  };
  // Of the people asked for, one after the other.
  struct Found {
    std::vector<Choice> choices;  // of each: score descending, then job
    std::vector<uint32_t> counts;
    std::vector<int64_t> unlisted;  // values
  };

  // The arguments outlive the sweep.
  PricedSweep(const PlanRequest& request, const Roster& roster, Side side);

  void SetPrices(LotPrices prices, size_t threads);

  // REQUIRES: prices were set; people of one area, of which nobody else is swept meanwhile.
  Found Sweep(std::span<const Asked> people, Desk& desk);

 private:
  // A job near an area.
  struct Near {
    Job job = kNone;
    uint16_t nearest = 0;  // it is no nearer than that: parts of JobAtlas::NearChord
    uint16_t ceiling = 0;  // in plateaus; to who does not live there
  };
  struct Area {
    std::vector<Near> near;
    // Positions in `near`, as the lists of these names for what is far.
    AskLists daily;
    AskLists lodging;
    AskLists living;
    int64_t far_micros = 0;  // the most that being near is worth where it is far
  };
  // A job on its way into lists.
  struct Listed {
    uint32_t id = 0;  // there
    Job job = kNone;
    int64_t ceiling = 0;  // of the score
  };
  struct Place;
  class Search;
  // The jobs that take people from anywhere, under one of three kinds of going there.
  struct Far {
    AskLists lists;
    AskOrder order;
    Score proximity;
  };

  const Area& AreaOf(const Place& place);
  Area Survey(const Place& place) const;
  void PutInOrder(const Area& area, Desk& desk) const;
  void AddItems(const Listed& listed, std::span<const AskLists::Stand> stands,
                std::vector<AskLists::Item>& items) const;
  void ListFar(std::span<const Job> jobs, Score proximity, Far& far) const;
  // The most that anybody's score can be.
  int64_t Ceiling(Channel channel, Score proximity, Score channel_value) const;
  int64_t FarCeiling(Channel channel, Score proximity) const;
  Score ChannelOf(Channel channel, Kilometres distance) const;
  // Of a criterion, in the score that counts.
  int64_t Weight(Channel channel, Criterion criterion) const;

  const PlanRequest& request_;
  const Roster& roster_;
  const Side side_;
  const bool requires_skills_;
  const JobAtlas atlas_;
  // By channel: what work at home is worth to whom nothing is wanting.
  std::array<int64_t, kEnumCount<Channel>> dreams_{};
  // The same of work that is far, by whether one lives there.
  std::array<std::array<int64_t, kEnumCount<Channel>>, 2> far_ceilings_{};
  std::vector<std::unique_ptr<const Area>> areas_;  // by index; null: nobody asked yet
  LotPrices prices_;
  std::vector<uint16_t> plateaus_;  // by job: the cheaper seat's price in plateaus, rounded down
  // From anywhere: jobs for who goes there each day; jobs with lodging for those who do, and for
  // those who live there; work at home.
  Far daily_;
  Far lodging_;
  Far living_;
  Far at_home_;
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_PRICED_SWEEP_H_
