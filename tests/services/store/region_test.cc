#include "services/store/region.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using leye::testing::FailsWith;
using leye::testing::IsOkAndHolds;

TEST(Region, ParsesTwoDigitsAndNothingElse) {
  EXPECT_THAT(Region::Parse("13"), IsOkAndHolds(Region::FromNumber(13)));
  EXPECT_THAT(Region::Parse("00"), IsOkAndHolds(Region::FromNumber(0)));
  for (const char* bad : {"", "1", "133", "1a", " 1", "-1", "十"}) {
    EXPECT_THAT(Region::Parse(bad), FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_REGION"))
        << bad;
  }
  EXPECT_EQ(Region::FromNumber(5).code(), "05");
}

TEST(Revision, OfAnotherEpochIsUnordered) {
  const Revision early{7, 1};
  const Revision late{7, 2};
  const Revision other{8, 1};
  EXPECT_TRUE(early < late);
  EXPECT_FALSE(early < other);
  EXPECT_FALSE(early > other);
  EXPECT_FALSE(early == other);
}

TEST(Token, IsReadBackAsWritten) {
  for (const Revision revision : {Revision{0, 0}, Revision{0x9f3a, 57}, Revision{~0ull, ~0ull}}) {
    const RegionRevision at{Region::FromNumber(13), revision};
    EXPECT_THAT(ParseToken(FormatToken(at)), IsOkAndHolds(at)) << FormatToken(at);
  }
  EXPECT_EQ(FormatToken({Region::FromNumber(13), {0x9f3a, 57}}), "13:9f3a-57");
}

TEST(Token, WithAnotherSpellingIsRefused) {
  for (const char* bad : {"", "13", "13:", "13:-", "13:1-", "13:-1", "13:01-1", "13:1-01", "13:A-1",
                          "13:0x1-1", "13: 1-1", "13:1-1 ", "1:1-1", "xx:1-1",
                          "13:1-99999999999999999999", "13-1:1", "13:1--1"}) {
    EXPECT_FALSE(ParseToken(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace leye::store
