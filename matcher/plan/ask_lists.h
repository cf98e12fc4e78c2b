// Jobs by what they ask and by the most that they can be worth, so that a person looks only at
// those that ask what the person can do, the best first.
//
//   const AskLists lists(items);                 // once
//   AskOrder order;
//   order.Start(lists, prices);                  // and whenever prices have changed
//   order.ForEach(skills, turn, admits, [](uint32_t id, int64_t top) { ...; return go_on; });
//
// A job that requires a skill stands in that skill's list. One that requires none, but prefers
// some, stands in the list of each: as worth everything under the rarest, and elsewhere as if the
// rarer ones earned nothing; and once more for those who have none of them. So whoever looks at
// the lists of all skills held sees every job where it is worth no less than it is to this person.
// Where jobs are many, lists are by two skills: what the second one is to the first is the same.
#ifndef LEYE_MATCHER_PLAN_ASK_LISTS_H_
#define LEYE_MATCHER_PLAN_ASK_LISTS_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "matcher/offered_skills.h"
#include "matcher/posting_asks.h"

namespace leye::matcher::plan {

// Values are cut into plateaus: what is on the same one counts as equal.
inline constexpr int64_t kPlateauMicros = 500;

// Immutable; thread-safe.
class AskLists {
 public:
  enum class Kind : uint8_t {
    kOpen,       // nobody's skills close it, and nothing more can be said
    kRequired,   // closed to who does not have the skill
    kPreferred,  // worth less to who earns nothing by the skill
    kWithout,    // as worth to who earns nothing by any preferred skill
  };
  // By kind, skill and second skill, if there are any; the lists of one skill follow each other.
  using ListId = uint64_t;
  static constexpr ListId kSeconds = ListId{1} << 20;
  static constexpr ListId IdOf(Kind kind) {
    return kSeconds * kSeconds * static_cast<uint8_t>(kind);
  }
  static constexpr ListId IdOf(Kind kind, SkillId skill) {
    return IdOf(kind) | kSeconds * skill.value();
  }
  static constexpr ListId IdOf(Kind kind, SkillId skill, SkillId second) {
    return IdOf(kind, skill) | (second.value() + 1U);
  }

  // Where a job stands, and the most that the skills criterion is to those who find it there only.
  struct Stand {
    ListId list = IdOf(Kind::kOpen);
    Score most;
  };

  // Whom a job takes, as PostingSummary has it; and the level of the required skill that it stands
  // under, as Ask::level_code.
  struct Admission {
    uint8_t least_age = 0;
    uint8_t most_age = 255;
    uint8_t least_education = 0;
    uint8_t level_code = 0;

    friend auto operator<=>(const Admission&, const Admission&) = default;
  };

  struct Item {
    ListId list = IdOf(Kind::kOpen);
    uint32_t id = 0;
    int32_t ceiling_micros = 0;  // it is worth no more to anybody; 0 to 1,000,000
    Admission admission;
  };

  AskLists() = default;
  explicit AskLists(std::vector<Item> items);

 private:
  friend class AskOrder;

  // A list, or a part of a long one that takes about the same people.
  struct Shelf {
    ListId list = IdOf(Kind::kOpen);
    uint32_t begin = 0;
  };

  // REQUIRES: of one list.
  void AddList(std::span<Item> items);

  std::vector<uint32_t> ids_;
  std::vector<uint16_t> ceilings_;     // by position, as the ids; in plateaus, rounded up
  std::vector<Shelf> shelves_;         // ascending by list
  std::vector<Admission> admissions_;  // of the shelves: whoever any of its jobs takes
  bool has_seconds_ = false;           // any list is by two skills
};

// The lists in order at given prices. A list is put in order when it is first looked at.
// Thread-compatible; after SortAll thread-safe.
class AskOrder {
 public:
  // By id, in plateaus, rounded down. Both outlive the order, or its next start.
  void Start(const AskLists& lists, std::span<const uint16_t> prices);
  void SortAll(size_t threads);

