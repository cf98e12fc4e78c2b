// The table of travel times: to which place a workplace belongs, which way counts, and the bounds,
// against a plain list of everything.
#include "matcher/travel_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/oracle/dice.h"

namespace leye::matcher {
namespace {

using oracle::Dice;

constexpr RegionCode kHebei(13);
constexpr RegionCode kBeijing(11);

AreaProfile Area(uint32_t index, double latitude, double longitude) {
  AreaProfile area;
  area.index = AreaIndex(index);
  area.location = *GeoPoint::FromDegrees(latitude, longitude);
  return area;
}

TravelIndex::PlaceTimes Place(double latitude, double longitude,
                              std::vector<TravelIndex::Time> times) {
  TravelIndex::PlaceTimes place;
  place.at = *GeoPoint::FromDegrees(latitude, longitude);
  place.times = std::move(times);
  return place;
}

TravelIndex::Time Time(uint32_t area, TravelMode mode, uint16_t minutes,
                       std::optional<int32_t> cost_fen = {}) {
  return {.area = AreaIndex(area), .mode = mode, .minutes = minutes, .cost_fen = cost_fen};
}

std::optional<KnownWay> Way(const TravelTable& table, uint32_t area, double latitude,
                            double longitude, TravelModeSet modes = TravelModeSet::All()) {
  const UnitVector work = ToUnitVector(*GeoPoint::FromDegrees(latitude, longitude));
  const auto way = table.WaysFrom(AreaIndex(area), modes).To(work);
  EXPECT_EQ(way, table.WaysTo(work, modes).From(AreaIndex(area)));
  return way;
}

TEST(TravelTable, IsNoneWithoutPlaces) {
  TravelIndex index;
  index.PutArea(Area(1, 41.8, 114.6));
  EXPECT_EQ(index.Publish(), nullptr);
  index.PutPlace(kHebei, "town", Place(41.85, 114.6, {}));
  EXPECT_NE(index.Publish(), nullptr);
  index.RemovePlace(kHebei, "town");
  EXPECT_EQ(index.Publish(), nullptr);
}

TEST(TravelTable, IsTheSameWhileNothingChanges) {
  TravelIndex index;
  index.PutPlace(kHebei, "town", Place(41.85, 114.6, {Time(1, TravelMode::kBus, 20)}));
  const auto before = index.Publish();
  EXPECT_EQ(index.Publish(), before);
  index.PutPlace(kHebei, "town", Place(41.85, 114.6, {Time(1, TravelMode::kBus, 25)}));
  EXPECT_EQ(Way(*before, 1, 41.85, 114.6)->minutes, 20);
  EXPECT_EQ(Way(*index.Publish(), 1, 41.85, 114.6)->minutes, 25);
}

TEST(TravelTable, TheQuickestOfTheAllowedModesCounts) {
  TravelIndex index;
  index.PutPlace(kHebei, "town",
                 Place(41.85, 114.6,
                       {Time(1, TravelMode::kFoot, 90), Time(1, TravelMode::kBus, 20, 300),
                        Time(1, TravelMode::kCar, 20, 900)}));
  const auto table = index.Publish();
  EXPECT_EQ(*Way(*table, 1, 41.85, 114.6),
            (KnownWay{.minutes = 20, .mode = TravelMode::kBus, .cost_fen = 300}));
  EXPECT_EQ(*Way(*table, 1, 41.85, 114.6, {TravelMode::kFoot}),
            (KnownWay{.minutes = 90, .mode = TravelMode::kFoot}));
  EXPECT_FALSE(Way(*table, 1, 41.85, 114.6, {TravelMode::kCoach}).has_value());
  EXPECT_FALSE(Way(*table, 2, 41.85, 114.6).has_value());
}

TEST(TravelTable, AWorkplaceBelongsToTheNearestPlaceWithinReach) {
  TravelIndex index;
  // 0.01 degrees of latitude are 1.1 km.
  index.PutPlace(kHebei, "a", Place(41.850, 114.6, {Time(1, TravelMode::kBus, 20)}));
  index.PutPlace(kHebei, "b", Place(41.860, 114.6, {Time(1, TravelMode::kBus, 30)}));
  index.PutPlace(kHebei, "silent", Place(41.880, 114.6, {}));
  const auto table = index.Publish();
  EXPECT_EQ(Way(*table, 1, 41.854, 114.6)->minutes, 20);
  EXPECT_EQ(Way(*table, 1, 41.856, 114.6)->minutes, 30);
  EXPECT_FALSE(Way(*table, 1, 41.840, 114.6).has_value());
  // The nearest decides, though nothing is known of it.
  EXPECT_FALSE(Way(*table, 1, 41.875, 114.6).has_value());
}

TEST(TravelTable, ARegionLooksAtItsOwnPlaces) {
  TravelIndex index;
  index.PutPlace(kHebei, "park", Place(39.8, 116.5, {Time(1, TravelMode::kCoach, 200)}));
  index.PutPlace(kBeijing, "park", Place(39.8, 116.5, {Time(2, TravelMode::kBus, 40)}));
  const auto table = index.Publish();
  EXPECT_EQ(Way(*table, 1, 39.8, 116.5)->minutes, 200);
  EXPECT_EQ(Way(*table, 2, 39.8, 116.5)->minutes, 40);
}

TEST(TravelTable, AnAreaThatMovesLoosensTheBound) {
  TravelIndex index;
  index.PutArea(Area(1, 41.8, 114.6));
  index.PutPlace(kHebei, "town", Place(41.9, 114.6, {Time(1, TravelMode::kBus, 30)}));
  const auto least = [&] {
    return index.Publish()
        ->WaysFrom(AreaIndex(1), TravelModeSet::All())
        .LeastMinutes(Kilometres::Of(100));
  };
  const double before = least();
  index.PutArea(Area(1, 40.8, 114.6));
  EXPECT_LT(least(), before / 5);
}

// The same said by a list of everything.
struct PlainTable {
  struct Place {
    UnitVector at;
    Kilometres radius;
    std::map<std::pair<uint32_t, TravelMode>, TravelIndex::Time> times;
  };

