// Ages: 18—60周岁, 男60周岁以下、女55周岁以下, 年满十八周岁，不超过60周岁, 可放宽至65周岁.
#include <algorithm>
#include <optional>
#include <utility>

#include "services/text/notice_finders.h"

namespace leye::text {
namespace {

constexpr int64_t kYoungestAsked = 14;
constexpr int64_t kOldestAsked = 80;
constexpr int64_t kSurelyUpper = 40;  // 男60: nobody asks men to be 60 at least.
constexpr int64_t kSurelyLower = 22;  // 18岁以下 are the children of somebody.
constexpr Percent kOfAge = 92;
constexpr Percent kOfAgeWithoutUnit = 80;
constexpr size_t kAgeWindow = 12;
constexpr size_t kLabelWindow = 8;

enum class Bound : uint8_t { kNone, kLower, kUpper };

// One statement about ages.
struct Age {
  Suggestion said;
  size_t sentence = 0;
  Range range;
  bool is_relaxed = false;  // `most` is that to which another one may be relaxed.
};

// How one age is written.
struct Wording {
  Range range;
  std::optional<int64_t> second;  // The end of a range.
  Bound bound = Bound::kNone;
  Sex sex = Sex::kUnsaid;
  bool has_unit = false;
  bool has_label = false;  // 年龄
  bool is_relaxed = false;
};

bool IsAge(const NoticeNumber& number) {
  const int64_t years = number.whole();
  return !number.is_dated && !number.has_times && years >= kYoungestAsked && years <= kOldestAsked;
}

class AgeReader {
 public:
  AgeReader(const Sentence& sentence, size_t index) : sentence_(sentence), index_(index) {}

  std::vector<Age> Read() {
    for (next_ = 0; next_ < sentence_.numbers().size();) {
      if (!ReadAt(next_)) ++next_;
    }
    Join();
    return std::move(ages_);
  }

 private:
  const NoticeNumber& Number(size_t i) const { return sentence_.numbers()[i]; }

  // Behind 周岁 and 岁, and a remark that they count.
  size_t AfterUnit(size_t at) const { return at + sentence_.SizeOfBeginning(at, {U"周岁", U"岁"}); }

  Bound TakeBound(size_t& at) const {
    at += sentence_.SizeOfBeginning(at, {U"(含)", U"(含本数)"});
    if (const size_t size = sentence_.SizeOfBeginning(
            at, {U"及以下", U"以下", U"以内", U"之内", U"内", U"(含)以下"})) {
      at += size;
      return Bound::kUpper;
    }
    if (const size_t size = sentence_.SizeOfBeginning(at, {U"及以上", U"以上", U"起"})) {
      at += size;
      return Bound::kLower;
    }
    return Bound::kNone;
  }

  Bound BoundBefore(size_t& begin) const {
    if (const size_t size = sentence_.SizeOfEnding(
            begin, {U"不得超过", U"不超过", U"不高于", U"不大于", U"最大", U"最高", U"未满"})) {
      begin -= size;
      return Bound::kUpper;
    }
    if (const size_t size = sentence_.SizeOfEnding(
            begin, {U"年满", U"已满", U"不低于", U"不小于", U"不少于", U"至少", U"满"})) {
      begin -= size;
      return Bound::kLower;
    }
    return Bound::kNone;
  }

  // Whose age begins at `begin`, which moves before the word: 男性年龄不超过..
  Sex SexBefore(size_t& begin) const {
    size_t at = begin;
    while (const size_t size = sentence_.SizeOfEnding(
               at, {U"年龄", U":", U"为", U"在", U"须", U"应", U"要求", U"("})) {
      at -= size;
    }
    const size_t end = at - sentence_.SizeOfEnding(at, {U"性", U"士", U"工", U"职工"});
    Sex sex = Sex::kUnsaid;
    if (sentence_.EndsAt(end, U"男女")) return Sex::kUnsaid;
    if (sentence_.EndsAt(end, U"男")) sex = Sex::kMale;
    if (sentence_.EndsAt(end, U"女")) sex = Sex::kFemale;
    if (sex != Sex::kUnsaid) begin = end - 1;
    return sex;
  }

