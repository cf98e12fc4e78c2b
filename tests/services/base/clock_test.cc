#include "services/base/clock.h"

#include "gtest/gtest.h"

#include "tests/testing/fake_clock.h"

namespace leye {
namespace {

TEST(Today, ChangesAtMidnightInChinaWhateverTheMachinesZone) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  testing::FakeClock clock(absl::FromCivil(absl::CivilSecond(2024, 2, 28, 15, 59, 59), utc));
  EXPECT_EQ(Today(clock), absl::CivilDay(2024, 2, 28));
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ(Today(clock), absl::CivilDay(2024, 2, 29));
}

TEST(Today, KnowsNoSummerTime) {
  for (int month = 1; month <= 12; ++month) {
    const absl::CivilSecond midnight(1988, month, 1, 0, 0, 0);
    EXPECT_EQ(DayInChina(absl::FromCivil(midnight, ChinaStandardTime())),
              absl::CivilDay(1988, month, 1));
  }
}

}  // namespace
}  // namespace leye
