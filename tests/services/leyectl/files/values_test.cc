// The values of cells as people write them. Identity numbers are of a division that never was.
#include "services/leyectl/files/values.h"

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "services/leyectl/sample/identity.h"

namespace leye::ctl::files {
namespace {

std::string DateOf(absl::string_view cell) {
  const Read<Date> date = ParseDate(cell);
  return date.ok() ? date->ToString() : std::string(date.fault().reason);
}

std::string PayOf(absl::string_view cell, absl::string_view header = "薪资") {
  const Read<v1::Pay> pay = ParsePay(cell, header);
  if (!pay.ok()) return std::string(pay.fault().reason);
  const std::string least = pay->has_min_yuan() ? absl::StrCat(pay->min_yuan()) : "";
  const std::string most = pay->has_max_yuan() ? absl::StrCat(pay->max_yuan()) : "";
  const std::string unit = v1::PayUnit_Name(pay->unit()).substr(9);
  return absl::StrCat(least, "-", most, " ", unit);
}

std::string AgesOf(absl::string_view cell) {
  const Read<std::vector<v1::AgeRange>> ages = ParseAges(cell);
  if (!ages.ok()) return std::string(ages.fault().reason);
  std::string text;
  for (const v1::AgeRange& age : *ages) {
    absl::StrAppend(&text,
                    age.sex() == v1::SEX_MALE     ? "m"
                    : age.sex() == v1::SEX_FEMALE ? "f"
                                                  : "",
                    age.has_min_years() ? absl::StrCat(age.min_years()) : "", "-",
                    age.has_max_years() ? absl::StrCat(age.max_years()) : "", ";");
  }
  return text;
}

std::string IdOf(absl::string_view cell) {
  const Read<Identity> identity = ParseIdNumber(cell);
  return identity.ok() ? identity->number : std::string(identity.fault().reason);
}

TEST(Dates, AreReadAsPeopleWriteThem) {
  for (const char* cell :
       {"1985-03-02", "1985/3/2", "1985.3.2", "1985年3月2日", "1985 年 3 月 2 日", "19850302",
        "１９８５年３月２日", "1985-3-2 00:00:00", "1985年03月02号", "1985-03-02T08:00:00",
        " 1985-03-02 ", "31108"}) {
    EXPECT_EQ(DateOf(cell), "1985-03-02") << cell;
  }
}

TEST(Dates, MayLeaveOutTheDay) {
  for (const char* cell : {"1985.3", "1985年3月", "198503", "1985-03", "1985/3"}) {
    const Read<Date> date = ParseDate(cell);
    ASSERT_TRUE(date.ok()) << cell;
    EXPECT_EQ(date->day, 0);
    EXPECT_EQ(date->ToString(), "1985-03-01");
  }
  EXPECT_EQ(DateOf("1985年"), "1985-01-01");
}

TEST(Dates, ThatThereAreNotAreRefused) {
  for (const char* cell : {"1985-02-29", "1985-13-01", "1985-00-01", "19850230", "19850200", "soon",
                           "85.3.2", "1985-3-2-1", "1899-01-01", "2200-01-01", "123", "1985-3-0",
                           "1985--3", "-1985-3", "1.30723E+17", "999999999999"}) {
    EXPECT_EQ(DateOf(cell), "BAD_DATE") << cell;
  }
  EXPECT_EQ(DateOf("2000-02-29"), "2000-02-29");
}

TEST(Dates, EveryDayIsReadInEveryForm) {
  for (absl::CivilDay day(1949, 1, 1); day < absl::CivilDay(2051, 1, 1); day += 17) {
    const std::string expected =
        absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
    EXPECT_EQ(DateOf(absl::StrFormat("%d年%d月%d日", day.year(), day.month(), day.day())),
              expected);
    EXPECT_EQ(DateOf(absl::StrFormat("%04d%02d%02d", day.year(), day.month(), day.day())),
              expected);
    const int64_t serial = day - absl::CivilDay(1899, 12, 30);
    EXPECT_EQ(DateOf(absl::StrCat(serial)), expected);
    EXPECT_EQ(DateOfSerial(serial - 1462, /*system_1904=*/true)->ToString(), expected);
  }
}

TEST(YesNo, HasManyWords) {
  for (const char* cell : {"是", "√", "有", "愿意", "Y", "TRUE", "１", " 是 "}) {
    EXPECT_TRUE(ParseYesNo(cell).ok() && *ParseYesNo(cell)) << cell;
  }
  for (const char* cell : {"否", "×", "无", "不愿意", "n", "false", "0"}) {
    EXPECT_TRUE(ParseYesNo(cell).ok() && !*ParseYesNo(cell)) << cell;
  }
  for (const char* cell : {"", "或许", "2", "是否"}) EXPECT_FALSE(ParseYesNo(cell).ok()) << cell;
}

TEST(Numbers, MayHaveUnitsAndThousands) {
  EXPECT_EQ(*ParseWhole("1,200元"), 1200);
  EXPECT_EQ(*ParseWhole("１２个月"), 12);
  EXPECT_EQ(*ParseWhole("3.0"), 3);
  for (const char* cell : {"", "三", "3.5", "-3", "3人4", "3.", "12345678901234"}) {
    EXPECT_FALSE(ParseWhole(cell).ok()) << cell;
  }
}

TEST(Headcounts, MayBeRangesOrVague) {
  EXPECT_EQ(ParseHeadcount("10人")->least, 10);
  EXPECT_EQ(ParseHeadcount("2-3名")->least, 2);
  EXPECT_EQ(ParseHeadcount("2—3")->most, 3);
  EXPECT_TRUE(ParseHeadcount("若干")->vague);
  for (const char* cell : {"0", "3-2", "很多", "1-2-3", "200000"}) {
    EXPECT_FALSE(ParseHeadcount(cell).ok()) << cell;
  }
}

TEST(Pay, IsReadWithItsUnit) {
  EXPECT_EQ(PayOf("4500-6000元/月"), "4500-6000 MONTH");
  EXPECT_EQ(PayOf("４５００～６０００元／月"), "4500-6000 MONTH");
  EXPECT_EQ(PayOf("4500元-6000元/月"), "4500-6000 MONTH");
  EXPECT_EQ(PayOf("150元/天"), "150-150 DAY");
  EXPECT_EQ(PayOf("20元/小时"), "20-20 HOUR");
  EXPECT_EQ(PayOf("8万元/年"), "80000-80000 YEAR");
  EXPECT_EQ(PayOf("5k-8k"), "5000-8000 MONTH");
  EXPECT_EQ(PayOf("4-6千"), "4000-6000 MONTH");
  EXPECT_EQ(PayOf("6000元以上"), "6000- MONTH");
  EXPECT_EQ(PayOf("3,000元/月以下"), "-3000 MONTH");
  EXPECT_EQ(PayOf("面议"), "- UNSPECIFIED");
}

TEST(Pay, TakesTheUnitOfItsColumn) {
  EXPECT_EQ(PayOf("150", "日工资"), "150-150 DAY");
  EXPECT_EQ(PayOf("4500", "月薪（元）"), "4500-4500 MONTH");
  EXPECT_EQ(PayOf("18", "薪资（元/小时）"), "18-18 HOUR");
  EXPECT_EQ(PayOf("150"), "BAD_PAY");  // Of what?
  EXPECT_EQ(PayOf("6000-4500元/月"), "BAD_PAY");
  EXPECT_EQ(PayOf("从优"), "BAD_PAY");
}

TEST(Ages, AreRangesOneEndedOrBySex) {
  EXPECT_EQ(AgesOf("18-50周岁"), "18-50;");
  EXPECT_EQ(AgesOf("18至50岁"), "18-50;");
  EXPECT_EQ(AgesOf("50岁以下"), "-50;");
  EXPECT_EQ(AgesOf("年满18周岁"), "18-;");
  EXPECT_EQ(AgesOf("男18-60，女18-55"), "m18-60;f18-55;");
  EXPECT_EQ(AgesOf("男60岁以下女55岁以下"), "m-60;f-55;");
  EXPECT_EQ(AgesOf("不限"), "");
  for (const char* cell : {"50", "50-18", "年轻", "18-500"}) EXPECT_EQ(AgesOf(cell), "BAD_AGES");
}

TEST(Phones, AreDigits) {
  EXPECT_EQ(*ParsePhone("0313-0924711"), "0313-0924711");
  EXPECT_EQ(*ParsePhone("（0313）0924711"), "0313-0924711");
  EXPECT_EQ(*ParsePhone("0313-0924711/0313-0924712"), "0313-0924711");
  EXPECT_EQ(*ParsePhone("０３１３０９２４７１１"), "03130924711");
  for (const char* cell : {"", "无", "1234", "1.38E+10", "abc"})
    EXPECT_FALSE(ParsePhone(cell).ok());
}

TEST(IdNumbers, OfBothLengthsAreRead) {
  EXPECT_EQ(IdOf("139900198503020015"), "139900198503020015");
  EXPECT_EQ(IdOf("１３９９００１９８５０３０２００１５"), "139900198503020015");
  EXPECT_EQ(IdOf("139900 19850302 0015"), "139900198503020015");
  EXPECT_EQ(IdOf("'139900198503020015"), "139900198503020015");
  EXPECT_EQ(IdOf("139900850302001"), "139900198503020015");
  EXPECT_EQ(IdOf("13990019970419004x"), "13990019970419004X");
  const Read<Identity> identity = ParseIdNumber("139900850302001");
  EXPECT_EQ(identity->birth.ToString(), "1985-03-02");
  EXPECT_EQ(identity->sex, v1::SEX_MALE);
}

TEST(IdNumbers, ThatLostTheirEndAreRefusedAsThat) {
  for (const char* cell : {"1.39900198503020E+17", "1.39900850302E+14", "1.399E17",
                           "139900198503020000", "139900198503020000.0"}) {
    EXPECT_EQ(IdOf(cell), "ID_NUMBER_LOST") << cell;
  }
}

TEST(IdNumbers, WithAMistakeAreRefused) {
  for (const char* cell : {"139900198503020016", "13990019850302001", "139900198513020011",
                           "139900198502300017", "13990019850302001A", "", "139900851302001"}) {
    EXPECT_EQ(IdOf(cell), "BAD_ID_NUMBER") << cell;
  }
}

TEST(IdNumbers, AnyOtherDigitIsNoticed) {
  std::mt19937 random(20261126);
  for (int i = 0; i < 300; ++i) {
    const absl::CivilDay birth = absl::CivilDay(1950, 1, 1) + static_cast<int>(random() % 25'000);
    const std::string number = sample::IdNumber(
        birth, random() % 2 == 0 ? v1::SEX_MALE : v1::SEX_FEMALE, random() % 50'000);
    ASSERT_EQ(IdOf(number), number);
    for (size_t at = 0; at < 17; ++at) {
      std::string wrong = number;
      wrong[at] =
          static_cast<char>('0' + (wrong[at] - '0' + 1 + static_cast<int>(random() % 9)) % 10);
      EXPECT_FALSE(ParseIdNumber(wrong).ok()) << wrong;
    }
  }
}

TEST(Classes, SayNothingOfTheContent) {
  EXPECT_EQ(ClassOf(""), "empty");
  EXPECT_EQ(ClassOf("13990019850302001"), "17 digits");
  EXPECT_EQ(ClassOf("1.39E+17"), "number in scientific notation");
  EXPECT_EQ(ClassOf("垄建国"), "text of 3 characters");
}

TEST(Nothing, IsSaidInManyWays) {
  for (const char* cell : {"", " ", "无", "不限", "/", "－", "N/A"}) EXPECT_TRUE(SaysNothing(cell));
  EXPECT_FALSE(SaysNothing("焊工"));
}

}  // namespace
}  // namespace leye::ctl::files
