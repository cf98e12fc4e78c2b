#include "services/text/reader.h"

#include <algorithm>
#include <utility>

#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr Percent kWhole = 100;

// How much less sure a title is for what stands beside it.
constexpr Percent kStemBeforeText = 50;   // 电焊手套
constexpr Percent kStemAfterText = 85;    // ..电焊
constexpr Percent kTitleBeforeText = 92;  // 焊工..
constexpr Percent kShortAfterText = 72;   // ..车工: part of another word, perhaps.
constexpr Percent kShortInText = 50;      // 电车工资
constexpr Percent kTitleAfterText = 97;
constexpr Percent kQualified = 50;   // 空压机装配工, of no kin that is of the same trade.
constexpr Percent kRank = 94;        // 保洁主管
constexpr Percent kInBrackets = 65;  // 仓管（会开叉车）
constexpr Percent kOfPerson = 60;    // 机修工 会PLC: what else the person can do.
constexpr Percent kOfSound = 85;
constexpr Percent kEmployer = 50;  // 装修公司 and no other work: what they do there, perhaps.

constexpr Percent kOfSkill = 90;        // The skill itself.
constexpr Percent kOfSkillInText = 60;  // Unknown words stand beside it.
constexpr Percent kTradeOfSkill = 62;   // The trade that it belongs to.

constexpr Percent kUnsure = 60;  // Below, a slip of the pen is looked for.

constexpr Percent kOneGrade = 10;  // Closer ones stay in the order of the text.

constexpr size_t kShortTitle = 2;

std::vector<bool> FindBrackets(const std::u32string& text) {
  std::vector<bool> inside(text.size());
  bool open = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') open = i > 0;  // (急聘)电工: what comes first is no aside.
    if (text[i] == ')') open = false;
    inside[i] = open;
  }
  return inside;
}

bool IsTitle(const Token& token) {
  return token.term != nullptr && !token.term->meanings.empty() &&
         token.term->role != Role::kAnnouncement;
}

bool IsNoTrade(const Token& token) {
  return IsTitle(token) && token.term->meanings.front().trade == Meaning::kNoTrade;
}

bool IsOther(const Token& token) {
  return IsTitle(token) && token.term->meanings.front().trade == Meaning::kOther;
}

// How many characters of `text` from `begin` on differ from `title`.
size_t DifferingFrom(const std::u32string& title, const std::u32string& text, size_t begin) {
  size_t differ = 0;
  for (size_t i = 0; i < title.size(); ++i) differ += title[i] != text[begin + i] ? 1 : 0;
  return differ;
}

// How much surer than not a title stays of which something before it may make another trade.
Percent OfKin(const Term& term) { return kQualified + (kWhole - kQualified) * term.kin / kWhole; }

Role RoleOf(const Token& token) { return token.term == nullptr ? Role::kNone : token.term->role; }

}  // namespace

Reader::Reader(const Lexicon& lexicon, FoldedText text, const Contexts& around)
    : lexicon_(lexicon),
      text_(std::move(text)),
      numbers_(FindNumbers(text_)),
      selection_(Select(lexicon_, text_, numbers_, around)),
      in_brackets_(FindBrackets(text_.characters)),
      is_past_(FindPast()) {}

Normalized Reader::Read() {
  const size_t employer_end = SkipEmployer();
  for (size_t i = 0; i < selection_.tokens.size(); ++i) {
    const Token& token = selection_.tokens[i];
    if (token.finding != nullptr) {
      Finding finding = *token.finding;
      finding.words = text_.WordsOf(token.range);
      result_.findings.push_back(finding);
    }
    if (i >= employer_end) ReadToken(i);
  }
  Close(nullptr);
  if (candidates_.empty() && !other_work_ && !result_.no_trade_asked) {
    for (const Open& employer : employers_) Keep(employer, kEmployer);
    if (candidates_.empty()) GuessBySkill();
  }
  if (!other_work_ && !result_.no_trade_asked && IsUnsure()) GuessBySound();
  GiveTrades();
  return std::move(result_);
}

