#include "services/text/normalizer.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/services/text/shipped_normalizer.h"

namespace leye::text {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kWelder[] = "6-18-02-04";
constexpr char kElectrician[] = "6-31-01-03";
constexpr char kForklift[] = "6-30-05-01";

TEST(Normalize, ReadsATitleThroughItsDecorations) {
  const std::string phrase = "急招电焊工（月薪6000+）";
  EXPECT_THAT(TradesOf(phrase), ElementsAre(kWelder));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kUrgency), ElementsAre("急招"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kPay), ElementsAre("月薪6000+"));
  EXPECT_EQ(ShippedNormalizer().Normalize(phrase).trades[0].words.In(phrase), "电焊工");
}

TEST(Normalize, ReadsEveryWayOfWritingIt) {
  for (const char* phrase : {"电焊工", "電焊工", "电 焊 工", "烧电焊的", "焊工师傅", "氩弧焊工",
                             "氩狐焊", "氩胡焊工", "会电焊", "焊工（急）", "二保焊"}) {
    EXPECT_THAT(TradesOf(phrase), ElementsAre(kWelder)) << phrase;
  }
}

TEST(Normalize, ASkillAndItsTrade) {
  EXPECT_THAT(TradesOf("会开叉车"), ElementsAre(kForklift));
  EXPECT_THAT(SkillsOf("会开叉车"), ElementsAre("forklift"));
}

TEST(Normalize, APaperIsNoTrade) {
  EXPECT_THAT(TradesOf("持C1驾照"), IsEmpty());
  EXPECT_THAT(SkillsOf("持C1驾照"), ElementsAre("licence-driving-c1"));
  EXPECT_THAT(TradesOf("有电工证"), IsEmpty());
  EXPECT_THAT(SkillsOf("B1B2驾照"), ElementsAre("licence-driving-b1", "licence-driving-b2"));
  EXPECT_THAT(SkillsOf("A1A2驾照"), ElementsAre("licence-driving-a1", "licence-driving-a2"));
  EXPECT_THAT(SkillsOf("驾照A2"), ElementsAre("licence-driving-a2"));
  EXPECT_THAT(SkillsOf("驾照：B2"), ElementsAre("licence-driving-b2"));
}

TEST(Normalize, LabourWithoutATradeIsNoTradeAsked) {
  for (const char* phrase :
       {"普工", "普 工", "杂工", "小时工", "洗碗工", "招普工，包吃住", "普工/操作工"}) {
    EXPECT_THAT(TradesOf(phrase), IsEmpty()) << phrase;
    EXPECT_TRUE(ShippedNormalizer().Normalize(phrase).no_trade_asked) << phrase;
  }
}

TEST(Normalize, APhraseMayHoldSeveralTrades) {
  EXPECT_THAT(TradesOf("焊工、电工各2名"), ElementsAre(kWelder, kElectrician));
  EXPECT_THAT(TradesOf("盐城焊工电工包吃住"), ElementsAre(kWelder, kElectrician));
  EXPECT_THAT(TradesOf("瓦工/木工/钢筋工"), ElementsAre("6-29-01-01", "6-06-03-01", "6-29-01-04"));
}

TEST(Normalize, TheLastNounIsTheWork) {
  EXPECT_THAT(TradesOf("电焊机销售工程师"), IsEmpty());
  EXPECT_THAT(TradesOf("叉车维修工"), ElementsAre("6-31-01-09"));
  EXPECT_THAT(TradesOf("模具设计师"), IsEmpty());
}

TEST(Normalize, WhoIsHiringIsNotTheWork) {
  EXPECT_THAT(TradesOf("老木匠家具厂招聘电工"), ElementsAre(kElectrician));
  EXPECT_THAT(TradesOf("某小区物业招聘：保洁2人"), ElementsAre("4-09-08-01"));
  EXPECT_THAT(TradesOf("木工机械厂诚聘：电工"), ElementsAre(kElectrician));
}

TEST(Normalize, WhatIsDeniedIsNotMeant) {
  for (const char* phrase : {"不是保安", "不会电焊", "不想做保安", "没干过电工", "不考虑：保安",
                             "电工不要", "保安除外", "焊工勿扰", "不做保洁"}) {
    EXPECT_THAT(TradesOf(phrase), IsEmpty()) << phrase;
  }
  EXPECT_THAT(TradesOf("焊工不要求经验"), ElementsAre(kWelder));
}

TEST(Normalize, WhatSoundsLikeATitleThatWasReadIsNotGuessed) {
  for (const char* phrase :
       {"缝纫机销售", "挖掘机销售", "起重机销售", "家政服务销售", "不会氢弧焊"}) {
    EXPECT_THAT(TradesOf(phrase), IsEmpty()) << phrase;
  }
}

