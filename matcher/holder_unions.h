// Who holds any of some skills, kept for whoever asks the same again: the relatives of popular
// skills are asked by many postings, and a mask is read in less time than their lists.
//
//   HolderUnions unions;
//   const HolderUnion* kept = unions.Find(skills);
//   if (kept == nullptr) kept = unions.Keep({...});      // null: there is no room
//
// What is kept stays as long as this, so memory is bounded by kMost. Thread-safe, without locks.
#ifndef LEYE_MATCHER_HOLDER_UNIONS_H_
#define LEYE_MATCHER_HOLDER_UNIONS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <span>
#include <vector>

#include "matcher/ids.h"
#include "matcher/row_mask.h"

namespace leye::matcher {

struct HolderUnion {
  std::vector<SkillId> skills;
  std::vector<RowMask> holders;  // slot by slot
  size_t count = 0;
};

class HolderUnions {
 public:
  static constexpr size_t kMost = 32;

  HolderUnions() = default;
  HolderUnions(const HolderUnions&) = delete;
  HolderUnions& operator=(const HolderUnions&) = delete;
  ~HolderUnions();

  // Not found: null.
  const HolderUnion* Find(std::span<const SkillId> skills) const;
  bool HasRoomFor(std::span<const SkillId> skills) const;
  // What is kept of these skills, be it by another thread; null: there is no room.
  const HolderUnion* Keep(HolderUnion made);

  size_t MemoryBytes() const;

 private:
  // Where the skills may stand: in one of kProbes places, from this one on.
  static constexpr size_t kProbes = 4;
  static size_t FirstPlace(std::span<const SkillId> skills);

  std::array<std::atomic<const HolderUnion*>, kMost> places_{};
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_HOLDER_UNIONS_H_