// 兴旺机械厂招聘焊工: the titles before the announcement are the employer's. From the right,
// keeping whether a title is in reach, so that each character is looked at once.
size_t Reader::SkipEmployer() const {
  const std::vector<Token>& tokens = selection_.tokens;
  size_t begin_of_next = text_.characters.size();
  bool reaches_title = false;
  for (size_t i = tokens.size(); i-- > 0;) {
    const Range range = tokens[i].range;
    const bool announces = RoleOf(tokens[i]) == Role::kAnnouncement;
    const bool has_colon =
        announces && range.end < begin_of_next && text_.characters[range.end] == ':';
    reaches_title &= IsOneStretch(range.end + (has_colon ? 1 : 0), begin_of_next);
    if (announces && reaches_title) return i;
    reaches_title = IsTitle(tokens[i]) || (reaches_title && IsOneStretch(range.begin, range.end));
    begin_of_next = range.begin;
  }
  return 0;
}

bool Reader::IsOneStretch(size_t begin, size_t end) const {
  return std::none_of(text_.characters.begin() + static_cast<std::ptrdiff_t>(begin),
                      text_.characters.begin() + static_cast<std::ptrdiff_t>(end), IsBreak);
}

void Reader::ReadToken(size_t index) {
  const Token& token = selection_.tokens[index];
  const Role role = RoleOf(token);
  ReadDenial(token);
  if (open_.has_value() && Absorb(token)) {
    previous_ = &token;
    return;
  }
  if (IsTitle(token)) {
    ReadTitle(token);
  } else {
    Close(&token);
  }
  if (token.term != nullptr && token.term->skill.has_value()) ReadSkill(token);
  if (role == Role::kLevel) ReadLevel(token);
  previous_ = &token;
}

// 不会电焊 denies what follows, also through words that say nothing; 电焊除外 what stands before.
void Reader::ReadDenial(const Token& token) {
  const Role role = RoleOf(token);
  const bool passes_on = role == Role::kNeutral || role == Role::kSeek;
  if (role == Role::kNegation || (passes_on && IsDenied(token.range.begin))) {
    denial_ends_.push_back(token.range.end);
  }
  if (token.term == nullptr || !token.term->denies_before || !open_.has_value()) return;
  if (open_->range.end != token.range.begin) return;
  // 焊工不要; but 焊工不做夜班 denies the night shifts.
  const bool is_last =
      role != Role::kNegation || BesideAfter(text_, token.range.end) != Beside::kText;
  open_->is_denied |= is_last;
}

// 以前开货车的，找门卫: from a word for the past to one that seeks or announces.
std::vector<bool> Reader::FindPast() const {
  std::vector<bool> is_past;
  bool in_past = false;
  bool has_other = false;
  for (const Token& token : selection_.tokens) {
    const Role role = RoleOf(token);
    if (role == Role::kPast) in_past = true;
    if (role == Role::kSeek || role == Role::kAnnouncement) in_past = false;
    is_past.push_back(in_past && IsTitle(token));
    has_other |= !in_past && IsTitle(token) && !IsNoTrade(token);
  }
  if (!has_other) is_past.assign(is_past.size(), false);
  return is_past;
}

bool Reader::Absorb(const Token& token) {
  const Role role = RoleOf(token);
  const size_t gap = token.range.begin - open_->range.end;
  if (role == Role::kLevel && gap <= 1) {  // 焊工（高级）
    if (!open_->level.has_value()) open_->level = token.term->level;
    if (gap == 0) open_->range.end = token.range.end;
    return true;
  }
  if (gap != 0 || (role != Role::kSuffix && role != Role::kRank)) return false;
  if (IsTitle(token) && !open_->term->is_stem && role != Role::kRank) return false;
  open_->has_suffix = true;
  open_->has_rank |= role == Role::kRank;
  if (token.term->level.has_value() &&
      !(token.term->NamesLevelOfPerson() && open_->term->is_stem)) {
    open_->level = token.term->level;
  }
  open_->range.end = token.range.end;
  return true;
}

void Reader::ReadLevel(const Token& token) {
  if (!result_.skills.empty() && previous_ != nullptr &&
      previous_->range.end == token.range.begin && previous_->term != nullptr &&
      previous_->term->skill == result_.skills.back().skill) {
    result_.skills.back().level = token.term->level;
  } else if (token.term->level.has_value()) {
    level_ = Level{*token.term->level, token.range.end};
  }
}

