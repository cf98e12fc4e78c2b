#include "services/base/random.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace leye {
namespace {

using ::testing::MatchesRegex;

TEST(NewId, IsAWellFormedResourceId) {
  SystemRandom random;
  EXPECT_THAT(NewId(random, absl::FromUnixSeconds(1'700'000'000)),
              MatchesRegex("x[0-9a-hjkmnp-tv-z]{26}"));
  EXPECT_EQ(NewId(random, absl::InfinitePast()).size(), 27u);
}

TEST(NewId, SortsByTimeOfMaking) {
  SystemRandom random;
  std::string last;
  for (int64_t milliseconds = 1; milliseconds < (int64_t{1} << 47); milliseconds *= 2) {
    const std::string id = NewId(random, absl::FromUnixMillis(milliseconds));
    EXPECT_LT(last, id);
    last = id;
  }
}

TEST(NewId, DoesNotRepeat) {
  SeededRandom random(7);
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(NewId(random, absl::UnixEpoch()));
  EXPECT_EQ(ids.size(), 10'000u);
}

TEST(SeededRandom, RepeatsItselfForOneSeed) {
  SeededRandom a(1);
  SeededRandom b(1);
  SeededRandom other(2);
  const uint64_t first = a.Next();
  EXPECT_EQ(first, b.Next());
  EXPECT_NE(first, other.Next());
  EXPECT_NE(first, a.Next());
}

}  // namespace
}  // namespace leye
