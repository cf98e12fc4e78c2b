#include "matcher/skill_lists.h"

#include <algorithm>

namespace leye::matcher {
namespace {

// A holding before it is filed.
struct Filed {
  uint16_t skill;
  SkillLists::Holding holding;
};

}  // namespace

SkillLists::SkillLists(std::span<const std::span<const HeldSkill>> rows) {
  std::vector<Filed> filed;
  for (size_t row = 0; row < rows.size(); ++row) {
    for (const HeldSkill& held : rows[row]) {
      filed.push_back({.skill = held.skill.value(), .holding = Holding(row, held.level)});
      if (held.expires != Day::Max()) {
        expiries_.push_back({static_cast<uint16_t>(row), held.skill, held.expires});
      }
    }
  }
  if (filed.empty()) return;
  std::stable_sort(filed.begin(), filed.end(),
                   [](const Filed& a, const Filed& b) { return a.skill < b.skill; });
  std::vector<uint16_t> distinct;
  for (const Filed& entry : filed) {
    if (distinct.empty() || distinct.back() != entry.skill) distinct.push_back(entry.skill);
  }
  skill_count_ = static_cast<uint16_t>(distinct.size());
  holding_count_ = static_cast<uint16_t>(filed.size());
  skills_ = std::make_unique<uint16_t[]>(2 * distinct.size());
  holdings_ = std::make_unique<Holding[]>(filed.size());
  std::copy(distinct.begin(), distinct.end(), skills_.get());
  size_t index = 0;
  for (size_t i = 0; i < filed.size(); ++i) {
    while (distinct[index] != filed[i].skill) ++index;
    holdings_[i] = filed[i].holding;
    skills_[distinct.size() + index] = static_cast<uint16_t>(i + 1);
  }
}

std::span<const SkillLists::Holding> SkillLists::HoldersAt(size_t index) const {
  const uint16_t* ends = skills_.get() + skill_count_;
  const size_t first = index == 0 ? 0 : ends[index - 1];
  return {holdings_.get() + first, ends[index] - first};
}

std::span<const SkillLists::Holding> SkillLists::HoldersOf(SkillId skill) const {
  const auto all = skills();
  const auto at = std::lower_bound(all.begin(), all.end(), skill.value());
  if (at == all.end() || *at != skill.value()) return {};
  return HoldersAt(static_cast<size_t>(at - all.begin()));
}

Day SkillLists::ExpiryOf(size_t row, SkillId skill) const {
  for (const Expiry& expiry : expiries_) {
    if (expiry.row == row && expiry.skill == skill) return expiry.expires;
  }
  return Day::Max();
}

void SkillLists::AppendRow(size_t row, std::vector<HeldSkill>& out) const {
  const uint16_t* ends = skills_.get() + skill_count_;
  for (size_t i = 0; i < holding_count_; ++i) {
    if (holdings_[i].row() != row) continue;
    const auto index = static_cast<size_t>(std::upper_bound(ends, ends + skill_count_, i) - ends);
    const SkillId skill(skills_[index]);
    out.push_back({.skill = skill,
                   .level = holdings_[i].level(),
                   .expires = expiries_.empty() ? Day::Max() : ExpiryOf(row, skill)});
  }
}

size_t SkillLists::MemoryBytes() const {
  return 2 * skill_count_ * sizeof(uint16_t) + holding_count_ * sizeof(Holding) +
         expiries_.capacity() * sizeof(Expiry);
}

}  // namespace leye::matcher
