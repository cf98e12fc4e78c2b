// Pay: 月薪4000-6000元, 焊工2名6000元, 180元/天, 每斤25元, 大工每天300元，小工每天180元, 面议,
// 按最低工资标准.
#include <algorithm>
#include <utility>

#include "services/text/notice_finders.h"
#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr int64_t kFen = 100;
constexpr int64_t kLeastOfMonth = 1'000 * kFen;  // Without a unit: less is no month's pay,
constexpr int64_t kMostOfMonth = 50'000 * kFen;  // and more no labourer's.
constexpr int64_t kMostOfAll = 1'000'000 * kFen;

constexpr Percent kOfPay = 92;
constexpr Percent kOfPayByWindow = 85;  // The unit stands some words away.
constexpr Percent kOfPayWithoutUnit = 75;
constexpr Percent kOfPayInWords = 80;
constexpr Percent kOfMinimumWage = 85;

constexpr size_t kPayWindow = 12;
constexpr size_t kPayPrefix = 8;

struct UnitSaid {
  std::u32string_view word;
  PayUnit unit;
};

// Right before an amount. Longer ones first.
constexpr UnitSaid kUnitsBefore[] = {
    {U"小时工资", PayUnit::kHour},    {U"每小时", PayUnit::kHour},
    {U"一小时", PayUnit::kHour},      {U"时薪", PayUnit::kHour},
    {U"月综合工资", PayUnit::kMonth}, {U"月基本工资", PayUnit::kMonth},
    {U"月均工资", PayUnit::kMonth},   {U"月均收入", PayUnit::kMonth},
    {U"月工资", PayUnit::kMonth},     {U"月收入", PayUnit::kMonth},
    {U"月薪资", PayUnit::kMonth},     {U"月补贴", PayUnit::kMonth},
    {U"月补助", PayUnit::kMonth},     {U"月报酬", PayUnit::kMonth},
    {U"每个月", PayUnit::kMonth},     {U"每月", PayUnit::kMonth},
    {U"月薪", PayUnit::kMonth},       {U"月入", PayUnit::kMonth},
    {U"月综合", PayUnit::kMonth},     {U"底薪", PayUnit::kMonth},
    {U"基本工资", PayUnit::kMonth},   {U"基础工资", PayUnit::kMonth},
    {U"年工资", PayUnit::kYear},      {U"年收入", PayUnit::kYear},
    {U"年补助", PayUnit::kYear},      {U"年补贴", PayUnit::kYear},
    {U"年报酬", PayUnit::kYear},      {U"年薪", PayUnit::kYear},
    {U"每年", PayUnit::kYear},        {U"日工资", PayUnit::kDay},
    {U"日均报酬", PayUnit::kDay},     {U"日均工资", PayUnit::kDay},
    {U"日结", PayUnit::kDay},         {U"日薪", PayUnit::kDay},
    {U"日均", PayUnit::kDay},         {U"每天", PayUnit::kDay},
    {U"每日", PayUnit::kDay},         {U"每工日", PayUnit::kDay},
    {U"每工", PayUnit::kDay},         {U"工资", PayUnit::kUnsaid},
    {U"薪资", PayUnit::kUnsaid},      {U"薪酬", PayUnit::kUnsaid},
    {U"待遇", PayUnit::kUnsaid},      {U"报酬", PayUnit::kUnsaid},
    {U"收入", PayUnit::kUnsaid},      {U"补贴", PayUnit::kUnsaid},
    {U"补助", PayUnit::kUnsaid},      {U"津贴", PayUnit::kUnsaid},
    {U"工价", PayUnit::kUnsaid},      {U"工钱", PayUnit::kUnsaid},
    {U"大工", PayUnit::kUnsaid},      {U"小工", PayUnit::kUnsaid},
    {U"技工", PayUnit::kUnsaid},      {U"壮工", PayUnit::kUnsaid},
    {U"薪", PayUnit::kUnsaid}};

// Right behind 元.
constexpr UnitSaid kUnitsAfter[] = {
    {U"/小时", PayUnit::kHour},    {U"每小时", PayUnit::kHour}, {U"一小时", PayUnit::kHour},
    {U"一个小时", PayUnit::kHour}, {U"/时", PayUnit::kHour},    {U"/h", PayUnit::kHour},
    {U"/天", PayUnit::kDay},       {U"/日", PayUnit::kDay},     {U"一天", PayUnit::kDay},
    {U"每天", PayUnit::kDay},      {U"每日", PayUnit::kDay},    {U"/工日", PayUnit::kDay},
    {U"/月", PayUnit::kMonth},     {U"每月", PayUnit::kMonth},  {U"一个月", PayUnit::kMonth},
    {U"/年", PayUnit::kYear},      {U"每年", PayUnit::kYear},   {U"一年", PayUnit::kYear}};

