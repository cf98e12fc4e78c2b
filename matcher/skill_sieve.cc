#include "matcher/skill_sieve.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "hwy/cache_control.h"

namespace leye::matcher {
namespace {

constexpr size_t kWordBits = 64;

constexpr uint64_t BitOf(size_t skill) { return uint64_t{1} << (skill % kWordBits); }

}  // namespace

SkillSieve::SkillSieve(std::vector<SharedSkillLists> blocks) : blocks_(std::move(blocks)) {
  MakeRoom(CountHolders());
  std::vector<uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (size_t slot = 0; slot < blocks_.size(); ++slot) {
    blocks_[slot]->ForEachList([&](SkillId skill, std::span<const SkillLists::Holding> holders) {
      const size_t common = CommonIndexOf(skill);
      if (common < common_.size()) {
        RowMask& mask = CommonHolders(common)[slot];
        for (const SkillLists::Holding holding : holders) mask.Insert(holding.row());
        return;
      }
      uint32_t& at = next[ListOf(skill)];
      for (const SkillLists::Holding holding : holders) {
        places_[at++] = static_cast<uint16_t>((slot << kRowBits) | holding.row());
      }
    });
  }
}

std::vector<uint32_t> SkillSieve::CountHolders() const {
  std::vector<uint32_t> counts;
  for (const SharedSkillLists& lists : blocks_) {
    if (lists->skills().empty()) continue;
    counts.resize(std::max<size_t>(counts.size(), lists->skills().back() + size_t{1}), 0);
    lists->ForEachList([&](SkillId skill, std::span<const SkillLists::Holding> holders) {
      counts[skill.value()] += static_cast<uint32_t>(holders.size());
    });
  }
  return counts;
}

bool SkillSieve::IsCommon(size_t holders) const {
  return holders * sizeof(uint16_t) * kMostTimesTheList > slots() * sizeof(RowMask);
}

void SkillSieve::MakeRoom(std::span<const uint32_t> holders) {
  listed_.resize((holders.size() + kWordBits - 1) / kWordBits, 0);
  size_t lists = 0;
  for (size_t skill = 0; skill < holders.size(); ++skill) {
    if (IsCommon(holders[skill])) {
      common_.push_back(static_cast<uint16_t>(skill));
    } else if (holders[skill] > 0) {
      listed_[skill / kWordBits] |= BitOf(skill);
      ++lists;
    }
  }
  starts_.reserve(lists + 1);
  uint32_t end = 0;
  for (size_t skill = 0; skill < holders.size(); ++skill) {
    if (skill % kWordBits == 0) before_.push_back(static_cast<uint16_t>(starts_.size()));
    if (!IsListed(SkillId(static_cast<uint16_t>(skill)))) continue;
    starts_.push_back(end);
    end += holders[skill];
  }
  starts_.push_back(end);
  places_.resize(end);
  masks_.resize(common_.size() * slots());
  common_.shrink_to_fit();
  before_.shrink_to_fit();
}

size_t SkillSieve::CommonIndexOf(SkillId skill) const {
  return static_cast<size_t>(std::ranges::find(common_, skill.value()) - common_.begin());
}

bool SkillSieve::IsListed(SkillId skill) const {
  const size_t word = skill.value() / kWordBits;
  return word < listed_.size() && (listed_[word] & BitOf(skill.value())) != 0;
}

size_t SkillSieve::ListOf(SkillId skill) const {
  const size_t word = skill.value() / kWordBits;
  const uint64_t below = listed_[word] & (BitOf(skill.value()) - 1);
  return before_[word] + BitCount(below);
}

size_t SkillSieve::MostHolders(SkillId skill) const {
  if (IsListed(skill)) {
    const size_t list = ListOf(skill);
    return starts_[list + 1] - starts_[list];
  }
  return CommonIndexOf(skill) < common_.size() ? slots() * ColumnTable::kMaxRows : 0;
}

void SkillSieve::AddHolders(SkillId skill, uint64_t wanted_slots,
                            std::span<RowMask> holders) const {
  if (IsListed(skill)) {
    const size_t list = ListOf(skill);
    for (size_t i = starts_[list]; i < starts_[list + 1]; ++i) {
      holders[places_[i] >> kRowBits].Insert(places_[i] & ((1U << kRowBits) - 1));
    }
    return;
  }
  const size_t common = CommonIndexOf(skill);
  if (common == common_.size()) return;
  const RowMask* masks = masks_.data() + common * slots();
  for (uint64_t left = wanted_slots; left != 0; left &= left - 1) {
    const auto slot = static_cast<size_t>(std::countr_zero(left));
    holders[slot] |= masks[slot];
  }
}

void SkillSieve::Prefetch(SkillId skill, Ahead what) const {
  const size_t word = skill.value() / kWordBits;
  if (word >= listed_.size()) return;
  switch (what) {
    case Ahead::kDirectory:
      hwy::Prefetch(&listed_[word]);
      hwy::Prefetch(&before_[word]);
      hwy::Prefetch(common_.data());
      break;
    case Ahead::kStarts:
      if (IsListed(skill)) hwy::Prefetch(&starts_[ListOf(skill)]);
      break;
    case Ahead::kLists:
      if (IsListed(skill)) hwy::Prefetch(places_.data() + starts_[ListOf(skill)]);
      break;
  }
}

size_t SkillSieve::MemoryBytes() const {
  return sizeof(*this) + blocks_.capacity() * sizeof(SharedSkillLists) +
         (common_.capacity() + before_.capacity() + places_.capacity()) * sizeof(uint16_t) +
         masks_.capacity() * sizeof(RowMask) + listed_.capacity() * sizeof(uint64_t) +
         starts_.capacity() * sizeof(uint32_t);
}

}  // namespace leye::matcher