TEST(Normalize, APlaceOfWorkIsNoWorker) {
  for (const char* phrase : {"行政工作", "政府工作人员", "酒店工作", "酒店员工", "餐饮工作",
                             "饭店员工", "物流工作", "家庭工厂", "装修工程", "防水工程", "药材工厂",
                             "玻璃工艺品", "鞋厂工资", "食堂工作", "电工实训老师", "焊工考证"}) {
    EXPECT_THAT(TradesOf(phrase), IsEmpty()) << phrase;
  }
  EXPECT_THAT(TradesOf("注塑厂保安"), ElementsAre("4-07-05-01"));
  EXPECT_THAT(TradesOf("塔吊厂焊工"), ElementsAre(kWelder));
}

TEST(Normalize, PastWorkIsNotSought) {
  for (const char* phrase : {"以前开货车的，找门卫", "原来开出租，现想做保安", "下岗焊工找保安"}) {
    EXPECT_THAT(TradesOf(phrase), ElementsAre("4-07-05-01")) << phrase;
  }
  EXPECT_THAT(TradesOf("以前做过保安，现在想找保洁"), ElementsAre("4-09-08-01"));
}

TEST(Normalize, SurroundingsDecideWhatAWordMeans) {
  EXPECT_THAT(TradesOf("装修公司招聘油漆工"), ElementsAre("6-29-04-01"));
  EXPECT_THAT(TradesOf("家具厂招聘油漆工"), ElementsAre("6-18-03-03"));
}

TEST(Normalize, ReadsTheLevel) {
  const auto level = [](const char* phrase) {
    return ShippedNormalizer().Normalize(phrase).trades.at(0).level;
  };
  EXPECT_EQ(level("高级电工"), 3);
  EXPECT_EQ(level("电工（高级）"), 3);
  EXPECT_EQ(level("焊工学徒"), 0);
  EXPECT_EQ(level("焊工"), std::nullopt);
  EXPECT_EQ(level("焊工技师"), 4);
  EXPECT_EQ(level("电工（首席技师）"), 7);
}

TEST(Normalize, GivesDecorationsBackByKind) {
  const std::string phrase =
      "无锡诚聘保洁2名，限女，45岁以下，初中以上，无经验可学，长白班，包吃住，月薪3000-3500元";
  EXPECT_THAT(WordsOf(phrase, FindingKind::kPlace), ElementsAre("无锡"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kHeadcount), ElementsAre("2名"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kSex), ElementsAre("限女"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kAge), ElementsAre("45岁以下"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kEducation), ElementsAre("初中以上"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kExperience), ElementsAre("无经验可学"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kSchedule), ElementsAre("长白班"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kWelfare), ElementsAre("包吃住"));
  EXPECT_THAT(WordsOf(phrase, FindingKind::kPay), ElementsAre("月薪3000-3500元"));
  EXPECT_THAT(WordsOf("挖机司机，小松PC200", FindingKind::kModel), ElementsAre("小松", "PC200"));
  EXPECT_THAT(WordsOf("限零就业家庭", FindingKind::kHousehold), ElementsAre("零就业家庭"));
  EXPECT_THAT(TradesOf(phrase), ElementsAre("4-09-08-01"));
}

TEST(Normalize, UnknownStaysUnknown) {
  for (const char* phrase :
       {"", "，，，", "abc", "数据库工具", "月入过万轻松", "招聘", "双休五险一金"}) {
    EXPECT_EQ(TradesOf(phrase), std::vector<std::string>()) << phrase;
  }
}

TEST(Normalize, KnowsSlipsByShapeToo) {
  EXPECT_THAT(TradesOf("装御工"), ElementsAre("4-02-05-01"));
  EXPECT_THAT(TradesOf("氢弧焊"), ElementsAre(kWelder));
  EXPECT_THAT(TradesOf("驻塑工"), ElementsAre("6-14-02-00"));
  // Inside unknown words it is chance, not a slip.
  EXPECT_THAT(TradesOf("某某氢弧焊某某"), IsEmpty());
}

TEST(Normalize, ATitleMayEndOtherwise) {
  for (const char* phrase : {"抄表员", "抄表工", "抄表人员"}) {
    EXPECT_THAT(TradesOf(phrase), ElementsAre("4-11-01-01")) << phrase;
  }
}

TEST(Normalize, ABusinessIsNotTheWork) {
  EXPECT_THAT(TradesOf("装修公司业务经理"), IsEmpty());
  EXPECT_THAT(TradesOf("保洁公司电工"), ElementsAre(kElectrician));
  EXPECT_THAT(TradesOf("家政公司"), IsEmpty());
}