  // Not who is asked for: those who are cared for, those who are turned away.
  bool IsOfOthers(size_t begin, size_t end) const {
    return sentence_.SaysBefore(
               begin, kLabelWindow,
               {U"老人", U"幼儿", U"儿童", U"小孩", U"患者", U"照护对象", U"服务对象"}) ||
           sentence_.SaysAfter(end, 4,
                               {U"老人", U"老年", U"儿童", U"幼儿", U"婴", U"孩", U"子女"}) ||
           sentence_.SaysAfter(
               end, kAgeWindow,
               {U"不得", U"不予", U"除外", U"谢绝", U"勿扰", U"勿报", U"不招", U"不收", U"不再",
                U"退出", U"离岗", U"解聘", U"清退", U"也可", U"也行", U"亦可", U"也要"});
  }

  // 男60、女55周岁以下, 男60女55以下: what stands behind the second is said of both.
  size_t UnitOfNext(size_t i) const {
    if (i + 1 >= sentence_.numbers().size() || !IsAge(Number(i + 1))) return 0;
    size_t begin = Number(i + 1).range.begin;
    if (begin - Number(i).range.end > 4 || SexBefore(begin) == Sex::kUnsaid) return 0;
    const size_t end = Number(i + 1).range.end;
    size_t after_bound = end;
    const bool is_bounded = TakeBound(after_bound) != Bound::kNone;
    return is_bounded || AfterUnit(end) > end ? AfterUnit(end) : 0;
  }

  // What stands from number `i` on.
  void ReadForward(size_t i, Wording& wording) const {
    size_t end = AfterUnit(Number(i).range.end);
    wording.has_unit = end > Number(i).range.end;
    const size_t after_dash = sentence_.AfterDash(end);
    const size_t after_unit = end;
    wording.bound = TakeBound(end);
    const bool has_second = wording.bound == Bound::kNone && after_dash > after_unit &&
                            i + 1 < sentence_.numbers().size() &&
                            Number(i + 1).range.begin == after_dash && IsAge(Number(i + 1));
    if (has_second) {
      wording.second = Number(i + 1).whole();
      end = AfterUnit(Number(i + 1).range.end);
      wording.has_unit |= end > Number(i + 1).range.end;
      TakeBound(end);
    }
    wording.range.end = end;
  }

  // What stands before it.
  void ReadBackward(size_t i, Wording& wording) const {
    size_t begin = Number(i).range.begin;
    wording.is_relaxed =
        sentence_.SizeOfEnding(begin, {U"放宽至", U"放宽到", U"放宽为", U"延长至", U"延长到"}) > 0;
    const Bound before = BoundBefore(begin);
    if (wording.bound == Bound::kNone) wording.bound = before;
    wording.has_label = sentence_.SaysBefore(begin, kLabelWindow, {U"年龄"});
    wording.sex = SexBefore(begin);
    wording.range.begin = begin;
    if (wording.has_unit || wording.sex == Sex::kUnsaid) return;
    if (i == second_of_pair_) {
      wording.has_unit = true;
      return;
    }
    size_t of_next = UnitOfNext(i);
    wording.has_unit = of_next > 0;
    if (wording.has_unit && wording.bound == Bound::kNone) wording.bound = TakeBound(of_next);
  }

  // Whether an age is meant, and that of those who are asked for.
  bool IsMeant(const Wording& wording) const {
    const size_t end = wording.range.end;
    if (IsOfOthers(wording.range.begin, end)) return false;
    const bool is_measured =
        sentence_.SizeOfBeginning(end, {U"个", U"元", U"名", U"人", U"%", U"年"}) > 0;
    return wording.has_unit || (wording.has_label && !is_measured);
  }

