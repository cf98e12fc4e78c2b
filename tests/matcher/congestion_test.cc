// What being shown often takes off, number by number. The ranker with it: ranker_oracle_test.cc.
#include "matcher/congestion.h"

#include <vector>

#include "gtest/gtest.h"

namespace leye::matcher {
namespace {

const Day kToday = Day::FromCivil(2026, 11, 27);
constexpr PostingId kAsked(99);

std::vector<Showing> ShownFor(int postings, Day last_day = kToday) {
  std::vector<Showing> showings;
  for (int i = 0; i < postings; ++i) {
    showings.push_back(
        {.posting = PostingId(static_cast<uint64_t>(100 + i)), .last_day = last_day});
  }
  return showings;
}

int DiscountFor(const std::vector<Showing>& showings, Score priority = Score::Zero()) {
  return CongestionOf(showings, kAsked, priority, {}, kToday).discount.micros();
}

TEST(Congestion, HalfOfTheMostIsLostAfterHalfThePostings) {
  EXPECT_EQ(DiscountFor({}), 0);
  EXPECT_EQ(DiscountFor(ShownFor(10)), 50'000);
  EXPECT_EQ(DiscountFor(ShownFor(40)), 80'000);
}

TEST(Congestion, GrowsWithEveryPostingAndNeverTakesTheMost) {
  int before = 0;
  for (int shown = 1; shown <= 200; ++shown) {
    const int discount = DiscountFor(ShownFor(shown));
    EXPECT_GT(discount, before);
    EXPECT_LT(discount, 100'000);
    before = discount;
  }
}

TEST(Congestion, TheWindowEndsToday) {
  EXPECT_EQ(
      CongestionOf(ShownFor(3, kToday.PlusDays(-29)), kAsked, {}, {}, kToday).shown_for_others, 3);
  EXPECT_EQ(
      CongestionOf(ShownFor(3, kToday.PlusDays(-30)), kAsked, {}, {}, kToday).shown_for_others, 0);
}

TEST(Congestion, ThePostingThatIsRankedDoesNotCount) {
  EXPECT_EQ(DiscountFor({{.posting = kAsked, .last_day = kToday}}), 0);
}

TEST(Congestion, WhoIsInNeedIsSpared) {
  EXPECT_EQ(DiscountFor(ShownFor(40), Score::FromRatio(8, 10)), 0);
  EXPECT_EQ(DiscountFor(ShownFor(40), Score::FromMicros(799'999)), 80'000);
  EXPECT_TRUE(CongestionOf(ShownFor(40), kAsked, Score::One(), {}, kToday).spared);
}

TEST(Congestion, TakesNobodyBelowZero) {
  const Congestion found = CongestionOf(ShownFor(40), kAsked, {}, {}, kToday);
  EXPECT_EQ(found.Less(Score::FromMicros(5)), Score::Zero());
}

}  // namespace
}  // namespace leye::matcher
