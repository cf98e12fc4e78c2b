// How many people: 招聘焊工3名, 招聘人数：2-3人, 若干名, 每户限1人, 其中2个名额定向招聘搬迁群众.
#include <algorithm>
#include <optional>

#include "services/text/notice_finders.h"
#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr int64_t kMostOpenings = 10'000;
constexpr int64_t kMostOfHousehold = 10;
constexpr Percent kOfOpenings = 92;
constexpr Percent kOfOpeningsByWindow = 82;
constexpr Percent kOfVagueOpenings = 85;
constexpr Percent kOfCap = 92;
constexpr Percent kOfReserved = 80;
constexpr size_t kPeopleWindow = 12;

constexpr WordSet kOneHousehold = {U"每户",     U"一户", U"1户",    U"同一家庭",
                                   U"每个家庭", U"每家", U"同一户", U"户内"};

// People that are there, or meant otherwise.
constexpr WordSet kOtherPeople = {U"现有", U"拥有", U"在职", U"在岗", U"带动", U"吸纳", U"每村",
                                  U"每班", U"每组", U"宿舍", U"累计", U"容纳", U"辐射", U"服务对",
                                  U"每间", U"人均", U"团队", U"面试", U"推荐", U"录取", U"每个",
                                  U"超过", U"不足", U"日均", U"已招", U"已聘", U"各村", U"各社区"};
// The same, but part of titles too: 仓储管理员1名, 看护人员1名.
constexpr WordSet kTended = {U"管理", U"照顾", U"看护", U"经验"};
// Those who are there, not a trade.
constexpr WordSet kStaff = {U"员工", U"职工", U"学员", U"社员", U"党员"};
constexpr WordSet kCountLabels = {U"人数:", U"名额:", U"岗位数:", U"数量:", U"人数为:", U"人数:约"};

// Who is there already; what follows in the sentence may go on listing them.
constexpr WordSet kThere = {U"现有", U"共有", U"拥有", U"原有", U"已有"};
constexpr size_t kListWindow = 60;  // such a list is not longer

constexpr WordSet kHires = {U"招",   U"聘",   U"需",     U"缺",   U"录用", U"名额",
                            U"人数", U"共计", U"岗位数", U"用工", U"各"};

// How titles end.
constexpr WordSet kTitleEnds = {U"工",   U"员",   U"师",   U"师傅", U"人员", U"司机", U"保安",
                                U"保洁", U"帮厨", U"阿姨", U"岗",   U"岗位", U"门卫", U"学徒"};

class PeopleReader {
 public:
  PeopleReader(const Sentence& sentence, Suggestions& found) : sentence_(sentence), found_(found) {}

  void Read() {
    parts_begin_ = sentence_.Find({U"其中"});
    fair_begin_ = sentence_.Find({U"招聘会"});
    for (size_t i = 0; i < sentence_.numbers().size(); ++i) ReadAt(i);
    AddSexes();
    ReadVague();
    ReadPostOfHousehold();
  }

 private:
  const NoticeNumber& Number(size_t i) const { return sentence_.numbers()[i]; }

  size_t AfterPeople(size_t at) const {
    return at + sentence_.SizeOfBeginning(at, {U"个名额", U"个岗位", U"个人", U"名", U"人", U"位"});
  }

  void ReadAt(size_t& i) {
    if (Number(i).is_dated || Number(i).has_times || Number(i).whole() < 1) return;
    Suggestion openings{.field = NoticeField::kOpenings, .confidence = kOfOpenings};
    openings.least = openings.most = Number(i).whole();
    Range range = Number(i).range;
    size_t end = range.end;
    const size_t middle = AfterPeople(end);
    const size_t after_dash = sentence_.AfterDash(middle);
    const bool is_range = after_dash > middle && i + 1 < sentence_.numbers().size() &&
                          Number(i + 1).range.begin == after_dash && Number(i + 1).whole() > 0;
    end = is_range ? Number(i + 1).range.end : end;
    range.end = AfterPeople(end);
    if (range.end == end && !IsLabelled(range.begin, end)) return;
    if (is_range) {
      ++i;
      openings.most = Number(i).whole();
      if (*openings.most < *openings.least) return;
    }
    if (*openings.most > kMostOpenings || IsOtherWord(range.end)) return;
    openings.words = sentence_.WordsOf(range);
    Take(range, std::move(openings));
  }

