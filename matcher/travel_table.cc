#include "matcher/travel_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace leye::matcher {
namespace {

// Kilometres a minute that something is known to be faster than, so that no bound divides by zero.
constexpr double kSlowest = 0.001;

// The unit sphere in cubes of 13 km, so that a circle of 5 km touches eight at most.
constexpr double kCubesPerUnit = 490;

uint64_t CubeOf(double x, double y, double z) {
  constexpr double kHalf = 512;  // Cubes on one side of the centre.
  const auto number = [](double along) {
    return static_cast<uint64_t>(std::floor(along * kCubesPerUnit) + kHalf);
  };
  return (number(x) << 20) | (number(y) << 10) | number(z);
}

}  // namespace

// What is known of one place. Immutable.
struct TravelTable::Place {
  struct Row {
    TravelMode mode = TravelMode::kFoot;
    std::vector<uint16_t> minutes;  // by column; 0, or beyond the end: not known
    std::vector<int32_t> costs;     // by column; -1, or beyond the end: not known
  };

  std::optional<KnownWay> From(uint16_t column, TravelModeSet modes) const {
    std::optional<KnownWay> best;
    for (const Row& row : rows) {
      if (!modes.Contains(row.mode) || column >= row.minutes.size()) continue;
      const uint16_t minutes = row.minutes[column];
      if (minutes == 0 || (best.has_value() && best->minutes <= minutes)) continue;
      best = KnownWay{.minutes = minutes, .mode = row.mode};
      if (column < row.costs.size() && row.costs[column] >= 0) best->cost_fen = row.costs[column];
    }
    return best;
  }

  UnitVector at;
  Kilometres radius;
  double radius_chord = 0;  // squared
  std::vector<Row> rows;    // by mode, ascending
};

// The places of a region, where they lie, and the minutes once more for who asks from one area.
// Immutable.
struct TravelTable::Region {
  struct Spot {
    UnitVector at;
    double radius_chord = 0;  // squared
  };
  // Of one mode: from an area to all places side by side, the areas one after the other.
  struct Minutes {
    TravelMode mode = TravelMode::kFoot;
    std::vector<uint16_t> minutes;  // 0: not known
  };

  // The number of the place that the workplace belongs to; nullopt: to none.
  std::optional<uint32_t> NumberOf(const UnitVector& work) const {
    const auto cube = cubes.find(CubeOf(work.x, work.y, work.z));
    if (cube == cubes.end()) return std::nullopt;
    std::optional<uint32_t> best;
    double nearest = 0;
    for (const uint32_t number : cube->second) {
      const double chord = SquaredChord(work, spots[number].at);
      if (chord > spots[number].radius_chord || (best.has_value() && chord >= nearest)) continue;
      best = number;
      nearest = chord;
    }
    return best;
  }

  std::optional<KnownWay> WayTo(uint32_t number, uint16_t column, TravelModeSet modes) const {
    KnownWay best;
    for (const Minutes& row : by_area) {
      const uint16_t minutes = row.minutes[column * places.size() + number];
      if (!modes.Contains(row.mode) || minutes == 0) continue;
      if (best.minutes == 0 || minutes < best.minutes) {
        best = {.minutes = minutes, .mode = row.mode};
      }
    }
    if (best.minutes == 0) return std::nullopt;
    return any_costs ? places[number]->From(column, modes) : best;
  }

  double LeastMinutes(Kilometres nearest) const {
    return std::max(0.0, nearest.km() - widest.km()) / fastest;
  }

  // Adds a place's minutes by the mode of `to`, which takes its size when there are any.
  void Add(size_t number, size_t areas, Minutes& to) {
    for (const Place::Row& row : places[number]->rows) {
      if (row.mode != to.mode) continue;
      any_costs = any_costs || !row.costs.empty();
      to.minutes.resize(areas * places.size());
      for (size_t column = 0; column < row.minutes.size(); ++column) {
        to.minutes[column * places.size() + number] = row.minutes[column];
      }
    }
  }

