// Sex, education and what is given besides pay: 限男性, 初中及以上学历, 包吃住, 缴纳五险.
#include <algorithm>
#include <optional>

#include "services/text/notice_finders.h"

namespace leye::text {
namespace {

constexpr Percent kOfSexLimit = 90;
constexpr Percent kOfEducation = 92;
constexpr Percent kOfBenefit = 90;
constexpr size_t kAskedWindow = 8;

struct EducationWord {
  std::u32string_view word;
  int64_t number;  // Of leye.v1.Education.
};

constexpr EducationWord kEducationWords[] = {
    {U"小学", 2}, {U"初中", 3}, {U"高中", 4}, {U"中专", 4},   {U"职高", 4},
    {U"中职", 4}, {U"技校", 4}, {U"中技", 4}, {U"大专", 5},   {U"专科", 5},
    {U"高职", 5}, {U"本科", 6}, {U"硕士", 6}, {U"研究生", 6}, {U"博士", 6}};

const EducationWord* EducationAt(const Sentence& sentence, size_t at) {
  for (const EducationWord& entry : kEducationWords) {
    if (sentence.BeginsAt(at, entry.word)) return &entry;
  }
  return nullptr;
}

// Behind 高中（中专）, 高中或中专: the first is the least.
size_t AfterTwin(const Sentence& sentence, size_t at) {
  const size_t sign = sentence.SizeOfBeginning(at, {U"(", U"/", U"或", U","});
  const EducationWord* twin = sign > 0 ? EducationAt(sentence, at + sign) : nullptr;
  if (twin == nullptr) return at;
  at += sign + twin->word.size();
  return at + sentence.SizeOfBeginning(at, {U")"});
}

// Whether nothing else stands in its clause, or in its brackets: 客房服务员5名(女)
bool IsClause(const Sentence& sentence, Range range) {
  const Range clause = sentence.ClauseAt(range.begin);
  const bool begins = clause.begin == range.begin || sentence.EndsAt(range.begin, U"(");
  return begins && (clause.end == range.end || sentence.At(range.end) == U')');
}

bool AsksEducation(const Sentence& sentence, size_t begin, size_t end) {
  static constexpr WordSet kSaid = {U"及以上", U"以上", U"(含)以上", U"及其以上", U"学历",
                                    U"文化",   U"毕业", U"水平",     U"文凭"};
  if (sentence.SaysBefore(begin, kAskedWindow, {U"不限", U"不要求"})) return false;
  if (sentence.SaysAfter(end, kAskedWindow, {U"优先", U"以下", U"学生", U"更佳"})) return false;
  if (sentence.SizeOfBeginning(end, kSaid) > 0 || IsClause(sentence, {begin, end})) return true;
  return sentence.SizeOfBeginning(end, {U"生", U"教", U"学校", U"部"}) == 0 &&
         sentence.SizeOfEnding(begin, {U"学历:", U"文化程度:", U"学历为", U"学历", U"文化程度",
                                       U"学历要求:", U"学历不低于", U"文化程度不低于"}) > 0;
}

void FindEducation(const Sentence& sentence, Suggestions& found) {
  for (size_t at = 0; at < sentence.size(); ++at) {
    const EducationWord* education = EducationAt(sentence, at);
    if (education == nullptr) continue;
    const size_t end = AfterTwin(sentence, at + education->word.size());
    if (AsksEducation(sentence, at, end)) {
      const size_t said = sentence.SizeOfBeginning(end, {U"及以上", U"以上"});
      found.push_back({.field = NoticeField::kMinEducation,
                       .number = education->number,
                       .confidence = kOfEducation,
                       .words = sentence.WordsOf({at, end + said})});
    }
    at = end - 1;
  }
}

void AddSex(const Sentence& sentence, Range range, Sex sex, Suggestions& found) {
  found.push_back({.field = NoticeField::kSexLimit,
                   .sex = sex,
                   .confidence = kOfSexLimit,
                   .words = sentence.WordsOf(range)});
}

// Behind 限, 只招, 性别：, or ages (18-45岁女性，), or alone in its clause.
bool LimitsSex(const Sentence& sentence, size_t at, size_t end) {
  static constexpr WordSet kLimits = {U"仅限",     U"只限", U"限",    U"只招",   U"仅招",
                                      U"只要",     U"限招", U"性别:", U"性别为", U"性别要求:",
                                      U"性别要求", U"性别", U"要求",  U"须为",   U"必须是"};
  const size_t size = sentence.SizeOfEnding(at, kLimits);
  if (size > 0) return !sentence.EndsAt(at - size, U"不") && !sentence.EndsAt(at, U"不限");
  const bool ends_clause = sentence.ClauseAt(at).end == end || sentence.At(end) == U')';
  const bool follows_label =
      sentence.SizeOfEnding(at, {U"条件:", U"要求:", U"岁", U"岁以下", U"岁以内", U"岁及以下",
                                 U"岁之间", U"岁左右", U"岁的"}) > 0;
  return IsClause(sentence, {at, end}) || (ends_clause && follows_label);
}

void FindSexLimit(const Sentence& sentence, Suggestions& found) {
  for (size_t at = 0; at < sentence.size(); ++at) {
    const bool is_male = sentence.At(at) == U'男';
    if (!is_male && sentence.At(at) != U'女') continue;
    const char32_t next = sentence.At(at + 1);
    const char32_t before = at > 0 ? sentence.At(at - 1) : U'\0';
    if (next == U'男' || next == U'女' || before == U'男' || before == U'女') continue;
    const size_t end =
        at + 1 + sentence.SizeOfBeginning(at + 1, {U"性", U"士", U"工", U"生", U"的"});
    if (sentence.SaysAfter(end, kAskedWindow, {U"不限", U"优先", U"均可", U"皆可"})) continue;
    if (LimitsSex(sentence, at, end)) {
      AddSex(sentence, {at, end}, is_male ? Sex::kMale : Sex::kFemale, found);
    }
  }
}

struct BenefitWord {
  std::u32string_view word;
  NoticeField field;
  std::optional<NoticeField> second;
};

constexpr NoticeField kFood = NoticeField::kMeals;
constexpr NoticeField kBed = NoticeField::kLodging;

// Longer ones first: what stands in one is not looked at again.
constexpr BenefitWord kBenefitWords[] = {
    {U"吃住全包", kFood, kBed},
    {U"吃住全管", kFood, kBed},
    {U"吃住全免", kFood, kBed},
    {U"吃住免费", kFood, kBed},
    {U"食宿免费", kFood, kBed},
    {U"免费吃住", kFood, kBed},
    {U"提供吃住", kFood, kBed},
    {U"解决食宿", kFood, kBed},
    {U"供吃住", kFood, kBed},
    {U"免费提供食宿", kFood, kBed},
    {U"免费提供吃住", kFood, kBed},
    {U"免费提供住宿", kBed, std::nullopt},
    {U"免费提供宿舍", kBed, std::nullopt},
    {U"免费提供工作餐", kFood, std::nullopt},
    {U"提供免费工作餐", kFood, std::nullopt},
    {U"提供免费午餐", kFood, std::nullopt},
    {U"免费提供午餐", kFood, std::nullopt},
    {U"工作餐免费", kFood, std::nullopt},
    {U"午餐免费", kFood, std::nullopt},
    {U"中餐免费", kFood, std::nullopt},
    {U"三餐免费", kFood, std::nullopt},
    {U"免费三餐", kFood, std::nullopt},
    {U"免费两餐", kFood, std::nullopt},
    {U"免费中餐", kFood, std::nullopt},
    {U"免费用餐", kFood, std::nullopt},
    {U"提供三餐", kFood, std::nullopt},
    {U"提供中餐", kFood, std::nullopt},
    {U"管一顿午餐", kFood, std::nullopt},
    {U"管一顿午饭", kFood, std::nullopt},
    {U"管中午饭", kFood, std::nullopt},
    {U"管中饭", kFood, std::nullopt},
    {U"包午饭", kFood, std::nullopt},
    {U"包中饭", kFood, std::nullopt},
    {U"包中餐", kFood, std::nullopt},
    {U"包早晚餐", kFood, std::nullopt},
    {U"包两餐", kFood, std::nullopt},
    {U"包一餐", kFood, std::nullopt},
    {U"包一日三餐", kFood, std::nullopt},
    {U"包餐", kFood, std::nullopt},
    {U"提供集体宿舍", kBed, std::nullopt},
    {U"提供员工宿舍", kBed, std::nullopt},
    {U"安排住宿", kBed, std::nullopt},
    {U"住宿免费", kBed, std::nullopt},
    {U"宿舍免费", kBed, std::nullopt},
    {U"包吃包住", kFood, kBed},
    {U"管吃管住", kFood, kBed},
    {U"包吃住", kFood, kBed},
    {U"管吃住", kFood, kBed},
    {U"包食宿", kFood, kBed},
    {U"管食宿", kFood, kBed},
    {U"提供食宿", kFood, kBed},
    {U"免费食宿", kFood, kBed},
    {U"食宿全包", kFood, kBed},
    {U"提供免费食宿", kFood, kBed},
    {U"包吃", kFood, std::nullopt},
    {U"管吃", kFood, std::nullopt},
    {U"管饭", kFood, std::nullopt},
    {U"包三餐", kFood, std::nullopt},
    {U"包午餐", kFood, std::nullopt},
    {U"管午饭", kFood, std::nullopt},
    {U"管一顿饭", kFood, std::nullopt},
    {U"管两顿饭", kFood, std::nullopt},
    {U"管三顿饭", kFood, std::nullopt},
    {U"管一餐", kFood, std::nullopt},
    {U"包工作餐", kFood, std::nullopt},
    {U"提供工作餐", kFood, std::nullopt},
    {U"提供午餐", kFood, std::nullopt},
    {U"免费工作餐", kFood, std::nullopt},
    {U"免费午餐", kFood, std::nullopt},
    {U"包住", kBed, std::nullopt},
    {U"管住", kBed, std::nullopt},
    {U"提供住宿", kBed, std::nullopt},
    {U"提供宿舍", kBed, std::nullopt},
    {U"免费住宿", kBed, std::nullopt},
    {U"免费宿舍", kBed, std::nullopt},
    {U"提供简易住宿", kBed, std::nullopt},
    {U"提供免费住宿", kBed, std::nullopt},
    {U"五险一金", NoticeField::kSocialInsurance, std::nullopt},
    {U"五险", NoticeField::kSocialInsurance, std::nullopt},
    {U"六险", NoticeField::kSocialInsurance, std::nullopt},
    {U"缴纳社会保险", NoticeField::kSocialInsurance, std::nullopt},
    {U"购买社会保险", NoticeField::kSocialInsurance, std::nullopt},
    {U"缴纳社保", NoticeField::kSocialInsurance, std::nullopt},
    {U"购买社保", NoticeField::kSocialInsurance, std::nullopt},
    {U"办理社会保险", NoticeField::kSocialInsurance, std::nullopt},
    {U"交社会保险", NoticeField::kSocialInsurance, std::nullopt},
    {U"缴社会保险", NoticeField::kSocialInsurance, std::nullopt},
    {U"买社会保险", NoticeField::kSocialInsurance, std::nullopt},
    {U"办理社保", NoticeField::kSocialInsurance, std::nullopt},
    {U"缴社保", NoticeField::kSocialInsurance, std::nullopt},
    {U"交社保", NoticeField::kSocialInsurance, std::nullopt},
    {U"买社保", NoticeField::kSocialInsurance, std::nullopt},
    {U"上社保", NoticeField::kSocialInsurance, std::nullopt},
    {U"意外伤害保险", NoticeField::kAccidentInsurance, std::nullopt},
    {U"意外伤害险", NoticeField::kAccidentInsurance, std::nullopt},
    {U"意外保险", NoticeField::kAccidentInsurance, std::nullopt},
    {U"意外险", NoticeField::kAccidentInsurance, std::nullopt}};

// Not given, or to be brought along.
bool IsGiven(const Sentence& sentence, size_t begin, size_t end) {
  static constexpr WordSet kNotGiven = {U"不", U"无",   U"未",   U"没", U"须",
                                        U"需", U"自行", U"自费", U"已"};
  return !sentence.SaysBefore(begin, 4, kNotGiven) &&
         !sentence.SaysAfter(end, 4, {U"满", U"自理", U"自费", U"记录"});
}

void FindBenefits(const Sentence& sentence, Suggestions& found) {
  for (size_t at = 0; at < sentence.size(); ++at) {
    const auto* const benefit = std::ranges::find_if(
        kBenefitWords, [&](const BenefitWord& entry) { return sentence.BeginsAt(at, entry.word); });
    if (benefit == std::end(kBenefitWords)) continue;
    const size_t end = at + benefit->word.size();
    if (IsGiven(sentence, at, end)) {
      Suggestion given{
          .field = benefit->field, .confidence = kOfBenefit, .words = sentence.WordsOf({at, end})};
      found.push_back(given);
      if (benefit->second.has_value()) {
        given.field = *benefit->second;
        found.push_back(given);
      }
    }
    at = end - 1;
  }
}

}  // namespace

void FindAsked(const Sentences& sentences, Suggestions& found) {
  for (const Sentence& sentence : sentences) {
    FindSexLimit(sentence, found);
    FindEducation(sentence, found);
    FindBenefits(sentence, found);
  }
}

}  // namespace leye::text