  // Whether the number needs no 名: 人数：8, 岗位12个
  bool IsLabelled(size_t begin, size_t end) const {
    const bool is_of_things = sentence_.At(end) == U'个';
    const bool is_of_fair = fair_begin_ < begin;
    if (is_of_things && sentence_.EndsAt(begin, U"岗位") && !is_of_fair) return true;
    if (sentence_.SizeOfEnding(begin, kCountLabels) == 0) return false;
    const bool ends_word =
        end == sentence_.size() || !IsHan(sentence_.At(end)) ||
        sentence_.WordsOf({end, end + 1}).begin > sentence_.WordsOf({begin, end}).end;  // A blank.
    return ends_word || is_of_things;
  }

  // Where the title ends that stands before `at`: 技工(砌筑)8人
  size_t EndOfTitle(size_t at) const {
    constexpr size_t kLongestRemark = 12;
    if (!sentence_.EndsAt(at, U")")) return at;
    for (size_t begin = at - 1; begin > 0 && at - begin < kLongestRemark; --begin) {
      if (sentence_.At(begin) == U'(') return begin;
    }
    return at;
  }

  // 4人间, 10人以上, 3人一组
  bool IsOtherWord(size_t end) const {
    return sentence_.SizeOfBeginning(end, {U"间", U"以上", U"次", U"桌", U"的公司", U"一组",
                                           U"一班", U"规模", U"/", U"每", U"家庭", U"组"}) > 0;
  }

  void Take(Range range, Suggestion openings) {
    if (const size_t begin = BeginOfHousehold(range.begin); begin < range.begin) {
      if (*openings.most > kMostOfHousehold) return;
      openings.words = sentence_.WordsOf({begin, range.end});
      openings.field = NoticeField::kHouseholdCap;
      openings.number = *openings.most;
      openings.least.reset();
      openings.most.reset();
      openings.confidence = kOfCap;
      found_.push_back(std::move(openings));
      return;
    }
    if (TakeReserved(range, openings) || range.begin > parts_begin_) return;
    const std::u32string_view before = sentence_.Before(range.begin, kPeopleWindow);
    if (SaysAny(before, kOtherPeople)) return;
    if (const size_t sex = sentence_.SizeOfEnding(range.begin, {U"男", U"女", U"男性", U"女性"})) {
      if (*openings.least == *openings.most) sexes_.push_back(std::move(openings));
      return;
    }
    const size_t title_end = EndOfTitle(range.begin);
    const bool follows_title = sentence_.SizeOfEnding(title_end, kTitleEnds) > 0;
    const bool is_staff = sentence_.SizeOfEnding(title_end, kStaff) > 0;
    if (!follows_title && SaysAny(before, kTended)) return;
    const bool is_known = follows_title && !is_staff && !IsOfThoseThere(range.begin);
    if (!SaysAny(before, kHires) && !is_known) return;
    if (!follows_title) {
      const size_t label =
          sentence_.SizeOfEnding(range.begin, {U":", U"招", U"聘", U"招聘", U"需"});
      if (label == 0) openings.confidence = kOfOpeningsByWindow;
    }
    found_.push_back(std::move(openings));
  }

  // 现有厨师2名，保洁员3名
  bool IsOfThoseThere(size_t at) const {
    for (size_t begin = at; begin > 0 && at - begin < kListWindow;) {
      --begin;
      if (sentence_.SizeOfBeginning(begin, kHires) > 0) return false;
      if (sentence_.SizeOfBeginning(begin, kThere) > 0) return true;
    }
    return false;
  }

