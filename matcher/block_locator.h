// Finds the block that holds an id, in about five bytes an entry, and shares its memory between
// snapshots.
//
//   locator.Insert(id, block);
//   std::optional<uint32_t> block = locator.Find(id, [&](uint32_t b) { return blocks[b].Has(id);
//   });
//
// A hash table of block numbers with one byte of the key's hash each; whether the key is really
// there is asked of the block (about one in 256 asks in vain). Buckets are cache lines of 15
// entries; what does not fit goes to the next bucket, and a bucket counts how many passed it by.
//
// The writer is thread-compatible; copies made by Share never change.
#ifndef LEYE_MATCHER_BLOCK_LOCATOR_H_
#define LEYE_MATCHER_BLOCK_LOCATOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "hwy/cache_control.h"

#include "matcher/persistent_vector.h"

namespace leye::matcher {

class BlockLocator {
 public:
  // Block numbers are below this.
  static constexpr uint32_t kMaxBlocks = (1U << 24) - 1;
  using Put = std::function<void(uint64_t key, uint32_t block)>;
  // Names the entries of one source.
  using Source = std::function<void(size_t source, const Put& put)>;

  BlockLocator() = default;
  BlockLocator(BlockLocator&&) noexcept = default;
  BlockLocator& operator=(BlockLocator&&) noexcept = default;

  // The block for which `holds(block)` says true; nullopt if none does.
  template <typename Holds>
  std::optional<uint32_t> Find(uint64_t key, const Holds& holds) const {
    if (buckets_.empty()) return std::nullopt;
    const uint64_t hash = HashOf(key);
    for (size_t at = Home(hash);; at = Next(at)) {
      const Bucket& bucket = buckets_[at];
      for (const uint32_t slot : bucket.slots) {
        if (slot != 0 && TagOf(slot) == TagOf(hash) && holds(BlockOf(slot))) return BlockOf(slot);
      }
      if (bucket.passed_by == 0) return std::nullopt;
    }
  }

  // Asks for the memory that Find of this key needs first, ahead of its use.
  void Prefetch(uint64_t key) const {
    if (!buckets_.empty()) hwy::Prefetch(&buckets_[Home(HashOf(key))]);
  }

  // How many more entries it takes without Rebuild.
  size_t RoomLeft() const { return buckets_.size() * kMostPerBucket - size_; }
  // Makes room for `size` entries and some more, and puts in what the sources name. On up to
  // `threads` threads, from which `entries` is called.
  void Rebuild(size_t size, size_t sources, const Source& entries, size_t threads);

  // REQUIRES: the key is not in; RoomLeft() > 0.
  void Insert(uint64_t key, uint32_t block);
  // REQUIRES: the key is in, at this block.
  void Erase(uint64_t key, uint32_t block);

  size_t size() const { return size_; }
  BlockLocator Share();
  size_t MemoryBytes() const { return buckets_.MemoryBytes(); }

 private:
  static constexpr size_t kSlots = 15;
  static constexpr size_t kMostPerBucket = 14;  // on the average

  // A slot is 1 + block number, over a byte of the hash; 0 is free.
  struct Bucket {
    std::array<uint32_t, kSlots> slots{};
    uint32_t passed_by = 0;
  };

  // Neighbouring buckets that a thread fills alone: what fits into its cache.
  static constexpr size_t kBucketsOfPile = 4096;

  // An entry on its way: the bucket to be tried first or next.
  struct Coming {
    uint32_t bucket;
    uint32_t slot;
  };
  using Pile = std::vector<Coming>;

  // Piles by kBucketsOfPile buckets.
  std::vector<Pile> PileUp(size_t first_source, size_t last_source, const Source& entries) const;
  // Puts the entry into a bucket before `end`, or says false and where it would go on.
  bool Settle(Coming& entry, size_t end);

  static uint64_t HashOf(uint64_t key);
  static constexpr uint8_t TagOf(uint64_t hash_or_slot) {
    return static_cast<uint8_t>(hash_or_slot);
  }
  static constexpr uint32_t BlockOf(uint32_t slot) { return (slot >> 8) - 1; }
  static constexpr uint32_t SlotOf(uint64_t hash, uint32_t block) {
    return ((block + 1) << 8) | TagOf(hash);
  }
  size_t Home(uint64_t hash) const {
    return static_cast<size_t>(((hash >> 32) * buckets_.size()) >> 32);
  }
  size_t Next(size_t at) const { return at + 1 == buckets_.size() ? 0 : at + 1; }

  size_t size_ = 0;
  PersistentVector<Bucket> buckets_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_BLOCK_LOCATOR_H_
