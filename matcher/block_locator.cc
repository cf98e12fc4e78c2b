#include "matcher/block_locator.h"

#include <algorithm>
#include <vector>

#include "matcher/parallel_for.h"

namespace leye::matcher {
namespace {

// Room for one more entry for so many.
constexpr size_t kEntriesPerSpare = 25;

}  // namespace

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the key moves every bit.
uint64_t BlockLocator::HashOf(uint64_t key) {
  key += 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
  key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
  return key ^ (key >> 31);
}

// Entries are first piled up by neighbourhood and then put in pile by pile: put in as they come,
// each would wait for memory.
void BlockLocator::Rebuild(size_t size, size_t sources, const Source& entries, size_t threads) {
  const size_t room = size + size / kEntriesPerSpare + kMostPerBucket;
  size_ = 0;
  buckets_ = PersistentVector<Bucket>();
  buckets_.Resize((room + kMostPerBucket - 1) / kMostPerBucket);
  const size_t parts = std::max<size_t>(1, threads);
  std::vector<std::vector<Pile>> piles(parts);
  ParallelFor(parts, threads, [&](size_t part) {
    piles[part] = PileUp(sources * part / parts, sources * (part + 1) / parts, entries);
  });
  const size_t pile_count = piles[0].size();
  std::vector<Pile> left(pile_count);
  ParallelFor(pile_count, threads, [&](size_t pile) {
    const size_t end = std::min(buckets_.size(), (pile + 1) * kBucketsOfPile);
    for (std::vector<Pile>& of_part : piles) {
      for (Coming& entry : of_part[pile]) {
        if (!Settle(entry, end)) left[pile].push_back(entry);
      }
    }
  });
  for (std::vector<Pile>& of_part : piles) {
    for (const Pile& pile : of_part) size_ += pile.size();
  }
  for (Pile& pile : left) {
    for (Coming& entry : pile) {
      while (!Settle(entry, buckets_.size())) entry.bucket = 0;
    }
  }
}

std::vector<BlockLocator::Pile> BlockLocator::PileUp(size_t first_source, size_t last_source,
                                                     const Source& entries) const {
  std::vector<Pile> piles((buckets_.size() + kBucketsOfPile - 1) / kBucketsOfPile);
  for (size_t source = first_source; source < last_source; ++source) {
    entries(source, [&](uint64_t key, uint32_t block) {
      const uint64_t hash = HashOf(key);
      const size_t bucket = Home(hash);
      piles[bucket / kBucketsOfPile].push_back(
          {.bucket = static_cast<uint32_t>(bucket), .slot = SlotOf(hash, block)});
    });
  }
  return piles;
}

bool BlockLocator::Settle(Coming& entry, size_t end) {
  for (; entry.bucket < end; ++entry.bucket) {
    Bucket& bucket = buckets_.Mutable(entry.bucket);
    const auto free = std::find(bucket.slots.begin(), bucket.slots.end(), 0U);
    if (free != bucket.slots.end()) {
      *free = entry.slot;
      return true;
    }
    ++bucket.passed_by;
  }
  return false;
}

void BlockLocator::Insert(uint64_t key, uint32_t block) {
  const uint64_t hash = HashOf(key);
  Coming entry{.bucket = static_cast<uint32_t>(Home(hash)), .slot = SlotOf(hash, block)};
  while (!Settle(entry, buckets_.size())) entry.bucket = 0;
  ++size_;
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
