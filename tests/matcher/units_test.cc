#include "matcher/units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "matcher/criterion.h"
#include "matcher/ids.h"

namespace leye::matcher {
namespace {

TEST(Ids, CarryTheRegionInTheTopByte) {
  const auto id = RegisteredId<CandidateId>(RegionCode(13), 42);
  EXPECT_EQ(RegionOf(id), RegionCode(13));
  EXPECT_EQ(RegistrationNumberOf(id), 42u);
}

TEST(Ids, OrderByRegistrationWithinARegion) {
  EXPECT_LT(RegisteredId<PostingId>(RegionCode(13), 9),
            RegisteredId<PostingId>(RegionCode(13), 10));
  EXPECT_LT(RegisteredId<PostingId>(RegionCode(13), kMaxRegistrationNumber),
            RegisteredId<PostingId>(RegionCode(14), 1));
}

TEST(Score, RoundsRatiosToNearestHalvesUp) {
  EXPECT_EQ(Score::FromRatio(1, 3).micros(), 333'333);
  EXPECT_EQ(Score::FromRatio(2, 3).micros(), 666'667);
  EXPECT_EQ(Score::FromRatio(1, 2'000'000).micros(), 1);
  EXPECT_EQ(Score::FromRatio(1, 2'000'001).micros(), 0);
}

TEST(Score, ClampsIntoItsRange) {
  EXPECT_EQ(Score::FromRatio(-1, 3), Score::Zero());
  EXPECT_EQ(Score::FromRatio(4, 3), Score::One());
  EXPECT_EQ(Score::FromUnit(std::nan("")), Score::Zero());
  EXPECT_EQ(Score::FromUnit(INFINITY), Score::One());
}

TEST(Score, MultipliesWithRounding) {
  EXPECT_EQ(Score::FromMicros(500'000) * Score::FromMicros(1), Score::FromMicros(1));
  EXPECT_EQ(Score::FromMicros(499'999) * Score::FromMicros(1), Score::Zero());
  EXPECT_EQ(Score::One() * Score::FromMicros(123'456), Score::FromMicros(123'456));
}

TEST(WeightedSum, RoundsOnceNotPerCriterion) {
  Weights weights;
  Criteria criteria;
  weights[Criterion::kSkills] = Score::FromMicros(500'000);
  weights[Criterion::kProximity] = Score::FromMicros(500'000);
  criteria[Criterion::kSkills] = Score::FromMicros(1);
  criteria[Criterion::kProximity] = Score::FromMicros(1);
  EXPECT_EQ(WeightedSum(weights, criteria).micros(), 1);
  criteria[Criterion::kProximity] = Score::Zero();
  EXPECT_EQ(WeightedSum(weights, criteria).micros(), 1);  // a half goes up
}

TEST(Mean, RoundsDown) { EXPECT_EQ(Mean(Score::FromMicros(3), Score::FromMicros(4)).micros(), 3); }

TEST(Day, CountsFrom1970) {
  EXPECT_EQ(Day::FromCivil(1970, 1, 1).number(), 0);
  EXPECT_EQ(Day::FromCivil(2026, 6, 1).number(), 20'605);
  EXPECT_EQ(Day::FromNumber(20'605).civil(), absl::CivilDay(2026, 6, 1));
}

TEST(Day, StaysAtTheEndsOfTime) {
  EXPECT_EQ(Day::Max().PlusDays(-30), Day::Max());
  EXPECT_EQ(Day::Min().PlusDays(30), Day::Min());
}

TEST(WholeYears, CompleteOnTheBirthday) {
  const Day birth = Day::FromCivil(2010, 6, 2);
  EXPECT_EQ(WholeYearsBetween(birth, Day::FromCivil(2026, 6, 1)), 15);
  EXPECT_EQ(WholeYearsBetween(birth, Day::FromCivil(2026, 6, 2)), 16);
}

TEST(WholeYears, OfALeapDayCompleteOnTheFirstOfMarch) {
  const Day birth = Day::FromCivil(2008, 2, 29);
  EXPECT_EQ(WholeYearsBetween(birth, Day::FromCivil(2026, 2, 28)), 17);
  EXPECT_EQ(WholeYearsBetween(birth, Day::FromCivil(2026, 3, 1)), 18);
  EXPECT_EQ(WholeYearsBetween(birth, Day::FromCivil(2028, 2, 29)), 20);
}

TEST(FirstOfMonth, IsAsTheCalendarHasIt) {
  for (int year = 1899; year <= 2101; ++year) {
    for (int month = 1; month <= 12; ++month) {
      ASSERT_EQ(FirstOfMonth(year, month), Day::FromCivil(year, month, 1)) << year << ' ' << month;
    }
  }
}

TEST(WholeMonths, CompleteOnTheFirstWhereTheMonthIsTooShort) {
  const Day from = Day::FromCivil(2026, 1, 31);
  EXPECT_EQ(WholeMonthsBetween(from, Day::FromCivil(2026, 2, 28)), 0);
  EXPECT_EQ(WholeMonthsBetween(from, Day::FromCivil(2026, 3, 1)), 1);
  EXPECT_EQ(WholeMonthsBetween(from, Day::FromCivil(2026, 3, 31)), 2);
}

// Twin: the civil calendar of Abseil.
TEST(WholeMonths, AgreeWithTheCivilCalendar) {
  std::mt19937_64 random(20'261'126);
  std::uniform_int_distribution<int32_t> near(-200'000, 200'000);
  std::uniform_int_distribution<int32_t> anywhere(std::numeric_limits<int32_t>::min(),
                                                  std::numeric_limits<int32_t>::max());
  for (int i = 0; i < 200'000; ++i) {
    auto& days = i % 4 == 0 ? anywhere : near;
    const auto [first, last] = std::minmax({days(random), days(random)});
    const absl::CivilDay from = Day::FromNumber(first).civil();
    const absl::CivilDay to = Day::FromNumber(last).civil();
    const auto months = absl::CivilMonth(to) - absl::CivilMonth(from);
    ASSERT_EQ(WholeMonthsBetween(Day::FromNumber(first), Day::FromNumber(last)),
              months - (to.day() < from.day() ? 1 : 0))
        << first << " to " << last;
  }
}

TEST(WholeMonths, AreNeverNegative) {
  EXPECT_EQ(WholeMonthsBetween(Day::FromCivil(2026, 5, 1), Day::FromCivil(2026, 4, 1)), 0);
}

TEST(PlusMonths, AgreesWithTheCalendar) {
  for (int number = -150'000; number <= 150'000; number += 59) {
    for (const int months : {-1'201, -13, -12, -1, 0, 1, 12, 192, 720, 4'801}) {
      const absl::CivilDay day = Day::FromNumber(number).civil();
      const absl::CivilMonth month = absl::CivilMonth(day) + months;
      const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
      const absl::CivilDay expected(month.year(), month.month(), std::min(day.day(), last.day()));
      ASSERT_EQ(PlusMonths(Day::FromNumber(number), months), Day::FromCivil(expected))
          << number << " + " << months;
    }
  }
}

TEST(PlusMonths, EndsOnTheMonthsLastDay) {
  EXPECT_EQ(PlusMonths(Day::FromCivil(2026, 1, 31), 1), Day::FromCivil(2026, 2, 28));
  EXPECT_EQ(PlusMonths(Day::FromCivil(2026, 3, 31), -13), Day::FromCivil(2025, 2, 28));
}

TEST(DayRange, HoldsBothEndsAndNoneHoldsNothing) {
  const DayRange range{.first = Day::FromNumber(1), .last = Day::FromNumber(2)};
  EXPECT_FALSE(range.Contains(Day::FromNumber(0)));
  EXPECT_TRUE(range.Contains(Day::FromNumber(1)));
  EXPECT_TRUE(range.Contains(Day::FromNumber(2)));
  EXPECT_FALSE(range.Contains(Day::FromNumber(3)));
  EXPECT_FALSE(DayRange::None().Contains(Day::FromNumber(0)));
}

TEST(DivisionCode, ContainsWhatLiesInIt) {
  const auto county = DivisionCode::FromNumber(130723);
  EXPECT_TRUE(county.Contains(DivisionCode::FromNumber(130723001)));
  EXPECT_TRUE(county.Contains(DivisionCode::FromNumber(130723001002)));
  EXPECT_TRUE(county.Contains(county));
  EXPECT_FALSE(county.Contains(DivisionCode::FromNumber(130724)));
  EXPECT_FALSE(county.Contains(DivisionCode::FromNumber(1307)));
}

TEST(DivisionCode, ReadsZeroGroupsAsTheLevelAbove) {
  EXPECT_EQ(DivisionCode::FromNumber(130000), DivisionCode::FromNumber(13));
  EXPECT_TRUE(DivisionCode::FromNumber(130000).Contains(DivisionCode::FromNumber(130723)));
  EXPECT_TRUE(DivisionCode::FromNumber(130700).Contains(DivisionCode::FromNumber(130723)));
}

TEST(DivisionCode, OfNoPlaceContainsNothing) {
  EXPECT_FALSE(DivisionCode().Contains(DivisionCode()));
  EXPECT_FALSE(DivisionCode::FromNumber(13).Contains(DivisionCode()));
  EXPECT_EQ(DivisionCode::FromNumber(130723001002).County(), DivisionCode::FromNumber(130723));
}

}  // namespace
}  // namespace leye::matcher