TEST(Normalize, WhatAPersonDoesBesidesIsNoSecondTrade) {
  EXPECT_THAT(TradesOf("打药的绿化工"), ElementsAre("4-09-10-01"));
  EXPECT_THAT(TradesOf("机修工 会PLC"), ElementsAre("6-31-01-02"));
  EXPECT_THAT(TradesOf("仓管员会电脑"), ElementsAre("4-02-06-01"));
  EXPECT_THAT(TradesOf("保安 保洁"), ElementsAre("4-07-05-01", "4-09-08-01"));
}

TEST(Normalize, LabourAfterAWorkIsThatWork) {
  EXPECT_THAT(TradesOf("搬运普工"), ElementsAre("4-02-05-01"));
}

TEST(Normalize, DutiesBesideATitleAreItsOwn) {
  EXPECT_THAT(TradesOf("保姆 做饭带孩子"), ElementsAre("4-10-01-06"));
  EXPECT_THAT(TradesOf("农机手 收麦子"), ElementsAre("5-05-05-01"));
  EXPECT_THAT(TradesOf("铆工下料"), ElementsAre("6-18-01-11"));
  EXPECT_THAT(TradesOf("收麦子"), ElementsAre("5-01-02-01"));
}

TEST(Normalize, GivesAPostingsConditionsAsFindings) {
  const std::string phrase =
      "护林员2名，男60岁以下，年薪3600元，每户限1人，签订一年期合同，脱贫户优先，须持健康证";
  const Normalized read = ShippedNormalizer().Normalize(phrase);
  const auto find = [&read](FindingKind kind, absl::string_view words, absl::string_view in) {
    for (const Finding& found : read.findings) {
      if (found.kind == kind && found.words.In(in) == words) return found;
    }
    ADD_FAILURE() << "no " << words;
    return Finding{};
  };
  EXPECT_EQ(find(FindingKind::kHeadcount, "2名", phrase).most, 2);
  EXPECT_EQ(find(FindingKind::kAge, "60岁以下", phrase).most, 60);
  EXPECT_EQ(find(FindingKind::kAge, "60岁以下", phrase).sex, Sex::kMale);
  EXPECT_EQ(find(FindingKind::kPay, "年薪3600元", phrase).unit, PayUnit::kYear);
  EXPECT_EQ(find(FindingKind::kHousehold, "每户限1人", phrase).most, 1);
  EXPECT_EQ(find(FindingKind::kTerm, "一年期合同", phrase).least, 12);
  find(FindingKind::kHousehold, "脱贫户", phrase);
  EXPECT_THAT(SkillsOf(phrase), Contains("cert-health"));
}

TEST(Normalize, SaysWhatEducationIsAsked) {
  const auto least = [](const std::string& phrase) {
    const auto found = ShippedNormalizer().Normalize(phrase).findings;
    return found.size() == 1 ? found[0].least : std::nullopt;
  };
  EXPECT_EQ(least("初中以上"), 3);
  EXPECT_EQ(least("大专及以上学历"), 5);
  EXPECT_EQ(least("学历不限"), std::nullopt);
}

TEST(Normalize, KnowsRulesOfHouseholds) {
  for (const char* words : {"一户一岗", "限本县户籍", "本地户口"}) {
    EXPECT_THAT(WordsOf(absl::StrCat("保洁2名，", words), FindingKind::kHousehold),
                ElementsAre(words));
  }
}

// Phrases 200 times as long as a request may have them: what takes time by the square of the length
// would not end before ctest's limit, by its cube in a year.
TEST(Normalize, TakesTimeByTheLengthOfThePhrase) {
  constexpr size_t kBytes = 600'000;
  for (const char* piece : {"招", "焊", "焊工", "一", "(", "1", "a1", "招聘", "招(", "开叉车",
                            "卸御", "1-", "月薪", "招聘："}) {
    std::string phrase;
    while (phrase.size() < kBytes) phrase += piece;
    const Normalized read = ShippedNormalizer().Normalize(phrase);
    EXPECT_LE(read.trades.size(), 3u) << piece;
  }
}

// A line of a table of phrases: a phrase, the codes that are right, separated by |; none: unknown.
struct Case {
  std::string phrase;
  std::vector<std::string> codes;
};

std::vector<Case> ReadCases(absl::string_view file_name) {
  std::ifstream file(absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/tests/services/text/", file_name));
  std::vector<Case> cases;
  std::string line;
  std::getline(file, line);  // The header.
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    cases.push_back({cells.at(0), absl::StrSplit(cells.at(1), '|', absl::SkipEmpty())});
  }
  return cases;
}

// Of the cases with codes, but for `answered_falsely`.
struct Tally {
  int to_answer = 0;
  int answered = 0;
  int right = 0;             // Answered with exactly the codes of the case.
  int unknown = 0;           // Cases without codes,
  int answered_falsely = 0;  // and those that were answered all the same.
};