constexpr std::u32string_view kMeasures[] = {
    U"平方米", U"平米", U"公斤", U"千克", U"公里", U"平方", U"立方", U"斤", U"件", U"个",
    U"双",     U"只",   U"套",   U"条",   U"张",   U"袋",   U"筐",   U"箱", U"吨", U"亩",
    U"米",     U"棵",   U"株",   U"把",   U"盒",   U"块",   U"片",   U"车", U"捆", U"打"};

// Money that is not the pay of the post.
constexpr WordSet kOtherMoney = {
    U"餐补",   U"饭补",     U"餐费",   U"交通",   U"车补",   U"话补",   U"房补",   U"住房补",
    U"夜班",   U"高温",     U"全勤",   U"工龄",   U"押金",   U"罚",     U"奖",     U"提成",
    U"投资",   U"资金",     U"保险费", U"费用",   U"体检",   U"培训费", U"介绍",   U"返费",
    U"社保",   U"住宿费",   U"水电",   U"一次性", U"加班费", U"试用",   U"实习",   U"扣",
    U"收取",   U"学费",     U"总额",   U"注册",   U"产值",   U"低保",   U"养老金", U"见习",
    U"学徒期", U"通讯",     U"话费",   U"绩效",   U"伙食",   U"住宿补", U"租房",   U"满勤",
    U"取暖",   U"降温",     U"防暑",   U"饮料",   U"通勤",   U"油补",   U"电话",   U"投入",
    U"福利",   U"加班工资", U"加班补", U"加班按", U"加班每"};

constexpr WordSet kAbilities = {U"大工", U"小工", U"技工", U"普工", U"熟练", U"学徒", U"壮工"};

struct PaySaid {
  Suggestion said;
  Range range;
  bool is_by_ability = false;
  bool is_base = false;  // 底薪: what is earned in all may be said beside it.
};

// The numbers of one pay while it is read.
struct Amounts {
  size_t first = 0;
  size_t last = 0;
  Suggestion pay = {};
  Range range = {};
  bool is_money = false;    // 元, 5k
  bool is_bounded = false;  // 以上
  bool has_label = false;
  bool is_base = false;
};

class PayReader {
 public:
  explicit PayReader(const Sentence& sentence) : sentence_(sentence) {}

  std::vector<PaySaid> Read() {
    for (size_t i = 0; i < sentence_.numbers().size(); ++i) ReadAt(i);
    JoinAbilities();
    return std::move(pays_);
  }

 private:
  const NoticeNumber& Number(size_t i) const { return sentence_.numbers()[i]; }

  // What words between a label and its amount say of it.
  enum class End : uint8_t { kBoth, kLeast, kMost };

  // Skips back over what stands between a label and its amount.
  End SkipBack(size_t& at) const {
    End said = End::kBoth;
    for (int i = 0; i < 6; ++i) {
      if (const size_t size =
              sentence_.SizeOfEnding(at, {U"不低于", U"不少于", U"保底", U"最低"})) {
        at -= size;
        said = End::kLeast;
        continue;
      }
      if (const size_t size = sentence_.SizeOfEnding(at, {U"最高可达", U"可达", U"最高"})) {
        at -= size;
        said = End::kMost;
        continue;
      }
      const size_t size =
          sentence_.SizeOfEnding(at, {U":", U"约", U"达", U"为", U"可", U"标准", U"发放", U"每人",
                                      U"人均", U"的", U"是", U"(", U"按", U"在", U"平均"});
      if (size == 0) break;
      at -= size;
    }
    return said;
  }

  // Whether a unit or a label of pay ends at `at`.
  bool TakeBefore(size_t& at, Suggestion& pay) const {
    for (const UnitSaid& entry : kUnitsBefore) {
      if (!sentence_.EndsAt(at, entry.word)) continue;
      at -= entry.word.size();
      pay.unit = entry.unit;
      return true;
    }
    for (const std::u32string_view measure : kMeasures) {
      if (!sentence_.EndsAt(at, measure)) continue;
      const size_t size = sentence_.SizeOfEnding(at - measure.size(), {U"每", U"一"});
      if (size == 0) continue;
      at -= size + measure.size();
      SetMeasure(measure, pay);
      return true;
    }
    return false;
  }

