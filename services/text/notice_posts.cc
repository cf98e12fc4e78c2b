#include "services/text/notice_posts.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include "absl/strings/match.h"

#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr WordSet kPostLabels = {U"岗位:", U"岗位名称:", U"职位:", U"工种:"};
constexpr size_t kLabelNear = 6;  // Before a label: 岗位一, 1.招聘岗位.
constexpr WordSet kBetweenTitleAndCount = {U":",    U"(",  U"-",  U"人数", U"名额",
                                           U"招聘", U"共", U"招", U"需"};
constexpr WordSet kBeforeTitle = {U"招", U"聘", U"需", U":", U".", U",", U")"};
// How a clause that is of all posts begins.
constexpr WordSet kOfAllPosts = {U"均",   U"都",     U"以上", U"所有",
                                 U"统一", U"各岗位", U"联系", U"报名"};
constexpr size_t kShortestTitleBytes = 6;  // Two characters.

// A clause that says something. Each of the numbers grows along the notice.
struct Piece {
  Words words;
  size_t index = 0;
  size_t sentence = 0;
  size_t line = 0;  // Blank ones do not count.
  bool after_blank = false;
};
using PieceNumber = size_t Piece::*;

std::vector<Piece> PiecesOf(absl::string_view notice, const Sentences& sentences) {
  std::vector<Piece> pieces;
  size_t line = 0;
  int64_t ends_of_line = 0;
  size_t read = 0;
  bool after_blank = false;
  for (size_t i = 0; i < sentences.size(); ++i) {
    const Sentence& sentence = sentences[i];
    ends_of_line += std::ranges::count(notice.substr(read, sentence.begin() - read), '\n');
    read = sentence.begin() + sentence.raw().size();
    if (sentence.size() == 0) continue;
    if (ends_of_line > 0) {
      ++line;
      after_blank = ends_of_line > 1;
    }
    ends_of_line = 0;
    for (const Range clause : sentence.clauses()) {
      if (clause.size() == 0) continue;
      pieces.push_back({.words = sentence.WordsOf(clause),
                        .index = pieces.size(),
                        .sentence = i,
                        .line = line,
                        .after_blank = after_blank});
    }
  }
  return pieces;
}

Suggestions OfField(const Suggestions& found, NoticeField field) {
  Suggestions chosen;
  std::ranges::copy_if(found, std::back_inserter(chosen),
                       [field](const Suggestion& said) { return said.field == field; });
  std::ranges::stable_sort(chosen, {}, [](const Suggestion& said) { return said.words.begin; });
  return chosen;
}

// Where a post begins.
struct PostHead {
  size_t piece = 0;
  size_t begin = 0;  // Byte.
  Words title = {};
  int64_t trade = -1;  // -1: none that is known.
};

class HeadReader {
 public:
  HeadReader(const Sentences& sentences, const std::vector<Piece>& pieces, const Suggestions& found)
      : sentences_(sentences),
        pieces_(pieces),
        trades_(OfField(found, NoticeField::kTrade)),
        openings_(OfField(found, NoticeField::kOpenings)),
        label_(pieces.size()) {}

  std::vector<PostHead> Read() {
    for (const Suggestion& openings : openings_) {
      MoveTo(openings.words.begin);
      ReadAt(openings.words);
      last_end_ = openings.words.end;
      label_ = pieces_.size();
    }
    return std::move(heads_);
  }

 private:
  const Piece& piece() const { return pieces_[piece_]; }
  const Sentence& SentenceOf(const Piece& piece) const { return sentences_[piece.sentence]; }

  // Goes to the clause that holds the byte and notes the last label on the way.
  void MoveTo(size_t byte) {
    for (; pieces_[piece_].words.end <= byte; ++piece_) NoteLabel();
    NoteLabel();
  }

  void NoteLabel() {
    const bool is_new = piece().words.begin >= last_end_;
    if (is_new && TitleOfLabel(piece()).end > 0) label_ = piece_;
  }

  // What stands behind 岗位：; empty where there is no such label.
  Words TitleOfLabel(const Piece& piece) const {
    const Sentence& sentence = SentenceOf(piece);
    const size_t begin = sentence.PositionOf(piece.words.begin);
    const size_t end = sentence.ClauseAt(begin).end;
    for (size_t at = begin; at < std::min(end, begin + kLabelNear); ++at) {
      const size_t size = sentence.SizeOfBeginning(at, kPostLabels);
      if (size > 0 && at + size < end) return sentence.WordsOf({at + size, end});
    }
    return {};
  }

