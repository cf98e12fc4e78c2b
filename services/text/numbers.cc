#include "services/text/numbers.h"

#include <optional>
#include <string_view>
#include <utility>

#include "services/text/scanner.h"

namespace leye::text {
namespace {

struct UnitWord {
  std::u32string_view word;
  PayUnit unit;
};

constexpr UnitWord kBefore[] = {
    {U"综合月薪", PayUnit::kMonth}, {U"综合工资", PayUnit::kMonth}, {U"综合薪资", PayUnit::kMonth},
    {U"月收入", PayUnit::kMonth},   {U"月综合", PayUnit::kMonth},   {U"月保底", PayUnit::kMonth},
    {U"月薪", PayUnit::kMonth},     {U"月入", PayUnit::kMonth},     {U"月工资", PayUnit::kMonth},
    {U"底薪", PayUnit::kMonth},     {U"保底", PayUnit::kMonth},     {U"年薪", PayUnit::kYear},
    {U"日薪", PayUnit::kDay},       {U"日工资", PayUnit::kDay},     {U"时薪", PayUnit::kHour},
    {U"工价", PayUnit::kHour},      {U"小时工资", PayUnit::kHour},  {U"工资", PayUnit::kUnsaid},
    {U"薪资", PayUnit::kUnsaid},    {U"收入", PayUnit::kUnsaid},    {U"待遇", PayUnit::kUnsaid},
    {U"到手", PayUnit::kUnsaid},    {U"月", PayUnit::kMonth},       {U"薪", PayUnit::kUnsaid}};

constexpr UnitWord kAfter[] = {
    {U"/小时", PayUnit::kHour},    {U"每小时", PayUnit::kHour}, {U"一小时", PayUnit::kHour},
    {U"一个小时", PayUnit::kHour}, {U"/时", PayUnit::kHour},    {U"/h", PayUnit::kHour},
    {U"/天", PayUnit::kDay},       {U"/日", PayUnit::kDay},     {U"一天", PayUnit::kDay},
    {U"每天", PayUnit::kDay},      {U"天", PayUnit::kDay},      {U"/月", PayUnit::kMonth},
    {U"一个月", PayUnit::kMonth},  {U"每月", PayUnit::kMonth},  {U"/年", PayUnit::kYear},
    {U"一年", PayUnit::kYear},     {U"/件", PayUnit::kPiece},   {U"一件", PayUnit::kPiece}};

// Whether what follows begins another word though no unit ended the number: 8000包吃住, but not
// 2000年成立 or 2500吨.
bool IsNumberOver(const Scanner& scanner) {
  constexpr std::u32string_view kNext = U"包管加另保交月五提男女";
  return !IsHan(scanner.Peek()) || IsOneOf(scanner.Peek(), kNext);
}

// One amount or a range of two.
struct Quantity {
  size_t begin = 0;
  Amount least;
  std::optional<Amount> most;
  bool open_end = false;    // 6000+, 6000起, 6000以上
  bool open_begin = false;  // 5000以下
};

std::optional<Quantity> TakeQuantity(Scanner& scanner) {
  Quantity quantity;
  quantity.begin = scanner.at();
  const std::optional<Amount> first = scanner.TakeAmount();
  if (!first.has_value()) return std::nullopt;
  quantity.least = *first;
  const size_t after_first = scanner.at();
  scanner.Take(U"元");
  if (scanner.TakeAny({U"-", U"~", U"至", U"到", U"\u301C"}) && IsDigit(scanner.Peek())) {
    quantity.most = scanner.TakeAmount();
  }
  if (!quantity.most.has_value()) {
    scanner.MoveTo(after_first);
  } else if (quantity.least.times == 1 &&
             quantity.least.value < quantity.most->value / quantity.most->times) {
    Amount& least = quantity.least;  // 6-8k, but not 3500-5k.
    least.times = quantity.most->times;
    least.value = least.value * least.times + least.thousandths * least.times / 1'000;
  }
  return quantity;
}

Finding FindingOf(FindingKind kind, const Quantity& quantity) {
  Finding finding;
  finding.kind = kind;
  finding.least = quantity.least.value;
  if (quantity.most.has_value()) {
    finding.most = quantity.most->value;
  } else if (!quantity.open_end) {
    finding.most = quantity.least.value;
  }
  if (finding.most.has_value() && *finding.most < *finding.least) {
    std::swap(finding.least, finding.most);
  }
  if (quantity.open_begin) finding.least.reset();
  return finding;
}

// Whose age it is: 男45岁以下, 女40岁以下.
Sex SexBefore(const Scanner& scanner, size_t begin) {
  if (scanner.EndsBefore(begin, U"男女")) return Sex::kAny;
  if (scanner.EndsBefore(begin, U"男") || scanner.EndsBefore(begin, U"男性")) return Sex::kMale;
  if (scanner.EndsBefore(begin, U"女") || scanner.EndsBefore(begin, U"女性")) return Sex::kFemale;
  return Sex::kUnsaid;
}

// Where words that say "at most" begin before `begin`; `begin` where there are none.
size_t AtMostBefore(const Scanner& scanner, size_t begin) {
  for (const std::u32string_view word : {U"不超过", U"不高于", U"不大于", U"最大", U"最高"}) {
    if (scanner.EndsBefore(begin, word)) return begin - word.size();
  }
  return begin;
}

// 年龄18-45, 男45以下: an age without its unit.
bool IsAgeWithoutUnit(Scanner& scanner, const Quantity& quantity) {
  const bool is_said = SexBefore(scanner, quantity.begin) != Sex::kUnsaid ||
                       scanner.EndsBefore(quantity.begin, U"年龄") ||
                       scanner.EndsBefore(quantity.begin, U"年龄:");
  if (!is_said || quantity.least.times > 1 || quantity.least.has_fraction) return false;
  const char32_t next = scanner.Peek();
  if (next == U'以') return true;
  return quantity.most.has_value() && !IsHan(next) && !IsLetter(next) && next != '/';
}

std::optional<Finding> TakeAge(Scanner& scanner, const Quantity& quantity) {
  constexpr int64_t kYoungest = 14;
  constexpr int64_t kOldest = 80;
  const size_t begin = scanner.at();
  const bool is_age = scanner.TakeAny({U"周岁", U"岁"}) || IsAgeWithoutUnit(scanner, quantity);
  Finding finding = FindingOf(FindingKind::kAge, quantity);
  if (!is_age || *finding.least < kYoungest || *finding.most > kOldest) {  // 3岁: a child's.
    scanner.MoveTo(begin);
    return std::nullopt;
  }
  finding.sex = SexBefore(scanner, quantity.begin);
  scanner.Take(U"(含)");
  if (scanner.TakeAny({U"及以下", U"以下", U"以内", U"内", U"之内"})) {
    finding.least.reset();
  } else if (scanner.TakeAny({U"及以上", U"以上", U"起"})) {
    finding.most.reset();
  }
  if (AtMostBefore(scanner, quantity.begin) < quantity.begin) finding.least.reset();
  return finding;
}

std::optional<Finding> TakeHeadcount(Scanner& scanner, const Quantity& quantity) {
  constexpr int64_t kMostPeople = 100'000;
  const size_t begin = scanner.at();
  const bool are_people = scanner.TakeAny({U"个人", U"人"});
  if (!are_people && !scanner.TakeAny({U"名", U"位"})) return std::nullopt;
  // 招12人, 保安12人, 每户限1人; but not 2000人工厂, 4人间.
  const bool are_hired = !are_people || IsNumberOver(scanner) ||
                         IsOneOf(scanner.BeforeAt(quantity.begin), U"招聘需各共限户");
  if (!are_hired || quantity.least.times > 1 || quantity.least.has_fraction ||
      quantity.least.value > kMostPeople) {
    scanner.MoveTo(begin);
    return std::nullopt;
  }
  return FindingOf(FindingKind::kHeadcount, quantity);
}

// 每户限1人, 一户一人: how many of a household, not how many are hired.
NumberFound PeopleAt(const Scanner& scanner, size_t begin, Finding people) {
  constexpr std::u32string_view kOfHousehold[] = {U"每户不超过", U"每户最多", U"每户至多",
                                                  U"每户只限",   U"每户限",   U"每户",
                                                  U"每家限",     U"一户",     U"1户"};
  for (const std::u32string_view word : kOfHousehold) {
    if (!scanner.EndsBefore(begin, word)) continue;
    people.kind = FindingKind::kHousehold;
    people.least.reset();
    return {{begin - word.size(), scanner.at()}, people};
  }
  return {{begin, scanner.at()}, people};
}

// A term in months: 3个月, 合同期1年. 试用期3个月 is none.
std::optional<Finding> TakeTerm(Scanner& scanner, const Quantity& quantity) {
  constexpr int64_t kMostMonths = 120;
  constexpr int64_t kMonthsAYear = 12;
  const size_t begin = scanner.at();
  Finding finding = FindingOf(FindingKind::kTerm, quantity);
  bool is_term = false;
  if (scanner.Take(U"个月")) {
    is_term = !scanner.EndsBefore(quantity.begin, U"试用期") && *finding.most <= kMostMonths;
    if (scanner.TakeAny({U"以上", U"起"})) finding.most.reset();
  } else if (scanner.Take(U"年")) {
    const size_t end = quantity.begin - (scanner.EndsBefore(quantity.begin, U":") ? 1 : 0);
    for (const std::u32string_view word : {U"合同", U"合同期", U"期限", U"聘期", U"签订", U"签"}) {
      is_term |= scanner.EndsBefore(end, word);
    }
    is_term |= scanner.TakeAny({U"期合同", U"期", U"劳动合同", U"合同"});
    is_term &= *finding.most <= kMostMonths / kMonthsAYear;
    finding.least = *finding.least * kMonthsAYear;
    finding.most = *finding.most * kMonthsAYear;
  }
  if (is_term && !quantity.least.has_fraction) return finding;
  scanner.MoveTo(begin);
  return std::nullopt;
}

// Years of experience: 3年以上工作经验, 2年驾龄.
std::optional<Finding> TakeExperience(Scanner& scanner, const Quantity& quantity) {
  constexpr int64_t kMostYears = 40;
  const size_t begin = scanner.at();
  Finding finding = FindingOf(FindingKind::kExperience, quantity);
  if (*finding.most <= kMostYears && scanner.Take(U"年")) {
    const bool is_least = scanner.TakeAny({U"以上", U"及以上"});
    const bool is_said = scanner.TakeAny({U"工作经验", U"相关经验", U"经验", U"驾龄", U"工龄"});
    if (is_least) finding.most.reset();
    if (is_least || is_said) return finding;
  }
  scanner.MoveTo(begin);
  return std::nullopt;
}

// The unit that stands before the number, with where its word begins.
std::pair<std::optional<PayUnit>, size_t> UnitBefore(const Scanner& scanner, size_t begin) {
  constexpr std::u32string_view kBetween = U":约达为可";  // 月薪：6000, 月薪可达8000
  size_t end = begin;
  while (end > 0 && IsOneOf(scanner.BeforeAt(end), kBetween)) --end;
  for (const UnitWord& entry : kBefore) {
    if (scanner.EndsBefore(end, entry.word)) return {entry.unit, end - entry.word.size()};
  }
  return {std::nullopt, begin};
}

// A round number of four or five digits without any word: a month's pay.
bool CanOnlyBePay(const Scanner& scanner, const Quantity& quantity) {
  const int64_t value = quantity.least.value;
  if (!quantity.open_begin && (!IsNumberOver(scanner) || IsLetter(scanner.Peek()))) return false;
  return value >= 1'500 && value <= 99'999 && value % 100 == 0 && !quantity.least.has_fraction;
}

// What may stand before or after the unit: 6000以上, 6000元起.
void TakeBounds(Scanner& scanner, Quantity& quantity) {
  if (scanner.TakeAny({U"+", U"起", U"及以上", U"以上"})) {
    quantity.open_end = true;
  } else if (scanner.TakeAny({U"及以下", U"以下", U"以内"})) {
    quantity.open_begin = true;
  } else {
    scanner.Take(U"左右");
  }
}

std::optional<NumberFound> TakePay(Scanner& scanner, Quantity quantity) {
  const auto [before, begin] = UnitBefore(scanner, quantity.begin);
  bool is_money = before.has_value();
  const Amount& last = quantity.most.has_value() ? *quantity.most : quantity.least;
  is_money |= last.times > 1 && last.value >= 1'000;
  TakeBounds(scanner, quantity);
  is_money |= scanner.TakeAny({U"元", U"块钱", U"块", U"rmb"});
  TakeBounds(scanner, quantity);
  PayUnit unit = before.value_or(PayUnit::kUnsaid);
  for (const UnitWord& entry : kAfter) {
    if (!scanner.Take(entry.word)) continue;
    unit = entry.unit;
    is_money |= quantity.least.value >= 8;
    break;
  }
  if (!is_money && !CanOnlyBePay(scanner, quantity)) return std::nullopt;
  TakeBounds(scanner, quantity);
  NumberFound found{{begin, scanner.at()}, FindingOf(FindingKind::kPay, quantity)};
  found.finding.unit = unit;
  if (quantity.least.value == 0) {  // Under a yuan, 0.5元/件: no whole number says it.
    found.finding.least.reset();
    found.finding.most.reset();
  }
  return found;
}

std::optional<NumberFound> TakeNumber(Scanner& scanner) {
  const std::optional<Quantity> quantity = TakeQuantity(scanner);
  if (!quantity.has_value()) return std::nullopt;
  const size_t after = scanner.at();
  if (const auto age = TakeAge(scanner, *quantity)) {
    return NumberFound{{AtMostBefore(scanner, quantity->begin), scanner.at()}, *age};
  }
  if (const auto people = TakeHeadcount(scanner, *quantity)) {
    return PeopleAt(scanner, quantity->begin, *people);
  }
  for (const auto take : {TakeTerm, TakeExperience}) {
    const std::optional<Finding> years = take(scanner, *quantity);
    if (years.has_value()) return NumberFound{{quantity->begin, scanner.at()}, *years};
  }
  std::optional<NumberFound> pay = TakePay(scanner, *quantity);
  if (!pay.has_value()) scanner.MoveTo(after);
  return pay;
}

// 月薪六千, 六千到八千元.
std::optional<NumberFound> TakeSum(Scanner& scanner) {
  const size_t begin = scanner.at();
  Quantity quantity{.begin = begin, .least = {}, .most = std::nullopt};
  if (const std::optional<int64_t> least = scanner.TakeChineseSum()) {
    quantity.least.value = *least;
    const size_t end = scanner.at();
    std::optional<int64_t> most;
    if (scanner.TakeAny({U"-", U"~", U"至", U"到"})) most = scanner.TakeChineseSum();
    if (most.has_value()) quantity.most = Amount{.value = *most};
    if (!most.has_value()) scanner.MoveTo(end);
    if (std::optional<NumberFound> pay = TakePay(scanner, quantity)) return pay;
  }
  scanner.MoveTo(begin);
  return std::nullopt;
}

// 三名, 两人, 三个月, 一年期, 六千元.
std::optional<NumberFound> TakeNumeral(Scanner& scanner) {
  if (std::optional<NumberFound> pay = TakeSum(scanner)) return pay;
  const size_t begin = scanner.at();
  const std::optional<int64_t> value = scanner.TakeChineseNumeral();
  if (value.has_value()) {
    const Quantity quantity{.begin = begin, .least = {.value = *value}, .most = std::nullopt};
    if (const auto people = TakeHeadcount(scanner, quantity)) {
      return PeopleAt(scanner, begin, *people);
    }
    const bool is_pay = *value == 1 && scanner.Peek() == U'个';  // 一个月6000
    for (const auto take : {TakeTerm, TakeExperience}) {
      if (is_pay) break;
      const std::optional<Finding> years = take(scanner, quantity);
      if (years.has_value()) return NumberFound{{begin, scanner.at()}, *years};
    }
  }
  scanner.MoveTo(begin + 1);
  return std::nullopt;
}

// Letters and at least two digits: PC200 is a machine; with four digits in brackets a reference.
std::optional<NumberFound> TakeCode(Scanner& scanner) {
  constexpr int kDigitsOfReference = 4;
  const size_t begin = scanner.at();
  const bool in_brackets = scanner.Before() == '(';
  int digits = 0;
  while (IsLetter(scanner.Peek()) || IsDigit(scanner.Peek()) ||
         (scanner.Peek() == '-' && IsDigit(scanner.Peek(1)))) {
    digits += IsDigit(scanner.Peek()) ? 1 : 0;
    scanner.MoveTo(scanner.at() + 1);
  }
  if (digits < 2 || scanner.AreLicences(begin)) return std::nullopt;
  Finding finding;
  const bool is_reference = digits >= kDigitsOfReference && (in_brackets || scanner.Peek() == ')');
  finding.kind = is_reference ? FindingKind::kReference : FindingKind::kModel;
  return NumberFound{{begin, scanner.at()}, finding};
}

}  // namespace

std::vector<NumberFound> FindNumbers(const FoldedText& text) {
  constexpr std::u32string_view kNumerals = U"一二三四五六七八九十两";
  std::vector<NumberFound> found;
  Scanner scanner(text.characters);
  while (!scanner.AtEnd()) {
    std::optional<NumberFound> next;
    const char32_t c = scanner.Peek();
    if (IsDigit(c)) {
      next = TakeNumber(scanner);
    } else if (IsLetter(c)) {
      next = TakeCode(scanner);
    } else if (IsOneOf(c, kNumerals)) {
      next = TakeNumeral(scanner);
    } else {
      scanner.MoveTo(scanner.at() + 1);
    }
    if (!next.has_value()) continue;
    next->finding.words = text.WordsOf(next->range);
    found.push_back(*next);
  }
  return found;
}

}  // namespace leye::text
