#include "matcher/plan/ask_lists.h"

#include <tuple>

namespace leye::matcher::plan {
namespace {

// Below what anybody would look at; no number of plateaus runs over.
constexpr int64_t kWorthlessMicros = -1'000'000'000;

}  // namespace

AskLists::AskLists(std::span<const Item> items, bool requires_skills) {
  entries_.reserve(2 * items.size());
  for (const Item& item : items) {
    const ListId skill = item.key.skill.value();
    if (item.key.kind == AskKind::kRequired && requires_skills) {
      Add(kRequired | skill, item.top, item);
    } else if (item.key.kind == AskKind::kPreferred) {
      Add(kPreferred | skill, item.top, item);
      Add(kWithout, item.top_without_key, item);
    } else {
      Add(kOpen, item.top, item);
    }
  }
  std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
    return std::tuple(a.list, -a.plateau, a.id) < std::tuple(b.list, -b.plateau, b.id);
  });
  FindEnds();
}

void AskLists::Add(ListId list, int64_t top, const Item& item) {
  const int64_t above = std::max(top, kWorthlessMicros) - kWorthlessMicros;
  const int64_t plateau = above / kPlateauMicros + kWorthlessMicros / kPlateauMicros;
  entries_.push_back({.list = list,
                      .plateau = static_cast<int32_t>(plateau),
                      .id = item.id,
                      .end = 0,
                      .skill = item.key.skill,
                      .admission = item.admission});
}

void AskLists::FindEnds() {
  const auto count = static_cast<uint32_t>(entries_.size());
  for (uint32_t begin = 0, end = 0; begin < count; begin = end) {
    const Entry& first = entries_[begin];
    if (starts_.empty() || starts_.back().list != first.list) {
      starts_.push_back({.list = first.list, .at = begin});
    }
    while (end < count && entries_[end].list == first.list &&
           entries_[end].plateau == first.plateau) {
      ++end;
    }
    entries_[begin].end = end;
  }
}

}  // namespace leye::matcher::plan