  std::vector<std::shared_ptr<const Place>> places;  // ascending by id
  std::vector<Spot> spots;                           // of each
  std::vector<Minutes> by_area;                      // by mode, ascending
  bool any_costs = false;
  absl::flat_hash_map<uint64_t, absl::InlinedVector<uint32_t, 2>> cubes;  // numbers, ascending
  double fastest = kSlowest;  // km a minute, of all ways and modes
  Kilometres widest;          // radius
};

TravelTable::ToWork TravelTable::WaysTo(const UnitVector& work, TravelModeSet modes) const {
  ToWork ways;
  for (const auto& region : regions_) {
    const auto number = region == nullptr ? std::nullopt : region->NumberOf(work);
    ways.places_.push_back(number.has_value() ? region->places[*number].get() : nullptr);
    if (!number.has_value()) continue;
    ways.table_ = this;
    ways.fastest_ = std::max(ways.fastest_, region->fastest);
    ways.widest_ = std::max(ways.widest_, region->widest);
  }
  ways.modes_ = modes;
  return ways;
}

TravelTable::FromArea TravelTable::WaysFrom(AreaIndex area, TravelModeSet modes) const {
  const Column column = ColumnOf(area);
  FromArea ways;
  ways.region_ = regions_[column.region].get();
  ways.column_ = column.number;
  ways.modes_ = modes;
  return ways;
}

std::optional<KnownWay> TravelTable::ToWork::From(AreaIndex area) const {
  if (table_ == nullptr) return std::nullopt;
  const Column column = table_->ColumnOf(area);
  const Place* place = places_[column.region];
  if (place == nullptr) return std::nullopt;
  return place->From(column.number, modes_);
}

double TravelTable::ToWork::LeastMinutes(Kilometres nearest) const {
  if (table_ == nullptr) return kNeverMinutes;
  return std::max(0.0, nearest.km() - widest_.km()) / fastest_;
}

std::optional<KnownWay> TravelTable::FromArea::To(const UnitVector& work) const {
  const auto number = region_ == nullptr ? std::nullopt : region_->NumberOf(work);
  if (!number.has_value()) return std::nullopt;
  return region_->WayTo(*number, column_, modes_);
}

double TravelTable::FromArea::LeastMinutes(Kilometres nearest) const {
  return region_ == nullptr ? kNeverMinutes : region_->LeastMinutes(nearest);
}

Kilometres TravelTable::FromArea::FarthestIn(double minutes) const {
  if (region_ == nullptr) return Kilometres::Of(0);
  return Kilometres::Of(minutes * region_->fastest + region_->widest.km());
}

void TravelIndex::PutPlace(RegionCode region, absl::string_view id, const PlaceTimes& place) {
  RegionState& state = regions_[region];
  auto made = std::make_shared<TravelTable::Place>();
  made->at = ToUnitVector(place.at);
  made->radius = place.radius;
  made->radius_chord = SquaredChordOf(place.radius);
  std::array<TravelTable::Place::Row, kEnumCount<TravelMode>> rows{};
  constexpr size_t kMostColumns = 65'535;
  for (const Time& time : place.times) {
    if (state.areas.size() == kMostColumns && !state.column.contains(time.area)) continue;
    const auto [at, fresh] =
        state.column.try_emplace(time.area, static_cast<uint16_t>(state.areas.size()));
    if (fresh) state.areas.push_back(time.area);
    const uint16_t column = at->second;
    TravelTable::Place::Row& row = rows[static_cast<size_t>(time.mode)];
    if (row.minutes.size() <= column) row.minutes.resize(column + size_t{1});
    row.minutes[column] = time.minutes;
    if (!time.cost_fen.has_value() && row.costs.size() <= column) continue;
    if (row.costs.size() <= column) row.costs.resize(column + size_t{1}, -1);
    row.costs[column] = time.cost_fen.value_or(-1);
  }
  for (size_t mode = 0; mode < rows.size(); ++mode) {
    if (rows[mode].minutes.empty()) continue;
    rows[mode].mode = static_cast<TravelMode>(mode);
    made->rows.push_back(std::move(rows[mode]));
  }
  state.places.insert_or_assign(std::string(id),
                                PlaceState{.place = std::move(made), .fastest = {}});
  state.changed = true;
}

