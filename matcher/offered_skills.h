// What a person's skills are worth to postings: found out once for every skill that is asked, and
// remembered.
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
  };
  struct Verdict {
    bool meets = true;  // every required group
    Score value;        // the skills criterion
  };

  OfferedSkills() : numbers_(kSkillIds) {}

  // REQUIRES: the arguments live until the next Start.
  void Start(const CandidateProfile& candidate, const FitContext& basis);

  const Worth& Of(SkillId asked) {
    const uint32_t number = numbers_[asked.value()];
    return worths_[number == kUnknown ? FindOut(asked) : number];
  }
  // Met at some level; worth something at some level.
  bool Meets(SkillId asked) { return Of(asked).met_codes != 0; }
  bool Earns(SkillId asked) { return &Of(asked) != &worths_[kNothing]; }

  // Whether postings with keys in this range may have one that is met, or that earns something.
  bool MayMeet(const AskSummary::Range& keys) const { return HasOneIn(meeting_, keys); }
  bool MayEarn(const AskSummary::Range& keys) const { return HasOneIn(earning_, keys); }

  Verdict Weigh(std::span<const uint32_t> asks);

 private:
  static constexpr uint32_t kUnknown = 0;
  static constexpr uint32_t kNothing = 1;

  static bool HasOneIn(const std::vector<SkillId>& ascending, const AskSummary::Range& keys);
  uint32_t FindOut(SkillId asked);
  void AddWorth(SkillId asked, const HeldSkill& held, Worth& worth) const;

  const FitContext* basis_ = nullptr;
  std::vector<HeldSkill> held_;    // not expired
  std::vector<SkillId> meeting_;   // skills that what is held may stand for, ascending
  std::vector<SkillId> earning_;   // skills to which it is related, ascending
  std::vector<uint32_t> numbers_;  // by skill id: of the worth, or kUnknown
  std::vector<Worth> worths_;
  std::vector<SkillId> found_out_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_OFFERED_SKILLS_H_
