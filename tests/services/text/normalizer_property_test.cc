// What holds of any phrase, whatever bytes it is made of.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "services/text/folding.h"
#include "tests/services/text/shipped_normalizer.h"

namespace leye::text {
namespace {

// Phrases of pieces that the rules know, of bytes that are nothing, and of both.
class PhraseDice {
 public:
  explicit PhraseDice(unsigned seed) : dice_(seed) {}

  std::string Phrase() {
    std::string phrase;
    const size_t pieces = dice_() % 12;
    for (size_t i = 0; i < pieces; ++i) phrase += Piece();
    return phrase;
  }

 private:
  std::string Piece() {
    static constexpr const char* kPieces[] = {"电焊工", "焊",    "工",
                                              "（",     "）",    "(",
                                              ")",      " ",     "　",
                                              "/",      "6000",  "-",
                                              "8k",     "+",     "元/天",
                                              "3名",    "18岁",  "以下",
                                              "招聘",   "普工",  "高级",
                                              "司机",   "汽车",  "学徒",
                                              "包吃住", "不是",  "C1",
                                              "驾照",   "PC200", "銲",
                                              "氩狐焊", "🔥",     "销售",
                                              "工程师", "女",    "一",
                                              "十",     "千",    "99999999999999999999",
                                              "."};
    switch (dice_() % 4) {
      case 0: {
        return std::string(1, static_cast<char>(dice_() % 256));
      }
      case 1: {
        std::string text;
        AppendUtf8(static_cast<char32_t>(0x4E00 + dice_() % 0x5200), text);
        return text;
      }
      default:
        return kPieces[dice_() % std::size(kPieces)];
    }
  }

  std::mt19937 dice_;
};

bool IsBoundary(const std::string& phrase, size_t at) {
  for (size_t i = 0; i < phrase.size(); i += DecodeUtf8(phrase, i).size) {
    if (i == at) return true;
  }
  return at == phrase.size();
}

void ExpectWithin(const std::string& phrase, Words words) {
  EXPECT_LT(words.begin, words.end);
  EXPECT_LE(words.end, phrase.size());
  EXPECT_TRUE(IsBoundary(phrase, words.begin));
  EXPECT_TRUE(IsBoundary(phrase, words.end));
}

TEST(AnyPhrase, IsReadWithWordsThatLieInItAndTheSameTwice) {
  constexpr unsigned kSeed = 20261125;
  PhraseDice dice(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    const std::string phrase = dice.Phrase();
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " round " << round << ": " << phrase);
    const Normalized read = ShippedNormalizer().Normalize(phrase);
    for (const TradeFound& trade : read.trades) {
      ExpectWithin(phrase, trade.words);
      EXPECT_GE(trade.confidence, 1);
      EXPECT_LE(trade.confidence, 99);
    }
    for (const SkillFound& skill : read.skills) ExpectWithin(phrase, skill.words);
    for (const Finding& finding : read.findings) {
      ExpectWithin(phrase, finding.words);
      if (finding.least && finding.most) {
        EXPECT_LE(*finding.least, *finding.most);
      }
    }
    EXPECT_EQ(ShippedNormalizer().Normalize(phrase), read);
    if (::testing::Test::HasFailure()) return;
  }
}

// What was found by its title is found again in the words it was found by; unless what stood
// around them gave them a special meaning.
TEST(AnyPhrase, TheWordsOfATradeNameThatTrade) {
  PhraseDice dice(7);
  int found = 0;
  int by_surroundings = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string phrase = dice.Phrase();
    for (const TradeFound& trade : ShippedNormalizer().Normalize(phrase).trades) {
      if (trade.evidence != Evidence::kTitle) continue;
      ++found;
      const std::string words(trade.words.In(phrase));
      const Normalized again = ShippedNormalizer().Normalize(words);
      ASSERT_FALSE(again.trades.empty()) << phrase << ": " << words;
      const bool is_same =
          std::any_of(again.trades.begin(), again.trades.end(),
                      [&trade](const TradeFound& each) { return each.trade == trade.trade; });
      by_surroundings += is_same ? 0 : 1;
    }
  }
  EXPECT_GT(found, 1000);
  EXPECT_LT(by_surroundings * 20, found);
}

TEST(AnyPhrase, SpacesAndWidthChangeNothing) {
  for (const char* phrase : {"急招电焊工3名", "叉车司机", "瓦工木工", "持C1驾照", "CNC操作工"}) {
    std::string spaced;
    for (size_t i = 0; i < std::string(phrase).size();) {
      const DecodedCharacter next = DecodeUtf8(phrase, i);
      const bool is_ascii = next.character > 0x20 && next.character < 0x7F;
      AppendUtf8(is_ascii ? next.character + 0xFEE0 : next.character, spaced);
      i += next.size;
      spaced += ' ';
    }
    EXPECT_EQ(TradesOf(phrase), TradesOf(spaced)) << spaced;
    EXPECT_EQ(SkillsOf(phrase), SkillsOf(spaced)) << spaced;
  }
}

}  // namespace
}  // namespace leye::text
