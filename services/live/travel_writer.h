// Puts the travel times of one region into the matcher's index: follows which record a place is,
// and numbers the areas.
//
//   TravelWriter travel(region, areas, index);
//   travel.Put(name, number, place);  travel.Delete(name, number);
//
// As RegionWriter, which owns it: places may come before their areas, and the same again changes
// nothing. Thread-compatible.
#ifndef LEYE_SERVICES_LIVE_TRAVEL_WRITER_H_
#define LEYE_SERVICES_LIVE_TRAVEL_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

#include "leye/v1/travel.pb.h"
#include "matcher/travel_table.h"
#include "services/live/area_table.h"
#include "services/store/region.h"

namespace leye::live {

// A place and the times to it. `area_of` numbers an area by the last part of its name; 0: there is
// none. nullopt when the place has no usable location.
std::optional<matcher::TravelIndex::PlaceTimes> ToPlaceTimes(
    const v1::TravelPlace& place, absl::FunctionRef<matcher::AreaIndex(absl::string_view)> area_of);

class TravelWriter {
 public:
  // `areas` and `index` outlive it.
  TravelWriter(store::Region region, AreaTable& areas, matcher::TravelIndex& index);

  // `name` is the record's, `number` its number.
  void Put(absl::string_view name, uint64_t number, const v1::TravelPlace& place);
  // Nothing happens when the record of that name has another number, or is not there.
  void Delete(absl::string_view name, uint64_t number);
  // Takes out of the index what was put here and not in `after`.
  void RemoveAllBut(const TravelWriter& after);

 private:
  const store::Region region_;
  const matcher::RegionCode region_code_;
  AreaTable& areas_;
  matcher::TravelIndex& index_;
  absl::flat_hash_map<std::string, uint64_t> places_;  // Numbers, by the last part of the name.
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_TRAVEL_WRITER_H_
