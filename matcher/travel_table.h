// Travel times from settlement areas to places, as somebody measured or routed them.
//
//   TravelIndex index;                                  // owned by the one writer
//   index.PutArea(area);
//   index.PutPlace(region, "kangbao", {.at = town, .times = {{area.index, kBus, 35, 600}}});
//   std::shared_ptr<const TravelTable> table = index.Publish();   // null: there is no place
//   table->WaysTo(at, modes).From(area);    // one posting, many areas
//   table->WaysFrom(area, modes).To(at);    // one area, many postings
//
// 1. A workplace belongs to the nearest place within whose radius it lies, of the places of the
//    area's region; of two as near to the one whose id comes first. It belongs to that place also
//    where the time to it is not known.
// 2. Of several modes the quickest counts; of two as quick the one numbered lower.
// 3. LeastMinutes bounds what a table can say without looking: no known way of the region is
//    faster than the fastest of its table. It is what keeps pruning exact (ENGINE.md).
//
// A way costs one look into a hash table of places a workplace, and one number a mode an area.
// Minutes are two bytes and stand densely, once place by place and once area by area, so 1,000
// areas and 3,000 places take 12 MB a mode. TravelTable is immutable and thread-safe; TravelIndex
// is thread-compatible. Tables share the rows of places that did not change between them.
#ifndef LEYE_MATCHER_TRAVEL_TABLE_H_
#define LEYE_MATCHER_TRAVEL_TABLE_H_

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"

#include "matcher/geo.h"
#include "matcher/ids.h"
#include "matcher/profile.h"
#include "matcher/units.h"
#include "matcher/vocabulary.h"

namespace leye::matcher {

// One way that is known.
struct KnownWay {
  uint16_t minutes = 0;
  TravelMode mode = TravelMode::kFoot;
  std::optional<int32_t> cost_fen = std::nullopt;

  friend bool operator==(const KnownWay&, const KnownWay&) = default;
};

// More than any way: what LeastMinutes says where no way is known.
inline constexpr double kNeverMinutes = std::numeric_limits<double>::infinity();

class TravelTable {
 private:
  struct Region;
  struct Place;

 public:
  class ToWork;
  class FromArea;

  // The view lives as long as the table.
  ToWork WaysTo(const UnitVector& work, TravelModeSet modes) const;
  FromArea WaysFrom(AreaIndex area, TravelModeSet modes) const;

 private:
  friend class TravelIndex;
  // Where an area's numbers stand. Region 0 is none.
  struct Column {
    uint16_t region = 0;
    uint16_t number = 0;
  };

  Column ColumnOf(AreaIndex area) const {
    return area.value() < columns_.size() ? columns_[area.value()] : Column();
  }

  std::vector<std::shared_ptr<const Region>> regions_;  // the first is null: none
  std::vector<Column> columns_;                         // by AreaIndex
};

// The ways to one workplace. By default none is known.
class TravelTable::ToWork {
 public:
  ToWork() = default;

  // No way to this workplace is known, from wherever.
  bool empty() const { return table_ == nullptr; }
  std::optional<KnownWay> From(AreaIndex area) const;
  // No known way from an area at this distance or farther takes less.
  double LeastMinutes(Kilometres nearest) const;

 private:
  friend class TravelTable;

  const TravelTable* table_ = nullptr;
  TravelModeSet modes_;
  absl::InlinedVector<const Place*, 2> places_;  // by region; null: the workplace is of none
  double fastest_ = 0;                           // km a minute, in these regions
  Kilometres widest_;
};

// The ways from one area. By default none is known.
class TravelTable::FromArea {
 public:
  FromArea() = default;

  // No way from this area can be known.
  bool empty() const { return region_ == nullptr; }
  std::optional<KnownWay> To(const UnitVector& work) const;
  // As above, of workplaces at this distance or farther.
  double LeastMinutes(Kilometres nearest) const;
  // No known way of at most so many minutes leads farther.
  Kilometres FarthestIn(double minutes) const;

 private:
  friend class TravelTable;

  const Region* region_ = nullptr;
  uint16_t column_ = 0;
  TravelModeSet modes_;
};

class TravelIndex {
 public:
  struct Time {
    AreaIndex area;
    TravelMode mode = TravelMode::kFoot;
    uint16_t minutes = 0;  // > 0
    std::optional<int32_t> cost_fen = std::nullopt;
  };
  struct PlaceTimes {
    GeoPoint at;
    Kilometres radius = Kilometres::Of(1);  // at most 5
    std::vector<Time> times;                // a later one replaces an earlier one
  };

  // Puts in, or replaces, a place. REQUIRES: an area is named in one region only.
  void PutPlace(RegionCode region, absl::string_view id, const PlaceTimes& place);
  void RemovePlace(RegionCode region, absl::string_view id);
  // Where an area lies. Its times may come before or after.
  void PutArea(const AreaProfile& area);

  // Everything so far; null while there is no place. The same table again if nothing changed.
  std::shared_ptr<const TravelTable> Publish();

 private:
  struct PlaceState {
    std::shared_ptr<const TravelTable::Place> place;
    std::optional<double> fastest;  // km a minute; absent: to be measured
  };
  struct RegionState {
    std::map<std::string, PlaceState, std::less<>> places;
    std::vector<AreaIndex> areas;                     // by column
    absl::flat_hash_map<AreaIndex, uint16_t> column;  // of an area
    bool changed = true;
  };

  double FastestTo(const TravelTable::Place& place, const RegionState& state) const;
  std::shared_ptr<const TravelTable::Region> Assemble(RegionState& state) const;

  std::map<RegionCode, RegionState> regions_;
  absl::flat_hash_map<AreaIndex, UnitVector> areas_;
  std::map<RegionCode, std::shared_ptr<const TravelTable::Region>> assembled_;
  std::shared_ptr<const TravelTable> published_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_TRAVEL_TABLE_H_