  std::optional<KnownWay> Find(const AreaProfile& area, const UnitVector& work,
                               TravelModeSet modes) const {
    const Place* nearest = nullptr;
    for (const auto& [id, place] : places) {
      const double chord = SquaredChord(work, place.at);
      if (chord > SquaredChordOf(place.radius)) continue;
      if (nearest == nullptr || chord < SquaredChord(work, nearest->at)) nearest = &place;
    }
    std::optional<KnownWay> best;
    for (int i = 0; nearest != nullptr && i < kEnumCount<TravelMode>; ++i) {
      const auto mode = static_cast<TravelMode>(i);
      const auto time = nearest->times.find({area.index.value(), mode});
      if (time == nearest->times.end() || !modes.Contains(mode)) continue;
      if (best.has_value() && best->minutes <= time->second.minutes) continue;
      best = {.minutes = time->second.minutes, .mode = mode, .cost_fen = time->second.cost_fen};
    }
    return best;
  }

  std::map<std::string, Place> places;
};

TEST(TravelTable, EqualsAPlainListAndKeepsItsBounds) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    TravelIndex index;
    PlainTable plain;
    std::vector<AreaProfile> areas;
    for (uint32_t i = 1; i <= 6; ++i) {
      areas.push_back(Area(i, 41 + dice.Unit() * 2, 114 + dice.Unit() * 2));
      index.PutArea(areas.back());
    }
    for (int i = 0; i < 60; ++i) {
      const std::string id = "p" + std::to_string(dice.Between(0, 30));
      if (dice.OneIn(5)) {
        index.RemovePlace(kHebei, id);
        plain.places.erase(id);
        continue;
      }
      // Crowded, so that circles overlap.
      auto place = Place(41.5 + dice.Unit() * 0.2, 114.5 + dice.Unit() * 0.2, {});
      place.radius = Kilometres::Of(dice.OneOf({0.5, 1.0, 5.0}));
      PlainTable::Place& same = plain.places[id];
      same = {.at = ToUnitVector(place.at), .radius = place.radius, .times = {}};
      for (int n = dice.Between(0, 12); n > 0; --n) {
        auto time = Time(areas[static_cast<size_t>(dice.Between(0, 5))].index.value(),
                         dice.Any<TravelMode>(), static_cast<uint16_t>(dice.Between(1, 200)));
        if (dice.OneIn(2)) time.cost_fen = dice.Between(0, 500);
        place.times.push_back(time);
        same.times[{time.area.value(), time.mode}] = time;
      }
      index.PutPlace(kHebei, id, place);
    }
    const auto table = index.Publish();
    ASSERT_NE(table, nullptr);
    for (int i = 0; i < 300; ++i) {
      const UnitVector work = ToUnitVector(
          *GeoPoint::FromDegrees(41.45 + dice.Unit() * 0.3, 114.45 + dice.Unit() * 0.3));
      const auto modes = dice.Set<TravelMode>(2);
      const AreaProfile& area = dice.OneOf(areas);
      const auto from = table->WaysFrom(area.index, modes);
      const auto to = table->WaysTo(work, modes);
      const auto way = from.To(work);
      ASSERT_EQ(way, plain.Find(area, work, modes));
      ASSERT_EQ(way, to.From(area.index));
      if (!way.has_value()) continue;
      const Kilometres distance = DistanceBetween(ToUnitVector(area.location), work);
      ASSERT_LE(from.LeastMinutes(distance), way->minutes + 1e-6);
      ASSERT_LE(to.LeastMinutes(distance), way->minutes + 1e-6);
      ASSERT_GE(from.FarthestIn(way->minutes).km(), distance.km() - 1e-6);
    }
  }
}

}  // namespace
}  // namespace leye::matcher
