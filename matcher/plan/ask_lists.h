// Jobs by what they ask and by the most that they can be worth, so that a person looks only at
// those that ask what the person can do, the best first.
//
//   const AskLists lists(items, /*requires_skills=*/true);
//   lists.ForEach(skills, turn, [](uint32_t id, const AskLists::Most& most) { ...; return go_on;
//   });
//
// Immutable; thread-safe.
#ifndef LEYE_MATCHER_PLAN_ASK_LISTS_H_
#define LEYE_MATCHER_PLAN_ASK_LISTS_H_

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "matcher/offered_skills.h"
#include "matcher/posting_asks.h"

namespace leye::matcher::plan {

class AskLists {
 public:
  // Tops so much apart count as equal, and people begin at different ones of equals: otherwise all
  // would be sent to the same jobs.
  static constexpr int64_t kPlateauMicros = 500;

  // Whom a job takes, as PostingSummary has it. It stands here because most that is passed over is
  // passed over by it.
  struct Admission {
    uint8_t least_age = 0;
    uint8_t most_age = 0;
    uint8_t least_education = 0;
  };

  struct Item {
    uint32_t id = 0;
    int64_t top = 0;              // it is worth no more to anybody
    int64_t top_without_key = 0;  // nor to whom the key of kPreferred earns nothing
    AskKey key;
    Admission admission;
  };

  // What anybody could gain, or a little more; or anybody to whom the key earns nothing.
  struct Most {
    int64_t top = 0;
    bool without_key = false;
    Admission admission;
  };

  AskLists() = default;
  // `requires_skills`: the rule SKILL-REQ is on.
  AskLists(std::span<const Item> items, bool requires_skills);

  // Calls visit(id, most) for all that may be something for who has the skills, the best first
  // among those that ask the same. If it returns false, the rest of these, which is worth no more,
  // is passed over. `turn`: any number, by which people differ.
  template <typename Visit>
  void ForEach(const OfferedSkills& skills, uint32_t turn, const Visit& visit) const {
    const auto with = [&](const Entry& entry, int64_t top) {
      return visit(entry.id, Most{.top = top, .without_key = false, .admission = entry.admission});
    };
    ForEachOf(kOpen, turn, with);
    for (const SkillId skill : skills.meeting()) ForEachOf(kRequired | skill.value(), turn, with);
    for (const SkillId skill : skills.earning()) ForEachOf(kPreferred | skill.value(), turn, with);
    ForEachOf(kWithout, turn, [&](const Entry& entry, int64_t top) {
      return skills.Earns(entry.skill) ||
             visit(entry.id, Most{.top = top, .without_key = true, .admission = entry.admission});
    });
  }

 private:
  // Lists: of what nobody's skills close; by a skill without which jobs are closed; by one without
  // which they are worth less; and all of these once more, as if nobody had it.
  using ListId = uint32_t;
  static constexpr ListId kOpen = 0;
  static constexpr ListId kRequired = 1 << 16;
  static constexpr ListId kPreferred = 2 << 16;
  static constexpr ListId kWithout = 3 << 16;

  struct Entry {
    ListId list = kOpen;
    int32_t plateau = 0;
    uint32_t id = 0;
    uint32_t end = 0;  // one past the plateau; of its first entry
    SkillId skill;
    Admission admission;
  };
  struct Start {
    ListId list = kOpen;
    uint32_t at = 0;
  };

  void Add(ListId list, int64_t top, const Item& item);
  void FindEnds();

  template <typename Visit>
  void ForEachOf(ListId list, uint32_t turn, const Visit& visit) const {
    const auto start = std::ranges::lower_bound(starts_, list, {}, &Start::list);
    if (start == starts_.end() || start->list != list) return;
    const uint32_t end = std::next(start) == starts_.end() ? static_cast<uint32_t>(entries_.size())
                                                           : std::next(start)->at;
    for (uint32_t begin = start->at; begin < end; begin = entries_[begin].end) {
      const uint32_t count = entries_[begin].end - begin;
      const int64_t top = (int64_t{entries_[begin].plateau} + 1) * kPlateauMicros;
      uint32_t at = count == 1 ? 0 : turn % count;
      for (uint32_t i = 0; i < count; ++i, at = at + 1 == count ? 0 : at + 1) {
        if (!visit(entries_[begin + at], top)) return;
      }
    }
  }

  std::vector<Entry> entries_;  // list by list, the best first
  std::vector<Start> starts_;   // of lists that are not empty, ascending
};

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_ASK_LISTS_H_
