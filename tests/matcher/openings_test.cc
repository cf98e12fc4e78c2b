// Openings left, for everybody and for the group some are reserved for.
#include "matcher/openings.h"

#include "gtest/gtest.h"

namespace leye::matcher {
namespace {

TEST(Openings, AreLeftLessWhatIsFilledAndHeld) {
  const OpeningsLeft left = LeftOf({.openings = 5, .filled = 1}, {.all = 3});
  EXPECT_EQ(left.all, 1);
  EXPECT_EQ(left.reserved, 0);
  EXPECT_TRUE(left.OneFor(false));
}

TEST(Openings, AreNeverFewerThanNone) {
  EXPECT_EQ(LeftOf({.openings = 2, .filled = 1}, {.all = 4}).all, 0);
  EXPECT_EQ(LeftOf({.openings = 2, .filled = 3}, {}).all, 0);
}

TEST(Openings, AreReservedUntilTheGroupHasHadThem) {
  const Openings posted{.openings = 3, .filled = 0, .reserved = 2};
  const OpeningsLeft one_outsider = LeftOf(posted, {.all = 1, .of_group = 0});
  EXPECT_FALSE(one_outsider.OneFor(false));
  EXPECT_TRUE(one_outsider.OneFor(true));
  const OpeningsLeft one_of_group = LeftOf(posted, {.all = 1, .of_group = 1});
  EXPECT_EQ(one_of_group.reserved, 1);
  EXPECT_TRUE(one_of_group.OneFor(false));
  EXPECT_EQ(LeftOf(posted, {.all = 3, .of_group = 3}).reserved, 0);
}

// Every way of filling: outsiders never get more than what is not reserved.
TEST(Openings, OutsidersNeverGetAReservedOne) {
  for (int openings = 0; openings <= 5; ++openings) {
    for (int reserved = 0; reserved <= openings; ++reserved) {
      for (unsigned order = 0; order < 64; ++order) {
        Holders holders;
        for (unsigned i = 0; i < 6; ++i) {
          const bool of_group = ((order >> i) & 1) != 0;
          const OpeningsLeft left =
              LeftOf({.openings = openings, .filled = 0, .reserved = reserved}, holders);
          if (!left.OneFor(of_group)) continue;
          ++holders.all;
          holders.of_group += of_group ? 1 : 0;
        }
        ASSERT_LE(holders.all, openings);
        ASSERT_LE(holders.all - holders.of_group, openings - reserved);
      }
    }
  }
}

}  // namespace
}  // namespace leye::matcher
