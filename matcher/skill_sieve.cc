#include "matcher/skill_sieve.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace leye::matcher {

SkillSieve::SkillSieve(std::vector<SharedSkillLists> blocks) : blocks_(std::move(blocks)) {
  size_t end = 0;
  for (const SharedSkillLists& lists : blocks_) {
    if (!lists->skills().empty()) end = std::max<size_t>(end, lists->skills().back() + 1U);
  }
  // First how many hold each; then where the list of each begins; then the lists.
  starts_.resize(end + 1, 0);
  for (const SharedSkillLists& lists : blocks_) {
    lists->ForEachList([&](SkillId skill, std::span<const SkillLists::Holding> holders) {
      starts_[skill.value() + size_t{1}] += static_cast<uint32_t>(holders.size());
    });
  }
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  places_.resize(starts_.back());
  std::vector<uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (size_t slot = 0; slot < blocks_.size(); ++slot) {
    blocks_[slot]->ForEachList([&](SkillId skill, std::span<const SkillLists::Holding> holders) {
      for (const SkillLists::Holding holding : holders) {
        places_[next[skill.value()]++] = static_cast<uint16_t>((slot << kRowBits) | holding.row());
      }
    });
  }
}

void SkillSieve::AddHolders(SkillId skill, std::span<RowMask> holders) const {
  if (skill.value() + size_t{1} >= starts_.size()) return;
  for (const uint16_t place : PlacesOf(skill.value())) {
    holders[place >> kRowBits].Insert(place & ((1U << kRowBits) - 1));
  }
}

size_t SkillSieve::MemoryBytes() const {
  return sizeof(*this) + blocks_.capacity() * sizeof(SharedSkillLists) +
         starts_.capacity() * sizeof(uint32_t) + places_.capacity() * sizeof(uint16_t);
}

}  // namespace leye::matcher
