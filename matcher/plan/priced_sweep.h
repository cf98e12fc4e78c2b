// The best that people could have at given prices, and a bound of all else: short lists for more
// pairs of people and postings than can be kept.
//
//   PricedSweep sweep(request, roster, side);
//   sweep.SetPrices(FreeSeats(roster));
//   const PricedSweep::Found found = sweep.Sweep(people);    // of one area; on several threads
//
// Value is score less price. A list holds the best values to be had, and `unlisted` is more than
// the value of whatever it does not hold: at most kSlackMicros above the worst listed. While prices
// only rise, that stays true. Verdicts and scores are PersonFit's.
//
// The jobs near an area are found and put in order once for all its people, by the most that
// anybody could gain there; a person looks down that order until nothing below can enter. Jobs that
// people come to from anywhere stand by what they ask (ask_lists.h). Sweep is thread-safe, as long
// as nobody sets prices.
#ifndef LEYE_MATCHER_PLAN_PRICED_SWEEP_H_
#define LEYE_MATCHER_PLAN_PRICED_SWEEP_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
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
  // Of the people asked for, one after the other.
  struct Found {
    std::vector<Choice> choices;  // of each: score descending, then job
    std::vector<uint32_t> counts;
    std::vector<int64_t> unlisted;  // values
  };

  // The arguments outlive the sweep.
  PricedSweep(const PlanRequest& request, const Roster& roster, Side side);

  void SetPrices(LotPrices prices);

  // REQUIRES: prices were set; people of one area.
  Found Sweep(std::span<const Asked> people) const;

 private:
  struct Near;
  struct Area;
  class Search;

  Area Survey(const AreaProfile& place) const;
  AskLists::Item ItemOf(uint32_t id, Job job, Score proximity, Score of_channel) const;
  AskLists ListsOf(std::span<const Job> jobs, Score proximity) const;
  // The most that anybody's score can be.
  int64_t Ceiling(Channel channel, Score proximity, Score channel_value) const;
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
  LotPrices prices_;
  // From anywhere: jobs for who goes there each day; jobs with lodging for those who do, and for
  // those who live there; work at home.
  AskLists daily_;
  AskLists lodging_;
  AskLists living_;
  AskLists at_home_;
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_PRICED_SWEEP_H_
