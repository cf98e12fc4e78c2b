// Who holds which skill in a chunk of blocks: SkillLists over up to 64 blocks at once, so that what
// a posting asks of skills is weighed person by person for a whole chunk without touching a block.
//
//   SkillSieve sieve(lists);                          // of at most 64 blocks, each in a slot
//   std::vector<RowMask> holders(sieve.slots());
//   sieve.AddHolders(SkillId(12), holders);           // who holds it, slot by slot
//
// Levels are not known here: whoever holds a skill counts. Immutable; thread-compatible.
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

  // Adds the holders to the masks. Expired skills count as held.
  // REQUIRES: holders.size() >= slots().
  void AddHolders(SkillId skill, std::span<RowMask> holders) const;

  size_t MemoryBytes() const;

 private:
  // A place in the chunk: the slot over the row, which takes nine bits.
  static constexpr int kRowBits = 9;
  static_assert(size_t{1} << kRowBits == ColumnTable::kMaxRows);

  std::span<const uint16_t> PlacesOf(size_t skill) const {
    return std::span(places_).subspan(starts_[skill], starts_[skill + 1] - starts_[skill]);
  }

  std::vector<SharedSkillLists> blocks_;
  std::vector<uint32_t> starts_;  // by skill id, and one more
  std::vector<uint16_t> places_;  // of holders, skill by skill
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_SIEVE_H_
