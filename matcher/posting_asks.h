// What a posting asks of skills, as the index keeps it: one word an asked skill, and the one skill
// by which postings are put in order.
//
//   const AskWords words = PackAsks(posting);
//   ForEachAsk(words, [](const Ask& ask) { ... });
//   AskKey key = ChooseKey(words, counts);
//
// The key is a skill without which the posting is out of reach, or at least not worth everything:
// the one asked least often, so that postings of one key are few and most people lack it. Whatever
// is chosen, bounds hold.
//
// Pure functions.
#ifndef LEYE_MATCHER_POSTING_ASKS_H_
#define LEYE_MATCHER_POSTING_ASKS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/inlined_vector.h"

#include "matcher/posting_profile.h"

namespace leye::matcher {

// kAlternative: another way to meet the required group of the ask before.
enum class AskRole : uint8_t { kPreferred, kRequired, kAlternative };

// From bit 0 on: skill 16, level + 1 4, role 2, weight 10. A weight that does not fit has a word of
// its own.
class Ask {
 public:
  static constexpr uint32_t kWeightAside = 1023;

  // The ask that starts at `words`.
  explicit Ask(const uint32_t* words)
      : bits_(words[0]), weight_(bits_ >> 22 == kWeightAside ? words[1] : bits_ >> 22) {}

  SkillId skill() const { return SkillId(static_cast<uint16_t>(bits_)); }
  // 0 = any level, otherwise 1 + level.
  size_t level_code() const { return (bits_ >> 16) & 15; }
  AskRole role() const { return static_cast<AskRole>((bits_ >> 20) & 3); }
  uint32_t weight() const { return weight_; }  // of an alternative: 0
  size_t words() const { return bits_ >> 22 == kWeightAside ? 2 : 1; }
  AskedSkill asked() const;

 private:
  uint32_t bits_;
  uint32_t weight_;
};

using AskWords = absl::InlinedVector<uint32_t, 6>;

// Required groups, then preferred skills, as posted. REQUIRES: no empty group.
AskWords PackAsks(const PostingProfile& posting);
// The other way, into the posting's lists, whose memory is used again.
void UnpackAsks(std::span<const uint32_t> words, PostingProfile& posting);

template <typename Visit>
void ForEachAsk(std::span<const uint32_t> words, const Visit& visit) {
  for (size_t at = 0; at < words.size();) {
    const Ask ask(&words[at]);
    visit(ask);
    at += ask.words();
  }
}

enum class AskKind : uint8_t {
  kKeyless,    // nothing can be said beforehand
  kPreferred,  // requires nothing; without the key, the skills criterion is not one
  kRequired,   // the key alone meets a required group
};

struct AskKey {
  AskKind kind = AskKind::kKeyless;
  SkillId skill;  // 0 if there is none

  friend auto operator<=>(const AskKey&, const AskKey&) = default;
};

// How many postings ask a skill, by skill id; about is enough.
inline constexpr size_t kSkillIds = size_t{1} << 16;
using SkillCounts = std::vector<uint32_t>;

void CountAsks(std::span<const uint32_t> words, SkillCounts& counts);
// REQUIRES: counts of kSkillIds skills.
AskKey ChooseKey(std::span<const uint32_t> words, const SkillCounts& counts);

// The most that the skills criterion is for whoever has nothing related to the key of kPreferred.
Score MostWithout(std::span<const uint32_t> words, const AskKey& key);

// What holds for the keys of a set of postings.
struct AskSummary {
  struct Range {  // empty by default
    SkillId least{kSkillIds - 1};
    SkillId greatest{0};

    void Add(const Range& other);
  };

  bool any_keyless = false;
  bool any_preferred = false;
  bool any_required = false;
  Range preferred;
  Range required;
  Score most_without;  // of those with a preferred key: the most without it

  static AskSummary Of(std::span<const uint32_t> words, const AskKey& key);
  void Merge(const AskSummary& other);
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_ASKS_H_
