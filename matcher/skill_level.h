// How well somebody masters a skill, on China's eight-grade scale, or that nobody said.
#ifndef LEYE_MATCHER_SKILL_LEVEL_H_
#define LEYE_MATCHER_SKILL_LEVEL_H_

#include <algorithm>
#include <compare>
#include <cstdint>

namespace leye::matcher {

// 0..7 = 学徒工 初级工 中级工 高级工 技师 高级技师 特级技师 首席技师, or unknown (the default),
// which is distinct from 0. In a condition, "unknown" means that no level is asked.
class SkillLevel {
 public:
  static constexpr int kMax = 7;

  constexpr SkillLevel() = default;
  static constexpr SkillLevel Unknown() { return SkillLevel(); }
  // Clamps into 0..7.
  static constexpr SkillLevel Of(int level) {
    SkillLevel made;
    made.level_ = static_cast<int8_t>(std::clamp(level, 0, kMax));
    return made;
  }

  constexpr bool known() const { return level_ >= 0; }
  // 0..7, or -1 if unknown.
  constexpr int value() const { return level_; }

  friend constexpr bool operator==(SkillLevel, SkillLevel) = default;

 private:
  int8_t level_ = -1;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_LEVEL_H_
