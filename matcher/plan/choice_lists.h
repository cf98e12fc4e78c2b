// What each applicant may take, best first, ranked only as far as anybody has asked.
//
//   ChoiceLists choices(request, roster, side, {.first = 16, .most = kUnlimited});
//   choices.RankFirst(0, roster.applicants.size(), threads);
//   for (const Choice& choice : choices.Of(a)) ...
//   choices.Extend(a);                        // some more, if there are more
//
// The order is the ranker's: score descending, then posting. What is not listed is worth no more
// than UnlistedBound. Bans and postings without a seat are left out. Thread-compatible.
#ifndef LEYE_MATCHER_PLAN_CHOICE_LISTS_H_
#define LEYE_MATCHER_PLAN_CHOICE_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"

#include "matcher/plan/roster.h"
#include "matcher/ranker.h"

namespace leye::matcher::plan {

struct Choice {
  Job job = kNone;
  int32_t score_micros = 0;
};

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

  // Ranks for the applicants [begin, end). REQUIRES: called for each once, in order.
  void RankFirst(Applicant begin, Applicant end, size_t threads);

  // Until the next Extend.
  std::span<const Choice> Of(Applicant applicant) const {
    return std::span(pool_).subspan(lists_[applicant].begin, lists_[applicant].count);
  }

  bool IsComplete(Applicant applicant) const { return lists_[applicant].complete; }
  // No posting that is not listed is worth more. REQUIRES: not complete.
  int64_t UnlistedBound(Applicant applicant) const { return lists_[applicant].last.score.micros(); }
  // May Extend find more?
  bool MayExtend(Applicant applicant) const {
    return !lists_[applicant].complete && lists_[applicant].ranked < options_.most &&
           pool_.size() < options_.most_in_all;
  }
  // Ranks as many again, and some. REQUIRES: MayExtend.
  void Extend(Applicant applicant);

  size_t size() const { return pool_.size(); }

 private:
  struct List {
    uint64_t begin = 0;
    PostingOrder last;    // of what was ranked, left out or not
    uint32_t count = 0;   // listed
    uint32_t ranked = 0;  // listed or left out
    bool complete = false;
  };

  // Appends the next `k` to `choices`.
  void Rank(Applicant applicant, size_t k, Ranker& ranker, List& list,
            std::vector<Choice>& choices) const;
  bool IsLeftOut(Applicant applicant, Job job) const;

  const PlanRequest& request_;
  const Roster& roster_;
  const Side side_;
  const ChoiceListOptions options_;
  absl::flat_hash_set<std::pair<uint64_t, uint64_t>> bans_;
  Ranker ranker_;
  std::vector<List> lists_;
  std::vector<Choice> pool_;
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_CHOICE_LISTS_H_
