// Groups that policy names, where the notice says what for: 脱贫户、零就业家庭优先, 仅限搬迁群众.
#include <algorithm>
#include <iterator>

#include "services/text/notice_finders.h"
#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr Percent kOfGroup = 88;
constexpr size_t kGroupWindow = 12;
constexpr size_t kOnlyWindow = 20;
constexpr size_t kPriorityWindow = 14;

struct GroupWord {
  std::u32string_view word;
  int64_t number;  // Of leye.v1.Group.
};

// Longer ones first.
constexpr GroupWord kGroupWords[] = {
    {U"易地扶贫搬迁", 1}, {U"易地搬迁", 1},     {U"搬迁群众", 1},      {U"搬迁人口", 1},
    {U"易迁群众", 1},     {U"易迁户", 1},       {U"易迁人口", 1},      {U"搬迁居民", 1},
    {U"三类户", 3},       {U"三类人员", 3},     {U"三类对象", 3},      {U"防止返贫监测", 3},
    {U"脱贫监测户", 3},   {U"退役士兵", 13},    {U"复员军人", 13},     {U"大龄失业", 11},
    {U"低保困难", 8},     {U"最低生活保障", 8}, {U"失业登记人员", 12}, {U"搬迁户", 1},
    {U"搬迁劳动力", 1},   {U"搬迁家庭", 1},     {U"脱贫不稳定", 3},    {U"脱贫户", 2},
    {U"脱贫人口", 2},     {U"脱贫劳动力", 2},   {U"脱贫家庭", 2},      {U"脱贫群众", 2},
    {U"建档立卡", 2},     {U"防返贫监测", 3},   {U"监测户", 3},        {U"监测对象", 3},
    {U"监测帮扶", 3},     {U"零就业家庭", 5},   {U"弱劳动力", 6},      {U"半劳动力", 6},
    {U"弱半劳动力", 6},   {U"弱劳力", 6},       {U"半劳力", 6},        {U"就业困难", 7},
    {U"低保户", 8},       {U"低保人员", 8},     {U"低保对象", 8},      {U"低保家庭", 8},
    {U"重度残疾", 10},    {U"残疾人", 9},       {U"残疾", 9},          {U"大龄人员", 11},
    {U"大龄劳动力", 11},  {U"登记失业", 12},    {U"失业登记", 12},     {U"退役军人", 13},
    {U"退伍军人", 13},    {U"高校毕业生", 14},  {U"返乡", 15},         {U"失地农民", 16},
    {U"被征地农民", 16},  {U"刑满释放", 17},    {U"单亲", 18}};

constexpr WordSet kOnlyBefore = {U"仅限", U"只限", U"面向",   U"对象",   U"须为",
                                 U"须是", U"应为", U"必须为", U"必须是", U"须属于",
                                 U"只招", U"限招", U"定向",   U"范围"};
// 易地搬迁安置点, which is a place.
constexpr WordSet kPlaceWords = {U"安置", U"集中", U"后续", U"社区",
                                 U"小区", U"项目", U"工程", U"县城"};

// Whether what stands at `at` may stand between two groups of a list.
bool IsBetween(const Sentence& sentence, size_t at) {
  const bool ends_clause = sentence.ClauseAt(at).end == at;
  return !ends_clause && IsOneOf(sentence.At(at),
                                 U",/和及或与以户家庭成员人劳动力的等群众口农民工对象扶贫搬迁中有");
}

// Groups named in one go.
struct GroupRun {
  std::vector<int64_t> numbers = {};
  std::vector<Range> ranges = {};
  size_t begin = 0;
  size_t end = 0;
};

// 登记失业的残疾人: the last group says which of those that begin at `at`.
bool DescribesWhatBegins(const Sentence& sentence, const GroupRun& run, size_t at) {
  return !run.ranges.empty() && run.ranges.back().end + 1 == at && sentence.EndsAt(at, U"的");
}

std::vector<GroupRun> RunsOf(const Sentence& sentence) {
  std::vector<GroupRun> runs;
  for (size_t at = 0; at < sentence.size();) {
    const GroupNamed group = GroupAt(sentence, at);
    if (group.size == 0) {
      if (!runs.empty() && runs.back().end == at && IsBetween(sentence, at)) ++runs.back().end;
      ++at;
      continue;
    }
    if (runs.empty() || runs.back().end != at) runs.push_back({.begin = at});
    if (DescribesWhatBegins(sentence, runs.back(), at)) {
      runs.back().numbers.pop_back();
      runs.back().ranges.pop_back();
    }
    runs.back().numbers.push_back(group.number);
    runs.back().ranges.push_back({at, at + group.size});
    at += group.size;
    runs.back().end = at;
  }
  return runs;
}

// 二、招聘对象, alone in its line: the next says who.
bool IsHeading(const Sentence& sentence) {
  constexpr size_t kLongest = 12;
  return sentence.size() <= kLongest &&
         sentence.SizeOfEnding(sentence.size(), {U"对象", U"对象:", U"范围", U"范围:"}) > 0;
}

// `is_headed`: a heading for those who are taken stands before the sentence.
std::optional<NoticeField> MeaningOf(const Sentence& sentence, const GroupRun& run,
                                     bool is_headed) {
  const size_t first = run.begin;
  const size_t last = run.ranges.back().end;
  if (sentence.At(last) == U'证' && !sentence.SaysBefore(first, kGroupWindow, {U"持", U"有"})) {
    return std::nullopt;
  }
  if (sentence.SaysBefore(first, kGroupWindow, {U"预留", U"名额", U"其中", U"除", U"非"})) {
    return std::nullopt;
  }
  const bool is_denied = sentence.SaysAfter(last, kPriorityWindow, {U"除外", U"不得", U"不予"});
  if (is_denied) return std::nullopt;
  const bool goes_first = sentence.SaysAfter(last, kPriorityWindow, {U"优先"}) ||
                          sentence.SaysBefore(first, kGroupWindow, {U"优先"});
  if (goes_first) return NoticeField::kPriority;
  const bool is_only = is_headed || sentence.SaysBefore(first, kGroupWindow, kOnlyBefore) ||
                       sentence.SaysBefore(first, kOnlyWindow, {U"对象:", U"条件:", U"范围:"}) ||
                       sentence.At(last) == U'证';  // 持有残疾人证
  if (is_only) return NoticeField::kEligible;
  return std::nullopt;
}

}  // namespace

GroupNamed GroupAt(const Sentence& sentence, size_t at) {
  for (const GroupWord& entry : kGroupWords) {
    if (!sentence.BeginsAt(at, entry.word)) continue;
    const bool is_place = sentence.SizeOfBeginning(at + entry.word.size(), kPlaceWords) > 0;
    return is_place ? GroupNamed{} : GroupNamed{entry.number, entry.word.size()};
  }
  return {};
}

void FindGroups(const Sentences& sentences, Suggestions& found) {
  bool is_headed = false;
  for (const Sentence& sentence : sentences) {
    for (const GroupRun& run : RunsOf(sentence)) {
      const std::optional<NoticeField> field = MeaningOf(sentence, run, is_headed);
      if (!field.has_value()) continue;
      for (size_t i = 0; i < run.numbers.size(); ++i) {
        found.push_back({.field = *field,
                         .number = run.numbers[i],
                         .confidence = kOfGroup,
                         .words = sentence.WordsOf(run.ranges[i])});
      }
    }
    is_headed = IsHeading(sentence);
  }
}

}  // namespace leye::text
