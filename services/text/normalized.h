// What was read out of a phrase.
#ifndef LEYE_SERVICES_TEXT_NORMALIZED_H_
#define LEYE_SERVICES_TEXT_NORMALIZED_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace leye::text {

// A run of bytes of the phrase as it was given: [begin, end), on boundaries of characters.
struct Words {
  size_t begin = 0;
  size_t end = 0;

  // REQUIRES: `phrase` is the one that was normalised.
  absl::string_view In(absl::string_view phrase) const { return phrase.substr(begin, end - begin); }
  friend bool operator==(const Words&, const Words&) = default;
};

// How sure something is, in percent, 1 to 99. Not a measured frequency; what was measured at which
// confidence stands in README.md.
using Percent = int;

// How the words led to the trade.
enum class Evidence : uint8_t {
  kTitle,  // They are a known title, name or alias.
  kSkill,  // They name a skill that only this trade has.
  kSound,  // They sound like a title: a slip of the input method.
};

struct TradeFound {
  size_t trade = 0;  // Index into the catalogue's entries that the normaliser was built from.
  Percent confidence = 0;
  Evidence evidence = Evidence::kTitle;
  std::optional<int> level;  // 0 学徒工 .. 7 首席技师.
  Words words;

  friend bool operator==(const TradeFound&, const TradeFound&) = default;
};

struct SkillFound {
  size_t skill = 0;  // Index, as above. A skill, certificate or licence.
  Percent confidence = 0;
  std::optional<int> level;
  Words words;

  friend bool operator==(const SkillFound&, const SkillFound&) = default;
};

// What a title is decorated with.
enum class FindingKind : uint8_t {
  kPay,
  kWelfare,     // 包吃住, 五险一金
  kHeadcount,   // 3名
  kAge,         // 18-45岁
  kSex,         // 限女
  kEducation,   // 大专以上
  kExperience,  // 无经验可带
  kSchedule,    // 长白班, 两班倒, 双休
  kTerm,        // 日结, 短期, 暑假工, 合同期1年
  kUrgency,     // 急招
  kPlace,       // 无锡
  kModel,       // PC200, 发那科
  kReference,   // (J10771)
  kHousehold,   // 零就业家庭, 每户限1人
};

enum class PayUnit : uint8_t { kUnsaid, kHour, kDay, kMonth, kYear, kPiece };
enum class Sex : uint8_t { kUnsaid, kMale, kFemale, kAny };

// A decoration. `least` and `most` are yuan, people, years of age or of experience, months of a
// term, or the numbers of leye.v1.Education, by the kind; absent where the words give no number or
// leave that end open.
struct Finding {
  FindingKind kind = FindingKind::kPay;
  std::optional<int64_t> least;
  std::optional<int64_t> most;
  PayUnit unit = PayUnit::kUnsaid;  // Pay only.
  Sex sex = Sex::kUnsaid;           // Sex, and whose age it is.
  Words words;

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct Normalized {
  // The surest first, by tens of percent, then in the order of the text; a trade once.
  std::vector<TradeFound> trades;
  std::vector<SkillFound> skills;  // In the order of the text; a skill once.
  std::vector<Finding> findings;   // In the order of the text.
  // 普工, 杂工, 小时工, 洗碗工: work is offered or sought, but no trade is asked.
  bool no_trade_asked = false;

  friend bool operator==(const Normalized&, const Normalized&) = default;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NORMALIZED_H_