  // Where 每户 stands before `at`; `at` where it does not.
  size_t BeginOfHousehold(size_t at) const {
    const size_t earliest = at - sentence_.Before(at, kPeopleWindow).size();
    for (size_t begin = earliest; begin < at; ++begin) {
      if (sentence_.SizeOfBeginning(begin, kOneHousehold) > 0) return begin;
    }
    return at;
  }

  // 其中2个名额定向招聘搬迁群众, 预留3个岗位给残疾人.
  bool TakeReserved(Range range, const Suggestion& openings) {
    const bool is_part = range.begin > parts_begin_;
    const bool is_kept =
        sentence_.SaysBefore(range.begin, 6, {U"预留", U"留出", U"拿出", U"保留", U"专设"});
    if (!is_part && !is_kept) return false;
    const size_t end = std::min(sentence_.size(), range.end + kPeopleWindow);
    for (size_t at = range.end; at < end; ++at) {
      const GroupNamed group = GroupAt(sentence_, at);
      if (group.size == 0) continue;
      const bool is_kept_for =
          is_kept || sentence_.SaysAfter(
                         range.end, kPeopleWindow,
                         {U"定向", U"专", U"面向", U"用于", U"招", U"留", U"给", U"安置", U"限"});
      if (!is_kept_for || sentence_.At(range.end) == ',') return false;
      Suggestion reserved = openings;
      reserved.field = NoticeField::kReserved;
      reserved.number = group.number;
      reserved.confidence = kOfReserved;
      reserved.words = sentence_.WordsOf({range.begin, at + group.size});
      found_.push_back(std::move(reserved));
      return true;
    }
    return false;
  }

  // 男3名，女5名, where nothing says how many together.
  void AddSexes() {
    const bool has_all = std::ranges::any_of(
        found_, [](const Suggestion& each) { return each.field == NoticeField::kOpenings; });
    if (has_all || sexes_.size() != 2) return;
    Suggestion all = sexes_.front();
    all.least = all.most = *sexes_[0].least + *sexes_[1].least;
    all.words.end = sexes_[1].words.end;
    all.confidence = kOfOpeningsByWindow;
    found_.push_back(std::move(all));
  }

  // 若干名
  void ReadVague() {
    const size_t at = sentence_.Find({U"若干"});
    if (at == sentence_.size()) return;
    const size_t end = at + 2 + sentence_.SizeOfBeginning(at + 2, {U"名", U"人", U"个"});
    const bool is_said = end > at + 2 || sentence_.SaysBefore(at, kPeopleWindow, kHires) ||
                         sentence_.SizeOfEnding(at, kTitleEnds) > 0;
    if (!is_said) return;
    found_.push_back({.field = NoticeField::kOpenings,
                      .confidence = kOfVagueOpenings,
                      .words = sentence_.WordsOf({at, end})});
  }

  // 一户一岗
  void ReadPostOfHousehold() {
    const WordSet words = {U"一户一岗", U"每户一岗", U"1户1岗", U"一户1岗"};
    const size_t at = sentence_.Find(words);
    if (at == sentence_.size()) return;
    found_.push_back({.field = NoticeField::kHouseholdCap,
                      .number = 1,
                      .confidence = kOfCap,
                      .words = sentence_.WordsOf({at, at + sentence_.SizeOfBeginning(at, words)})});
  }

  const Sentence& sentence_;
  Suggestions& found_;
  size_t parts_begin_ = 0;  // Behind it the openings are broken down.
  size_t fair_begin_ = 0;   // Behind it they are those of many employers.
  Suggestions sexes_;
};

}  // namespace

size_t SizeOfTitleEnd(const Sentence& sentence, size_t at) {
  return sentence.SizeOfEnding(at, kTitleEnds);
}

void FindHeadcounts(const Sentences& sentences, Suggestions& found) {
  Suggestions people;  // Apart, for AddSexes looks whether openings were said.
  for (const Sentence& sentence : sentences) PeopleReader(sentence, people).Read();
  found.insert(found.end(), people.begin(), people.end());
}

}  // namespace leye::text