  // 焊工2名6000元, 焊工2名，6000元
  bool FollowsPeople(size_t i) const {
    if (i == 0) return false;
    size_t at = Number(i).range.begin;
    at -= sentence_.SizeOfEnding(at, {U","});
    const size_t size = sentence_.SizeOfEnding(at, {U"名", U"人"});
    return size > 0 && Number(i - 1).range.end == at - size;
  }

  // 每斤鲜叶30元
  bool TakeMeasureNear(size_t at, Suggestion& pay) const {
    constexpr size_t kNear = 5;
    for (const std::u32string_view measure :
         {U"每斤", U"每公斤", U"每件", U"每双", U"每箱", U"每筐", U"每亩"}) {
      if (!sentence_.SaysBefore(at, kNear, {measure})) continue;
      SetMeasure(measure.substr(1), pay);
      return true;
    }
    return false;
  }

  // Also where the ability stands in the clause before: 技工10人，日工资280元.
  bool IsOfAble(size_t at) const {
    const size_t begin = at > kPayWindow ? at - kPayWindow : 0;
    return SaysAny(std::u32string_view(sentence_.text()).substr(begin, at - begin), kAbilities);
  }

  bool TakeAfter(size_t& at, Suggestion& pay) const {
    size_t from = at + sentence_.SizeOfBeginning(at, {U"/人", U"每人"});
    for (const UnitSaid& entry : kUnitsAfter) {
      if (!sentence_.BeginsAt(from, entry.word)) continue;
      at = from + entry.word.size();
      at += sentence_.SizeOfBeginning(at, {U"/人"});
      pay.unit = entry.unit;
      return true;
    }
    const size_t sign = sentence_.SizeOfBeginning(from, {U"/", U"每", U"一"});
    for (const std::u32string_view measure : kMeasures) {
      if (sign == 0 || !sentence_.BeginsAt(from + sign, measure)) continue;
      at = from + sign + measure.size();
      SetMeasure(measure, pay);
      return true;
    }
    return false;
  }

  static void SetMeasure(std::u32string_view measure, Suggestion& pay) {
    pay.unit = PayUnit::kPiece;
    pay.measure.clear();
    for (const char32_t c : measure) AppendUtf8(c, pay.measure);
  }

  // 左右 says nothing more.
  bool TakeBounds(size_t& at, Suggestion& pay) const {
    const bool adds = sentence_.At(at) == '+' && IsHan(sentence_.At(at + 1));  // 4000元+补贴
    if (const size_t size =
            adds ? 0 : sentence_.SizeOfBeginning(at, {U"及以上", U"以上", U"起", U"+"})) {
      at += size;
      pay.most.reset();
      return true;
    }
    if (const size_t size = sentence_.SizeOfBeginning(at, {U"及以下", U"以下", U"以内"})) {
      at += size;
      pay.least.reset();
      return true;
    }
    at += sentence_.SizeOfBeginning(at, {U"左右"});
    return false;
  }

  // The amounts from number `i` on, with what says that they are ends: 4000-6000元以上.
  Amounts AmountsAt(size_t i) const {
    Amounts amounts{.first = i, .last = i};
    const NoticeNumber& first = Number(i);
    Suggestion& pay = amounts.pay;
    pay.field = NoticeField::kPay;
    pay.confidence = kOfPay;
    pay.least = pay.most = first.hundredths;
    size_t end = first.range.end;
    amounts.is_money = TakeYuan(end) || first.has_times;
    const size_t after_dash = sentence_.AfterDash(end);
    if (after_dash > end && i + 1 < sentence_.numbers().size() &&
        Number(i + 1).range.begin == after_dash) {
      amounts.last = i + 1;
      SetRange(first, Number(i + 1), pay);
      end = Number(i + 1).range.end;
      amounts.is_money |= Number(i + 1).has_times;
    }
    amounts.is_bounded = TakeBounds(end, pay);
    amounts.is_money |= TakeYuan(end);
    amounts.is_bounded |= TakeBounds(end, pay);
    amounts.range = {first.range.begin, end};
    return amounts;
  }