void Reader::ReadTitle(const Token& token) {
  Close(&token);
  open_ = Open{.term = token.term,
               .range = token.range,
               .follows_text = FollowsText(token.range),
               .is_qualified = IsQualified(token),
               .is_denied = IsDenied(token.range.begin) ||
                            is_past_[static_cast<size_t>(&token - selection_.tokens.data())],
               .level = token.term->level};
  if (level_.has_value() && level_->end == token.range.begin) open_->level = level_->level;
  level_.reset();
}

bool Reader::IsNamedByClass(const Token& token) const {
  const std::u32string& text = text_.characters;
  if (!lexicon_.is_driving_licence[*token.term->skill] || IsLicence(text, token.range.begin)) {
    return false;
  }
  size_t next = token.range.end;
  if (next < text.size() && (text[next] == ':' || text[next] == '(')) ++next;
  return IsLicence(text, next);
}

void Reader::ReadSkill(const Token& token) {
  if (IsDenied(token.range.begin) || IsNamedByClass(token)) return;
  const size_t skill = *token.term->skill;
  for (const SkillFound& before : result_.skills) {
    if (before.skill == skill) return;
  }
  SkillFound found{.skill = skill,
                   .confidence = kOfSkill,
                   .level = std::nullopt,
                   .words = text_.WordsOf(token.range)};
  const Token* next = TokenFrom(token.range.end);
  const bool has_suffix = next != nullptr && RoleOf(*next) == Role::kSuffix;
  const bool precedes_text = BesideAfter(text_, token.range.end) == Beside::kText && !has_suffix;
  if (FollowsText(token.range) || precedes_text) found.confidence = kOfSkillInText;
  if (level_.has_value() && level_->end == token.range.begin) found.level = level_->level;
  result_.skills.push_back(found);
}

bool Reader::IsDenied(size_t begin) const {
  const auto denies = [this](size_t at) {
    return std::binary_search(denial_ends_.begin(), denial_ends_.end(), at);
  };
  return denies(begin) || (begin > 0 && text_.characters[begin - 1] == ':' && denies(begin - 1));
}

bool Reader::FollowsText(Range range) const {
  if (BesideBefore(text_, range.begin) != Beside::kText) return false;
  return previous_ == nullptr || previous_->range.end != range.begin;
}

// 空压机 of 空压机装配工, 洗车 of 洗车美容学徒; but 喂猪的饲养员 is a person's work, and 纸箱包装
// is of the same trade as 打包.
bool Reader::IsQualified(const Token& token) const {
  const size_t begin = token.range.begin;
  if (BesideBefore(text_, begin) != Beside::kText || text_.characters[begin - 1] == U'的') {
    return false;
  }
  if (FollowsText(token.range)) return true;
  if (previous_ == nullptr || previous_->term == nullptr) return false;
  if (!IsTitle(*previous_)) return previous_->term->skill.has_value();
  const bool is_dropped = !dropped_.empty() && dropped_.back().end == begin;
  return is_dropped && previous_->term->meanings.back().trade != token.term->meanings.back().trade;
}

const Token* Reader::TokenFrom(size_t at) const {
  const std::vector<Token>& tokens = selection_.tokens;
  const auto found = std::lower_bound(
      tokens.begin(), tokens.end(), at,
      [](const Token& token, size_t position) { return token.range.begin < position; });
  return found != tokens.end() && found->range.begin == at ? &*found : nullptr;
}

const Token* Reader::TokenTo(size_t at) const {
  const std::vector<Token>& tokens = selection_.tokens;
  const auto found = std::lower_bound(
      tokens.begin(), tokens.end(), at,
      [](const Token& token, size_t position) { return token.range.end < position; });
  return found != tokens.end() && found->range.end == at ? &*found : nullptr;
}

bool Reader::PrecedesText(Range range) const {
  return BesideAfter(text_, range.end) == Beside::kText && TokenFrom(range.end) == nullptr;
}

// 预制板工 is no 制棒工, and 压机工 of 瓷砖厂压机工 no 轧机工.
bool Reader::IsInsideText(Range range) const {
  if (PrecedesText(range)) return true;
  if (BesideBefore(text_, range.begin) != Beside::kText) return false;
  const Token* before = TokenTo(range.begin);
  if (before == nullptr || RoleOf(*before) == Role::kOrganisation) return true;
  return RoleOf(*before) == Role::kNone && before->finding == nullptr && !IsTitle(*before);
}

