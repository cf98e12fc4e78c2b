// A circle on the unit sphere in 16 bytes, for tables that are read from end to end. It is never
// smaller than what it was made of.
#ifndef LEYE_MATCHER_FLOAT_CIRCLE_H_
#define LEYE_MATCHER_FLOAT_CIRCLE_H_

#include <array>
#include <cmath>
#include <limits>

#include "matcher/geo.h"

namespace leye::matcher {

// Not below what it stands for.
inline float RoundedUp(double value) {
  return std::nextafter(static_cast<float>(value), std::numeric_limits<float>::infinity());
}

struct FloatCircle {
  std::array<float, 3> centre{};
  float radius_chord = 0;  // widened by the rounding of the centre

  static FloatCircle Around(const UnitVector& at, double radius_chord) {
    // More than the distance between a point of the unit sphere and the same in floats.
    constexpr double kFloatRounding = 2e-7;
    return {
        .centre = {static_cast<float>(at.x), static_cast<float>(at.y), static_cast<float>(at.z)},
        .radius_chord = RoundedUp(radius_chord + kFloatRounding)};
  }

  UnitVector Centre() const { return {.x = centre[0], .y = centre[1], .z = centre[2]}; }
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_FLOAT_CIRCLE_H_