  // Takes the label before the amounts, and the unit on either side. Whether either is there.
  bool TakeUnits(Amounts& amounts) const {
    size_t begin = amounts.range.begin;
    Suggestion& pay = amounts.pay;
    const End said = SkipBack(begin);
    bool is_least = said == End::kLeast;
    amounts.has_label = TakeBefore(begin, pay) || TakeMeasureNear(amounts.range.begin, pay);
    amounts.is_base = sentence_.SizeOfBeginning(begin, {U"底薪", U"基本工资", U"基础工资"}) > 0 ||
                      sentence_.EndsAt(begin, U"保底");
    is_least |= amounts.is_base || sentence_.EndsAt(begin, U"最低");
    const bool has_unit_after = TakeAfter(amounts.range.end, pay);
    if (!has_unit_after && amounts.is_money) amounts.has_label |= FollowsPeople(amounts.first);
    if (!amounts.is_bounded) TakeBounds(amounts.range.end, pay);
    if (is_least && amounts.last == amounts.first) pay.most.reset();
    const bool is_most = said == End::kMost && amounts.last == amounts.first && !is_least;
    if (is_most && !amounts.is_bounded) pay.least.reset();
    if (amounts.has_label) amounts.range.begin = begin;
    return amounts.has_label || has_unit_after;
  }

  // Reads the pay of number `i`, if it is one, and moves to its last number.
  void ReadAt(size_t& i) {
    if (Number(i).is_dated) return;
    const size_t begin = Number(i).range.begin;
    Amounts amounts = AmountsAt(i);
    if (!TakeUnits(amounts)) return;
    const bool is_money =
        amounts.is_money || (amounts.has_label && IsPlainPay(amounts.pay, amounts.range.end));
    if (!is_money || !CompleteUnit(begin, amounts.has_label, amounts.pay)) return;
    if (sentence_.SaysBefore(begin, kPayPrefix, kOtherMoney) || !IsInBounds(amounts.pay)) return;
    i = amounts.last;
    pays_.push_back({.said = std::move(amounts.pay),
                     .range = amounts.range,
                     .is_by_ability = IsOfAble(begin),
                     .is_base = amounts.is_base});
  }

  bool TakeYuan(size_t& at) const {
    const size_t size = sentence_.SizeOfBeginning(at, {U"元", U"块钱", U"块"});
    at += size;
    return size > 0;
  }

  // 5-8k: what the second is multiplied by is said of both.
  static void SetRange(const NoticeNumber& first, const NoticeNumber& second, Suggestion& pay) {
    constexpr int64_t kTimes[] = {1'000, 10'000};
    pay.most = second.hundredths;
    for (const int64_t times : kTimes) {
      const bool is_short = second.has_times && !first.has_times && *pay.least < 100 * kFen &&
                            *pay.least * times <= *pay.most;
      if (is_short && second.hundredths % (times / 10) == 0) pay.least = first.hundredths * times;
    }
    if (*pay.most < *pay.least) std::swap(pay.least, pay.most);
  }

  // 月薪4200 without 元, but not 月薪2次.
  bool IsPlainPay(const Suggestion& pay, size_t end) const {
    const char32_t next = sentence_.At(end);
    const int64_t amount = pay.least.value_or(pay.most.value_or(0));
    return amount >= 10 * kFen && !IsHan(next) && next != '%' && next != '.';
  }

  // The unit that stands some words before, or that the amount alone tells.
  bool CompleteUnit(size_t at, bool has_label, Suggestion& pay) const {
    if (pay.unit != PayUnit::kUnsaid) return true;
    const std::u32string_view before = sentence_.Before(at, kPayWindow);
    pay.confidence = kOfPayByWindow;
    if (SaysAny(before, {U"每月", U"按月", U"月发", U"月薪", U"月工资"})) {
      pay.unit = PayUnit::kMonth;
    } else if (SaysAny(before, {U"每天", U"每日", U"日薪", U"日工资", U"按天"})) {
      pay.unit = PayUnit::kDay;
    } else if (SaysAny(before, {U"每小时", U"时薪"})) {
      pay.unit = PayUnit::kHour;
    } else if (SaysAny(before, {U"每年", U"年薪"})) {
      pay.unit = PayUnit::kYear;
    } else {
      const int64_t least = pay.least.value_or(pay.most.value_or(0));
      pay.unit = PayUnit::kMonth;
      pay.confidence = kOfPayWithoutUnit;
      return has_label && least >= kLeastOfMonth && least <= kMostOfMonth;
    }
    return true;
  }

