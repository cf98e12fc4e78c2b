// In which lists of AskLists a job stands.
//
//   const JobStands stands(asks, counts, /*requires_skills=*/true);
//   for (const AskLists::Stand& stand : stands.ByOne()) ...      // of one skill each
//   for (const AskLists::Stand& stand : stands.ByTwo()) ...      // most of two
//
// Either way everybody who may take the job finds it in a list of their skills where it is worth no
// less than it is to them. A job that requires two skills is found by who has both; otherwise it
// stands under each preferred skill as if the rarer ones earned nothing. Immutable.
#ifndef LEYE_MATCHER_PLAN_JOB_STANDS_H_
#define LEYE_MATCHER_PLAN_JOB_STANDS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "matcher/plan/ask_lists.h"
#include "matcher/posting_asks.h"

namespace leye::matcher::plan {

class JobStands {
 public:
  // `counts`: how many jobs ask a skill. `requires_skills`: the rule SKILL-REQ is on.
  JobStands(std::span<const uint32_t> asks, const SkillCounts& counts, bool requires_skills);

  std::vector<AskLists::Stand> ByOne() const;
  std::vector<AskLists::Stand> ByTwo() const;

  // Of the skill of kRequired, as Ask::level_code; 0: any, or there is none.
  uint8_t level_code() const { return level_code_; }

 private:
  using Kind = AskLists::Kind;
  struct Preference {
    SkillId skill;
    int64_t weight = 0;  // more than 0
  };

  void ReadRequired(std::span<const uint32_t> asks, const SkillCounts& counts);
  void ReadPreferred(std::span<const uint32_t> asks, const SkillCounts& counts);
  // What is left if so much of the weight earns nothing.
  Score Without(int64_t weight) const { return Score::FromRatio(all_ - weight, all_); }

  Kind kind_ = Kind::kOpen;
  SkillId required_;  // of kRequired: the rarest
  uint8_t level_code_ = 0;
  bool requires_second_ = false;
  SkillId second_;                       // the next rarest that is required as well
  std::vector<Preference> preferences_;  // the rarest first, but for `required_`
  int64_t all_ = 0;                      // the weight of all asks
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_JOB_STANDS_H_
