// The settlement areas of all regions, numbered for the matcher.
//
//   AreaTable areas;
//   const matcher::AreaIndex index = areas.Intern("regions/13/settlementAreas/yian");
//
// An index is given at the first mention of a name and stays the name's for ever, so that
// households may come before their area. Index 0 is kNowhere. Thread-compatible: owned by the
// follower.
#ifndef LEYE_SERVICES_LIVE_AREA_TABLE_H_
#define LEYE_SERVICES_LIVE_AREA_TABLE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "services/live/directory.h"
#include "services/store/region.h"

namespace leye::live {

class AreaTable {
 public:
  AreaTable() { entries_.Resize(1); }

  // kNowhere for what is no area's name.
  matcher::AreaIndex Intern(absl::string_view name);

  const AreaEntry& operator[](matcher::AreaIndex area) const { return entries_[area.value()]; }
  AreaEntry& Mutable(matcher::AreaIndex area) { return entries_.Mutable(area.value()); }

  // The areas of a region that exist.
  std::vector<matcher::AreaIndex> AreasOf(store::Region region) const;

  std::shared_ptr<const Directory::Areas> Share() {
    return std::make_shared<const Directory::Areas>(entries_.Share());
  }

 private:
  Directory::Areas entries_;
  absl::flat_hash_map<std::string, matcher::AreaIndex> indexes_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_AREA_TABLE_H_
