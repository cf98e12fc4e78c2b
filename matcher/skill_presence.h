// Which skills occur in which of a few neighbouring blocks: one bit a block.
//
//   SkillPresence presence(lists);                    // of at most 32 blocks, in order
//   presence.BlocksWith(SkillId(12));                 // bit b: somebody in block b holds it
//
// With it a search skips the blocks in which a needed skill does not occur without touching them.
// Immutable; thread-compatible.
#ifndef LEYE_MATCHER_SKILL_PRESENCE_H_
#define LEYE_MATCHER_SKILL_PRESENCE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "matcher/ids.h"
#include "matcher/skill_lists.h"

namespace leye::matcher {

class SkillPresence {
 public:
  static constexpr size_t kMaxBlocks = 32;

  // REQUIRES: at most kMaxBlocks.
  explicit SkillPresence(std::span<const SkillLists* const> blocks);

  // Expired skills count as held.
  uint32_t BlocksWith(SkillId skill) const;
  size_t MemoryBytes() const;

 private:
  std::vector<uint16_t> skills_;  // ascending
  std::vector<uint32_t> blocks_;  // with each
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_PRESENCE_H_