  // Reads the age of number `i` and moves behind it; false when it is none.
  bool ReadAt(size_t i) {
    if (!IsAge(Number(i))) return false;
    Wording wording;
    ReadForward(i, wording);
    ReadBackward(i, wording);
    if (!IsMeant(wording)) return false;
    Age age{.said = {.field = NoticeField::kAges,
                     .sex = wording.sex,
                     .confidence = wording.has_unit ? kOfAge : kOfAgeWithoutUnit},
            .sentence = index_,
            .range = wording.range,
            .is_relaxed = wording.is_relaxed};
    if (!SetYears(Number(i).whole(), wording.second, wording.bound, age)) return false;
    next_ = wording.second.has_value() ? i + 2 : i + 1;
    if (wording.sex != Sex::kUnsaid && UnitOfNext(i) > 0) second_of_pair_ = i + 1;
    ages_.push_back(std::move(age));
    return true;
  }

  static bool SetYears(int64_t first, std::optional<int64_t> second, Bound bound, Age& age) {
    if (second.has_value()) {
      if (*second < first) return false;
      age.said.least = first;
      age.said.most = second;
      return true;
    }
    const bool is_upper =
        bound == Bound::kUpper || age.is_relaxed ||
        (bound == Bound::kNone && age.said.sex != Sex::kUnsaid && first >= kSurelyUpper);
    if (is_upper) {
      age.said.most = first;
    } else if (bound == Bound::kLower) {
      age.said.least = first;
    }
    return is_upper || bound == Bound::kLower;
  }

  // 18周岁以上、60周岁以下 is one range; 可放宽至 belongs to the one before.
  void Join() {
    constexpr size_t kLongestGap = 6;
    std::vector<Age> joined;
    for (Age& age : ages_) {
      Age* last = joined.empty() ? nullptr : &joined.back();
      if (age.is_relaxed) {
        if (last != nullptr && last->said.most.has_value() && *last->said.most < *age.said.most) {
          last->said.relaxable_to = age.said.most;
        }
        continue;
      }
      const bool goes_on = last != nullptr && !last->said.most.has_value() &&
                           !age.said.least.has_value() && age.said.sex == Sex::kUnsaid &&
                           *last->said.least < *age.said.most &&
                           age.range.begin - last->range.end <= kLongestGap;
      if (goes_on) {
        last->said.most = age.said.most;
        last->range.end = age.range.end;
      } else {
        joined.push_back(std::move(age));
      }
    }
    ages_ = std::move(joined);
  }

  const Sentence& sentence_;
  const size_t index_;
  size_t next_ = 0;
  size_t second_of_pair_ = 0;  // Index of a number that shares its unit with the one before.
  std::vector<Age> ages_;
};

// 年满18周岁 is said of both sexes where each has its own upper end.
void ShareLeast(std::vector<Age>& ages) {
  const auto is_common = [](const Age& age) {
    return age.said.sex == Sex::kUnsaid && !age.said.most.has_value();
  };
  const auto common = std::ranges::find_if(ages, is_common);
  if (common == ages.end() || std::ranges::count_if(ages, is_common) > 1) return;
  const int64_t least = *common->said.least;
  bool is_shared = false;
  for (Age& age : ages) {
    if (age.said.least.has_value() || *age.said.most < least) continue;
    age.said.least = least;
    is_shared = true;
  }
  if (is_shared) ages.erase(std::ranges::find_if(ages, is_common));
}

// 男50周岁以上 names a group, 18岁以下 children: alone, neither is asked for.
bool IsOneSidedOfOthers(const Age& age) {
  if (!age.said.most.has_value()) return *age.said.least >= kSurelyUpper;
  return !age.said.least.has_value() && *age.said.most < kSurelyLower;
}

}  // namespace

void FindAges(const Sentences& sentences, Suggestions& found) {
  std::vector<Age> ages;
  for (size_t i = 0; i < sentences.size(); ++i) {
    for (Age& age : AgeReader(sentences[i], i).Read()) ages.push_back(std::move(age));
  }
  ShareLeast(ages);
  std::erase_if(ages, IsOneSidedOfOthers);
  for (Age& age : ages) {
    age.said.words = sentences[age.sentence].WordsOf(age.range);
    found.push_back(std::move(age.said));
  }
}

}  // namespace leye::text
