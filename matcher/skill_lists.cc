// Compiled once for every instruction set that Highway knows; the best one is chosen at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "matcher/skill_lists.cc"  // NOLINT(*-macro-usage): read by the next line
#include "hwy/foreach_target.h"
// After foreach_target.h, as Highway wants it.
#include <algorithm>
#include <array>
#include <numeric>

#include "hwy/cache_control.h"
#include "hwy/highway.h"

#include "matcher/skill_lists.h"

HWY_BEFORE_NAMESPACE();
namespace leye::matcher::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The first of the packed holdings from `first` on that belongs to the row, or `count`.
HWY_ATTR size_t NextOfRow(const uint16_t* packed, size_t first, size_t count, uint16_t row) {
  const hn::ScalableTag<uint16_t> d;
  const auto wanted = hn::Set(d, row);
  size_t at = first;
  for (; at + hn::Lanes(d) <= count; at += hn::Lanes(d)) {
    const auto rows = hn::ShiftRight<SkillLists::Holding::kLevelBits>(hn::LoadU(d, packed + at));
    const intptr_t found = hn::FindFirstTrue(d, hn::Eq(rows, wanted));
    if (found >= 0) return at + static_cast<size_t>(found);
  }
  while (at < count && packed[at] >> SkillLists::Holding::kLevelBits != row) ++at;
  return at;
}

}  // namespace leye::matcher::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leye::matcher {

HWY_EXPORT(NextOfRow);

namespace {

// Above every skill id.
constexpr uint32_t kNoSkill = 1U << 16;

}  // namespace

SkillLists::SkillLists(std::span<const std::span<const HeldSkill>> rows) {
  std::vector<Filed> filed;
  for (size_t row = 0; row < rows.size(); ++row) {
    for (const HeldSkill& held : rows[row]) {
      filed.push_back({.skill = held.skill, .holding = Holding(row, held.level)});
      if (held.expires != Day::Max()) {
        expiries_.push_back({static_cast<uint16_t>(row), held.skill, held.expires});
      }
    }
  }
  SortBySkill(filed);
  File(filed);
}

void SkillLists::SortBySkill(std::vector<Filed>& filed) {
  constexpr int kDigitBits = 8;
  std::vector<Filed> sorted(filed.size());
  for (int shift = 0; shift < 2 * kDigitBits; shift += kDigitBits) {
    const auto digit = [shift](const Filed& f) { return (f.skill.value() >> shift) & 0xff; };
    std::array<uint32_t, (1 << kDigitBits) + 1> starts{};
    for (const Filed& f : filed) ++starts[digit(f) + 1U];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (const Filed& f : filed) sorted[starts[digit(f)]++] = f;
    filed.swap(sorted);
  }
}

SkillLists::SkillLists(const SkillLists& other)
    : list_count_(other.list_count_),
      holding_count_(other.holding_count_),
      expiries_(other.expiries_) {
  if (list_count_ == 0) return;
  const size_t words = WordsFor(list_count_);
  skills_ = std::make_unique<uint16_t[]>(words);
  holdings_ = std::make_unique<Holding[]>(holding_count_);
  std::copy_n(other.skills_.get(), words, skills_.get());
  std::copy_n(other.holdings_.get(), holding_count_, holdings_.get());
}

size_t SkillLists::WordsFor(size_t lists) { return lists + GroupsOf(lists) + (lists + 1) / 2; }

size_t SkillLists::StartOf(size_t list) const {
  const size_t group = list / kListsOfGroup;
  size_t start = starts()[group];
  for (size_t i = group * kListsOfGroup; i < list; ++i) start += LengthOf(i);
  return start;
}

void SkillLists::File(std::span<const Filed> filed) {
  if (filed.empty()) return;
  std::vector<uint16_t> firsts;  // of each list
  holding_count_ = static_cast<uint16_t>(filed.size());
  holdings_ = std::make_unique<Holding[]>(filed.size());
  for (size_t i = 0; i < filed.size(); ++i) {
    const bool goes_on =
        i > 0 && filed[i].skill == filed[i - 1].skill && i - firsts.back() < kMostOfList;
    if (!goes_on) firsts.push_back(static_cast<uint16_t>(i));
    holdings_[i] = filed[i].holding;
  }
  list_count_ = static_cast<uint16_t>(firsts.size());
  skills_ = std::make_unique<uint16_t[]>(WordsFor(list_count_));
  uint16_t* const starts = skills_.get() + list_count_;
  auto* const lengths = reinterpret_cast<uint8_t*>(starts + GroupsOf(list_count_));
  for (size_t list = 0; list < firsts.size(); ++list) {
    const size_t end = list + 1 < firsts.size() ? firsts[list + 1] : filed.size();
    skills_[list] = filed[firsts[list]].skill.value();
    lengths[list] = static_cast<uint8_t>(end - firsts[list] - 1);
    if (list % kListsOfGroup == 0) starts[list / kListsOfGroup] = firsts[list];
  }
}

