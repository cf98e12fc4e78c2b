#include "services/live/area_table.h"

namespace leye::live {

matcher::AreaIndex AreaTable::Intern(absl::string_view name) {
  if (!SplitName(name, "settlementAreas").has_value()) return kNowhere;
  const auto known = indexes_.find(name);
  if (known != indexes_.end()) return known->second;
  const auto next = matcher::AreaIndex(static_cast<uint32_t>(entries_.size()));
  indexes_.emplace(name, next);
  AreaEntry entry;
  entry.name = std::string(name);
  entries_.PushBack(std::move(entry));
  return next;
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
