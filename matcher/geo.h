// Places on the globe, and how far they are from each other.
//
//   absl::StatusOr<GeoPoint> home = GeoPoint::FromDegrees(41.851, 114.615);      // WGS-84
//   GeoPoint works = FromGcj02(*GeoPoint::FromDegrees(41.853, 114.640));         // phone, AMap
//   Kilometres away = DistanceBetween(*home, works);
//
// Phones and Chinese maps report GCJ-02 or BD-09, which lie 100..500 m (BD-09 up to 1.2 km) off
// WGS-84. Everything in the matcher is WGS-84; the conversions below are for the way in.
//
// Distances are great-circle distances on a sphere of 6371.0087714 km (the mean radius of WGS-84;
// Moritz, Geodetic Reference System 1980), computed from unit vectors: an index that keeps the unit
// vector of a place gets bit for bit the same distance as one that keeps its degrees.
#ifndef LEYE_MATCHER_GEO_H_
#define LEYE_MATCHER_GEO_H_

#include "absl/status/statusor.h"

#include "matcher/units.h"

namespace leye::matcher {

inline constexpr double kEarthRadiusKm = 6371.0087714;

// A latitude and longitude in degrees. Which datum they are in is the holder's business; the
// profiles hold WGS-84. Default: 0 N, 0 E.
class GeoPoint {
 public:
  constexpr GeoPoint() = default;

  // INVALID_ARGUMENT unless latitude is in -90..90 and longitude in -180..180 (NaN is not).
  static absl::StatusOr<GeoPoint> FromDegrees(double latitude, double longitude);

  constexpr double latitude_degrees() const { return latitude_; }
  constexpr double longitude_degrees() const { return longitude_; }

  friend constexpr bool operator==(GeoPoint, GeoPoint) = default;

 private:
  friend GeoPoint ClampedPoint(double latitude, double longitude);
  constexpr GeoPoint(double latitude, double longitude)
      : latitude_(latitude), longitude_(longitude) {}

  double latitude_ = 0;
  double longitude_ = 0;
};

// The nearest valid point, for arithmetic that may step over an edge; not for input.
GeoPoint ClampedPoint(double latitude, double longitude);

// Conversions from the Chinese map datums to WGS-84, by iterating the published forward transforms;
// the error against the forward transform is below 1 cm. Outside the bounding box of China
// (0.8293..55.8271 N, 72.004..137.8347 E) GCJ-02 and WGS-84 are the same and nothing is changed.
// Source: the transforms as published in evil transform (github.com/googollee/eviltransform) and
// coordtransform; Krasovsky 1940 ellipsoid, a = 6378245 m, e^2 = 0.00669342162296594323.
GeoPoint FromGcj02(GeoPoint gcj02);
GeoPoint FromBd09(GeoPoint bd09);

// The forward transforms.
GeoPoint ToGcj02(GeoPoint wgs84);
GeoPoint ToBd09(GeoPoint wgs84);

// A point on the unit sphere.
struct UnitVector {
  double x = 1;
  double y = 0;
  double z = 0;
};

UnitVector ToUnitVector(GeoPoint point);

// The square of the straight line between two places through the unit sphere, 0..4. It grows with
// the distance and costs no trigonometry: compare it first, against SquaredChordOf(limit).
constexpr double SquaredChord(const UnitVector& a, const UnitVector& b) {
  const double dx = a.x - b.x;
  const double dy = a.y - b.y;
  const double dz = a.z - b.z;
  return dx * dx + dy * dy + dz * dz;
}

// The two directions between chord and distance. They are inverse up to rounding: to cut by chord
// without losing a pair exactly at the limit, widen the chord by kChordSlack first.
double SquaredChordOf(Kilometres distance);
Kilometres DistanceOf(double squared_chord);

// A factor that is larger than every rounding error of the two functions above (distances from a
// centimetre on): squared_chord > SquaredChordOf(limit) * kChordSlack + kChordFloor proves that
// DistanceOf(squared_chord) > limit.
inline constexpr double kChordSlack = 1 + 1e-9;
inline constexpr double kChordFloor = 1e-18;

Kilometres DistanceBetween(const UnitVector& a, const UnitVector& b);
Kilometres DistanceBetween(GeoPoint a, GeoPoint b);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_GEO_H_