  // The first trade that begins in [begin, end); null: there is none.
  const Suggestion* TradeIn(size_t begin, size_t end) const {
    const auto at = std::ranges::lower_bound(
        trades_, begin, {}, [](const Suggestion& trade) { return trade.words.begin; });
    return at != trades_.end() && at->words.begin < end ? &*at : nullptr;
  }

  void ReadAt(Words count) {
    std::optional<PostHead> head = HeadInClause(count);
    if (!head.has_value()) head = HeadAtLabel();
    if (!head.has_value()) head = HeadAtTradeBefore(count.begin);
    if (head.has_value()) heads_.push_back(*head);
  }

  // 电焊工2名, 普工10名, 2名电焊工
  std::optional<PostHead> HeadInClause(Words count) const {
    constexpr size_t kNearBytes = 3;  // 2名的保安
    const size_t from = std::max(piece().words.begin, last_end_);
    if (const Suggestion* before = TradeIn(from, count.begin)) {
      const Words title{before->words.begin, std::min(before->words.end, count.begin)};
      return PostHead{piece_, from, title, before->number};
    }
    if (const Words title = TitleBefore(from, count.begin); title.end > 0) {
      return PostHead{piece_, from, title};
    }
    const Suggestion* behind = TradeIn(count.begin, count.end + kNearBytes + 1);
    if (behind != nullptr && behind->words.end > count.end) {
      const bool is_first = last_end_ <= piece().words.begin;
      const Words title{std::max(behind->words.begin, count.end), behind->words.end};
      return PostHead{piece_, is_first ? from : count.begin, title, behind->number};
    }
    return std::nullopt;
  }

  // 岗位：保安，班次：夜班，人数：3名
  std::optional<PostHead> HeadAtLabel() const {
    if (label_ == pieces_.size()) return std::nullopt;
    const Words clause = pieces_[label_].words;
    const Suggestion* trade = TradeIn(clause.begin, clause.end);
    return PostHead{label_, clause.begin, TitleOfLabel(pieces_[label_]),
                    trade == nullptr ? -1 : trade->number};
  }

  // 招聘焊工，男女不限，人数3名
  std::optional<PostHead> HeadAtTradeBefore(size_t count) const {
    const Suggestion* trade = TradeIn(last_end_, count);
    if (trade == nullptr) return std::nullopt;
    size_t at = piece_;
    while (pieces_[at].words.begin > trade->words.begin) --at;
    return PostHead{at, std::max(pieces_[at].words.begin, last_end_), trade->words, trade->number};
  }

  // 普工 in 招普工(10名), between two bytes of the clause; empty where no title ends.
  Words TitleBefore(size_t from, size_t count) const {
    const Sentence& sentence = SentenceOf(piece());
    const size_t begin = sentence.PositionOf(from);
    size_t end = sentence.PositionOf(count);
    while (const size_t size = sentence.SizeOfEnding(end, kBetweenTitleAndCount)) end -= size;
    if (end <= begin || SizeOfTitleEnd(sentence, end) == 0) return {};
    size_t at = end;
    while (at > begin && sentence.SizeOfEnding(at, kBeforeTitle) == 0) --at;
    constexpr size_t kSexTitle = 2;  // 男工
    if (end - at <= kSexTitle && sentence.SizeOfBeginning(at, {U"男", U"女"}) > 0) return {};
    return at < end ? sentence.WordsOf({at, end}) : Words();
  }

  const Sentences& sentences_;
  const std::vector<Piece>& pieces_;
  const Suggestions trades_;
  const Suggestions openings_;
  std::vector<PostHead> heads_;
  size_t piece_ = 0;     // That is read.
  size_t last_end_ = 0;  // Of the openings before.
  size_t label_;         // The clause with the last label since then; pieces_.size(): none.
};

// Cuts the notice where its posts begin.
class NoticeCutter {
 public:
  NoticeCutter(absl::string_view notice, const Sentences& sentences,
               const std::vector<Piece>& pieces, const std::vector<PostHead>& heads)
      : notice_(notice), sentences_(sentences), pieces_(pieces), heads_(heads) {
    if (AreApart(&Piece::line)) {
      unit_ = &Piece::line;
    } else if (AreApart(&Piece::sentence)) {
      unit_ = &Piece::sentence;
    }
  }

  PostParts Cut() const {
    PostParts cut;
    const size_t end = EndOfLast();
    for (size_t i = 0; i < heads_.size(); ++i) {
      const size_t next = i + 1 < heads_.size() ? BeginOf(i + 1) : end;
      cut.posts.push_back({heads_[i].title, {{BeginOf(i), next}}});
    }
    if (BeginOf(0) > 0) cut.common.push_back({0, BeginOf(0)});
    Share(end, cut);
    return cut;
  }

