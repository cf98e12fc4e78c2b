#include "services/text/characters.h"

#include <gtest/gtest.h>

namespace leye::text {
namespace {

const Characters& Table() {
  static const Characters& characters = *new Characters(*Characters::Load());
  return characters;
}

TEST(Characters, TraditionalOnesHaveASimplifiedForm) {
  EXPECT_EQ(Table().Simplified(U'鋼'), U'钢');
  EXPECT_EQ(Table().Simplified(U'電'), U'电');
  EXPECT_EQ(Table().Simplified(U'焊'), U'焊');
  EXPECT_EQ(Table().Simplified(U'A'), U'A');
}

TEST(Characters, SoundAlikeWhateverTheirTone) {
  EXPECT_EQ(Table().Sound(U'弧'), Table().Sound(U'狐'));
  EXPECT_EQ(Table().Sound(U'焊'), Table().Sound(U'汉'));
  EXPECT_NE(Table().Sound(U'焊'), Table().Sound(U'工'));
}

TEST(Characters, SoundAlikeWhereManyPeopleHearNoDifference) {
  EXPECT_EQ(Table().Sound(U'师'), Table().Sound(U'司'));
  EXPECT_EQ(Table().Sound(U'今'), Table().Sound(U'京'));
}

TEST(Characters, OfOtherScriptsHaveNoSound) {
  EXPECT_EQ(Table().Sound(U'a'), 0);
  EXPECT_EQ(Table().Sound(U'（'), 0);
  EXPECT_EQ(Table().Sound(0x10FFFF), 0);
}

}  // namespace
}  // namespace leye::text