bool Reader::IsUnsure() const {
  return std::all_of(candidates_.begin(), candidates_.end(), [](const Candidate& candidate) {
    return candidate.found.confidence < kUnsure;
  });
}

// The last noun is the work: of 电焊机销售 it is selling.
bool Reader::IsDroppedBy(const Open& title, const Token* next) const {
  if (title.is_denied) return true;
  if (next == nullptr || !IsTitle(*next)) return false;
  if (!IsOneStretch(title.range.end, next->range.begin)) return false;
  const size_t at = next->range.begin;
  if (text_.after_space[at] != 0) return false;
  if (IsNoTrade(*next) && at == title.range.end) return false;  // 搬运普工
  const bool is_stem = title.term->is_stem && !title.has_suffix;
  if (is_stem) return true;
  // 打药的绿化工 is a gardener; 缝纫工，可带货 is a person's work.
  const bool is_ability = IsOther(*next) && text_.characters[at] == U'会';  // 仓管员会电脑
  const bool ends_work = (IsOther(*next) && !is_ability) || text_.characters[at - 1] == U'的';
  return at == title.range.end && ends_work;
}

bool Reader::IsAbility(size_t begin) const {
  return begin > 0 && IsOneOf(text_.characters[begin - 1], U"会懂带");
}

Percent Reader::FactorOf(const Open& title, const Token* next) const {
  const bool is_known = next != nullptr && next->range.begin == title.range.end;
  const bool before_text = !is_known && BesideAfter(text_, title.range.end) == Beside::kText;
  Percent factor = kWhole;
  if (title.term->is_stem && !title.has_suffix) {
    if (before_text) factor = factor * kStemBeforeText / kWhole;
    if (title.follows_text) factor = factor * kStemAfterText / kWhole;
    const bool is_ability = IsAbility(title.range.begin) || IsAbility(title.range.begin + 1);
    const bool is_besides = is_ability || title.term->is_duty;
    if (names_person_ && is_besides) factor = factor * kOfPerson / kWhole;
  } else {
    const bool is_short = title.range.size() <= kShortTitle;
    if (before_text) factor = factor * kTitleBeforeText / kWhole;
    if (title.follows_text && is_short) {
      factor = factor * (before_text ? kShortInText : kShortAfterText) / kWhole;
    } else if (title.follows_text) {
      factor = factor * kTitleAfterText / kWhole;
    }
  }
  return title.has_rank ? factor * kRank / kWhole : factor;
}

void Reader::Close(const Token* next) {
  if (!open_.has_value()) return;
  const Open title = *std::exchange(open_, std::nullopt);
  const bool is_employer = next != nullptr && RoleOf(*next) == Role::kOrganisation &&
                           next->range.begin == title.range.end &&
                           text_.after_space[title.range.end] == 0;
  if (is_employer) {  // 装修公司
    employers_.push_back(title);
  } else if (IsDroppedBy(title, next)) {
    dropped_.push_back(title.range);
  } else {
    Keep(title, FactorOf(title, next));
  }
}

void Reader::Keep(const Open& title, Percent factor) {
  bool by_context = false;
  for (const Meaning& meaning : title.term->meanings) {
    if (meaning.contexts.none() && by_context) break;
    if (meaning.contexts.any() && (meaning.contexts & selection_.contexts).none()) continue;
    by_context |= meaning.contexts.any();
    if (meaning.trade == Meaning::kOther) {
      other_work_ = true;
    } else if (meaning.trade == Meaning::kNoTrade) {
      result_.no_trade_asked = true;
    } else {
      names_person_ |= !title.term->is_stem || title.has_suffix;
      Percent confidence = meaning.confidence * factor / kWhole;
      if (title.is_qualified && !by_context) confidence = confidence * OfKin(*title.term) / kWhole;
      confidence = std::clamp(confidence, 1, 99);
      candidates_.push_back({{.trade = meaning.trade,
                              .confidence = confidence,
                              .evidence = Evidence::kTitle,
                              .level = title.level,
                              .words = text_.WordsOf(title.range)},
                             in_brackets_[title.range.begin]});
    }
    if (by_context) break;
  }
}

