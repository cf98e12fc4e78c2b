// Who holds which skill in a few blocks side by side: SkillLists over up to 64 blocks at once, so
// that what a posting asks of skills is weighed person by person for all of them without touching a
// block.
//
//   SkillSieve sieve(lists);                          // of at most 64 blocks, each in a slot
//   std::vector<RowMask> holders(sieve.slots());
//   sieve.AddHolders(SkillId(12), 0b101, holders);    // who holds it in slots 0 and 2
//
// What few people hold stands as a list of places, what many hold as one mask a slot, which costs
// some memory and saves most of the time. Levels are not known here: whoever holds a skill counts.
// Sieves of the far arrangement keep unions of popular skills that were asked for (HolderUnions).
// What a sieve says never changes; thread-safe.
#ifndef LEYE_MATCHER_SKILL_SIEVE_H_
#define LEYE_MATCHER_SKILL_SIEVE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "matcher/holder_unions.h"
#include "matcher/ids.h"
#include "matcher/row_mask.h"
#include "matcher/skill_lists.h"

namespace leye::matcher {

class SkillSieve {
 public:
  static constexpr size_t kMaxBlocks = 64;

  enum class Unions : uint8_t { kNone, kKept };

  // REQUIRES: at most kMaxBlocks.
  explicit SkillSieve(std::vector<SharedSkillLists> blocks, Unions unions = Unions::kNone);

  // As many as blocks, in their order.
  size_t slots() const { return blocks_.size(); }
  // The lists of this slot are still those.
  bool IsOf(size_t slot, const SharedSkillLists& lists) const { return blocks_[slot] == lists; }

  // No more people hold it; 0: nobody does. Expired skills count as held.
  size_t MostHolders(SkillId skill) const;
  // Adds the holders to the masks; those in slots whose bit is not set may be left out.
  // REQUIRES: holders.size() >= slots(), and no bit from slots() on.
  void AddHolders(SkillId skill, uint64_t wanted_slots, std::span<RowMask> holders) const;

  // Who holds any of them, if that is kept: only where their lists are long, and there is room.
  // REQUIRES: ascending, more than one.
  const HolderUnion* KeptUnion(std::span<const SkillId> skills) const;

  // Asks for the memory that MostHolders and AddHolders of the skill need first, ahead of its use;
  // kLists needs what kDirectory asked for.
  enum class Ahead : uint8_t { kDirectory, kStarts, kLists };
  void Prefetch(SkillId skill, Ahead what) const;

  size_t MemoryBytes() const;

 private:
  // A place in the sieve: the slot over the row, which takes nine bits.
  static constexpr int kRowBits = 9;
  static_assert(size_t{1} << kRowBits == ColumnTable::kMaxRows);
  // A mask a slot may take so many times the memory of the lists that it stands for.
  static constexpr size_t kMostTimesTheList = 2;

  // By skill id, how many hold it.
  std::vector<uint32_t> CountHolders() const;
  // Decides which skills are common, and makes room for all.
  void MakeRoom(std::span<const uint32_t> holders);
  bool IsCommon(size_t holders) const;
  // Its number among the common skills, or their count.
  size_t CommonIndexOf(SkillId skill) const;
  bool IsListed(SkillId skill) const;
  // A list: its number, and where in `places_` it stands.
  struct List {
    size_t number = 0;
    size_t first = 0;
    size_t end = 0;
  };
  // REQUIRES, of both: IsListed.
  size_t NumberOf(SkillId skill) const;
  List ListOf(SkillId skill) const;
  std::span<RowMask> CommonHolders(size_t index) {
    return std::span(masks_).subspan(index * slots(), slots());
  }

  std::vector<SharedSkillLists> blocks_;
  std::vector<uint16_t> common_;  // skills that have masks
  std::vector<RowMask> masks_;    // of each common skill, slot by slot
  std::vector<uint64_t> listed_;  // a bit for each skill that has a list
  // Before each word of `listed_`, and after the last: lists, and places in all of them.
  struct Before {
    uint32_t lists = 0;
    uint32_t places = 0;
  };
  std::vector<Before> before_;
  std::vector<uint16_t> starts_;          // of each list, in the places of its word
  std::vector<uint16_t> places_;          // of holders, list by list
  std::unique_ptr<HolderUnions> unions_;  // null: none are kept
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_SIEVE_H_
