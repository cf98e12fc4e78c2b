// The rules of the tables, on a catalogue of three trades.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/text/normalizer.h"
#include "tests/testing/status_matchers.h"

namespace leye::text {
namespace {

using ::leye::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kTitleColumns[] = "code\tconfidence\tcontext\ttitles\n";
constexpr char kWordColumns[] = "kind\tvalue\twords\n";

NormalizerSources Sources(const std::string& titles, const std::string& words) {
  NormalizerSources sources;
  sources.trades = {{"6-18-02-04", "焊工", {"烧焊", "补焊工"}},
                    {"6-31-01-03", "电工", {"补焊工"}},
                    {"4-12-01-01", "汽车维修工", {}}};
  sources.skills = {{{"叉车驾驶", "开叉车"}, "6-31-01-03", false},
                    {{"焊工证"}, "6-18-02-04", true}};
  sources.titles = kTitleColumns + titles;
  sources.words = kWordColumns + words;
  return sources;
}

std::vector<size_t> Trades(const NormalizerSources& sources, absl::string_view phrase) {
  const auto normalizer = Normalizer::Build(sources);
  EXPECT_TRUE(normalizer.ok()) << normalizer.status();
  std::vector<size_t> trades;
  for (const TradeFound& found : normalizer->Normalize(phrase).trades) {
    trades.push_back(found.trade);
  }
  return trades;
}

TEST(Lexicon, EveryMistakeIsNamedAtOnce) {
  const auto built = Normalizer::Build(Sources("6-18-99-99\t90\t\t电焊工\n6-18-02-04\t0\t\t{电焊\n",
                                               "colour\t\t红\nsuffix\t工\ncut\t工\t程序\n"));
  ASSERT_THAT(built, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(built.status().message()),
              AllOf(HasSubstr("titles.tsv:2: trade 6-18-99-99 is not in trades.tsv"),
                    HasSubstr("titles.tsv:3: the confidence must be 1 to 99"),
                    HasSubstr("titles.tsv:3: the braces of {电焊"),
                    HasSubstr("words.tsv:2: no such kind: colour"),
                    HasSubstr("words.tsv:3: expected 3 cells, not 2"),
                    HasSubstr("words.tsv:4: cut: one character each")));
}

TEST(Lexicon, ATitleGoesBeforeTheCatalogueAndTheFirstRowBeforeLaterOnes) {
  const NormalizerSources sources =
      Sources("6-31-01-03\t90\t\t烧焊|低压工\n6-18-02-04\t90\t\t低压工\n", "");
  EXPECT_THAT(Trades(sources, "烧焊"), ElementsAre(1));
  EXPECT_THAT(Trades(sources, "低压工"), ElementsAre(1));
}

TEST(Lexicon, AnAliasOfTwoTradesMeansBothAndNeitherSurely) {
  const auto normalizer = Normalizer::Build(Sources("", ""));
  ASSERT_TRUE(normalizer.ok());
  const Normalized read = normalizer->Normalize("补焊工");
  ASSERT_EQ(read.trades.size(), 2u);
  EXPECT_LT(read.trades[0].confidence, 50);
}

TEST(Lexicon, AContextDecidesWhatATitleMeans) {
  const NormalizerSources sources =
      Sources("6-31-01-03\t90\t\t维修工\n4-12-01-01\t90\t汽车|4S\t维修工\n", "");
  EXPECT_THAT(Trades(sources, "维修工"), ElementsAre(1));
  EXPECT_THAT(Trades(sources, "4S店诚招维修工"), ElementsAre(2));
}

TEST(Lexicon, OtherWorkAndNoTradeAnswerNothing) {
  const auto normalizer = Normalizer::Build(Sources("other\t90\t\t销售\nnone\t90\t\t普工\n", ""));
  ASSERT_TRUE(normalizer.ok());
  EXPECT_EQ(normalizer->Normalize("焊工销售"), Normalized());
  EXPECT_TRUE(normalizer->Normalize("普工").no_trade_asked);
  EXPECT_TRUE(normalizer->Normalize("普工").trades.empty());
}

TEST(Lexicon, AnEndingSaysWhetherATitleIsAPerson) {
  // 烧焊 before another title says what that title works on; 焊工 is a second trade.
  const NormalizerSources sources = Sources("", "person\t\t工\n");
  EXPECT_THAT(Trades(sources, "烧焊电工"), ElementsAre(1));
  EXPECT_THAT(Trades(sources, "焊工电工"), ElementsAre(0, 1));
}

TEST(Lexicon, WhatStandsBeforeAnAnnouncementIsTheEmployer) {
  const NormalizerSources sources = Sources("", "announcement\t\t招聘\n");
  EXPECT_THAT(Trades(sources, "老焊工机械厂招聘电工"), ElementsAre(1));
  EXPECT_THAT(Trades(sources, "焊工招聘"), ElementsAre(0));
}

TEST(Lexicon, ASkillOfOneTradeIsAGuessAtItAndAPaperIsNone) {
  const auto normalizer = Normalizer::Build(Sources("", "neutral\t\t会|有\n"));
  ASSERT_TRUE(normalizer.ok());
  const Normalized read = normalizer->Normalize("会开叉车");
  ASSERT_EQ(read.trades.size(), 1u);
  EXPECT_EQ(read.trades[0].evidence, Evidence::kSkill);
  EXPECT_TRUE(normalizer->Normalize("有焊工证").trades.empty());
  EXPECT_EQ(normalizer->Normalize("有焊工证").skills.size(), 1u);
}

TEST(Lexicon, NegationTakesWhatFollowsAway) {
  const NormalizerSources sources = Sources("", "negation\t\t非|不是\nneutral\t\t做\n");
  EXPECT_TRUE(Trades(sources, "不是焊工").empty());
  EXPECT_THAT(Trades(sources, "电工，非焊工"), ElementsAre(1));
  EXPECT_TRUE(Trades(sources, "不是做焊工").empty());
  EXPECT_TRUE(Trades(sources, "非：焊工").empty());
}

TEST(Lexicon, ADenialMayFollow) {
  const NormalizerSources sources = Sources("", "denial_after\t\t勿扰|不做\nnegation\t\t不做\n");
  EXPECT_THAT(Trades(sources, "电工，焊工勿扰"), ElementsAre(1));
  EXPECT_TRUE(Trades(sources, "焊工不做").empty());
  EXPECT_THAT(Trades(sources, "焊工不做电工"), ElementsAre(0));
}

TEST(Lexicon, PastWorkIsNotSoughtWhereOtherWorkIs) {
  const NormalizerSources sources = Sources("", "past\t\t以前\nseek\t\t想做\n");
  EXPECT_THAT(Trades(sources, "以前焊工，想做电工"), ElementsAre(1));
  EXPECT_THAT(Trades(sources, "以前焊工"), ElementsAre(0));
}

TEST(Lexicon, AWordIsNoneWhereItsEndBeginsAnother) {
  const NormalizerSources sources = Sources("", "cut\t工\t程|具\n");
  EXPECT_TRUE(Trades(sources, "焊工具").empty());
  EXPECT_THAT(Trades(sources, "焊工"), ElementsAre(0));
}

TEST(Lexicon, ASuffixSaysALevelOnlyOfAPerson) {
  NormalizerSources sources =
      Sources("", "person\t\t工\nsuffix\t4\t技师\nsuffix\t0\t学徒\nlevel\t5\t高级技师\n");
  sources.trades[2].aliases = {"焊工高级技师", "焊工技师", "汽修技师"};
  const auto normalizer = Normalizer::Build(sources);
  ASSERT_TRUE(normalizer.ok()) << normalizer.status();
  const auto level = [&](const char* phrase) {
    return normalizer->Normalize(phrase).trades.at(0).level;
  };
  EXPECT_EQ(level("电工技师"), 4);
  EXPECT_EQ(level("烧焊技师"), std::nullopt);
  EXPECT_EQ(level("烧焊学徒"), 0);
  EXPECT_EQ(level("焊工技师"), 4);
  EXPECT_EQ(level("焊工高级技师"), 5);
  EXPECT_EQ(level("汽修技师"), std::nullopt);
}

}  // namespace
}  // namespace leye::text