// 会开装载机: a skill that only one trade has.
void Reader::GuessBySkill() {
  std::optional<uint32_t> trade;
  const SkillFound* evidence = nullptr;
  for (const SkillFound& skill : result_.skills) {
    const std::optional<uint32_t> of_skill = lexicon_.trade_of_skill[skill.skill];
    if (lexicon_.is_paper[skill.skill] || !of_skill.has_value()) continue;
    if (skill.confidence < kOfSkill) continue;
    if (trade.has_value() && trade != of_skill) return;
    trade = of_skill;
    evidence = &skill;
  }
  if (!trade.has_value()) return;
  candidates_.push_back({{.trade = *trade,
                          .confidence = kTradeOfSkill,
                          .evidence = Evidence::kSkill,
                          .level = evidence->level,
                          .words = evidence->words},
                         false});
}

// What is written rightly has been read: 焊工 of 不会焊工 stays denied. A title inside a longer
// slip may be part of it: 弧焊 of 氢弧焊.
bool Reader::IsSpoken(Range range) const {
  if (IsDenied(range.begin)) return true;
  const auto dropped =
      std::upper_bound(dropped_.begin(), dropped_.end(), range.begin,
                       [](size_t at, const Range& title) { return at < title.end; });
  if (dropped != dropped_.end() && dropped->begin < range.end) return true;
  const std::vector<Token>& tokens = selection_.tokens;
  auto token = std::upper_bound(tokens.begin(), tokens.end(), range.begin,
                                [](size_t at, const Token& each) { return at < each.range.end; });
  for (; token != tokens.end() && token->range.begin < range.end; ++token) {
    const bool is_part = token->range.begin >= range.begin && token->range.end <= range.end;
    if (IsTitle(*token) && (!is_part || token->range.size() == range.size())) return true;
  }
  return false;
}

// 氩狐焊: what sounds like a title and is mostly written like it; the longest, then the likest.
void Reader::GuessBySound() {
  std::u32string sounds;
  for (const char32_t c : text_.characters) {
    sounds.push_back(char32_t{lexicon_.characters.Sound(c)});
  }
  const Sounding* best = nullptr;
  Range range;
  size_t least = 0;
  for (const Match& match : lexicon_.sounds.FindAll(sounds)) {
    for (const Sounding& title : lexicon_.sounding[match.word]) {
      const size_t differ = DifferingFrom(title.text, text_.characters, match.range.begin);
      if (differ == 0 || differ * 3 > title.text.size()) continue;
      if (match.range.size() < range.size()) continue;
      if (match.range.size() == range.size() && differ >= least) continue;
      if (IsInsideText(match.range) || IsSpoken(match.range)) continue;
      best = &title;
      range = match.range;
      least = differ;
    }
  }
  if (best == nullptr) return;
  const size_t before = candidates_.size();
  Keep({.term = &lexicon_.terms[best->term], .range = range, .level = std::nullopt}, kOfSound);
  for (size_t i = before; i < candidates_.size(); ++i) {
    candidates_[i].found.evidence = Evidence::kSound;
  }
}

void Reader::GiveTrades() {
  const bool any_outside = std::any_of(candidates_.begin(), candidates_.end(),
                                       [](const Candidate& each) { return !each.in_brackets; });
  for (const Candidate& candidate : candidates_) {
    TradeFound found = candidate.found;
    if (any_outside && candidate.in_brackets) {
      found.confidence = std::max(1, found.confidence * kInBrackets / kWhole);
    }
    const auto same =
        std::find_if(result_.trades.begin(), result_.trades.end(),
                     [&found](const TradeFound& before) { return before.trade == found.trade; });
    if (same == result_.trades.end()) {
      result_.trades.push_back(found);
    } else if (same->confidence < found.confidence) {
      *same = found;
    }
  }
  std::stable_sort(result_.trades.begin(), result_.trades.end(),
                   [](const TradeFound& a, const TradeFound& b) {
                     return a.confidence / kOneGrade > b.confidence / kOneGrade;
                   });
}

}  // namespace leye::text
