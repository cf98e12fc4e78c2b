// From when until when, for how long: 合同期一年, 临时用工3个月, 2026年3月至6月, 用工时间3月至10月.
#include <algorithm>
#include <optional>

#include "absl/time/civil_time.h"

#include "services/text/notice_finders.h"
#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr int64_t kMonthsOfYear = 12;
constexpr int64_t kMostTerm = 120;  // Months.
constexpr Percent kOfTerm = 90;
constexpr Percent kOfDate = 90;
constexpr size_t kTermWindow = 14;

constexpr WordSet kOfWork = {U"用工", U"工作", U"上岗", U"聘",   U"合同", U"服务", U"工期",
                             U"施工", U"岗位", U"务工", U"期限", U"季节", U"临时", U"采摘"};
constexpr WordSet kNotOfWork = {U"报名", U"公示", U"面试", U"发布", U"截止", U"体检", U"考试",
                                U"申请", U"出生", U"培训", U"毕业", U"登记", U"受理", U"公告"};

// A day, or a month without its day.
struct CalendarDay {
  std::optional<int64_t> year;
  int64_t month = 0;
  std::optional<int64_t> day;
  Range range;
};

class TermReader {
 public:
  TermReader(Sentence& sentence, Suggestions& found) : sentence_(sentence), found_(found) {}

  void Read() {
    ReadCalendar();
    for (size_t i = 0; i < sentence_.numbers().size(); ++i) ReadLength(i);
  }

 private:
  // At most `most` digits, or none.
  std::optional<int64_t> TakeDigits(size_t& at, size_t least, size_t most) const {
    int64_t value = 0;
    size_t end = at;
    for (; IsDigit(sentence_.At(end)); ++end) {
      if (end - at == most) return std::nullopt;
      value = value * 10 + (sentence_.At(end) - '0');
    }
    if (end - at < least) return std::nullopt;
    at = end;
    return value;
  }

  // 2026年3月1日, 2026年3月, 3月10日, 2026.3.1, 2026-03-01.
  std::optional<CalendarDay> DayAt(size_t at) const {
    CalendarDay day;
    day.range.begin = at;
    size_t end = at;
    const std::optional<int64_t> year = TakeDigits(end, 4, 4);
    char32_t sign = U'年';
    if (year.has_value()) {
      sign = sentence_.At(end);
      if (*year < 1990 || *year > 2100 || !IsOneOf(sign, U"年.-/")) return std::nullopt;
      day.year = year;
      ++end;
    }
    const std::optional<int64_t> month = TakeDigits(end, 1, 2);
    if (!month.has_value() || *month < 1 || *month > kMonthsOfYear) return std::nullopt;
    day.month = *month;
    const bool is_written = sign == U'年';
    if (is_written && sentence_.At(end) != U'月') return std::nullopt;
    const bool ends_with_month = is_written || sentence_.At(end) == sign;
    day.range.end = end + (is_written ? 1 : 0);
    if (!ends_with_month) return is_written ? std::optional(day) : std::nullopt;
    size_t after = end + 1;
    const std::optional<int64_t> number = TakeDigits(after, 1, 2);
    const size_t unit = sentence_.SizeOfBeginning(after, {U"日", U"号"});
    if (number.has_value() && *number >= 1 && *number <= 31 && (!is_written || unit > 0)) {
      day.day = number;
      day.range.end = after + unit;
    }
    return is_written || day.day.has_value() ? std::optional(day) : std::nullopt;
  }

  void ReadCalendar() {
    std::vector<CalendarDay> days;
    for (size_t at = 0; at < sentence_.size();) {
      const bool begins = IsDigit(sentence_.At(at)) && (at == 0 || !IsDigit(sentence_.At(at - 1)));
      const std::optional<CalendarDay> day = begins ? DayAt(at) : std::nullopt;
      if (day.has_value()) days.push_back(*day);
      at = day.has_value() ? day->range.end : at + 1;
    }
    for (size_t i = 0; i + 1 < days.size(); ++i) {
      const size_t end = days[i].range.end + sentence_.SizeOfBeginning(days[i].range.end, {U"起"});
      const size_t after = sentence_.AfterDash(end);
      if (after > end && after == days[i + 1].range.begin) {
        ReadSpan(days[i], days[i + 1]);
      }
    }
    MarkDays(days);
  }

