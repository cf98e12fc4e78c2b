// Trades and papers, read clause by clause as phrases are: 招聘电焊工3名, 持C1驾照.
#include <algorithm>
#include <string_view>

#include "services/text/notice_finders.h"
#include "services/text/reader.h"
#include "services/text/selection.h"

namespace leye::text {
namespace {

constexpr Percent kOfSureTrade = 60;  // Less is no suggestion.
constexpr Percent kOfPaper = 88;
constexpr Percent kOfOneOfPapers = 45;  // C1或C2: a posting asks each of its papers.

constexpr WordSet kOffers = {U"招",    U"聘",       U"急需",  U"需要",  U"需",
                             U"岗位:", U"岗位名称", U"职位:", U"工种:", U"录用"};
constexpr WordSet kDuties = {U"负责", U"从事",   U"协助",   U"配合",   U"职责", U"内容", U"优先",
                             U"经验", U"帮助",   U"参加",   U"接受",   U"服从", U"同住", U"轮流",
                             U"轮班", U"招聘会", U"聘用后", U"录用后", U"照看", U"每名", U"已招"};
constexpr WordSet kWelcome = {U"优先", U"更佳", U"为佳", U"加分", U"择优",   U"者可",   U"另加",
                              U"加薪", U"上浮", U"最好", U"津贴", U"者每月", U"者工资", U"补贴"};
// Papers that one need not bring.
constexpr WordSet kNotBrought = {U"无证", U"没有",     U"不需",   U"无需",   U"不要求", U"也可",
                                 U"代办", U"统一办理", U"组织考", U"公司办", U"报销",   U"免费考"};
constexpr WordSet kPaperSigns = {U"证", U"照", U"a1", U"a2", U"b1", U"b2", U"c1", U"c2"};

class WorkReader {
 public:
  WorkReader(const Lexicon& lexicon, const Contexts& around, const Sentence& sentence,
             Suggestions& found)
      : lexicon_(lexicon), around_(around), sentence_(sentence), found_(found) {}

  void Read() {
    for (const Range clause : sentence_.clauses()) {
      if (clause.size() > 0) ReadClause(clause);
    }
  }

 private:
  void ReadClause(Range clause) {
    const std::u32string_view text =
        std::u32string_view(sentence_.text()).substr(clause.begin, clause.size());
    const bool has_papers =
        SaysAny(text, kPaperSigns) && !SaysAny(text, kWelcome) && !SaysAny(text, kNotBrought);
    const bool offers = SaysAny(text, kOffers) || HasCountedPeople(clause);
    const bool has_trades = offers && !SaysAny(text, kDuties);
    if (!has_papers && !has_trades) return;
    const absl::string_view raw = sentence_.RawOf(clause);
    const size_t begin = sentence_.WordsOf(clause).begin;
    const Normalized read = Reader(lexicon_, Fold(raw, lexicon_.characters), around_).Read();
    if (has_trades) AddTrades(read, begin);
    if (has_papers) AddPapers(read, begin, SaysAny(text, {U"或", U"之一"}));
  }

  // 护林员3名
  bool HasCountedPeople(Range clause) const {
    const std::vector<NoticeNumber>& numbers = sentence_.numbers();
    auto number = std::ranges::lower_bound(
        numbers, clause.begin, {}, [](const NoticeNumber& each) { return each.range.begin; });
    for (; number != numbers.end() && number->range.begin < clause.end; ++number) {
      if (number->range.begin == clause.begin) continue;
      if (sentence_.SizeOfBeginning(number->range.end, {U"名", U"人"}) > 0) return true;
    }
    return false;
  }

  void AddTrades(const Normalized& read, size_t begin) {
    for (const TradeFound& trade : read.trades) {
      if (trade.confidence < kOfSureTrade) continue;
      found_.push_back({.field = NoticeField::kTrade,
                        .number = static_cast<int64_t>(trade.trade),
                        .confidence = trade.confidence,
                        .words = {trade.words.begin + begin, trade.words.end + begin}});
    }
  }

  // 驾照 in B2以上驾照
  bool IsNamedByOther(const Normalized& read, const SkillFound& skill, size_t begin) const {
    const auto has_class = [&](const SkillFound& each) {
      const absl::string_view words =
          each.words.In(sentence_.raw().substr(begin - sentence_.begin()));
      return lexicon_.is_driving_licence[each.skill] &&
             std::ranges::any_of(words, [](char c) { return c >= '1' && c <= '4'; });
    };
    return lexicon_.is_driving_licence[skill.skill] && !has_class(skill) &&
           std::ranges::any_of(read.skills, has_class);
  }

  void AddPapers(const Normalized& read, size_t begin, bool is_choice) {
    for (const SkillFound& skill : read.skills) {
      if (!lexicon_.is_paper[skill.skill] || IsNamedByOther(read, skill, begin)) continue;
      found_.push_back({.field = NoticeField::kCertificate,
                        .number = static_cast<int64_t>(skill.skill),
                        .confidence = is_choice ? kOfOneOfPapers : kOfPaper,
                        .words = {skill.words.begin + begin, skill.words.end + begin}});
    }
  }

  const Lexicon& lexicon_;
  const Contexts& around_;
  const Sentence& sentence_;
  Suggestions& found_;
};

// A notice begins with who is hiring: 示例养老院招聘公告, and what they call 护理员.
Contexts ContextsOfHead(const Sentences& sentences, const Lexicon& lexicon) {
  constexpr size_t kSentences = 2;
  constexpr size_t kCharacters = 40;
  Contexts contexts;
  for (size_t i = 0; i < std::min(kSentences, sentences.size()); ++i) {
    const Range head{0, std::min(kCharacters, sentences[i].size())};
    if (head.size() == 0) continue;
    contexts |= ContextsOf(lexicon, Fold(sentences[i].RawOf(head), lexicon.characters));
  }
  return contexts;
}

}  // namespace

void FindWork(const Sentences& sentences, const Lexicon& lexicon, Suggestions& found) {
  const Contexts around = ContextsOfHead(sentences, lexicon);
  for (const Sentence& sentence : sentences) WorkReader(lexicon, around, sentence, found).Read();
}

}  // namespace leye::text