 private:
  const Piece& PieceOf(const PostHead& head) const { return pieces_[head.piece]; }

  // Whether no two posts begin in one of these.
  bool AreApart(PieceNumber unit) const {
    return std::ranges::adjacent_find(heads_, [&](const PostHead& a, const PostHead& b) {
             return PieceOf(a).*unit == PieceOf(b).*unit;
           }) == heads_.end();
  }

  // A post begins with its line or sentence; before the first one may stand what is of all.
  size_t BeginOf(size_t post) const {
    if (unit_ == &Piece::index) return heads_[post].begin;
    const PieceNumber unit = post == 0 ? &Piece::sentence : unit_;
    size_t at = heads_[post].piece;
    while (at > 0 && pieces_[at - 1].*unit == pieces_[at].*unit) --at;
    return pieces_[at].words.begin;
  }

  // The last post is as long as the longest before it, and ends with its sentence or paragraph.
  size_t EndOfLast() const {
    size_t longest = 1;
    for (size_t i = 0; i + 1 < heads_.size(); ++i) {
      longest = std::max(longest, PieceOf(heads_[i + 1]).*unit_ - PieceOf(heads_[i]).*unit_);
    }
    const Piece& last = PieceOf(heads_.back());
    for (size_t at = last.index + 1; at < pieces_.size(); ++at) {
      const Piece& piece = pieces_[at];
      const bool is_beyond = piece.*unit_ - last.*unit_ >= longest;
      if (is_beyond || IsOfAll(piece) || EndsBefore(last, piece)) return piece.words.begin;
    }
    return notice_.size();
  }

  bool EndsBefore(const Piece& last, const Piece& piece) const {
    if (unit_ == &Piece::index) return piece.sentence != last.sentence;
    if (piece.line == last.line) return false;
    return unit_ == &Piece::sentence || piece.after_blank;
  }

  bool IsOfAll(const Piece& piece) const {
    const Sentence& sentence = sentences_[piece.sentence];
    size_t at = sentence.PositionOf(piece.words.begin);
    while (IsDigit(sentence.At(at)) || IsOneOf(sentence.At(at), U".,()")) ++at;  // 3.均包吃住
    return sentence.SizeOfBeginning(at, kOfAllPosts) > 0;
  }

  // What follows the last post: sentences that name posts are theirs, the others are of all.
  void Share(size_t begin, PostParts& cut) const {
    size_t common = begin;
    for (const Sentence& sentence : sentences_) {
      if (sentence.begin() < begin) continue;
      const Words words{sentence.begin(), sentence.begin() + sentence.raw().size()};
      bool is_named = false;
      for (PostParts::Post& post : cut.posts) {
        const absl::string_view title = post.title.In(notice_);
        if (title.size() < kShortestTitleBytes || !absl::StrContains(sentence.raw(), title)) {
          continue;
        }
        is_named = true;
        post.parts.push_back(words);
      }
      if (!is_named) continue;
      if (words.begin > common) cut.common.push_back({common, words.begin});
      common = words.end;
    }
    if (common < notice_.size()) cut.common.push_back({common, notice_.size()});
  }

  const absl::string_view notice_;
  const Sentences& sentences_;
  const std::vector<Piece>& pieces_;
  const std::vector<PostHead>& heads_;
  PieceNumber unit_ = &Piece::index;  // A post is one or more of these.
};

// 焊工3名 said twice, and 男工3名，女工2名, are one post.
bool AreSeveralPosts(absl::string_view notice, const std::vector<PostHead>& heads) {
  if (heads.size() < 2 || heads.size() > kMostPosts) return false;
  const bool has_trade =
      std::ranges::any_of(heads, [](const PostHead& head) { return head.trade >= 0; });
  return has_trade && std::ranges::any_of(heads, [&](const PostHead& head) {
           const PostHead& first = heads.front();
           return head.trade != first.trade ||
                  (head.trade < 0 && head.title.In(notice) != first.title.In(notice));
         });
}

}  // namespace

PostParts FindPosts(absl::string_view notice, const Sentences& sentences,
                    const Suggestions& found) {
  const std::vector<Piece> pieces = PiecesOf(notice, sentences);
  const std::vector<PostHead> heads = HeadReader(sentences, pieces, found).Read();
  if (!AreSeveralPosts(notice, heads)) return {};
  return NoticeCutter(notice, sentences, pieces, heads).Cut();
}

}  // namespace leye::text
