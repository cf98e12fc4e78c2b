#include "services/text/folding.h"

#include <gtest/gtest.h>

namespace leye::text {
namespace {

FoldedText FoldOf(absl::string_view text) {
  static const Characters& characters = *new Characters(*Characters::Load());
  return Fold(text, characters);
}

TEST(Fold, WidthCaseScriptAndPunctuationBecomeOne) {
  EXPECT_EQ(FoldOf("ＣＮＣ電焊工（６０００＋）【急】、Ａ").characters, U"cnc电焊工(6000+)(急),a");
}

TEST(Fold, SpacesGoButAreRemembered) {
  const FoldedText text = FoldOf("普 工　急");
  EXPECT_EQ(text.characters, U"普工急");
  EXPECT_EQ(text.after_space, (std::vector<uint8_t>{0, 1, 1}));
}

TEST(Fold, KnowsWhichBytesEachCharacterCameFrom) {
  const std::string original = "a 電焊工!";
  const Words words = FoldOf(original).WordsOf({1, 4});
  EXPECT_EQ(words.In(original), "電焊工");
}

TEST(Fold, BytesThatAreNotUtf8AreKeptApart) {
  const FoldedText text = FoldOf("焊\xE7\x84工\xFF");
  EXPECT_EQ(text.characters, (std::u32string{U'焊', 0xFFFD, 0xFFFD, U'工', 0xFFFD}));
  EXPECT_EQ(text.ends.back(), 9u);
}

TEST(DecodeUtf8, TakesScalarValuesOnly) {
  EXPECT_EQ(DecodeUtf8("\xF0\x9F\x94\xA5", 0).character, U'🔥');
  EXPECT_EQ(DecodeUtf8("\xC0\x80", 0).character, kReplacement);          // Too long a form.
  EXPECT_EQ(DecodeUtf8("\xED\xA0\x80", 0).character, kReplacement);      // A surrogate.
  EXPECT_EQ(DecodeUtf8("\xF4\x90\x80\x80", 0).character, kReplacement);  // Above U+10FFFF.
  EXPECT_EQ(DecodeUtf8("\xE7", 0).size, 1u);
}

}  // namespace
}  // namespace leye::text