SkillLists SkillLists::Without(size_t gone, size_t last) const {
  std::vector<Filed> filed;
  filed.reserve(holding_count_);
  ForEachList([&](SkillId skill, std::span<const Holding> holders) {
    for (const Holding holding : holders) {
      if (holding.row() == gone) continue;
      const size_t row = holding.row() == last ? gone : holding.row();
      filed.push_back({.skill = skill, .holding = Holding(row, holding.level())});
    }
  });
  SkillLists lists;
  lists.File(filed);
  for (Expiry expiry : expiries_) {
    if (expiry.row == gone) continue;
    if (expiry.row == last) expiry.row = static_cast<uint16_t>(gone);
    lists.expiries_.push_back(expiry);
  }
  return lists;
}

SkillLists SkillLists::With(size_t row, std::span<const HeldSkill> skills) const {
  std::vector<Filed> filed;
  filed.reserve(holding_count_ + skills.size());
  size_t next = 0;
  const auto file_up_to = [&](uint32_t end) {
    for (; next < skills.size() && skills[next].skill.value() < end; ++next) {
      filed.push_back({.skill = skills[next].skill, .holding = Holding(row, skills[next].level)});
    }
  };
  ForEachList([&](SkillId skill, std::span<const Holding> holders) {
    file_up_to(skill.value());
    for (const Holding holding : holders) filed.push_back({.skill = skill, .holding = holding});
  });
  file_up_to(kNoSkill);
  SkillLists lists;
  lists.File(filed);
  lists.expiries_ = expiries_;
  for (const HeldSkill& held : skills) {
    if (held.expires == Day::Max()) continue;
    lists.expiries_.push_back({static_cast<uint16_t>(row), held.skill, held.expires});
  }
  return lists;
}

std::span<const SkillLists::Holding> SkillLists::HoldersOf(SkillId skill) const {
  const auto all = skills();
  const auto at = std::lower_bound(all.begin(), all.end(), skill.value());
  if (at == all.end() || *at != skill.value()) return {};
  auto list = static_cast<size_t>(at - all.begin());
  const size_t start = StartOf(list);
  size_t length = LengthOf(list);
  while (++list < list_count_ && skills_[list] == skill.value()) length += LengthOf(list);
  return {holdings_.get() + start, length};
}

Day SkillLists::ExpiryOf(size_t row, SkillId skill) const {
  for (const Expiry& expiry : expiries_) {
    if (expiry.row == row && expiry.skill == skill) return expiry.expires;
  }
  return Day::Max();
}

size_t SkillLists::NextOf(size_t row, size_t first) const {
  static_assert(sizeof(Holding) == sizeof(uint16_t));
  const auto* packed = reinterpret_cast<const uint16_t*>(holdings_.get());
  return HWY_DYNAMIC_DISPATCH(NextOfRow)(packed, first, holding_count_, static_cast<uint16_t>(row));
}

HeldSkill SkillLists::HeldAt(size_t holding, size_t row) const {
  const uint16_t* const last_group = starts() + GroupsOf(list_count_);
  const auto group =
      static_cast<size_t>(std::upper_bound(starts(), last_group, holding) - starts() - 1);
  size_t list = group * kListsOfGroup;
  for (size_t end = starts()[group] + LengthOf(list); end <= holding; end += LengthOf(list)) {
    ++list;
  }
  const SkillId skill(skills_[list]);
  return {.skill = skill,
          .level = holdings_[holding].level(),
          .expires = expiries_.empty() ? Day::Max() : ExpiryOf(row, skill)};
}

bool SkillLists::RowHolds(size_t row, std::span<const HeldSkill> skills) const {
  size_t next = NextOf(row, 0);
  for (const HeldSkill& held : skills) {
    if (next == holding_count_ || HeldAt(next, row) != held) return false;
    next = NextOf(row, next + 1);
  }
  return next == holding_count_;
}

void SkillLists::AppendRow(size_t row, std::vector<HeldSkill>& out) const {
  for (size_t i = NextOf(row, 0); i < holding_count_; i = NextOf(row, i + 1)) {
    out.push_back(HeldAt(i, row));
  }
}

void SkillLists::Prefetch() const {
  constexpr size_t kLineBytes = 64;
  const auto ask_for = [](const void* first, size_t bytes) {
    const auto* at = static_cast<const char*>(first);
    for (size_t i = 0; i < bytes; i += kLineBytes) hwy::Prefetch(at + i);
  };
  ask_for(skills_.get(), sizeof(uint16_t) * WordsFor(list_count_));
  ask_for(holdings_.get(), sizeof(Holding) * holding_count_);
}

size_t SkillLists::MemoryBytes() const {
  return sizeof(uint16_t) * WordsFor(list_count_) + holding_count_ * sizeof(Holding) +
         expiries_.capacity() * sizeof(Expiry);
}

}  // namespace leye::matcher
#endif  // HWY_ONCE
