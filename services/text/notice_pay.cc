// Pay: 月薪4000-6000元, 焊工2名6000元, 180元/天, 每斤25元, 大工每天300元，小工每天180元, 面议,
// 按最低工资标准.
#include <algorithm>
#include <utility>

#include "services/text/notice_finders.h"
#include "services/text/notice_pay_words.h"
#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr int64_t kFen = 100;
constexpr int64_t kLeastOfMonth = 1'000 * kFen;  // Without a unit: less is no month's pay,
constexpr int64_t kMostOfMonth = 50'000 * kFen;  // and more no labourer's.
constexpr int64_t kLeastBare = 1'500 * kFen;
constexpr int64_t kMostBare = 30'000 * kFen;
constexpr int64_t kMostOfAll = 1'000'000 * kFen;

constexpr Percent kOfPay = 92;
constexpr Percent kOfPayByWindow = 85;  // The unit stands some words away.
constexpr Percent kOfPayWithoutUnit = 75;
constexpr Percent kOfBarePay = 65;  // Nothing but its place says that it is pay.
constexpr Percent kOfPayInWords = 80;
constexpr Percent kOfMinimumWage = 85;

constexpr size_t kPayWindow = 12;
constexpr size_t kPayPrefix = 8;
constexpr size_t kAbleWindow = 16;
constexpr size_t kExampleWindow = 6;

struct PaySaid {
  Suggestion said;
  Range range;
  bool is_by_ability = false;
  bool is_base = false;     // 底薪: what is earned in all may be said beside it.
  bool is_example = false;  // 一天能挣200元, where it is paid by the piece.
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
  bool has_unit_after = false;
  bool is_base = false;
};

// 大工每天300元，小工每天180元 is one pay, from the least able to the most.
void JoinAbilities(std::vector<PaySaid>& pays) {
  const auto is_by_ability = [](const PaySaid& pay) { return pay.is_by_ability; };
  if (pays.size() < 2 || std::ranges::none_of(pays, is_by_ability)) return;
  PaySaid joined = pays.front();
  for (const PaySaid& pay : pays) {
    const bool is_plain = pay.said.unit == PayUnit::kDay && joined.said.unit == PayUnit::kDay &&
                          pay.said.least.has_value() && pay.said.most.has_value() &&
                          joined.said.least.has_value() && joined.said.most.has_value();
    if (!is_plain) return;
    joined.said.least = std::min(*joined.said.least, *pay.said.least);
    joined.said.most = std::max(*joined.said.most, *pay.said.most);
    joined.range.end = pay.range.end;
    joined.said.words.end = pay.said.words.end;
  }
  joined.said.by_ability = true;
  pays = {std::move(joined)};
}

class PayReader {
 public:
  explicit PayReader(const Sentence& sentence) : sentence_(sentence) {}

