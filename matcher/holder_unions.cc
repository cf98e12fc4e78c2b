#include "matcher/holder_unions.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace leye::matcher {

HolderUnions::~HolderUnions() {
  for (const auto& place : places_) {
    const std::unique_ptr<const HolderUnion> owned(place.load(std::memory_order_acquire));
  }
}

size_t HolderUnions::FirstPlace(std::span<const SkillId> skills) {
  // Catalogues number relatives one after the other: then the first skill tells groups apart.
  constexpr size_t kSpread = 0x9E3779B1;
  return ((skills.front().value() + skills.size() * 7) * kSpread >> 8) % kMost;
}

const HolderUnion* HolderUnions::Find(std::span<const SkillId> skills) const {
  const size_t first = FirstPlace(skills);
  for (size_t i = 0; i < kProbes; ++i) {
    const HolderUnion* at = places_[(first + i) % kMost].load(std::memory_order_acquire);
    if (at == nullptr) return nullptr;
    if (std::ranges::equal(at->skills, skills)) return at;
  }
  return nullptr;
}

bool HolderUnions::HasRoomFor(std::span<const SkillId> skills) const {
  const size_t first = FirstPlace(skills);
  for (size_t i = 0; i < kProbes; ++i) {
    if (places_[(first + i) % kMost].load(std::memory_order_acquire) == nullptr) return true;
  }
  return false;
}

const HolderUnion* HolderUnions::Keep(HolderUnion made) {
  auto keeping = std::make_unique<const HolderUnion>(std::move(made));
  const size_t first = FirstPlace(keeping->skills);
  for (size_t i = 0; i < kProbes; ++i) {
    const HolderUnion* there = nullptr;
    auto& place = places_[(first + i) % kMost];
    if (place.compare_exchange_strong(there, keeping.get(), std::memory_order_acq_rel)) {
      return keeping.release();
    }
    if (there->skills == keeping->skills) return there;
  }
  return nullptr;
}

size_t HolderUnions::MemoryBytes() const {
  size_t bytes = sizeof(*this);
  for (const auto& place : places_) {
    const HolderUnion* kept = place.load(std::memory_order_acquire);
    if (kept == nullptr) continue;
    bytes += sizeof(*kept) + kept->skills.capacity() * sizeof(SkillId) +
             kept->holders.capacity() * sizeof(RowMask);
  }
  return bytes;
}

}  // namespace leye::matcher
