#include "services/live/travel_writer.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/live/vocabulary.h"

namespace leye::live {
namespace {

// Times of one mode, as far as they make sense.
void AddTimes(const v1::TravelRow& row, const std::vector<matcher::AreaIndex>& areas,
              matcher::TravelIndex::PlaceTimes& place) {
  constexpr int kMostMinutes = 1'440;
  const int mode = static_cast<int>(row.mode()) - 1;
  if (mode < 0 || mode >= matcher::kEnumCount<matcher::TravelMode>) return;
  const auto count = std::min(areas.size(), static_cast<size_t>(row.minutes_size()));
  for (size_t i = 0; i < count; ++i) {
    const int at = static_cast<int>(i);
    const int minutes = row.minutes(at);
    if (minutes < 1 || minutes > kMostMinutes || areas[i] == matcher::AreaIndex()) continue;
    matcher::TravelIndex::Time time{.area = areas[i],
                                    .mode = static_cast<matcher::TravelMode>(mode),
                                    .minutes = static_cast<uint16_t>(minutes)};
    if (at < row.costs_fen_size() && row.costs_fen(at) >= 0) time.cost_fen = row.costs_fen(at);
    place.times.push_back(time);
  }
}

}  // namespace

std::optional<matcher::TravelIndex::PlaceTimes> ToPlaceTimes(
    const v1::TravelPlace& place,
    absl::FunctionRef<matcher::AreaIndex(absl::string_view)> area_of) {
  constexpr int kMostRadiusM = 5'000;
  const std::optional<matcher::GeoPoint> at = ToPoint(place.location());
  if (!place.has_location() || !at.has_value()) return std::nullopt;
  matcher::TravelIndex::PlaceTimes made;
  made.at = *at;
  if (place.has_radius_m()) {
    made.radius = matcher::Kilometres::Of(std::clamp(place.radius_m(), 1, kMostRadiusM) / 1000.0);
  }
  std::vector<matcher::AreaIndex> areas;
  for (const std::string& id : place.settlement_areas()) areas.push_back(area_of(id));
  for (const v1::TravelRow& row : place.rows()) AddTimes(row, areas, made);
  return made;
}

TravelWriter::TravelWriter(store::Region region, AreaTable& areas, matcher::TravelIndex& index)
    : region_(region),
      region_code_(static_cast<uint8_t>(region.number())),
      areas_(areas),
      index_(index) {}

void TravelWriter::Put(absl::string_view name, uint64_t number, const v1::TravelPlace& place) {
  const std::optional<NameParts> parts = SplitName(name, "travelPlaces");
  if (!parts.has_value() || parts->region != region_) return;
  uint64_t& known = places_[std::string(parts->id)];
  if (number < known) return;
  known = number;
  const auto area_of = [this](absl::string_view id) {
    return areas_.Intern(absl::StrCat("regions/", region_.code(), "/settlementAreas/", id));
  };
  if (const auto times = ToPlaceTimes(place, area_of); times.has_value()) {
    index_.PutPlace(region_code_, parts->id, *times);
  } else {
    index_.RemovePlace(region_code_, parts->id);
  }
}

void TravelWriter::Delete(absl::string_view name, uint64_t number) {
  const std::optional<NameParts> parts = SplitName(name, "travelPlaces");
  if (!parts.has_value() || parts->region != region_) return;
  const auto at = places_.find(parts->id);
  if (at == places_.end() || at->second != number) return;
  places_.erase(at);
  index_.RemovePlace(region_code_, parts->id);
}

void TravelWriter::RemoveAllBut(const TravelWriter& after) {
  for (const auto& [id, number] : places_) {
    if (!after.places_.contains(id)) index_.RemovePlace(region_code_, id);
  }
}

}  // namespace leye::live
