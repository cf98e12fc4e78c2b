// Reads the words of one phrase from left to right.
#ifndef LEYE_SERVICES_TEXT_READER_H_
#define LEYE_SERVICES_TEXT_READER_H_

#include <optional>
#include <vector>

#include "services/text/folding.h"
#include "services/text/lexicon.h"
#include "services/text/normalized.h"
#include "services/text/numbers.h"
#include "services/text/selection.h"

namespace leye::text {

// Used once. Thread-compatible.
class Reader {
 public:
  // `lexicon` outlives this. `around` are the contexts of what stands around the phrase.
  Reader(const Lexicon& lexicon, FoldedText text, const Contexts& around = {});

  Normalized Read();

 private:
  // A title that may still take suffixes.
  struct Open {
    const Term* term;
    Range range;
    bool follows_text = false;  // Unknown words stand right before it.
    bool is_qualified = false;  // Words that may say another trade stand right before it.
    bool is_denied = false;     // 无, 非
    bool has_suffix = false;
    bool has_rank = false;
    std::optional<int> level;
  };
  struct Level {
    int level;
    size_t end;
  };
  struct Candidate {
    TradeFound found;
    bool in_brackets;
  };

  void ReadToken(size_t index);
  void ReadTitle(const Token& token);
  void ReadSkill(const Token& token);
  void ReadLevel(const Token& token);
  // Takes the token into the open title if it belongs to it.
  bool Absorb(const Token& token);
  // Ends the open title; `next` follows it, or nothing known does.
  void Close(const Token* next);
  void Keep(const Open& title, Percent factor);
  bool IsDroppedBy(const Open& title, const Token* next) const;
  Percent FactorOf(const Open& title, const Token* next) const;
  bool IsAbility(size_t begin) const;                 // 会, 懂 or 带 stands right before.
  bool IsOneStretch(size_t begin, size_t end) const;  // Nothing parts [begin, end).
  // Whether what begins at a position is denied: 不会.., 不做：..
  bool IsDenied(size_t begin) const;
  void ReadDenial(const Token& token);
  // A driving licence without its class, which follows: 驾照A2.
  bool IsNamedByClass(const Token& token) const;
  // By token: whether it is a title of past work, where other work is named.
  std::vector<bool> FindPast() const;
  // The token that begins at a position; null: none does.
  const Token* TokenFrom(size_t at) const;
  const Token* TokenTo(size_t at) const;  // That ends there; null: none does.
  // Whether unknown words stand right before, right after, or on either side, where known things
  // (瓷砖厂) count as such.
  bool FollowsText(Range range) const;
  bool PrecedesText(Range range) const;
  bool IsInsideText(Range range) const;
  // Whether what stands right before may make another trade of it: unknown words, a skill, or a
  // title that was dropped.
  bool IsQualified(const Token& token) const;
  bool IsUnsure() const;  // No trade is found surely.
  // The index of the first token after what says who is hiring.
  size_t SkipEmployer() const;

  void GuessBySkill();
  void GuessBySound();
  // Whether titles found in the range, or denied before it, forbid to guess at it.
  bool IsSpoken(Range range) const;
  void GiveTrades();

  const Lexicon& lexicon_;
  const FoldedText text_;
  const std::vector<NumberFound> numbers_;
  const Selection selection_;
  std::vector<bool> in_brackets_;  // By character.

  std::vector<bool> is_past_;  // By token.

  const Token* previous_ = nullptr;
  std::optional<Open> open_;
  std::optional<Level> level_;  // Said before the title that it belongs to.
  std::vector<Candidate> candidates_;
  std::vector<Open> employers_;      // Titles that name a business.
  std::vector<size_t> denial_ends_;  // What begins here is denied. Ascending.
  std::vector<Range> dropped_;       // Titles that are not the work.
  bool other_work_ = false;
  bool names_person_ = false;  // A title was kept that says who, not only what work.
  Normalized result_;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_READER_H_