void TravelIndex::RemovePlace(RegionCode region, absl::string_view id) {
  RegionState& state = regions_[region];
  const auto at = state.places.find(id);
  if (at == state.places.end()) return;
  state.places.erase(at);
  state.changed = true;
}

void TravelIndex::PutArea(const AreaProfile& area) {
  const UnitVector at = ToUnitVector(area.location);
  const auto [known, fresh] = areas_.try_emplace(area.index, at);
  if (!fresh && SquaredChord(known->second, at) == 0) return;
  known->second = at;
  for (auto& [region, state] : regions_) {
    if (!state.column.contains(area.index)) continue;
    for (auto& [id, place] : state.places) place.fastest.reset();
    state.changed = true;
  }
}

double TravelIndex::FastestTo(const TravelTable::Place& place, const RegionState& state) const {
  double fastest = kSlowest;
  for (const TravelTable::Place::Row& row : place.rows) {
    for (size_t column = 0; column < row.minutes.size(); ++column) {
      const auto area = areas_.find(state.areas[column]);
      if (row.minutes[column] == 0 || area == areas_.end()) continue;
      fastest =
          std::max(fastest, DistanceBetween(area->second, place.at).km() / row.minutes[column]);
    }
  }
  return fastest;
}

std::shared_ptr<const TravelTable::Region> TravelIndex::Assemble(RegionState& state) const {
  auto region = std::make_shared<TravelTable::Region>();
  for (auto& [id, place] : state.places) {
    if (!place.fastest.has_value()) place.fastest = FastestTo(*place.place, state);
    const auto number = static_cast<uint32_t>(region->places.size());
    const UnitVector& at = place.place->at;
    // An arc is longer than its chord, so this much reaches over the circle.
    const double reach = place.place->radius.km() / kEarthRadiusKm;
    for (int corner = 0; corner < 8; ++corner) {
      const auto side = [&](int axis) { return ((corner >> axis) & 1) != 0 ? reach : -reach; };
      auto& cube = region->cubes[CubeOf(at.x + side(0), at.y + side(1), at.z + side(2))];
      if (cube.empty() || cube.back() != number) cube.push_back(number);
    }
    region->places.push_back(place.place);
    region->spots.push_back({.at = at, .radius_chord = place.place->radius_chord});
    region->fastest = std::max(region->fastest, *place.fastest);
    region->widest = std::max(region->widest, place.place->radius);
  }
  for (int mode = 0; mode < kEnumCount<TravelMode>; ++mode) {
    TravelTable::Region::Minutes row{.mode = static_cast<TravelMode>(mode), .minutes = {}};
    for (size_t number = 0; number < region->places.size(); ++number) {
      region->Add(number, state.areas.size(), row);
    }
    if (!row.minutes.empty()) region->by_area.push_back(std::move(row));
  }
  return region;
}

std::shared_ptr<const TravelTable> TravelIndex::Publish() {
  bool changed = false;
  for (auto& [code, state] : regions_) {
    if (!state.changed) continue;
    state.changed = false;
    changed = true;
    if (state.places.empty()) {
      assembled_.erase(code);
    } else {
      assembled_[code] = Assemble(state);
    }
  }
  if (!changed) return published_;
  auto table = std::make_shared<TravelTable>();
  table->regions_.push_back(nullptr);
  for (const auto& [code, region] : assembled_) {
    const auto number = static_cast<uint16_t>(table->regions_.size());
    table->regions_.push_back(region);
    const std::vector<AreaIndex>& areas = regions_[code].areas;
    for (size_t column = 0; column < areas.size(); ++column) {
      const size_t area = areas[column].value();
      if (table->columns_.size() <= area) table->columns_.resize(area + 1);
      table->columns_[area] = {.region = number, .number = static_cast<uint16_t>(column)};
    }
  }
  published_ = assembled_.empty() ? nullptr : std::move(table);
  return published_;
}

}  // namespace leye::matcher