  // Days and numbers ascend.
  void MarkDays(const std::vector<CalendarDay>& days) {
    size_t day = 0;
    for (NoticeNumber& number : sentence_.numbers()) {
      while (day < days.size() && days[day].range.end <= number.range.begin) ++day;
      if (day == days.size()) return;
      number.is_dated |= number.range.begin >= days[day].range.begin;
    }
  }

  bool IsOfWork(size_t at) const {
    const std::u32string_view before = sentence_.Before(at, kTermWindow);
    return !SaysAny(before, kNotOfWork) && SaysAny(before, kOfWork);
  }

  void ReadSpan(const CalendarDay& first, const CalendarDay& last) {
    const bool is_before_work = sentence_.SaysAfter(last.range.end, 4, {U"用工", U"上岗", U"施工"});
    if (!is_before_work && !IsOfWork(first.range.begin)) return;
    const Words words = sentence_.WordsOf({first.range.begin, last.range.end});
    if (!first.year.has_value()) {  // 3月至10月
      if (first.day.has_value() || last.day.has_value() || last.year.has_value()) return;
      if (last.month < first.month) return;
      Add(NoticeField::kTerm, last.month - first.month + 1, words);
      return;
    }
    const absl::CivilDay start(*first.year, first.month, first.day.value_or(1));
    const int64_t year = last.year.value_or(*first.year);
    const absl::CivilDay until = last.day.has_value() ? absl::CivilDay(year, last.month, *last.day)
                                                      : absl::CivilDay(year, last.month + 1, 1) - 1;
    if (until < start) return;
    Add(NoticeField::kStartDate, Number(start), words);
    Add(NoticeField::kEndDate, Number(until), words);
  }

  static int64_t Number(absl::CivilDay day) {
    return day.year() * 10'000 + int64_t{day.month()} * 100 + day.day();
  }

  void Add(NoticeField field, int64_t number, Words words) {
    const Percent confidence = field == NoticeField::kTerm ? kOfTerm : kOfDate;
    found_.push_back({.field = field, .number = number, .confidence = confidence, .words = words});
  }

  // 3个月, 一年, 两年期.
  void ReadLength(size_t i) {
    const NoticeNumber& number = sentence_.numbers()[i];
    if (number.is_dated || number.whole() < 1) return;
    size_t end = number.range.end;
    const bool is_month = sentence_.BeginsAt(end, U"个月");
    const size_t size = sentence_.SizeOfBeginning(end, {U"个月", U"年"});
    if (size == 0) return;
    end += size;
    const int64_t months = number.whole() * (is_month ? 1 : kMonthsOfYear);
    const size_t begin = number.range.begin;
    const bool is_bounded =
        sentence_.SizeOfEnding(begin, {U"-", U"~", U"至", U"到", U"满", U"不超过", U"最长", U"第",
                                       U"不少于", U"不低于", U"至少", U"超过"}) > 0 ||
        sentence_.SizeOfBeginning(end, {U"以上", U"及以上", U"以内", U"内", U"-", U"级", U"经验"}) >
            0;
    if (is_bounded || months > kMostTerm || !IsLengthOfWork(begin, end)) return;
    Add(NoticeField::kTerm, months, sentence_.WordsOf({begin, end}));
  }

  bool IsLengthOfWork(size_t begin, size_t end) const {
    const std::u32string_view before = sentence_.Before(begin, 10);
    if (SaysAny(before, {U"试用", U"公示", U"社保", U"经验", U"驾龄", U"最长", U"不超过", U"累计",
                         U"居住", U"从事", U"缴纳", U"质保", U"培训", U"毕业", U"近"})) {
      return false;
    }
    if (sentence_.SizeOfBeginning(end, {U"期", U"一签", U"一聘", U"劳动合同", U"合同", U"短工",
                                        U"短期", U"的短", U"的劳动合同"}) > 0) {
      return true;
    }
    return SaysAny(before, {U"合同", U"聘期", U"聘用期", U"服务期", U"期限", U"工期", U"为期",
                            U"签订", U"临时", U"短期", U"季节", U"用工", U"工作周期", U"施工期"});
  }

  Sentence& sentence_;
  Suggestions& found_;
};

}  // namespace

void FindTerms(Sentences& sentences, Suggestions& found) {
  for (Sentence& sentence : sentences) TermReader(sentence, found).Read();
}

}  // namespace leye::text