  std::vector<PaySaid> Read() {
    for (size_t i = 0; i < sentence_.numbers().size(); ++i) ReadAt(i);
    JoinAbilities(pays_);
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
      const size_t size = sentence_.SizeOfEnding(
          at, {U":",    U"约",   U"达",   U"均为", U"为",   U"可",   U"标准", U"发放", U"每人",
               U"人均", U"的",   U"是",   U"(",    U"按",   U"在",   U"平均", U"税前", U"税后",
               U"到手", U"实发", U"一般", U"大概", U"能拿", U"能挣", U"可挣", U"能赚"});
      if (size == 0) break;
      at -= size;
    }
    return said;
  }

  // Whether a unit or a label of pay ends at `at`.
  bool TakeBefore(size_t& at, Suggestion& pay) const {
    for (const UnitSaid& entry : kUnitsBefore) {
      if (!sentence_.EndsAt(at, entry.word)) continue;
      const size_t begin = at - entry.word.size();
      const bool is_counted = entry.word.front() == U'一' &&  // 第一个月
                              sentence_.SizeOfEnding(begin, {U"第", U"满", U"前", U"过"}) > 0;
      if (is_counted) return false;
      at = begin;
      pay.unit = entry.unit;
      if (pay.unit == PayUnit::kUnsaid) TakePeriodBefore(at, pay);
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

  // 年 of 年管护费, but not of 2026年管护费, 满一年出师后.
  void TakePeriodBefore(size_t& at, Suggestion& pay) const {
    static constexpr UnitSaid kPeriods[] = {
        {U"年", PayUnit::kYear}, {U"月", PayUnit::kMonth}, {U"日", PayUnit::kDay}};
    for (const UnitSaid& period : kPeriods) {
      const char32_t before = at > 1 ? sentence_.At(at - 2) : U'\0';
      const bool is_counted = IsDigit(before) || IsOneOf(before, U"一二三两半");
      if (!sentence_.EndsAt(at, period.word) || is_counted) continue;
      pay.unit = period.unit;
      --at;
      return;
    }
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
    const size_t begin = at > kAbleWindow ? at - kAbleWindow : 0;
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
    amounts.is_base =
        sentence_.SizeOfBeginning(begin, {U"底薪", U"基本工资", U"基础工资", U"基本报酬"}) > 0 ||
        sentence_.EndsAt(begin, U"保底") ||
        sentence_.SaysBefore(amounts.range.begin, 4, {U"保底", U"底薪"});
    if (const size_t size = sentence_.SizeOfBeginning(amounts.range.end, {U"底薪", U"保底"})) {
      amounts.is_base = amounts.has_label = true;
      amounts.range.end += size;
    }
    is_least |= amounts.is_base || sentence_.EndsAt(begin, U"最低");
    amounts.has_unit_after = TakeAfter(amounts.range.end, pay);
    if (!amounts.has_unit_after && amounts.is_money) {
      amounts.has_label |= FollowsPeople(amounts.first);
    }
    if (!amounts.is_bounded) TakeBounds(amounts.range.end, pay);
    if (is_least && amounts.last == amounts.first) pay.most.reset();
    const bool is_most = said == End::kMost && amounts.last == amounts.first && !is_least;
    if (is_most && !amounts.is_bounded) pay.least.reset();
    if (amounts.has_label) amounts.range.begin = begin;
    return amounts.has_label || amounts.has_unit_after;
  }

  // Reads the pay of number `i`, if it is one, and moves to its last number.
  void ReadAt(size_t& i) {
    if (Number(i).is_dated) return;
    const size_t begin = Number(i).range.begin;
    Amounts amounts = AmountsAt(i);
    if (!TakeUnits(amounts) && !TakeBare(amounts)) return;
    if (!IsMoney(amounts) || !CompleteUnit(begin, amounts.has_label, amounts.pay)) return;
    if (IsOtherMoney({begin, amounts.range.end}) || !IsInBounds(amounts.pay)) return;
    if (IsAllowance(begin, amounts)) return;
    i = amounts.last;
    pays_.push_back({.said = std::move(amounts.pay),
                     .range = amounts.range,
                     .is_by_ability = IsOfAble(begin),
                     .is_base = amounts.is_base,
                     .is_example = sentence_.SaysBefore(begin, kExampleWindow, kExamples)});
  }

  // 月薪4200, and 350/天
  bool IsMoney(const Amounts& amounts) const {
    if (amounts.is_money) return true;
    if (amounts.has_label) return IsPlainPay(amounts.pay, amounts.range.end);
    return amounts.has_unit_after && amounts.pay.unit != PayUnit::kPiece &&
           amounts.pay.least.value_or(0) >= LeastWithoutYuan(amounts.pay.unit);
  }

  static int64_t LeastWithoutYuan(PayUnit unit) {
    switch (unit) {
      case PayUnit::kHour:
        return 10 * kFen;
      case PayUnit::kDay:
        return 50 * kFen;
      default:
        return kLeastOfMonth;
    }
  }

  // Less is some allowance.
  static int64_t LeastSaid(PayUnit unit) {
    switch (unit) {
      case PayUnit::kDay:
        return 30 * kFen;
      case PayUnit::kMonth:
        return 200 * kFen;
      case PayUnit::kYear:
        return 500 * kFen;
      default:
        return 1;
    }
  }

  // An amount in which nothing but its place says that it is pay: 保洁2600元, or alone in a clause,
  // 3500-4000. 每天8小时100元 is a day's.
  bool TakeBare(Amounts& amounts) const {
    const Range range = amounts.range;
    Suggestion& pay = amounts.pay;
    if (!pay.least.has_value() || !pay.most.has_value()) return false;
    if (sentence_.EndsAt(range.begin, U"小时") && amounts.is_money) {
      pay.unit = PayUnit::kDay;
      pay.confidence = kOfBarePay;
      return *pay.least >= LeastWithoutYuan(PayUnit::kDay);
    }
    const Range clause = sentence_.ClauseAt(range.begin);
    const bool ends = clause.end == range.end || IsOneOf(sentence_.At(range.end), U"+,(");
    size_t begin = range.begin;
    const bool is_alone = SkipBack(begin) == End::kBoth && clause.begin == begin;
    const bool follows_person = sentence_.SizeOfEnding(range.begin, kPeopleEnds) > 0;
    const bool is_range = amounts.first != amounts.last && is_alone;
    if (!ends || !(amounts.is_money ? is_alone || follows_person : is_range)) return false;
    pay.unit = PayUnit::kMonth;
    pay.confidence = kOfBarePay;
    amounts.is_money = true;
    return *pay.least >= kLeastBare && *pay.most <= kMostBare && *pay.least % (100 * kFen) == 0;
  }

  bool IsOtherMoney(Range range) const {
    constexpr size_t kJustBehind = 5;
    const bool is_overtime = sentence_.SaysBefore(range.begin, kPayPrefix, {U"加班"}) &&
                             !sentence_.SaysBefore(range.begin, kPayWindow,
                                                   {U"含加班", U"括加班", U"不加班", U"算加班"});
    const bool is_trial = sentence_.SaysBefore(range.begin, kPayWindow, kTrials) &&
                          !sentence_.SaysBefore(range.begin, kPayWindow, kTrialsOver);
    return is_overtime || is_trial || sentence_.SaysBefore(range.begin, kPayPrefix, kOtherMoney) ||
           (!IsOneOf(sentence_.At(range.end), U"+(") &&
            sentence_.SaysAfter(range.end, kJustBehind, kOtherMoneyBehind));
  }

  // 补贴1000元, and nobody says what for.
  bool IsAllowance(size_t at, const Amounts& amounts) const {
    return amounts.pay.confidence == kOfPayWithoutUnit &&
           sentence_.SaysBefore(at, 4, kAllowances) &&
           !sentence_.SaysBefore(at, kPayWindow, kOfPosts);
  }

  bool TakeYuan(size_t& at) const {
    const size_t size = sentence_.SizeOfBeginning(at, {U"元", U"块钱", U"块"});
    at += size;
    return size > 0;
  }

  // 5-8k: what the second is multiplied by is said of both.
  void SetRange(const NoticeNumber& first, const NoticeNumber& second, Suggestion& pay) const {
    pay.most = second.hundredths;
    const int64_t times = IsOneOf(sentence_.At(second.range.end - 1), U"w万") ? 10'000 : 1'000;
    const bool is_short = second.has_times && !first.has_times && *pay.least < 100 * kFen &&
                          *pay.least * times <= *pay.most;
    if (is_short) pay.least = first.hundredths * times;
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
    if (amount > kMostOfAll) return false;
    if (amount < LeastSaid(pay.unit)) return false;
    const bool is_year = pay.unit == PayUnit::kYear;
    return is_year || amount <= 2 * kMostOfMonth;
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
  const auto is_by_piece = [](const PaySaid& pay) { return pay.said.unit == PayUnit::kPiece; };
  if (std::ranges::any_of(pays, is_by_piece)) {
    std::erase_if(pays, [](const PaySaid& pay) { return pay.is_example; });
  }
  if (std::ranges::all_of(pays, &PaySaid::is_by_ability)) JoinAbilities(pays);
  for (PaySaid& pay : pays) found.push_back(std::move(pay.said));
  if (pays.empty()) FindPayInWords(sentences, found);
  for (const Sentence& sentence : sentences) FindMinimumWage(sentence, found);
}

}  // namespace leye::text
