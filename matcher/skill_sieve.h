// Who holds which skill in a few blocks side by side: SkillLists over up to 64 blocks at once, so
// that what a posting asks of skills is weighed person by person for all of them without touching a
// block.
//
//   SkillSieve sieve(lists);                          // of at most 64 blocks, each in a slot
//   std::vector<RowMask> holders(sieve.slots());
//   sieve.AddHolders(SkillId(12), ~0ULL, holders);    // who holds it, slot by slot
//
// What few people hold stands as a list of places, what many hold as one mask a slot, which costs
// some memory and saves most of the time. Levels are not known here: whoever holds a skill counts.
// Immutable; thread-compatible.
#ifndef LEYE_MATCHER_SKILL_SIEVE_H_
#define LEYE_MATCHER_SKILL_SIEVE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "matcher/ids.h"
#include "matcher/row_mask.h"
#include "matcher/skill_lists.h"

namespace leye::matcher {

class SkillSieve {
 public:
  static constexpr size_t kMaxBlocks = 64;

  // REQUIRES: at most kMaxBlocks.
  explicit SkillSieve(std::vector<SharedSkillLists> blocks);

  // As many as blocks, in their order.
  size_t slots() const { return blocks_.size(); }
  // The lists of this slot are still those.
  bool IsOf(size_t slot, const SharedSkillLists& lists) const { return blocks_[slot] == lists; }

  // No more people hold it; 0: nobody does. Expired skills count as held.
  size_t MostHolders(SkillId skill) const;
  // Adds the holders to the masks; those in slots whose bit is not set may be left out.
  // REQUIRES: holders.size() >= slots().
  void AddHolders(SkillId skill, uint64_t wanted_slots, std::span<RowMask> holders) const;

  // Asks for the memory that MostHolders and AddHolders of the skill need first, ahead of its use;
  // kLists needs what kDirectory asked for.
  enum class Ahead : uint8_t { kDirectory, kStarts, kLists };
  void Prefetch(SkillId skill, Ahead what) const;

  size_t MemoryBytes() const;

 private:
  // A place in the sieve: the slot over the row, which takes nine bits.
  static constexpr int kRowBits = 9;
  static_assert(size_t{1} << kRowBits == ColumnTable::kMaxRows);
  // A mask a slot may take so many times the memory of the list that it stands for.
  static constexpr size_t kMostTimesTheList = 2;

  // By skill id, how many hold it.
  std::vector<uint32_t> CountHolders() const;
  // Decides which skills are common, and makes room for all.
  void MakeRoom(std::span<const uint32_t> holders);
  bool IsCommon(size_t holders) const;
  // Its number among the common skills, or their count.
  size_t CommonIndexOf(SkillId skill) const;
  bool IsListed(SkillId skill) const;
  // REQUIRES: IsListed.
  size_t ListOf(SkillId skill) const;
  std::span<RowMask> CommonHolders(size_t index) {
    return std::span(masks_).subspan(index * slots(), slots());
  }

  std::vector<SharedSkillLists> blocks_;
  std::vector<uint16_t> common_;  // skills that have masks
  std::vector<RowMask> masks_;    // of each common skill, slot by slot
  std::vector<uint64_t> listed_;  // a bit for each skill that has a list
  std::vector<uint16_t> before_;  // lists before each word of `listed_`
  std::vector<uint32_t> starts_;  // of each list in `places_`, and one more
  std::vector<uint16_t> places_;  // of holders, list by list
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_SIEVE_H_