Tally Count(const std::vector<Case>& cases) {
  Tally tally;
  for (const Case& each : cases) {
    const std::vector<std::string> codes = TradesOf(each.phrase);
    const bool is_right = std::set<std::string>(codes.begin(), codes.end()) ==
                          std::set<std::string>(each.codes.begin(), each.codes.end());
    if (!is_right) {
      std::cout << "otherwise: " << each.phrase << ": " << absl::StrJoin(codes, "|") << ", not "
                << absl::StrJoin(each.codes, "|") << "\n";
    }
    if (each.codes.empty()) {
      ++tally.unknown;
      tally.answered_falsely += codes.empty() ? 0 : 1;
      continue;
    }
    ++tally.to_answer;
    tally.answered += codes.empty() ? 0 : 1;
    tally.right += is_right ? 1 : 0;
  }
  std::cout << tally.right << " right of " << tally.answered << " answered, " << tally.to_answer
            << " to answer; " << tally.answered_falsely << " answered of " << tally.unknown
            << " without an answer\n";
  return tally;
}

// As a stranger would count: the surest answer is right when it is among the codes of a line, where
// / stands between readings that one may defend.
struct PartTally {
  int to_answer = 0;
  int covered = 0;   // Of these, those that are answered.
  int answered = 0;  // With those that have no answer.
  int right = 0;
};

std::map<std::string, PartTally> CountStrangers() {
  std::ifstream file(absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/tests/services/text/strangers.tsv"));
  std::map<std::string, PartTally> parts;
  std::string line;
  std::getline(file, line);  // The header.
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    const std::vector<std::string> right = absl::StrSplit(cells.at(1), absl::ByAnyChar("|/"));
    const std::vector<std::string> codes = TradesOf(cells.at(0));
    PartTally& tally = parts[cells.at(2)];
    const bool has_answer = !cells.at(1).empty();
    tally.to_answer += has_answer ? 1 : 0;
    if (codes.empty()) continue;
    const bool is_right = std::find(right.begin(), right.end(), codes.front()) != right.end();
    tally.answered += 1;
    tally.covered += has_answer ? 1 : 0;
    tally.right += is_right ? 1 : 0;
    if (!is_right) std::cout << "otherwise: " << cells[0] << ": " << codes.front() << "\n";
  }
  return parts;
}

TEST(Normalize, IsRightAsStrangersCount) {
  const std::map<std::string, PartTally> parts = CountStrangers();
  ASSERT_EQ(parts.size(), 6u);
  for (const auto& [part, tally] : parts) {
    std::cout << part << ": " << tally.right << " right of " << tally.answered << " answered, "
              << tally.covered << " of " << tally.to_answer << " to answer\n";
    EXPECT_GE(tally.right * 100, tally.answered * (part == "titles" ? 93 : 96)) << part;
    EXPECT_GE(tally.covered * 100, tally.to_answer * 80) << part;
  }
}

TEST(Normalize, WhatStandsBeforeAGeneralTitleDecides) {
  // 装配工 is of many trades, as longer titles show; 保安 is not.
  EXPECT_THAT(TradesOf("装配工"), ElementsAre("6-20-01-01"));
  EXPECT_THAT(TradesOf("某某机装配工"), IsEmpty());
  EXPECT_THAT(TradesOf("裁剪装配工"), IsEmpty());
  EXPECT_THAT(TradesOf("某某楼保安"), ElementsAre("4-07-05-01"));
  EXPECT_THAT(TradesOf("喂猪的饲养员"), ElementsAre("5-03-02-01"));
}

TEST(Normalize, ARealWordBesideKnownOnesIsNoSlip) {
  EXPECT_THAT(TradesOf("瓷砖厂压机工"), IsEmpty());
  EXPECT_THAT(TradesOf("长期招氩狐焊"), ElementsAre(kWelder));
}

TEST(Normalize, IsRightOnTheHandMadePhrases) {
  const std::vector<Case> cases = ReadCases("phrases.tsv");
  ASSERT_GE(cases.size(), 250u);
  const Tally tally = Count(cases);
  EXPECT_GE(tally.right * 100, tally.answered * 97);
  EXPECT_GE(tally.answered * 100, tally.to_answer * 95);
  EXPECT_EQ(tally.answered_falsely, 0);
}

TEST(Normalize, IsRightOnPhrasesWrittenAfterItsTables) {
  const std::vector<Case> cases = ReadCases("more_phrases.tsv");
  ASSERT_GE(cases.size(), 1'300u);
  const Tally tally = Count(cases);
  EXPECT_GE(tally.right * 100, tally.answered * 95);
  EXPECT_GE(tally.answered * 100, tally.to_answer * 95);
  EXPECT_LE(tally.answered_falsely * 100, tally.unknown * 10);
}

}  // namespace
}  // namespace leye::text
