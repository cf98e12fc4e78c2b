#include "services/live/area_table.h"

namespace leye::live {

matcher::AreaIndex AreaTable::Intern(absl::string_view name) {
  if (!SplitName(name, "settlementAreas").has_value()) return kNowhere;
  const auto next = matcher::AreaIndex(static_cast<uint32_t>(entries_.size()));
  const auto [known, added] = indexes_.try_emplace(std::string(name), next);
  if (added) {
    AreaEntry entry;
    entry.name = std::string(name);
    entries_.PushBack(std::move(entry));
  }
  return known->second;
}

std::vector<matcher::AreaIndex> AreaTable::AreasOf(store::Region region) const {
  std::vector<matcher::AreaIndex> found;
  for (uint32_t i = 1; i < entries_.size(); ++i) {
    const AreaEntry& entry = entries_[i];
    if (!entry.exists()) continue;
    if (SplitName(entry.name, "settlementAreas")->region == region) {
      found.emplace_back(i);
    }
  }
  return found;
}

}  // namespace leye::live
