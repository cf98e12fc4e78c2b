// What a posting asks of skills, compiled against the catalogue: who must be dropped, and how much
// credit a row can have at most.
//
//   SkillQuery query(posting, basis);
//   query.KeepSkilled(block.skills(), mask);          // SKILL-REQ and LICENCE, where they are on
//   SkillCredits credits;
//   query.Sum(block.skills(), mask, credits);  query.ValueOf(credits, row);   // the criterion
//
// The value is exact but for expired skills, which still count here: a bound from above. Immutable;
// keeps no references.
#ifndef LEYE_MATCHER_SKILL_QUERY_H_
#define LEYE_MATCHER_SKILL_QUERY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/inlined_vector.h"

#include "matcher/fit.h"
#include "matcher/row_mask.h"
#include "matcher/skill_lists.h"
#include "matcher/skill_sieve.h"
#include "matcher/unit_sums.h"

namespace leye::matcher {

// Weight x credit of each row of a block, in millionths. Scratch: large, and used again.
struct SkillCredits {
  std::array<uint64_t, ColumnTable::kMaxRows> earned;
  std::array<uint32_t, ColumnTable::kMaxRows> best;
  std::vector<HeldSkill> held;
};

// For blocks side by side: whether anybody may have what is needed, and a value that nobody
// exceeds.
struct SkillPromise {
  bool may_hold = true;
  Score best = Score::One();
};

// Rows of the slots of a sieve.
struct SlotRows {
  std::array<RowMask, SkillSieve::kMaxBlocks> masks;
  uint64_t slots = 0;  // bits: in which there is anybody; the masks of others mean nothing
};

// Scratch for SkillQuery::Promise; large, and used again.
struct SkillSieveScratch {
  SlotRows qualified;
  SlotRows worth_most;
  std::array<RowMask, SkillSieve::kMaxBlocks> holders;
  std::vector<std::array<RowMask, SkillSieve::kMaxBlocks>> term_rows;
  std::vector<UnitTerm> terms;
};

class SkillQuery {
 public:
  SkillQuery(const PostingProfile& posting, const FitContext& basis);

  // The value of skills in whole steps: 0 is the value of who has no more than what is needed.
  uint32_t steps() const { return term_units_; }
  Score ValueOfStep(uint32_t step) const;

  // Whom a promise is about, by the step of their value.
  struct Steps {
    uint32_t least = 0;
    bool most_too = true;  // those of the last step, steps(), as well
  };
  // One promise a slot: where there is one, `scratch.qualified` tells who has all that is needed
  // and may be worth that much. REQUIRES: at least as many promises as slots.
  void Promise(const SkillSieve& sieve, const Steps& steps, SkillSieveScratch& scratch,
               std::span<SkillPromise> promises) const;

  // Asks for the memory that Promise needs of the sieve, ahead of its use.
  void Prefetch(const SkillSieve& sieve, SkillSieve::Ahead what) const;

  void KeepSkilled(const SkillLists& lists, RowMask& mask) const;

  // Fills in `credits` for these rows of a block.
  void Sum(const SkillLists& lists, const RowMask& rows, SkillCredits& credits) const;
  Score ValueOf(const SkillCredits& credits, size_t row) const;
  // Nobody is dropped, and the value is one for everybody.
  bool AsksNothing() const { return weights_ == 0 && needed_.empty(); }

 private:
  static constexpr size_t kLevelCodes = 9;  // SkillLists::Holding::level_code

  // A held skill that counts as asked, by level code.
  struct Credit {
    SkillId held;
    std::array<uint32_t, kLevelCodes> micros;
    uint32_t most = 0;  // of micros
  };
  // One asked skill, or group of alternatives.
  struct Asked {
    int64_t weight = 0;
    bool needed = false;          // whoever lacks it is dropped
    std::vector<Credit> credits;  // ascending by what is held
  };
  // Held skills of which one is needed, at one of the level codes.
  struct Needed {
    struct Way {
      SkillId held;
      uint32_t level_codes;  // bits
    };
    std::vector<Way> any_of;
  };

  // Of an asked skill: held skills worth the same, in units of which `units_` are everything.
  struct Term {
    size_t asked = 0;  // terms of one asked skill stand together, the worthier first
    uint32_t units = 0;
    std::vector<SkillId> held;
    std::vector<SkillId> or_better;  // held here and in the worthier terms, ascending
  };

  // Terms of which somebody must earn one, or is out of the question.
  struct Condition {
    std::span<const Term> any_of;
    const HolderUnion* kept = nullptr;  // who meets it, if the sieve keeps that
    size_t holders = 0;                 // at most so many meet it
  };
  using ConditionList = absl::InlinedVector<Condition, 8>;

  void MakeTerms();
  // The units that stand for weight x credit, in millionths.
  void ChooseUnits();
  uint32_t UnitsOf(int64_t earned_micros) const;
  // The terms of the asked skill that `first` begins.
  std::span<const Term> TermsFrom(size_t first) const;
  // Those worth so much, of the terms of one asked skill.
  static std::span<const Term> WorthAtLeast(std::span<const Term> terms, uint32_t units);
  static const HolderUnion* KeptOf(const SkillSieve& sieve, const Term& term);
  // What whoever may lose no more than `slack` must meet, the rarest first.
  ConditionList ConditionsOf(const SkillSieve& sieve, uint32_t slack) const;
  // Keeps who meets all conditions of that slack.
  void KeepWorth(const SkillSieve& sieve, uint32_t slack, SkillSieveScratch& scratch,
                 SlotRows& rows) const;
  void KeepMeeting(const SkillSieve& sieve, const Condition& condition, SkillSieveScratch& scratch,
                   SlotRows& rows) const;
  void LeaveOutWorthMost(const SkillSieve& sieve, SkillSieveScratch& scratch) const;
  // What everybody qualified earns for certain; `earned`: the most that anybody earns beside it.
  uint32_t SumOpenTerms(const SkillSieve& sieve, uint32_t slack, SkillSieveScratch& scratch,
                        std::span<uint8_t> earned) const;
  // Adds terms of one asked skill, with those who earn them. Whoever earns one earns the less
  // worthy ones too, so each counts for what it is worth beyond the next, the last beyond `sure`.
  void AddTerms(const SkillSieve& sieve, std::span<const Term> terms, uint32_t sure,
                SkillSieveScratch& scratch) const;
  // The most that one of the skills earns for what is asked.
  static uint32_t BestOf(std::span<const HeldSkill> held_skills, const Asked& asked);
  void SumByRow(const SkillLists& lists, const RowMask& rows, SkillCredits& credits) const;
  void SumByList(const SkillLists& lists, SkillCredits& credits) const;
  void AddWays(const AskedSkill& asked, const FitContext& basis, Needed& needed) const;
  void AddCredits(const AskedSkill& asked, const FitContext& basis, Asked& to) const;

  std::vector<Needed> needed_;  // all of them
  std::vector<Asked> asked_;
  int64_t weights_ = 0;
  size_t credits_ = 0;  // of all asked
  std::vector<Term> terms_;
  std::vector<Term> needed_terms_;  // for each of `needed_` one, worth nothing
  uint32_t units_ = 0;          // that are everything; 0: no terms are made, everybody may have one
  uint32_t certain_units_ = 0;  // earned by whoever has all that is needed
  uint32_t term_units_ = 0;     // that terms may add at most
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_QUERY_H_
