#include "matcher/block_locator.h"

#include <algorithm>

namespace leye::matcher {

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the key moves every bit.
uint64_t BlockLocator::HashOf(uint64_t key) {
  key += 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
  key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
  return key ^ (key >> 31);
}

void BlockLocator::Rebuild(size_t size, const ForEachEntry& entries) {
  const size_t room = size + size / 10 + kMostPerBucket;
  size_ = 0;
  buckets_ = PersistentVector<Bucket>();
  buckets_.Resize((room + kMostPerBucket - 1) / kMostPerBucket);
  entries([this](uint64_t key, uint32_t block) { Insert(key, block); });
}

void BlockLocator::Insert(uint64_t key, uint32_t block) {
  const uint64_t hash = HashOf(key);
  for (size_t at = Home(hash);; at = Next(at)) {
    Bucket& bucket = buckets_.Mutable(at);
    const auto free = std::find(bucket.slots.begin(), bucket.slots.end(), 0U);
    if (free != bucket.slots.end()) {
      *free = SlotOf(hash, block);
      ++size_;
      return;
    }
    ++bucket.passed_by;
  }
}

void BlockLocator::Erase(uint64_t key, uint32_t block) {
  const uint64_t hash = HashOf(key);
  for (size_t at = Home(hash);; at = Next(at)) {
    Bucket& bucket = buckets_.Mutable(at);
    const auto slot = std::find(bucket.slots.begin(), bucket.slots.end(), SlotOf(hash, block));
    if (slot != bucket.slots.end()) {
      *slot = 0;
      --size_;
      return;
    }
    --bucket.passed_by;
  }
}

BlockLocator BlockLocator::Share() {
  BlockLocator copy;
  copy.size_ = size_;
  copy.buckets_ = buckets_.Share();
  return copy;
}

}  // namespace leye::matcher
