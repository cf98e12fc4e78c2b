// The values that need most reading: pay and ages.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/leyectl/files/values.h"

namespace leye::ctl::files {
namespace {

constexpr Fault kBadPay = {"BAD_PAY", "must be pay such as 4500-6000元/月, 150元/天 or 面议",
                           "应为薪资，如 4500-6000元/月、150元/天、面议"};
constexpr Fault kBadAges = {"BAD_AGES", "must be ages such as 18-50周岁, 50岁以下 or 不限",
                            "应为年龄，如 18-50周岁、50岁以下、不限"};

constexpr double kLeastMonthlyPay = 1'000;

std::string Dashed(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"~", "-"},
                                    {"—", "-"},
                                    {"–", "-"},
                                    {"－", "-"},
                                    {"至", "-"},
                                    {"到", "-"},
                                    {"～", "-"},
                                    {"--", "-"}});
}

bool ContainsAny(absl::string_view text, std::initializer_list<absl::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](absl::string_view word) { return absl::StrContains(text, word); });
}

v1::PayUnit UnitIn(absl::string_view text) {
  if (ContainsAny(text, {"/月", "每月", "月薪", "月工资", "月收入", "一个月", "元月", "月均"})) {
    return v1::PAY_UNIT_MONTH;
  }
  if (ContainsAny(text, {"/天", "/日", "每天", "每日", "日薪", "日工资", "一天", "元天"})) {
    return v1::PAY_UNIT_DAY;
  }
  if (ContainsAny(text, {"/小时", "/时", "每小时", "时薪", "小时工资", "/h"}))
    return v1::PAY_UNIT_HOUR;
  if (ContainsAny(text, {"/年", "每年", "年薪", "年收入"})) return v1::PAY_UNIT_YEAR;
  if (ContainsAny(text, {"月"})) return v1::PAY_UNIT_MONTH;
  return v1::PAY_UNIT_UNSPECIFIED;
}

struct Amounts {
  std::vector<double> yuan;
  bool is_range = false;
};

// A factor behind a number: k, 千, 万.
double TakeFactor(absl::string_view& text) {
  if (absl::ConsumePrefix(&text, "k") || absl::ConsumePrefix(&text, "千")) return 1'000;
  if (absl::ConsumePrefix(&text, "w") || absl::ConsumePrefix(&text, "万")) return 10'000;
  return 1;
}

// The first number or range of the text.
Amounts TakeAmounts(absl::string_view text) {
  Amounts amounts;
  const size_t begin = text.find_first_of("0123456789");
  if (begin == absl::string_view::npos) return amounts;
  text.remove_prefix(begin);
  while (amounts.yuan.size() < 2) {
    const size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
    double number = 0;
    if (length == 0 || length > 12 || !absl::SimpleAtod(text.substr(0, length), &number)) break;
    text.remove_prefix(length);
    amounts.yuan.push_back(number * TakeFactor(text));
    absl::ConsumePrefix(&text, "元");
    if (!absl::ConsumePrefix(&text, "-")) break;
    amounts.is_range = true;
  }
  // 4-6k: the factor belongs to both.
  if (amounts.yuan.size() == 2 && amounts.yuan[0] < 100 && amounts.yuan[1] >= 1'000) {
    amounts.yuan[0] *= amounts.yuan[1] >= 10'000 && amounts.yuan[0] < 10 ? 10'000 : 1'000;
  }
  return amounts;
}

// "18-50周岁" without a sex before it.
std::optional<v1::AgeRange> OneAge(absl::string_view text) {
  std::vector<int> years;
  for (const absl::string_view part :
       absl::StrSplit(text, absl::ByAnyChar("-"), absl::SkipEmpty())) {
    const size_t begin = part.find_first_of("0123456789");
    if (begin == absl::string_view::npos) continue;
    const size_t end = std::min(part.find_first_not_of("0123456789", begin), part.size());
    int number = 0;
    if (!absl::SimpleAtoi(part.substr(begin, end - begin), &number) || number > 120) {
      return std::nullopt;
    }
    years.push_back(number);
  }
  v1::AgeRange age;
  if (years.size() == 2 && years[0] <= years[1]) {
    age.set_min_years(years[0]);
    age.set_max_years(years[1]);
    return age;
  }
  if (years.size() != 1) return std::nullopt;
  if (ContainsAny(text, {"以下", "以内", "不超过", "<=", "≤", "小于", "内"})) {
    age.set_max_years(years[0]);
    return age;
  }
  if (ContainsAny(text, {"以上", "年满", "满", ">=", "≥", "起", "大于"})) {
    age.set_min_years(years[0]);
    return age;
  }
  return std::nullopt;
}

std::vector<std::string> AgeParts(absl::string_view cell) {
  // A sex begins a part: 男18-60女18-55.
  const std::string text = absl::StrReplaceAll(
      Dashed(Bare(cell)),
      {{"男", ";男"}, {"女", ";女"}, {"；", ";"}, {"、", ";"}, {"，", ";"}, {",", ";"}});
  return absl::StrSplit(text, ';', absl::SkipEmpty());
}

}  // namespace

Read<v1::Pay> ParsePay(absl::string_view cell, absl::string_view header) {
  v1::Pay pay;
  const std::string text = absl::StrReplaceAll(Dashed(Bare(cell)), {{",", ""}, {"，", ""}});
  pay.set_text(Tidy(cell));
  if (SaysNothing(cell) || ContainsAny(text, {"面议", "面谈", "待定"})) return pay;
  const Amounts amounts = TakeAmounts(text);
  if (amounts.yuan.empty()) return kBadPay;
  v1::PayUnit unit = UnitIn(text);
  if (unit == v1::PAY_UNIT_UNSPECIFIED) unit = UnitIn(Bare(header));
  if (unit == v1::PAY_UNIT_UNSPECIFIED && amounts.yuan[0] >= kLeastMonthlyPay) {
    unit = v1::PAY_UNIT_MONTH;
  }
  if (unit == v1::PAY_UNIT_UNSPECIFIED) return kBadPay;
  pay.set_unit(unit);
  const double last = amounts.yuan.back();
  if (amounts.yuan.size() == 2 && last < amounts.yuan[0]) return kBadPay;
  const bool is_least = ContainsAny(text, {"以上", "+", "起", "不低于"});
  const bool is_most = ContainsAny(text, {"以下", "以内", "不超过"});
  if (!is_most || amounts.yuan.size() == 2) pay.set_min_yuan(amounts.yuan[0]);
  if (!is_least) pay.set_max_yuan(last);
  return pay;
}

Read<std::vector<v1::AgeRange>> ParseAges(absl::string_view cell) {
  std::vector<v1::AgeRange> ages;
  if (SaysNothing(cell)) return ages;
  for (const std::string& part : AgeParts(cell)) {
    absl::string_view rest = part;
    v1::Sex sex = v1::SEX_UNSPECIFIED;
    if (absl::ConsumePrefix(&rest, "男")) sex = v1::SEX_MALE;
    if (absl::ConsumePrefix(&rest, "女")) sex = v1::SEX_FEMALE;
    if (absl::StrContains(rest, "不限")) continue;
    std::optional<v1::AgeRange> age = OneAge(rest);
    if (!age.has_value()) return kBadAges;
    if (sex != v1::SEX_UNSPECIFIED) age->set_sex(sex);
    ages.push_back(*std::move(age));
  }
  return ages;
}

}  // namespace leye::ctl::files
