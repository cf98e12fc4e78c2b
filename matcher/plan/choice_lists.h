// What each applicant may take, best first, ranked only as far as anybody has asked.
//
//   ChoiceLists choices(request, roster, side, {.first = 16, .most = kUnlimited});
//   choices.RankFirst(0, roster.applicants.size(), threads);
//   for (const Choice& choice : choices.Of(a)) ...
//   choices.Extend(a);                        // some more, if there are more
//
// The order is the ranker's: score descending, then posting. What is not listed is worth no more
// than UnlistedBound. Bans and postings without a seat are left out.
//
// Or what is best at given prices, for more people than could be asked about one by one:
//
//   choices.RankBest(everybody, prices, threads, go_on);   // and again for some, who want more
//
// Then UnlistedBound is of what is left of the score when the price of then is paid, and holds as
// long as prices only rise. Thread-compatible.
#ifndef LEYE_MATCHER_PLAN_CHOICE_LISTS_H_
#define LEYE_MATCHER_PLAN_CHOICE_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "matcher/plan/priced_sweep.h"
#include "matcher/plan/roster.h"
#include "matcher/ranker.h"

namespace leye::matcher::plan {

struct ChoiceListOptions {
  size_t first = 16;
  size_t most = kUnlimited;
  size_t most_in_all = kUnlimited;  // then no list is extended any more
};

class ChoiceLists {
 public:
  // The arguments outlive the lists.
  ChoiceLists(const PlanRequest& request, const Roster& roster, Side side,
              const ChoiceListOptions& options);

  // Everybody's whole list, if they are not more than `most_in_all`; otherwise nothing is ranked.
  // REQUIRES: nothing was ranked.
  enum class AllRanked : uint8_t { kYes, kTooMany, kStopped };
  AllRanked RankAll(size_t threads, const std::function<bool(double part)>& go_on);
  // Ranks for the applicants [begin, end). REQUIRES: called for each once, in order.
  void RankFirst(Applicant begin, Applicant end, size_t threads);

  // Lists what is best at these prices, instead of what was listed; at first `first` choices, and
  // a few more whenever an applicant is named again. False: `go_on` said so.
  bool RankBest(std::vector<Applicant> applicants, LotPrices prices, size_t threads,
                const std::function<bool(double part)>& go_on);
  // Until the applicant's next Extend.
  std::span<const Choice> Of(Applicant applicant) const { return lists_[applicant].choices; }

  bool IsComplete(Applicant applicant) const { return lists_[applicant].complete; }
  // No posting that is not listed is worth more. REQUIRES: not complete.
  int64_t UnlistedBound(Applicant applicant) const { return lists_[applicant].unlisted_micros; }
  // May Extend find more?
  bool MayExtend(Applicant applicant) const {
    return by_price_ == nullptr && !lists_[applicant].complete &&
           lists_[applicant].ranked < options_.most && size_ < options_.most_in_all;
  }
  // RankBest was called.
  bool AreBest() const { return by_price_ != nullptr; }
  // Ranks as many again, and some. REQUIRES: MayExtend.
  void Extend(Applicant applicant);

 private:
  struct List {
    std::span<const Choice> choices;
    PostingOrder last;  // of what was ranked, left out or not
    int32_t unlisted_micros = 0;
    uint32_t ranked = 0;  // listed or left out
    bool complete = false;
  };

  // Appends the next `k` to `choices`; the caller lists them.
  void Rank(Applicant applicant, size_t k, Ranker& ranker, List& list,
            std::vector<Choice>& choices) const;
  // As if nobody had ever been ranked.
  void Forget();
  // Each span: people of one area.
  void ListBest(std::span<const std::span<const Applicant>> areas, size_t threads);
  PricedSweep::Found ListBest(std::span<const Applicant> area, PricedSweep::Desk& desk);
  // Lists the pool: `counts[i]` choices for each of the applicants in turn.
  void Keep(std::vector<Choice> pool, std::span<const Applicant> applicants,
            std::span<const uint32_t> counts);

  const PlanRequest& request_;
  const Roster& roster_;
  const Side side_;
  const ChoiceListOptions options_;
  Ranker ranker_;
  std::unique_ptr<PricedSweep> by_price_;
  std::vector<List> lists_;
  std::deque<std::vector<Choice>> pools_;  // what the lists point into
  size_t size_ = 0;                        // of all pools
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_CHOICE_LISTS_H_
