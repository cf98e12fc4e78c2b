// What the shipped normaliser reads in whole notices. notices.tsv holds invented ones with what
// they say; `held` ones were not looked at while the rules were made.
#include "services/text/notice.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/text/folding.h"
#include "services/text/notice_posts.h"
#include "tests/services/text/shipped_normalizer.h"

namespace leye::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Percent kShownFrom = 50;  // As the API's default.

// By number of leye.v1.Group.
constexpr std::array<const char*, 19> kGroupNames = {
    "",           "relocated",   "lifted",   "monitored",     "at-risk", "zero",       "weak",
    "difficulty", "subsistence", "disabled", "severe",        "older",   "unemployed", "veteran",
    "graduate",   "returned",    "land",     "reintegration", "single"};

std::string Yuan(int64_t fen) {
  return fen % 100 == 0 ? absl::StrCat(fen / 100)
                        : absl::StrFormat("%g", static_cast<double>(fen) / 100);
}

template <typename Number>
std::string RangeText(const Suggestion& said, Number number) {
  if (said.least == said.most) return number(*said.least);
  return absl::StrCat(said.least.has_value() ? number(*said.least) : "", "-",
                      said.most.has_value() ? number(*said.most) : "");
}

std::string AgesText(const Suggestion& said) {
  std::string text = said.sex == Sex::kMale ? "M" : said.sex == Sex::kFemale ? "F" : "";
  if (said.least.has_value()) absl::StrAppend(&text, *said.least);
  absl::StrAppend(&text, "-");
  if (said.most.has_value()) absl::StrAppend(&text, *said.most);
  if (said.relaxable_to.has_value()) absl::StrAppend(&text, "~", *said.relaxable_to);
  return text;
}

std::string PayText(const Suggestion& said, absl::string_view words) {
  static constexpr std::array<const char*, 6> kUnits = {"?", "hour", "day", "month", "year", ""};
  if (!said.least.has_value() && !said.most.has_value()) return std::string(words);
  return absl::StrCat(
      RangeText(said, Yuan), "/",
      said.unit == PayUnit::kPiece ? said.measure : kUnits[static_cast<size_t>(said.unit)]);
}

std::string CodeOf(const Suggestion& said) {
  const auto index = static_cast<uint16_t>(said.number);
  if (said.field == NoticeField::kTrade) {
    return ShippedCatalogue().trade(matcher::TradeId(index)).code();
  }
  const std::string& name = ShippedCatalogue().skill(matcher::SkillId(index)).name();
  return std::string(absl::StripPrefix(name, "skills/"));
}

