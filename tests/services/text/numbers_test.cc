#include "services/text/numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leye::text {
namespace {

struct Said {
  FindingKind kind;
  std::optional<int64_t> least;
  std::optional<int64_t> most;
  PayUnit unit;
  std::string words;

  friend bool operator==(const Said&, const Said&) = default;
};

std::vector<Said> Read(const std::string& phrase) {
  static const Characters& characters = *new Characters(*Characters::Load());
  std::vector<Said> said;
  for (const NumberFound& found : FindNumbers(Fold(phrase, characters))) {
    const Finding& finding = found.finding;
    said.push_back({finding.kind, finding.least, finding.most, finding.unit,
                    std::string(finding.words.In(phrase))});
  }
  return said;
}

constexpr auto kOpen = std::nullopt;

TEST(Numbers, MoreDigitsThanAnybodyMeansAreNoNumber) {
  EXPECT_TRUE(Read(std::string(5'000, '9') + "元").empty());
  EXPECT_TRUE(Read("招" + std::string(40, '9') + "-" + std::string(40, '8') + "人").empty());
}

TEST(Numbers, PayIsReadWithItsUnit) {
  const auto pay = [](std::optional<int64_t> least, std::optional<int64_t> most, PayUnit unit,
                      const std::string& words) {
    return std::vector<Said>{{FindingKind::kPay, least, most, unit, words}};
  };
  EXPECT_EQ(Read("月薪6000+"), pay(6000, kOpen, PayUnit::kMonth, "月薪6000+"));
  EXPECT_EQ(Read("工资５５００－８０００元"),
            pay(5500, 8000, PayUnit::kUnsaid, "工资５５００－８０００元"));
  EXPECT_EQ(Read("6-8k"), pay(6000, 8000, PayUnit::kUnsaid, "6-8k"));
  EXPECT_EQ(Read("1.2万/月"), pay(12000, 12000, PayUnit::kMonth, "1.2万/月"));
  EXPECT_EQ(Read("260一天"), pay(260, 260, PayUnit::kDay, "260一天"));
  EXPECT_EQ(Read("21元/小时"), pay(21, 21, PayUnit::kHour, "21元/小时"));
  EXPECT_EQ(Read("年薪20万起"), pay(200000, kOpen, PayUnit::kYear, "年薪20万起"));
  EXPECT_EQ(Read("厨师8000"), pay(8000, 8000, PayUnit::kUnsaid, "8000"));
  EXPECT_EQ(Read("厨师8000包吃住"), pay(8000, 8000, PayUnit::kUnsaid, "8000"));
  EXPECT_EQ(Read("5.5-8k"), pay(5500, 8000, PayUnit::kUnsaid, "5.5-8k"));
  EXPECT_EQ(Read("8000-1万"), pay(8000, 10000, PayUnit::kUnsaid, "8000-1万"));
  EXPECT_EQ(Read("3500-5k"), pay(3500, 5000, PayUnit::kUnsaid, "3500-5k"));
  EXPECT_EQ(Read("5000以下"), pay(kOpen, 5000, PayUnit::kUnsaid, "5000以下"));
  EXPECT_EQ(Read("5000左右"), pay(5000, 5000, PayUnit::kUnsaid, "5000左右"));
  EXPECT_EQ(Read("月薪：6000"), pay(6000, 6000, PayUnit::kMonth, "月薪：6000"));
  EXPECT_EQ(Read("月薪约6000元"), pay(6000, 6000, PayUnit::kMonth, "月薪约6000元"));
}

TEST(Numbers, PayIsReadInWordsToo) {
  const auto pay = [](int64_t least, int64_t most, PayUnit unit, const std::string& words) {
    return std::vector<Said>{{FindingKind::kPay, least, most, unit, words}};
  };
  EXPECT_EQ(Read("月薪六千"), pay(6000, 6000, PayUnit::kMonth, "月薪六千"));
  EXPECT_EQ(Read("月薪六千五"), pay(6500, 6500, PayUnit::kMonth, "月薪六千五"));
  EXPECT_EQ(Read("月入一万二千元"), pay(12000, 12000, PayUnit::kMonth, "月入一万二千元"));
  EXPECT_EQ(Read("六千到八千元"), pay(6000, 8000, PayUnit::kUnsaid, "六千到八千元"));
  EXPECT_EQ(Read("三百一天"), pay(300, 300, PayUnit::kDay, "三百一天"));
  EXPECT_TRUE(Read("三千人工厂").empty());
}

TEST(Numbers, OfOtherThingsAreNoPay) {
  for (const char* phrase : {"2000年成立", "8000平米", "1800米", "2500吨", "1500型", "2000余人",
                             "2500t", "1500KW以内"}) {
    EXPECT_TRUE(Read(phrase).empty()) << phrase;
  }
}

TEST(Numbers, AgeMayBeOpenAtOneEnd) {
  const auto age = [](std::optional<int64_t> least, std::optional<int64_t> most,
                      const std::string& words) {
    return std::vector<Said>{{FindingKind::kAge, least, most, PayUnit::kUnsaid, words}};
  };
  EXPECT_EQ(Read("18-45岁"), age(18, 45, "18-45岁"));
  EXPECT_EQ(Read("50周岁以下"), age(kOpen, 50, "50周岁以下"));
  EXPECT_EQ(Read("18岁以上"), age(18, kOpen, "18岁以上"));
  EXPECT_EQ(Read("45-18岁"), age(18, 45, "45-18岁"));
  EXPECT_EQ(Read("不超过55岁"), age(kOpen, 55, "不超过55岁"));
  EXPECT_EQ(Read("45周岁（含）以下"), age(kOpen, 45, "45周岁（含）以下"));
  EXPECT_EQ(Read("年龄18-45"), age(18, 45, "18-45"));
  EXPECT_EQ(Read("男18-50"), age(18, 50, "18-50"));
  EXPECT_TRUE(Read("带3岁孩子").empty());
  EXPECT_TRUE(Read("照顾95岁老人").empty());
}

TEST(Numbers, HeadcountInEitherNumerals) {
  const auto people = [](int64_t count, const std::string& words) {
    return std::vector<Said>{{FindingKind::kHeadcount, count, count, PayUnit::kUnsaid, words}};
  };
  EXPECT_EQ(Read("瓦工3名"), people(3, "3名"));
  EXPECT_EQ(Read("招十二人"), people(12, "十二人"));
  EXPECT_EQ(Read("两名"), people(2, "两名"));
  EXPECT_EQ(Read("各5人"), people(5, "5人"));
  EXPECT_EQ(Read("保安15人，住宿"), people(15, "15人"));
  EXPECT_TRUE(Read("4人间").empty());
  EXPECT_TRUE(Read("2000人工厂").empty());
  EXPECT_TRUE(Read("30人团队").empty());
}

TEST(Numbers, OfAHouseholdAreNoHeadcount) {
  const auto rule = [](const std::string& words) {
    return std::vector<Said>{{FindingKind::kHousehold, kOpen, int64_t{1}, PayUnit::kUnsaid, words}};
  };
  EXPECT_EQ(Read("每户限1人"), rule("每户限1人"));
  EXPECT_EQ(Read("一户一人"), rule("一户一人"));
  EXPECT_EQ(Read("每户不超过一名"), rule("每户不超过一名"));
}

TEST(Numbers, TermsAreMonths) {
  const auto term = [](std::optional<int64_t> least, std::optional<int64_t> most,
                       const std::string& words) {
    return std::vector<Said>{{FindingKind::kTerm, least, most, PayUnit::kUnsaid, words}};
  };
  EXPECT_EQ(Read("干满3个月"), term(3, 3, "3个月"));
  EXPECT_EQ(Read("2-3个月"), term(2, 3, "2-3个月"));
  EXPECT_EQ(Read("6个月以上"), term(6, kOpen, "6个月以上"));
  EXPECT_EQ(Read("合同期1年"), term(12, 12, "1年"));
  EXPECT_EQ(Read("签订一年期合同"), term(12, 12, "一年期合同"));
  EXPECT_EQ(Read("合同期限：3年"), term(36, 36, "3年"));
  EXPECT_EQ(Read("三年劳动合同"), term(36, 36, "三年劳动合同"));
  EXPECT_EQ(Read("试用期3个月"), std::vector<Said>());
  EXPECT_EQ(Read("2023年"), std::vector<Said>());
}

TEST(Numbers, ExperienceIsYears) {
  const std::vector<Said> open = {
      {FindingKind::kExperience, 3, kOpen, PayUnit::kUnsaid, "3年以上工作经验"}};
  EXPECT_EQ(Read("3年以上工作经验"), open);
  const std::vector<Said> exact = {{FindingKind::kExperience, 2, 2, PayUnit::kUnsaid, "两年驾龄"}};
  EXPECT_EQ(Read("两年驾龄"), exact);
}

TEST(Numbers, PayUnderAYuanGivesNoNumber) {
  const std::vector<Said> piece = {{FindingKind::kPay, kOpen, kOpen, PayUnit::kPiece, "0.5元/件"}};
  EXPECT_EQ(Read("0.5元/件"), piece);
}

TEST(Numbers, AnAgeMayBeOfOneSex) {
  const auto sexes = [](const std::string& phrase) {
    static const Characters& characters = *new Characters(*Characters::Load());
    std::vector<Sex> found;
    for (const NumberFound& number : FindNumbers(Fold(phrase, characters))) {
      found.push_back(number.finding.sex);
    }
    return found;
  };
  EXPECT_EQ(sexes("男50岁以下，女45岁以下"), (std::vector{Sex::kMale, Sex::kFemale}));
  EXPECT_EQ(sexes("男女18-45岁"), std::vector{Sex::kAny});
}

TEST(Numbers, LettersAndDigitsAreAModelOrAReference) {
  EXPECT_EQ(Read("PC200挖机")[0].kind, FindingKind::kModel);
  EXPECT_EQ(Read("钳工(J10771)")[0].kind, FindingKind::kReference);
  EXPECT_TRUE(Read("C1驾照").empty());
  EXPECT_TRUE(Read("B1B2驾照").empty());
}

TEST(Numbers, OfUnknownMeaningAreLeftAlone) {
  EXPECT_TRUE(Read("4S店").empty());
  EXPECT_TRUE(Read("2024").empty());
  EXPECT_TRUE(Read("99999999999999999999").empty());
  EXPECT_TRUE(Read("8小时").empty());
}

}  // namespace
}  // namespace leye::text
