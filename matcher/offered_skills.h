// What a person's skills are worth to postings: found out once for every asked skill to which one
// is related, and remembered.
//
//   OfferedSkills skills;                       // one a thread; large
//   skills.Start(candidate, basis);             // forgets the person before
//   OfferedSkills::Verdict verdict = skills.Weigh(block.Asks(row));
//
// Exact: expired skills count for nothing, levels are compared as SKILL-REQ and the skills
// criterion compare them. Thread-compatible.
#ifndef LEYE_MATCHER_OFFERED_SKILLS_H_
#define LEYE_MATCHER_OFFERED_SKILLS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "matcher/fit.h"
#include "matcher/posting_asks.h"

namespace leye::matcher {

class OfferedSkills {
 public:
  static constexpr size_t kLevelCodes = SkillLevel::kMax + 2;  // Ask::level_code

  // What is held is worth this to one asked skill, by the code of the level asked.
  struct Worth {
    std::array<int32_t, kLevelCodes> credit_micros{};
    uint32_t met_codes = 0;  // bits: the levels at which it meets a required skill
    bool known = false;      // found out
  };
  struct Verdict {
    bool meets = true;  // every required group
    Score value;        // the skills criterion
  };

  OfferedSkills() : numbers_(kSkillIds) {}

  // REQUIRES: the arguments live until the next Start.
  void Start(const CandidateProfile& candidate, const FitContext& basis);

  const Worth& Of(SkillId asked) {
    Worth& worth = worths_[numbers_[asked.value()]];
    if (!worth.known) FindOut(asked, worth);
    return worth;
  }
  // Met at some level; worth something at some level.
  bool Meets(SkillId asked) { return Of(asked).met_codes != 0; }
  bool Earns(SkillId asked) const { return numbers_[asked.value()] != kNothing; }

  // Whether postings with keys in this range may have one that is met, or that earns something.
  bool MayMeet(const AskSummary::Range& keys) const { return HasOneIn(meeting_, keys); }
  bool MayEarn(const AskSummary::Range& keys) const { return HasOneIn(earning_, keys); }

  Verdict Weigh(std::span<const uint32_t> asks);

  // Ascending, each once: skills that what is held may stand for; skills to which it is related.
  std::span<const SkillId> meeting() const { return meeting_; }
  std::span<const SkillId> earning() const { return earning_; }

 private:
  static constexpr uint32_t kNothing = 0;

  static bool HasOneIn(const std::vector<SkillId>& ascending, const AskSummary::Range& keys);
  void FindOut(SkillId asked, Worth& worth) const;
  void AddWorth(SkillId asked, const HeldSkill& held, Worth& worth) const;

  const FitContext* basis_ = nullptr;
  std::vector<HeldSkill> held_;    // not expired
  std::vector<SkillId> meeting_;   // skills that what is held may stand for, ascending
  std::vector<SkillId> earning_;   // skills to which it is related, ascending
  std::vector<uint32_t> numbers_;  // by skill id: of the worth, or kNothing
  std::vector<Worth> worths_;      // of nothing, then those of earning_
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_OFFERED_SKILLS_H_
