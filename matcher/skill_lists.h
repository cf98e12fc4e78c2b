// Who holds which skill in a block: for each skill that occurs, the rows that hold it, with levels.
//
//   SkillLists lists(rows);                         // one list of held skills a row
//   for (const SkillLists::Holding holding : lists.HoldersOf(SkillId(12)))
//     holding.row(), holding.level();
//
// An inverted index of at most 512 rows, four bytes a holding and less. A row is read back by
// looking for its number. Expiry days are rare and stand aside. Copyable; thread-compatible.
#ifndef LEYE_MATCHER_SKILL_LISTS_H_
#define LEYE_MATCHER_SKILL_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "matcher/ids.h"
#include "matcher/profile.h"
#include "matcher/skill_level.h"

namespace leye::matcher {

class SkillLists {
 public:
  // A row, 9 bits, over the level + 1, 4 bits.
  class Holding {
   public:
    static constexpr int kLevelBits = 4;

    Holding() = default;
    Holding(size_t row, SkillLevel level)
        : packed_(static_cast<uint16_t>((row << kLevelBits) |
                                        static_cast<size_t>(level.value() + 1))) {}

    size_t row() const { return packed_ >> kLevelBits; }
    // 0 = unknown, otherwise 1 + level.
    size_t level_code() const { return packed_ & ((1 << kLevelBits) - 1); }
    SkillLevel level() const {
      return level_code() == 0 ? SkillLevel::Unknown()
                               : SkillLevel::Of(static_cast<int>(level_code()) - 1);
    }

   private:
    uint16_t packed_ = 0;
  };

  SkillLists() = default;
  // REQUIRES: at most 512 rows; each row's skills ascending, each once, at most 127 (holdings are
  // counted in 16 bits).
  explicit SkillLists(std::span<const std::span<const HeldSkill>> rows);
  SkillLists(const SkillLists& other);
  SkillLists& operator=(const SkillLists& other) = delete;
  SkillLists(SkillLists&&) noexcept = default;
  SkillLists& operator=(SkillLists&&) noexcept = default;

  // The lists without row `gone`, whose number row `last` takes.
  SkillLists Without(size_t gone, size_t last) const;
  // The lists with one more row. REQUIRES: the row has no skills yet.
  SkillLists With(size_t row, std::span<const HeldSkill> skills) const;

  // Those that occur, ascending; once a list, so that one may stand here twice.
  std::span<const uint16_t> skills() const { return {skills_.get(), list_count_}; }
  // Every holder, in no order; whose skill has expired is among them. Empty if nobody.
  std::span<const Holding> HoldersOf(SkillId skill) const;

  // True if the row holds just these. REQUIRES: ascending.
  bool RowHolds(size_t row, std::span<const HeldSkill> skills) const;
  // Appends the skills of the row to `out`, ascending.
  void AppendRow(size_t row, std::vector<HeldSkill>& out) const;

  // Calls visit(SkillId, std::span<const Holding>) for every list, skills ascending.
  template <typename Visit>
  void ForEachList(const Visit& visit) const {
    size_t start = 0;
    for (size_t i = 0; i < list_count_; ++i) {
      visit(SkillId(skills_[i]), std::span<const Holding>(holdings_.get() + start, LengthOf(i)));
      start += LengthOf(i);
    }
  }

  // Calls visit(row, HeldSkill) for everything held, skills ascending.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    ForEachList([&](SkillId skill, std::span<const Holding> holders) {
      for (const Holding holding : holders) {
        const Day expires = expiries_.empty() ? Day::Max() : ExpiryOf(holding.row(), skill);
        visit(holding.row(),
              HeldSkill{.skill = skill, .level = holding.level(), .expires = expires});
      }
    });
  }

  // Asks for the memory of all lists, ahead of its use.
  void Prefetch() const;

  size_t MemoryBytes() const;

 private:
  struct Expiry {
    uint16_t row;
    SkillId skill;
    Day expires;
  };

  // A holding before it is filed.
  struct Filed {
    SkillId skill;
    Holding holding;
  };

  // Stable: in two passes of eight bits (radix sort).
  static void SortBySkill(std::vector<Filed>& filed);
  // Files what is ascending by skill.
  void File(std::span<const Filed> filed);
  // What `lists` lists take in skills_.
  static size_t WordsFor(size_t lists);
  const uint16_t* starts() const { return skills_.get() + list_count_; }
  const uint8_t* lengths() const {
    return reinterpret_cast<const uint8_t*>(starts() + GroupsOf(list_count_));
  }
  static size_t GroupsOf(size_t lists) { return (lists + kListsOfGroup - 1) / kListsOfGroup; }
  size_t LengthOf(size_t list) const { return lengths()[list] + size_t{1}; }
  size_t StartOf(size_t list) const;
  Day ExpiryOf(size_t row, SkillId skill) const;
  // The first holding of the row from this one on, or holding_count_.
  size_t NextOf(size_t row, size_t first) const;
  HeldSkill HeldAt(size_t holding, size_t row) const;

  // A list of more holders is cut in two, so that a byte says how long it is.
  static constexpr size_t kMostOfList = 256;
  // It is said of every so many lists where in holdings_ they start.
  static constexpr size_t kListsOfGroup = 16;

  uint16_t list_count_ = 0;
  uint16_t holding_count_ = 0;
  // Of each list the skill, ascending; the start of each group; the length of each list less one.
  std::unique_ptr<uint16_t[]> skills_;
  std::unique_ptr<Holding[]> holdings_;  // list after list
  std::vector<Expiry> expiries_;         // in no order
};

// Lists that never change; whoever changes them makes new ones. So the same pointer means the same
// holders in the same rows.
using SharedSkillLists = std::shared_ptr<const SkillLists>;

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_LISTS_H_