std::string DateText(int64_t number) {
  return absl::StrFormat("%04d-%02d-%02d", number / 10'000, number / 100 % 100, number % 100);
}

std::string GroupText(const Suggestion& said) {
  return kGroupNames.at(static_cast<size_t>(said.number));
}

// A suggestion as notices.tsv writes it: kind=value, or the kind alone.
std::string TextOfSuggestion(const Suggestion& said, absl::string_view notice) {
  const auto people = [](int64_t number) { return absl::StrCat(number); };
  switch (said.field) {
    case NoticeField::kAges:
      return absl::StrCat("ages=", AgesText(said));
    case NoticeField::kSexLimit:
      return said.sex == Sex::kMale ? "sex=M" : "sex=F";
    case NoticeField::kMinEducation:
      return absl::StrCat("edu=", said.number);
    case NoticeField::kCertificate:
      return absl::StrCat("paper=", CodeOf(said));
    case NoticeField::kPay:
      return absl::StrCat("pay=", PayText(said, said.words.In(notice)));
    case NoticeField::kMinimumWage:
      return absl::StrCat("minwage=", said.number);
    case NoticeField::kMeals:
      return "meals";
    case NoticeField::kLodging:
      return "lodging";
    case NoticeField::kSocialInsurance:
      return "insurance";
    case NoticeField::kAccidentInsurance:
      return "accident";
    case NoticeField::kOpenings:
      return said.least.has_value() ? absl::StrCat("count=", RangeText(said, people))
                                    : "count=若干";
    case NoticeField::kTerm:
      return absl::StrCat("term=", said.number);
    case NoticeField::kStartDate:
      return absl::StrCat("start=", DateText(said.number));
    case NoticeField::kEndDate:
      return absl::StrCat("end=", DateText(said.number));
    case NoticeField::kHouseholdCap:
      return absl::StrCat("cap=", said.number);
    case NoticeField::kPriority:
      return absl::StrCat("prefer=", GroupText(said));
    case NoticeField::kEligible:
      return absl::StrCat("only=", GroupText(said));
    case NoticeField::kReserved:
      return absl::StrCat("reserve=", *said.least, ":", GroupText(said));
    case NoticeField::kTrade:
      return absl::StrCat("trade=", CodeOf(said));
  }
  return "";
}

std::string KindOf(absl::string_view said) { return std::string(said.substr(0, said.find('='))); }

std::set<std::string> SaidBy(const std::vector<Suggestion>& suggestions, absl::string_view notice) {
  std::set<std::string> said;
  for (const Suggestion& each : suggestions) {
    if (each.confidence < kShownFrom) continue;
    const std::string text = TextOfSuggestion(each, notice);
    said.insert(text);
    if (each.contradicted) said.insert(absl::StrCat("!", KindOf(text)));
  }
  return said;
}

std::set<std::string> ReadSaid(absl::string_view notice) {
  return SaidBy(ShippedNormalizer().ReadNotice(notice).suggestions, notice);
}

// Of all posts and of each.
std::set<std::string> ReadSaidInAll(absl::string_view notice) {
  const Notice read = ShippedNormalizer().ReadNotice(notice);
  std::set<std::string> said = SaidBy(read.suggestions, notice);
  for (const NoticePost& post : read.posts) said.merge(SaidBy(post.suggestions, notice));
  return said;
}

// "common: meals / 焊工: count=2 pay=6000/month / 保安: count=3", without trades.
std::string ReadPosts(absl::string_view notice) {
  const Notice read = ShippedNormalizer().ReadNotice(notice);
  const auto line = [&](absl::string_view title, const std::vector<Suggestion>& suggestions) {
    std::set<std::string> said = SaidBy(suggestions, notice);
    std::erase_if(said, [](const std::string& each) { return KindOf(each) == "trade"; });
    return absl::StrCat(title, ": ", absl::StrJoin(said, " "));
  };
  std::vector<std::string> lines = {line("common", read.suggestions)};
  for (const NoticePost& post : read.posts) {
    lines.push_back(line(post.title.In(notice), post.suggestions));
  }
  return absl::StrJoin(lines, " / ");
}

struct Counts {
  int expected = 0;
  int given = 0;
  int right = 0;
};

// By part and kind; "!pay" counts notices of two minds about pay, and is no kind of its own.
using CountsByKind = std::map<std::string, Counts>;

void CountNotice(const std::set<std::string>& expected, const std::set<std::string>& given,
                 CountsByKind& counts) {
  for (const std::string& said : expected) ++counts[KindOf(said)].expected;
  for (const std::string& said : given) {
    Counts& kind = counts[KindOf(said)];
    ++kind.given;
    kind.right += expected.contains(said) ? 1 : 0;
  }
}

Counts PrintAndSum(const std::string& part, const CountsByKind& counts) {
  Counts sum;
  for (const auto& [kind, count] : counts) {
    std::cout << absl::StrFormat("%s %-10s right %3d of %3d given, %3d expected\n", part, kind,
                                 count.right, count.given, count.expected);
    if (kind[0] == '!') continue;
    sum.expected += count.expected;
    sum.given += count.given;
    sum.right += count.right;
  }
  std::cout << absl::StrFormat("%s: precision %.3f, coverage %.3f\n", part,
                               1.0 * sum.right / sum.given, 1.0 * sum.right / sum.expected);
  return sum;
}

// The parts of notices.tsv: how many notices at least, and what the suggestions come to, percent.
struct Floor {
  const char* part;
  int notices;
  int precision;
  int coverage;
};

constexpr Floor kFloors[] = {{"tuned", 190, 97, 96},
                             {"held", 85, 95, 92},
                             {"tuned2", 60, 95, 93},
                             {"tuned3", 40, 95, 85},
                             {"held2", 40, 95, 84}};

// What is said wrongly or not at all. Of `held` parts nobody is to look at it.
void PrintDifferences(const std::set<std::string>& expected, const std::set<std::string>& given,
                      absl::string_view notice) {
  std::string differences;
  for (const std::string& said : given) {
    if (!expected.contains(said)) absl::StrAppend(&differences, " +", said);
  }
  for (const std::string& said : expected) {
    if (!given.contains(said)) absl::StrAppend(&differences, " -", said);
  }
  if (!differences.empty()) std::cout << "otherwise:" << differences << ": " << notice << "\n";
}

TEST(Notice, IsReadRightInTheHandMadeSet) {
  std::ifstream file(absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/tests/services/text/notices.tsv"));
  std::map<std::string, CountsByKind> parts;
  std::map<std::string, int> notices;
  std::string line;
  std::getline(file, line);  // The header.
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    ASSERT_EQ(cells.size(), 3u) << line;
    const std::set<std::string> expected = absl::StrSplit(cells[1], '|', absl::SkipEmpty());
    const std::string notice = absl::StrReplaceAll(cells[0], {{"\\n", "\n"}});
    const std::set<std::string> given = ReadSaidInAll(notice);
    CountNotice(expected, given, parts[cells[2]]);
    if (!absl::StartsWith(cells[2], "held")) PrintDifferences(expected, given, cells[0]);
    ++notices[cells[2]];
  }
  for (const Floor& floor : kFloors) {
    ASSERT_GE(notices[floor.part], floor.notices) << floor.part;
    const Counts sum = PrintAndSum(floor.part, parts[floor.part]);
    EXPECT_GE(sum.right * 100, sum.given * floor.precision) << floor.part;
    EXPECT_GE(sum.right * 100, sum.expected * floor.coverage) << floor.part;
  }
}

TEST(Notice, TellsWithWhichWords) {
  const std::string notice = "护林员3名。\n要求：18—60周岁；月工资1,800元";
  std::vector<std::string> words;
  for (const Suggestion& said : ShippedNormalizer().ReadNotice(notice).suggestions) {
    words.emplace_back(said.words.In(notice));
  }
  EXPECT_THAT(words, ElementsAre("护林员", "3名", "18—60周岁", "月工资1,800元"));
}

TEST(Notice, OfTwoMindsIsSureOfNeither) {
  const Notice read = ShippedNormalizer().ReadNotice("月工资1800元。月工资2000元。聘期一年。");
  ASSERT_EQ(read.suggestions.size(), 3u);
  for (const Suggestion& said : read.suggestions) {
    const bool is_pay = said.field == NoticeField::kPay;
    EXPECT_EQ(said.contradicted, is_pay);
    EXPECT_EQ(said.confidence <= kOfContradicted, is_pay);
  }
}

TEST(Notice, SaidTwiceIsSaidOnce) {
  EXPECT_THAT(ReadSaid("月薪3000元，18-50岁。月薪3000元，年龄18-50周岁。"),
              ElementsAre("ages=18-50", "pay=3000/month"));
}

// Each post has its own headcount, pay and conditions; what stands before and behind is of all.
TEST(Notice, OfSeveralPostsIsReadPostByPost) {
  struct Case {
    const char* notice;
    const char* read;
  };
  static constexpr Case kCases[] = {
      // Clauses, sentences, numbered lines, blocks of lines.
      {"招聘电焊工2名6000元，保安3名4000元，包吃住。",
       "common: lodging meals / 电焊工: count=2 pay=6000/month / 保安: count=3 pay=4000/month"},
      {"招聘：电焊工2名，月薪6000元；保安3名，月薪4000元，45岁以下；18-55岁，缴纳五险。",
       "common: ages=18-55 insurance / 电焊工: count=2 pay=6000/month / "
       "保安: ages=-45 count=3 pay=4000/month"},
      {"急招电焊工2名、保安3名、保洁员1名，月薪3000元，包吃",
       "common: meals pay=3000/month / 电焊工: count=2 / 保安: count=3 / 保洁员: count=1"},
      {"共招聘5人，包吃住\n1.电焊工2名；月薪6000元；初中以上\n2.保安3名；月薪4000元\n合同期一年",
       "common: lodging meals term=12 / 电焊工: count=2 edu=3 pay=6000/month / "
       "保安: count=3 pay=4000/month"},
      {"一、电焊工2人\n工资：6000元/月\n年龄：45岁以下\n\n二、保安3人\n工资：4000元/月\n\n包吃住",
       "common: lodging meals / 电焊工: ages=-45 count=2 pay=6000/month / "
       "保安: count=3 pay=4000/month"},
      {"岗位：电焊工\n人数：2人\n月薪6000元\n岗位：普工\n人数：10人\n月薪4000元\n以上岗位包吃住",
       "common: lodging meals / 电焊工: count=2 pay=6000/month / 普工: count=10 pay=4000/month"},
      {"饭店招聘：厨师1名，月薪8000元；服务员4名，月薪3500元，均包吃住。",
       "common: lodging meals / 厨师: count=1 pay=8000/month / 服务员: count=4 pay=3500/month"},
      {"服务员4名，男女均可，45岁以下；厨师1名，男女均可，55岁以下；3.均包吃住",
       "common: lodging meals / 服务员: ages=-45 count=4 / 厨师: ages=-55 count=1"},
      // The number first; a title that is no trade.
      {"招2名电焊工，月薪6000元，招3名保安，月薪4000元",
       "common:  / 电焊工: count=2 pay=6000/month / 保安: count=3 pay=4000/month"},
      {"普工20名，每天180元；电焊工2名，每天300元。18-55岁。",
       "common: ages=18-55 / 普工: count=20 pay=180/day / 电焊工: count=2 pay=300/day"},
      // A sentence behind that names a post is of that post.
      {"招聘电焊工2名，保安3名。电焊工持焊工证，月薪6000元。保安45岁以下。包吃住。",
       "common: lodging meals / 电焊工: count=2 paper=cert-welding-thermal-cutting pay=6000/month"
       " / 保安: ages=-45 count=3"},
  };
  for (const Case& each : kCases) EXPECT_EQ(ReadPosts(each.notice), each.read) << each.notice;
}

TEST(Notice, OfOnePostIsReadAsAWhole) {
  for (const char* notice :
       {"招聘焊工3名，月薪6000元。焊工3名，包吃住。", "焊工男工3名，女工2名，月薪6000元",
        "招聘焊工、车工共5名", "技工10人，日工资280元；普工20人，日工资180元。",
        "焊工，保安，月薪3000元", "现有焊工20名，保安3名，现招电工1名"}) {
    EXPECT_THAT(ShippedNormalizer().ReadNotice(notice).posts, IsEmpty()) << notice;
  }
}

TEST(Notice, OfMorePostsThanAnybodyListsIsReadAsAWhole) {
  std::string notice = "焊工1名";
  for (size_t post = 1; post < kMostPosts; ++post) {
    notice += post % 2 == 0 ? "；焊工1名" : "；保安1名";
  }
  EXPECT_EQ(ShippedNormalizer().ReadNotice(notice).posts.size(), kMostPosts);
  EXPECT_THAT(ShippedNormalizer().ReadNotice(notice + "；焊工1名").posts, IsEmpty());
}

TEST(Notice, ItsHeadSaysWhatItsWordsMean) {
  EXPECT_THAT(ReadSaid("示例敬老院招聘公告。岗位：护理员2名。"),
              ElementsAre("count=2", "trade=4-10-01-05"));
  EXPECT_THAT(ReadSaid("岗位：护理员2名。"), ElementsAre("count=2", "trade=4-14-01-02"));
}

TEST(Notice, WhatIsNotKnownStaysUnknown) {
  for (const char* notice :
       {"", "\n\n。。", "本公司成立于2012年，占地60亩。", "电话12333，邮编067000", "３", "男女老少",
        "2026年3月5日", "第2届招聘会", "每天巡查2次，每月22天"}) {
    EXPECT_THAT(ReadSaid(notice), IsEmpty()) << notice;
  }
}

// Pieces that the rules know, bytes that are nothing, and both.
TEST(Notice, OfAnyBytesHasItsWordsInTheTextAndIsReadTheSameTwice) {
  constexpr unsigned kSeed = 20261127;
  static constexpr const char* kPieces[] = {
      "18",       "60",     "周岁",         "岁以下", "男",     "女",   "-",     "至",   "，",
      "、",       "。",     "\n",           "月薪",   "3000",   "元",   "/天",   "每月", "每斤",
      "招聘",     "3名",    "若干",         "其中",   "每户限", "1人",  "优先",  "仅限", "脱贫户",
      "搬迁群众", "2026年", "3月",          "1日",    "合同期", "一年", "个月",  "初中", "以上",
      "焊工",     "证",     "C1",           "或",     "五千",   "万",   "1,800", "(",    ")",
      "+",        "包吃住", "最低工资标准", "80%",    "：",     "小时", "底薪",  "月均", "人数",
      "岗位",     "个",     "员",           "残疾人", "的",     "对象", "350",   "保安", "岗位：",
      "2名",      "；"};
  std::mt19937 dice(kSeed);
  for (int round = 0; round < 8'000; ++round) {
    std::string notice;
    for (size_t pieces = dice() % 16; pieces > 0; --pieces) {
      notice += dice() % 8 == 0 ? std::string(1, static_cast<char>(dice() % 256))
                                : kPieces[dice() % std::size(kPieces)];
    }
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " round " << round << ": " << notice);
    const Notice read = ShippedNormalizer().ReadNotice(notice);
    std::vector<Suggestion> all = read.suggestions;
    size_t end = 0;
    for (const NoticePost& post : read.posts) {
      EXPECT_LE(end, post.words.begin);
      EXPECT_LE(post.words.begin, post.title.begin);
      EXPECT_LT(post.title.begin, post.title.end);
      EXPECT_LE(post.title.end, post.words.end);
      end = post.words.end;
      all.insert(all.end(), post.suggestions.begin(), post.suggestions.end());
    }
    EXPECT_LE(end, notice.size());
    for (const Suggestion& said : all) {
      EXPECT_LT(said.words.begin, said.words.end);
      EXPECT_LE(said.words.end, notice.size());
      EXPECT_GE(said.confidence, 1);
      EXPECT_LE(said.confidence, 99);
      if (said.least.has_value() && said.most.has_value()) {
        EXPECT_LE(*said.least, *said.most);
      }
      EXPECT_NE(TextOfSuggestion(said, notice), "");
    }
    EXPECT_EQ(ShippedNormalizer().ReadNotice(notice), read);
    if (::testing::Test::HasFailure()) return;
  }
}

// Longer than a posting's text may be, in pieces at each of which something is looked for.
TEST(Notice, TakesTimeByItsLength) {
  constexpr size_t kBytes = 100'000;
  for (const char* piece : {"18",
                            "男60",
                            "1-",
                            "月薪3000元",
                            "每户限1人",
                            "脱贫户",
                            "脱贫户，",
                            "初中",
                            "2026年3月至",
                            "3名",
                            "其中2名脱贫户",
                            "一",
                            "焊工3名",
                            "或C1证",
                            "包",
                            "人数：3",
                            "岗位3个",
                            "员3500元，",
                            "(技)3名",
                            "残疾人的",
                            "一天300以下",
                            "焊工3名，保安2名，",
                            "岗位："}) {
    std::string notice;
    while (notice.size() < kBytes) notice += piece;
    EXPECT_LE(ShippedNormalizer().ReadNotice(notice).suggestions.size(), 200u) << piece;
  }
}

}  // namespace
}  // namespace leye::text