  // Calls visit(id, top) for all that may be something for who has the skills and is admitted, the
  // best first among those of one shelf. If it returns false, the rest of these, which is worth no
  // more, is passed over. `top`: more than anybody could gain there. `turn`: any number, by which
  // people differ: they begin at different shelves and at different ones of equals, because
  // otherwise all would be sent to the same jobs.
  template <typename Admits, typename Visit>
  void ForEach(OfferedSkills& skills, uint32_t turn, const Admits& admits, const Visit& visit) {
    using Kind = AskLists::Kind;
    const auto in_list = [&](AskLists::ListId list) { ForEachOf(list, turn, admits, visit); };
    in_list(AskLists::IdOf(Kind::kOpen));
    for (const SkillId skill : skills.meeting()) {
      const uint32_t met_codes = skills.Of(skill).met_codes;
      const auto meets = [&](const AskLists::Admission& whom) {
        return (met_codes >> whom.level_code & 1) != 0 && admits(whom);
      };
      ForEachUnder(AskLists::IdOf(Kind::kRequired, skill), skills,
                   [&](AskLists::ListId list) { ForEachOf(list, turn, meets, visit); });
    }
    for (const SkillId skill : skills.earning()) {
      ForEachUnder(AskLists::IdOf(Kind::kPreferred, skill), skills, in_list);
    }
    in_list(AskLists::IdOf(Kind::kWithout));
  }

 private:
  struct Placed {
    int32_t top = 0;  // in plateaus
    uint32_t id = 0;
    uint32_t end = 0;  // one past the plateau; of its first
  };

  uint32_t EndOf(size_t shelf) const {
    return shelf + 1 == lists_->shelves_.size() ? static_cast<uint32_t>(placed_.size())
                                                : lists_->shelves_[shelf + 1].begin;
  }
  void Sort(size_t shelf);

  // The list of the skill alone, and those of it and a second one.
  template <typename Visit>
  void ForEachUnder(AskLists::ListId list, const OfferedSkills& skills, const Visit& visit) {
    const auto& shelves = lists_->shelves_;
    const auto first = std::ranges::lower_bound(shelves, list, {}, &AskLists::Shelf::list);
    if (first == shelves.end() || first->list >= list + AskLists::kSeconds) return;
    visit(list);
    if (!lists_->has_seconds_) return;
    for (const SkillId second : skills.earning()) visit(list | (second.value() + 1U));
  }

  template <typename Admits, typename Visit>
  void ForEachOf(AskLists::ListId list, uint32_t turn, const Admits& admits, const Visit& visit) {
    const auto& shelves = lists_->shelves_;
    // Not std::ranges::equal_range: clang 14 cannot compile libstdc++'s.
    const auto begin = std::ranges::lower_bound(shelves, list, {}, &AskLists::Shelf::list);
    const auto end = std::ranges::upper_bound(shelves, list, {}, &AskLists::Shelf::list);
    const auto first = static_cast<size_t>(begin - shelves.begin());
    const auto count = static_cast<size_t>(end - begin);
    size_t at = count <= 1 ? 0 : turn % count;
    for (size_t i = 0; i < count; ++i, at = at + 1 == count ? 0 : at + 1) {
      if (admits(lists_->admissions_[first + at])) ForEachOn(first + at, turn, visit);
    }
  }

  template <typename Visit>
  void ForEachOn(size_t shelf, uint32_t turn, const Visit& visit) {
    if (!is_sorted_[shelf]) Sort(shelf);
    const uint32_t end = EndOf(shelf);
    for (uint32_t begin = lists_->shelves_[shelf].begin; begin < end; begin = placed_[begin].end) {
      const uint32_t count = placed_[begin].end - begin;
      const int64_t top = placed_[begin].top * kPlateauMicros;
      uint32_t at = count == 1 ? 0 : turn % count;
      for (uint32_t i = 0; i < count; ++i, at = at + 1 == count ? 0 : at + 1) {
        if (!visit(placed_[begin + at].id, top)) return;
      }
    }
  }

  const AskLists* lists_ = nullptr;
  std::span<const uint16_t> prices_;
  std::vector<Placed> placed_;      // by position in the lists
  std::vector<uint8_t> is_sorted_;  // by shelf
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_ASK_LISTS_H_
