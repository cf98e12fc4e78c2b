#include "matcher/skill_presence.h"

#include <algorithm>

namespace leye::matcher {

SkillPresence::SkillPresence(std::span<const SkillLists* const> blocks) {
  size_t end = 0;
  for (const SkillLists* lists : blocks) {
    if (!lists->skills().empty()) end = std::max<size_t>(end, lists->skills().back() + 1U);
  }
  std::vector<uint32_t> with(end, 0);
  for (size_t block = 0; block < blocks.size(); ++block) {
    for (const uint16_t skill : blocks[block]->skills()) with[skill] |= uint32_t{1} << block;
  }
  const size_t distinct = end - static_cast<size_t>(std::count(with.begin(), with.end(), 0U));
  skills_.reserve(distinct);
  blocks_.reserve(distinct);
  for (size_t skill = 0; skill < end; ++skill) {
    if (with[skill] == 0) continue;
    skills_.push_back(static_cast<uint16_t>(skill));
    blocks_.push_back(with[skill]);
  }
}

uint32_t SkillPresence::BlocksWith(SkillId skill) const {
  const auto at = std::lower_bound(skills_.begin(), skills_.end(), skill.value());
  if (at == skills_.end() || *at != skill.value()) return 0;
  return blocks_[static_cast<size_t>(at - skills_.begin())];
}

size_t SkillPresence::MemoryBytes() const {
  return sizeof(*this) + skills_.capacity() * sizeof(uint16_t) +
         blocks_.capacity() * sizeof(uint32_t);
}

}  // namespace leye::matcher