  static bool IsInBounds(const Suggestion& pay) {
    const int64_t amount = pay.most.value_or(pay.least.value_or(0));
    if (amount <= 0 || amount > kMostOfAll) return false;
    const bool is_year = pay.unit == PayUnit::kYear;
    return is_year || amount <= 2 * kMostOfMonth;
  }

  // 大工每天300元，小工每天180元 is one pay, from the least able to the most.
  void JoinAbilities() {
    const auto is_by_ability = [](const PaySaid& pay) { return pay.is_by_ability; };
    const bool joins = pays_.size() > 1 && std::ranges::any_of(pays_, is_by_ability);
    if (!joins) return;
    PaySaid joined = pays_.front();
    for (const PaySaid& pay : pays_) {
      const bool is_plain = pay.said.unit == joined.said.unit && pay.said.least.has_value() &&
                            pay.said.most.has_value() && joined.said.least.has_value() &&
                            joined.said.most.has_value();
      if (!is_plain) return;
      joined.said.least = std::min(*joined.said.least, *pay.said.least);
      joined.said.most = std::max(*joined.said.most, *pay.said.most);
      joined.range.end = pay.range.end;
    }
    joined.said.by_ability = true;
    pays_ = {std::move(joined)};
  }

  const Sentence& sentence_;
  std::vector<PaySaid> pays_;
};

// 面议, 计件: only where no amount is said.
void FindPayInWords(const Sentences& sentences, Suggestions& found) {
  for (const Sentence& sentence : sentences) {
    const WordSet words = {U"面议", U"面谈", U"计件工资", U"计件"};
    const size_t at = sentence.Find(words);
    if (at == sentence.size()) continue;
    const bool is_pay =
        sentence.SaysBefore(at, kPayPrefix, {U"薪", U"工资", U"待遇", U"价", U"报酬"}) ||
        sentence.BeginsAt(at, U"计件") || sentence.Before(at, kPayPrefix).empty();
    if (!is_pay || sentence.SaysBefore(at, 3, {U"不", U"非"})) continue;
    found.push_back({.field = NoticeField::kPay,
                     .confidence = kOfPayInWords,
                     .words = sentence.WordsOf({at, at + sentence.SizeOfBeginning(at, words)})});
    return;
  }
}

// 不低于当地最低工资标准, 按最低工资标准的80%.
void FindMinimumWage(const Sentence& sentence, Suggestions& found) {
  constexpr int64_t kAllOfWage = 100;
  constexpr int64_t kMostOfWage = 1'000;
  const size_t at = sentence.Find({U"最低工资"});
  if (at == sentence.size()) return;
  constexpr size_t kWord = 4;  // 最低工资
  size_t end = at + kWord;
  end += sentence.SizeOfBeginning(end, {U"标准"});
  const bool is_tied =
      sentence.SaysBefore(at, kPayWindow, {U"不低于", U"按", U"执行", U"参照", U"为"});
  if (!is_tied || sentence.SaysAfter(end, 2, {U"倍", U"以上"})) return;
  Suggestion wage{
      .field = NoticeField::kMinimumWage, .number = kAllOfWage, .confidence = kOfMinimumWage};
  const size_t part = end + sentence.SizeOfBeginning(end, {U"的"});
  for (const NoticeNumber& number : sentence.numbers()) {
    if (number.range.begin != part) continue;
    wage.number = number.whole();
    if (sentence.At(number.range.end) != '%' || wage.number < 1 || wage.number > kMostOfWage) {
      return;
    }
    end = number.range.end + 1;
  }
  wage.words = sentence.WordsOf({at, end});
  found.push_back(std::move(wage));
}

}  // namespace

void FindPay(const Sentences& sentences, Suggestions& found) {
  std::vector<PaySaid> pays;
  for (const Sentence& sentence : sentences) {
    for (PaySaid& pay : PayReader(sentence).Read()) {
      pay.said.words = sentence.WordsOf(pay.range);
      pays.push_back(std::move(pay));
    }
  }
  const auto is_base = [](const PaySaid& pay) { return pay.is_base; };
  if (!std::ranges::all_of(pays, is_base)) std::erase_if(pays, is_base);
  for (PaySaid& pay : pays) found.push_back(std::move(pay.said));
  if (pays.empty()) FindPayInWords(sentences, found);
  for (const Sentence& sentence : sentences) FindMinimumWage(sentence, found);
}

}  // namespace leye::text
