#include "matcher/geo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace leye::matcher {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRadiansPerDegree = kPi / 180;

// Krasovsky 1940, which GCJ-02 is computed on.
constexpr double kSemiMajorAxisMetres = 6378245.0;
constexpr double kEccentricitySquared = 0.00669342162296594323;

// BD-09 turns GCJ-02 about a centre with this angular frequency.
constexpr double kBaiduFrequency = kPi * 3000.0 / 180.0;

// The forward transforms contract differences by a factor below 0.001 a round.
constexpr int kInverseRounds = 8;

struct Offset {
  double latitude;
  double longitude;
};

bool InsideChina(GeoPoint point) {
  return point.longitude_degrees() >= 72.004 && point.longitude_degrees() <= 137.8347 &&
         point.latitude_degrees() >= 0.8293 && point.latitude_degrees() <= 55.8271;
}

double Waves(double value, double first, double second, double third) {
  return (first * std::sin(value * kPi) + second * std::sin(value / 3.0 * kPi) +
          third * std::sin(value / 12.0 * kPi)) *
         2.0 / 3.0;
}

double Ripple(double longitude) {
  return (20.0 * std::sin(6.0 * longitude * kPi) + 20.0 * std::sin(2.0 * longitude * kPi)) * 2.0 /
         3.0;
}

// In metres, x degrees east of 105 E and y degrees north of 35 N.
double NorthwardMetres(double x, double y) {
  return -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x)) +
         Ripple(x) + Waves(y, 20.0, 40.0, 0.0) +
         (160.0 * std::sin(y / 12.0 * kPi) + 320.0 * std::sin(y * kPi / 30.0)) * 2.0 / 3.0;
}

double EastwardMetres(double x, double y) {
  return 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x)) +
         Ripple(x) + Waves(x, 20.0, 40.0, 150.0) + 300.0 * std::sin(x / 30.0 * kPi) * 2.0 / 3.0;
}

// GCJ-02 minus WGS-84 at a WGS-84 point inside China.
Offset Gcj02Offset(double latitude, double longitude) {
  const double x = longitude - 105.0;
  const double y = latitude - 35.0;
  const double phi = latitude * kRadiansPerDegree;
  const double magic = 1 - kEccentricitySquared * std::sin(phi) * std::sin(phi);
  const double root = std::sqrt(magic);
  const double metres_per_degree_north =
      (kSemiMajorAxisMetres * (1 - kEccentricitySquared)) / (magic * root) * kRadiansPerDegree;
  const double metres_per_degree_east =
      kSemiMajorAxisMetres / root * std::cos(phi) * kRadiansPerDegree;
  return {.latitude = NorthwardMetres(x, y) / metres_per_degree_north,
          .longitude = EastwardMetres(x, y) / metres_per_degree_east};
}

// The fixed point of `wanted = forward(result)`, starting from `wanted`.
template <typename Forward>
GeoPoint Invert(GeoPoint wanted, Forward forward) {
  double latitude = wanted.latitude_degrees();
  double longitude = wanted.longitude_degrees();
  for (int round = 0; round < kInverseRounds; ++round) {
    const GeoPoint reached = forward(ClampedPoint(latitude, longitude));
    latitude += wanted.latitude_degrees() - reached.latitude_degrees();
    longitude += wanted.longitude_degrees() - reached.longitude_degrees();
  }
  return ClampedPoint(latitude, longitude);
}

GeoPoint Gcj02ToBd09(GeoPoint gcj02) {
  const double x = gcj02.longitude_degrees();
  const double y = gcj02.latitude_degrees();
  const double radius = std::hypot(x, y) + 0.00002 * std::sin(y * kBaiduFrequency);
  const double angle = std::atan2(y, x) + 0.000003 * std::cos(x * kBaiduFrequency);
  return ClampedPoint(radius * std::sin(angle) + 0.006, radius * std::cos(angle) + 0.0065);
}

}  // namespace

absl::StatusOr<GeoPoint> GeoPoint::FromDegrees(double latitude, double longitude) {
  // Written so that a value that is not a number is refused.
  if (!(latitude >= -90 && latitude <= 90)) {
    return absl::InvalidArgumentError(absl::StrCat("latitude ", latitude, " is not in -90..90"));
  }
  if (!(longitude >= -180 && longitude <= 180)) {
    return absl::InvalidArgumentError(
        absl::StrCat("longitude ", longitude, " is not in -180..180"));
  }
  return GeoPoint(latitude, longitude);
}

GeoPoint ClampedPoint(double latitude, double longitude) {
  return GeoPoint(std::clamp(latitude, -90.0, 90.0), std::clamp(longitude, -180.0, 180.0));
}

GeoPoint ToGcj02(GeoPoint wgs84) {
  if (!InsideChina(wgs84)) return wgs84;
  const Offset offset = Gcj02Offset(wgs84.latitude_degrees(), wgs84.longitude_degrees());
  return ClampedPoint(wgs84.latitude_degrees() + offset.latitude,
                      wgs84.longitude_degrees() + offset.longitude);
}

GeoPoint ToBd09(GeoPoint wgs84) { return InsideChina(wgs84) ? Gcj02ToBd09(ToGcj02(wgs84)) : wgs84; }

GeoPoint FromGcj02(GeoPoint gcj02) { return InsideChina(gcj02) ? Invert(gcj02, ToGcj02) : gcj02; }

GeoPoint FromBd09(GeoPoint bd09) { return InsideChina(bd09) ? Invert(bd09, ToBd09) : bd09; }

UnitVector ToUnitVector(GeoPoint point) {
  const double latitude = point.latitude_degrees() * kRadiansPerDegree;
  const double longitude = point.longitude_degrees() * kRadiansPerDegree;
  return {.x = std::cos(latitude) * std::cos(longitude),
          .y = std::cos(latitude) * std::sin(longitude),
          .z = std::sin(latitude)};
}

double SquaredChordOf(Kilometres distance) {
  const double half_angle = std::min(distance.km() / (2 * kEarthRadiusKm), kPi / 2);
  const double half_chord = std::sin(half_angle);
  return 4 * half_chord * half_chord;
}

Kilometres DistanceOf(double squared_chord) {
  const double half_chord = std::min(std::sqrt(squared_chord) / 2, 1.0);
  return Kilometres::Of(2 * kEarthRadiusKm * std::asin(half_chord));
}

Kilometres DistanceBetween(const UnitVector& a, const UnitVector& b) {
  return DistanceOf(SquaredChord(a, b));
}

Kilometres DistanceBetween(GeoPoint a, GeoPoint b) {
  return DistanceBetween(ToUnitVector(a), ToUnitVector(b));
}

}  // namespace leye::matcher
