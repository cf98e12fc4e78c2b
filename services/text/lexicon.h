// The words that the normaliser knows, and what each means. Made by LexiconBuilder; immutable, safe
// for concurrent use.
#ifndef LEYE_SERVICES_TEXT_LEXICON_H_
#define LEYE_SERVICES_TEXT_LEXICON_H_

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/text/automaton.h"
#include "services/text/characters.h"
#include "services/text/normalized.h"

namespace leye::text {

// Words of a trade's surroundings (汽车, 餐饮) by which a title is understood.
inline constexpr size_t kMostContexts = 256;
using Contexts = std::bitset<kMostContexts>;

// One thing that a title can mean.
struct Meaning {
  static constexpr uint32_t kOther = ~uint32_t{0};        // Some work, but no answer to give.
  static constexpr uint32_t kNoTrade = ~uint32_t{0} - 1;  // 普工

  uint32_t trade = kOther;  // Index, or one of the above.
  Percent confidence = 0;
  Contexts contexts;  // One of them must occur in the phrase; none: always.
};

// What a word does to the words beside it.
enum class Role : uint8_t {
  kNone,
  kSuffix,        // 工, 师傅: after a title or a stem, belongs to it.
  kRank,          // 班长, 主管: after a title, the same trade, less surely.
  kLevel,         // 高级, 初级
  kAnnouncement,  // 招聘: what stands before is who is hiring.
  kNegation,      // 非, 不是: what stands after is not meant.
  kOrganisation,  // 公司, 集团: what stands right before is a business, not the work.
  kPast,          // 以前, 下岗: titles from here on were work once,
  kSeek,          // 想找: up to here.
  kNeutral,       // 会, 岗位: says nothing against the title beside it.
};

struct Term {
  // Of a title; those with contexts first. Empty: no title.
  std::vector<Meaning> meanings;
  bool is_stem = false;  // Names the work, not who does it (电焊): less sure beside others.
  bool is_duty = false;  // Part of many people's work (收麦子, 做饭): beside a title no trade.
  std::optional<uint32_t> skill;
  Role role = Role::kNone;
  bool denies_before = false;  // 除外: the title right before is not meant.
  std::optional<int> level;    // Of a suffix (学徒), a level (高级), a title (焊工学徒).
  std::optional<Finding> finding;  // Of a decoration.
  Contexts context;                // The context that this word is, if any.
  uint32_t size = 0;               // Characters.
  // Of the longer titles that end in this one, the share that means the same: high of 保安, low of
  // 装配工, whose trade is told by what stands before it.
  Percent kin = 100;

  // Whether it is a suffix that says a level only after who does the work: 焊工技师 has passed an
  // examination, 汽修技师 is what workshops call their mechanics.
  bool NamesLevelOfPerson() const { return role == Role::kSuffix && level.value_or(0) > 0; }
};

// A title by its sound.
struct Sounding {
  uint32_t term = 0;
  std::u32string text;
};

struct Lexicon {
  explicit Lexicon(Characters made) : characters(std::move(made)) {}

  Characters characters;
  std::vector<Term> terms;               // By number.
  std::vector<bool> is_paper;            // By skill: a certificate or licence.
  std::vector<bool> is_driving_licence;  // By skill: one of a1 to c4.
  std::vector<std::optional<uint32_t>> trade_of_skill;
  // A word that ends in the first is none where the second follows: 装修工 in 装修工程.
  std::vector<std::pair<char32_t, char32_t>> cuts;
  Automaton words;                              // Of terms.
  Automaton sounds;                             // Numbers of `sounding`.
  std::vector<std::vector<Sounding>> sounding;  // Titles long enough, those that sound alike.
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_LEXICON_H_
