#include "matcher/retirement.h"

#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using testing::Candidate;

YearsAndMonths AgeOf(int year, int month, RetirementCategory category) {
  return RetirementAge(Day::FromCivil(year, month, 15), category, RetirementParameters{});
}

YearsAndMonths Years(int years, int months = 0) { return {.years = years, .months = months}; }

TEST(Retirement, OfMenRisesByAMonthEveryFour) {
  const auto men = RetirementCategory::kMen;
  EXPECT_EQ(AgeOf(1964, 12, men), Years(60));
  EXPECT_EQ(AgeOf(1965, 1, men), Years(60, 1));
  EXPECT_EQ(AgeOf(1965, 4, men), Years(60, 1));
  EXPECT_EQ(AgeOf(1965, 5, men), Years(60, 2));
  EXPECT_EQ(AgeOf(1976, 8, men), Years(62, 11));
  EXPECT_EQ(AgeOf(1976, 9, men), Years(63));
  EXPECT_EQ(AgeOf(1999, 1, men), Years(63));
}

TEST(Retirement, OfWomenAt55RisesByAMonthEveryFour) {
  const auto women = RetirementCategory::kWomen55;
  EXPECT_EQ(AgeOf(1969, 12, women), Years(55));
  EXPECT_EQ(AgeOf(1970, 1, women), Years(55, 1));
  EXPECT_EQ(AgeOf(1981, 8, women), Years(57, 11));
  EXPECT_EQ(AgeOf(1981, 9, women), Years(58));
  EXPECT_EQ(AgeOf(1990, 1, women), Years(58));
}

TEST(Retirement, OfWomenAt50RisesByAMonthEveryTwo) {
  const auto women = RetirementCategory::kWomen50;
  EXPECT_EQ(AgeOf(1974, 12, women), Years(50));
  EXPECT_EQ(AgeOf(1975, 1, women), Years(50, 1));
  EXPECT_EQ(AgeOf(1975, 2, women), Years(50, 1));
  EXPECT_EQ(AgeOf(1975, 3, women), Years(50, 2));
  EXPECT_EQ(AgeOf(1984, 10, women), Years(54, 11));
  EXPECT_EQ(AgeOf(1984, 11, women), Years(55));
  EXPECT_EQ(AgeOf(1984, 12, women), Years(55));
}

TEST(RetirementDay, IsTheBirthdayPlusTheAge) {
  const RetirementParameters parameters;
  EXPECT_EQ(RetirementDay(Day::FromCivil(1965, 1, 15), RetirementCategory::kMen, parameters),
            Day::FromCivil(2025, 2, 15));
}

TEST(RetirementDay, EndsOnTheLastDayOfAShortMonth) {
  const RetirementParameters parameters;
  EXPECT_EQ(RetirementDay(Day::FromCivil(1965, 1, 31), RetirementCategory::kMen, parameters),
            Day::FromCivil(2025, 2, 28));
}

TEST(RetirementCategory, FollowsRecordThenSexThenParameters) {
  RetirementParameters parameters;
  EXPECT_EQ(CategoryOf(Candidate("sex m"), parameters), RetirementCategory::kMen);
  EXPECT_EQ(CategoryOf(Candidate("sex f"), parameters), RetirementCategory::kWomen55);
  EXPECT_EQ(CategoryOf(Candidate("sex f; retires women50"), parameters),
            RetirementCategory::kWomen50);
  EXPECT_EQ(CategoryOf(Candidate(), parameters), RetirementCategory::kMen);
  parameters.unrecorded_women = RetirementCategory::kWomen50;
  EXPECT_EQ(CategoryOf(Candidate("sex f"), parameters), RetirementCategory::kWomen50);
}

}  // namespace
}  // namespace leye::matcher
