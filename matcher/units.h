// The matcher's units. A unit is a type and is made only by a named factory, so that metres are not
// handed over as kilometres, nor a percentage as millionths.
//
//   Score half = Score::FromRatio(1, 2);          half.micros() == 500'000
//   Day birthday = Day::FromCivil(1990, 2, 28);
//   WholeYearsBetween(birthday, today);           // 周岁
//   Kilometres::Of(1.5).km()
//
// All types are small values; none allocates.
#ifndef LEYE_MATCHER_UNITS_H_
#define LEYE_MATCHER_UNITS_H_

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

#include "absl/time/civil_time.h"

namespace leye::matcher {

// A fixed-point number in 0..1, counted in millionths. Criterion values, weights, credits and
// scores are all of this type, so that equal inputs give equal results on every machine. Factories
// clamp into the range.
class Score {
 public:
  static constexpr int32_t kMicrosPerUnit = 1'000'000;

  constexpr Score() = default;
  static constexpr Score Zero() { return Score(0); }
  static constexpr Score One() { return Score(kMicrosPerUnit); }

  static constexpr Score FromMicros(int64_t micros) {
    return Score(static_cast<int32_t>(std::clamp<int64_t>(micros, 0, kMicrosPerUnit)));
  }

  // numerator / denominator, rounded to the nearest millionth, halves up.
  // REQUIRES: denominator > 0, |numerator| and denominator below 4e12.
  static constexpr Score FromRatio(int64_t numerator, int64_t denominator) {
    if (numerator <= 0) return Zero();
    return FromMicros((2 * numerator * kMicrosPerUnit + denominator) / (2 * denominator));
  }

  // Rounds to the nearest millionth, halves up. A value that is not a number becomes 0.
  static Score FromUnit(double value) {
    if (!(value > 0)) return Zero();
    if (value >= 1) return One();
    return FromMicros(static_cast<int64_t>(std::floor(value * kMicrosPerUnit + 0.5)));
  }

  constexpr int32_t micros() const { return micros_; }
  constexpr double unit() const { return static_cast<double>(micros_) / kMicrosPerUnit; }

  // The product, rounded to the nearest millionth, halves up.
  friend constexpr Score operator*(Score a, Score b) {
    return FromRatio(int64_t{a.micros_} * b.micros_, int64_t{kMicrosPerUnit} * kMicrosPerUnit);
  }
  friend constexpr auto operator<=>(Score, Score) = default;

 private:
  constexpr explicit Score(int32_t micros) : micros_(micros) {}

  int32_t micros_ = 0;
};

// A civil day, counted from 1970-01-01 (day 0). There is no time zone in the matcher: the caller
// says which day it is where the posting is.
class Day {
 public:
  constexpr Day() = default;
  static constexpr Day FromNumber(int32_t days_since_1970) { return Day(days_since_1970); }
  static Day FromCivil(absl::CivilDay day) {
    return Day(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)));
  }
  static Day FromCivil(int year, int month, int day) {
    return FromCivil(absl::CivilDay(year, month, day));
  }
  // Before, respectively after, every real day: the ends of an open range.
  static constexpr Day Min() { return Day(std::numeric_limits<int32_t>::min()); }
  static constexpr Day Max() { return Day(std::numeric_limits<int32_t>::max()); }

  constexpr int32_t number() const { return number_; }
  absl::CivilDay civil() const { return absl::CivilDay(1970, 1, 1) + number_; }

  // Stays at Min or Max when it is there or would pass it.
  constexpr Day PlusDays(int32_t days) const {
    if (*this == Min() || *this == Max()) return *this;
    return Day(static_cast<int32_t>(
        std::clamp<int64_t>(int64_t{number_} + days, Min().number_, Max().number_)));
  }

  friend constexpr auto operator<=>(Day, Day) = default;

 private:
  constexpr explicit Day(int32_t number) : number_(number) {}

  int32_t number_ = 0;
};

// The days first..last, both included. By default every day.
struct DayRange {
  Day first = Day::Min();
  Day last = Day::Max();

  static constexpr DayRange None() { return {Day::Max(), Day::Min()}; }

  constexpr bool Contains(Day day) const { return first <= day && day <= last; }
  friend constexpr bool operator==(const DayRange&, const DayRange&) = default;
};

// Completed months from `from` to `to`; 0 if `to` is earlier. A month is completed on the same day
// of the month, or on the 1st of the next one where the month has no such day (31 January -> 1
// March).
int WholeMonthsBetween(Day from, Day to);

// Completed years, 周岁. Who was born on 29 February completes a year on 1 March of common years.
int WholeYearsBetween(Day from, Day to);

// `months` later, on the same day of the month or the month's last day where there is no such day.
Day PlusMonths(Day day, int months);

// The first day of a month of a year; January is 1.
Day FirstOfMonth(int year, int month);

// A distance. REQUIRES (Of): a number, not negative.
class Kilometres {
 public:
  constexpr Kilometres() = default;
  static constexpr Kilometres Of(double km) { return Kilometres(km); }
  static constexpr Kilometres Unlimited() {
    return Kilometres(std::numeric_limits<double>::infinity());
  }

  constexpr double km() const { return km_; }

  friend constexpr auto operator<=>(Kilometres, Kilometres) = default;

 private:
  constexpr explicit Kilometres(double km) : km_(km) {}

  double km_ = 0;
};

// A place in the hierarchy of administrative divisions (GB/T 2260 and the statistical codes below
// it): province, city, county, town, village = 2, 4, 6, 9, 12 digits.
//
//   DivisionCode::FromNumber(130723).Contains(DivisionCode::FromNumber(130723001)) == true
class DivisionCode {
 public:
  // No place: contains nothing and lies in nothing.
  constexpr DivisionCode() = default;

  // A code of 2, 4, 6, 9 or 12 digits; anything else is cut or padded to the level above. A code
  // that ends in zero groups names the level above too: 130000 is the province 13.
  static constexpr DivisionCode FromNumber(uint64_t number) {
    if (number == 0 || number >= kEnd) return DivisionCode();
    while (number * 10 < kEnd) number *= 10;
    return DivisionCode(number);
  }

  // All twelve digits, padded with zeros; 0 if there is no place.
  constexpr uint64_t twelve_digits() const { return code_; }
  constexpr bool known() const { return code_ != 0; }

  // True if `other` is this place or lies in it.
  constexpr bool Contains(DivisionCode other) const {
    if (!known() || !other.known()) return false;
    const uint64_t unit = Unit();
    return code_ / unit == other.code_ / unit;
  }

  // The county (six digits) this place lies in; a province or city is its own.
  constexpr DivisionCode County() const {
    return DivisionCode(code_ / kVillagesPerCounty * kVillagesPerCounty);
  }

  friend constexpr auto operator<=>(DivisionCode, DivisionCode) = default;

 private:
  static constexpr uint64_t kEnd = 1'000'000'000'000;
  static constexpr uint64_t kVillagesPerCounty = 1'000'000;

  constexpr explicit DivisionCode(uint64_t code) : code_(code) {}

  // The number of twelve-digit codes that this place spans.
  constexpr uint64_t Unit() const {
    for (const uint64_t unit :
         {uint64_t{10'000'000'000}, uint64_t{100'000'000}, kVillagesPerCounty, uint64_t{1'000}}) {
      if (code_ % unit == 0) return unit;
    }
    return 1;
  }

  uint64_t code_ = 0;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_UNITS_H_
