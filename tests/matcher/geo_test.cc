#include "matcher/geo.h"

#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace leye::matcher {
namespace {

GeoPoint At(double latitude, double longitude) {
  return *GeoPoint::FromDegrees(latitude, longitude);
}

double MetresBetween(GeoPoint a, GeoPoint b) { return DistanceBetween(a, b).km() * 1000; }

TEST(GeoPoint, RefusesWhatIsNoPlace) {
  EXPECT_FALSE(GeoPoint::FromDegrees(90.001, 0).ok());
  EXPECT_FALSE(GeoPoint::FromDegrees(0, -180.001).ok());
  EXPECT_FALSE(GeoPoint::FromDegrees(std::nan(""), 0).ok());
  EXPECT_FALSE(GeoPoint::FromDegrees(0, std::nan("")).ok());
  EXPECT_TRUE(GeoPoint::FromDegrees(-90, 180).ok());
}

// Pairs of the test tables of eviltransform (wgs, gcj).
TEST(Gcj02, AgreesWithPublishedPairs) {
  EXPECT_LT(
      MetresBetween(ToGcj02(At(31.1774276, 121.5272106)), At(31.17530398364597, 121.531541859215)),
      0.01);
  EXPECT_LT(
      MetresBetween(ToGcj02(At(22.543847, 113.912316)), At(22.540796131694766, 113.9171764808363)),
      0.01);
  EXPECT_LT(
      MetresBetween(ToGcj02(At(39.911954, 116.377817)), At(39.91334545536069, 116.38404722455657)),
      0.01);
}

// The pair of coordtransform's tests.
TEST(Bd09, AgreesWithThePublishedPair) {
  const GeoPoint wgs84 = FromGcj02(At(39.915, 116.404));
  EXPECT_LT(MetresBetween(ToBd09(wgs84), At(39.92133699351021, 116.41036949371029)), 0.01);
}

TEST(Gcj02, RoundTripsBelowACentimetre) {
  std::mt19937_64 random(20260601);
  std::uniform_real_distribution<double> latitude(18.5, 53.5);
  std::uniform_real_distribution<double> longitude(73.7, 134.8);
  for (int i = 0; i < 2000; ++i) {
    const GeoPoint wgs84 = At(latitude(random), longitude(random));
    ASSERT_LT(MetresBetween(FromGcj02(ToGcj02(wgs84)), wgs84), 0.01) << "sample " << i;
    ASSERT_LT(MetresBetween(FromBd09(ToBd09(wgs84)), wgs84), 0.01) << "sample " << i;
  }
}

TEST(Gcj02, ShiftsByHundredsOfMetresInChina) {
  const GeoPoint kangbao = At(41.851, 114.615);
  EXPECT_GT(MetresBetween(ToGcj02(kangbao), kangbao), 100);
  EXPECT_LT(MetresBetween(ToGcj02(kangbao), kangbao), 1000);
}

TEST(Gcj02, ChangesNothingOutsideChina) {
  for (const GeoPoint point : {At(48.8566, 2.3522), At(0.5, 100), At(40, 71.9), At(-33.9, 151.2)}) {
    EXPECT_EQ(ToGcj02(point), point);
    EXPECT_EQ(FromGcj02(point), point);
    EXPECT_EQ(ToBd09(point), point);
    EXPECT_EQ(FromBd09(point), point);
  }
}

TEST(Distance, OfADegreeOfLatitudeIsItsArc) {
  EXPECT_NEAR(DistanceBetween(At(40, 115), At(41, 115)).km(),
              kEarthRadiusKm * std::numbers::pi / 180, 1e-9);
}

TEST(Distance, OfAntipodesIsHalfTheCircle) {
  EXPECT_NEAR(DistanceBetween(At(0, 0), At(0, 180)).km(), kEarthRadiusKm * std::numbers::pi, 1e-6);
}

TEST(Distance, ToItselfIsZero) {
  EXPECT_EQ(DistanceBetween(At(41.85, 114.6), At(41.85, 114.6)), Kilometres::Of(0));
}

TEST(Distance, IsTheSameFromUnitVectors) {
  const GeoPoint a = At(41.851, 114.615);
  const GeoPoint b = At(22.54, 113.91);
  EXPECT_EQ(DistanceBetween(ToUnitVector(a), ToUnitVector(b)), DistanceBetween(a, b));
}

TEST(Distance, GrowsWithTheChord) {
  double previous = -1;
  for (double chord = 0; chord <= 4; chord += 1.0 / 64) {
    const double km = DistanceOf(chord).km();
    EXPECT_GT(km, previous);
    previous = km;
  }
}

TEST(Chord, CutsNobodyWithinTheLimit) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-5, 4.3);
  for (int i = 0; i < 20000; ++i) {
    const Kilometres limit = Kilometres::Of(std::pow(10, exponent(random)));
    // The chord of a place exactly at the limit is never cut.
    const double chord = SquaredChordOf(limit);
    ASSERT_LE(chord, chord * kChordSlack + kChordFloor);
    // The first chord that is cut lies beyond the limit.
    const double cut = std::nextafter(chord * kChordSlack + kChordFloor, 8);
    if (cut <= 4) {
      ASSERT_GT(DistanceOf(cut), limit) << limit.km();
    }
  }
}

TEST(Chord, OfMoreThanHalfTheCircleIsTheDiameter) {
  EXPECT_DOUBLE_EQ(SquaredChordOf(Kilometres::Of(30'000)), 4);
  EXPECT_DOUBLE_EQ(SquaredChordOf(Kilometres::Unlimited()), 4);
}

}  // namespace
}  // namespace leye::matcher
