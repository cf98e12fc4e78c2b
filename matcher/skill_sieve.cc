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

SkillSieve::SkillSieve(std::vector<SharedSkillLists> blocks, Unions unions)
    : blocks_(std::move(blocks)) {
  if (unions == Unions::kKept) unions_ = std::make_unique<HolderUnions>();
  MakeRoom(CountHolders());
  std::vector<uint16_t> counts(starts_.size(), 0);  // of places filled in, list by list
  for (size_t slot = 0; slot < blocks_.size(); ++slot) {
    blocks_[slot]->ForEachList([&](SkillId skill, std::span<const SkillLists::Holding> holders) {
      const size_t common = CommonIndexOf(skill);
      if (common < common_.size()) {
        RowMask& mask = CommonHolders(common)[slot];
        for (const SkillLists::Holding holding : holders) mask.Insert(holding.row());
        return;
      }
      const List list = ListOf(skill);
      uint16_t& filled = counts[list.number];
      for (const SkillLists::Holding holding : holders) {
        places_[list.first + filled++] = static_cast<uint16_t>((slot << kRowBits) | holding.row());
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
  starts_.reserve(lists);
  uint32_t end = 0;
  for (size_t skill = 0; skill < holders.size(); ++skill) {
    if (skill % kWordBits == 0) {
      before_.push_back({.lists = static_cast<uint32_t>(starts_.size()), .places = end});
    }
    if (!IsListed(SkillId(static_cast<uint16_t>(skill)))) continue;
    // What is listed has at most 1,024 holders, and 63 lists come before it.
    starts_.push_back(static_cast<uint16_t>(end - before_.back().places));
    end += holders[skill];
  }
  before_.push_back({.lists = static_cast<uint32_t>(lists), .places = end});
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

size_t SkillSieve::NumberOf(SkillId skill) const {
  const size_t word = skill.value() / kWordBits;
  const uint64_t below = listed_[word] & (BitOf(skill.value()) - 1);
  return before_[word].lists + BitCount(below);
}

SkillSieve::List SkillSieve::ListOf(SkillId skill) const {
  const size_t word = skill.value() / kWordBits;
  List list;
  list.number = NumberOf(skill);
  const bool last = list.number + 1 == before_[word + 1].lists;
  list.first = before_[word].places + starts_[list.number];
  list.end = last ? before_[word + 1].places : before_[word].places + starts_[list.number + 1];
  return list;
}

size_t SkillSieve::MostHolders(SkillId skill) const {
  if (IsListed(skill)) {
    const List list = ListOf(skill);
    return list.end - list.first;
  }
  return CommonIndexOf(skill) < common_.size() ? slots() * ColumnTable::kMaxRows : 0;
}

void SkillSieve::AddHolders(SkillId skill, uint64_t wanted_slots,
                            std::span<RowMask> holders) const {
  if (IsListed(skill)) {
    const List list = ListOf(skill);
    for (size_t i = list.first; i < list.end; ++i) {
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

const HolderUnion* SkillSieve::KeptUnion(std::span<const SkillId> skills) const {
  if (unions_ == nullptr) return nullptr;
  const HolderUnion* kept = unions_->Find(skills);
  if (kept != nullptr || !unions_->HasRoomFor(skills)) return kept;
  size_t count = 0;
  for (const SkillId skill : skills) count += MostHolders(skill);
  if (!IsCommon(count)) return nullptr;
  HolderUnion made{.skills = {skills.begin(), skills.end()},
                   .holders = std::vector<RowMask>(slots()),
                   .count = count};
  const uint64_t all_slots = ~uint64_t{0} >> (kMaxBlocks - slots());
  for (const SkillId skill : skills) AddHolders(skill, all_slots, made.holders);
  return unions_->Keep(std::move(made));
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
      if (IsListed(skill)) hwy::Prefetch(&starts_[NumberOf(skill)]);
      break;
    case Ahead::kLists:
      if (IsListed(skill)) hwy::Prefetch(places_.data() + ListOf(skill).first);
      break;
  }
}

size_t SkillSieve::MemoryBytes() const {
  return sizeof(*this) + blocks_.capacity() * sizeof(SharedSkillLists) +
         (common_.capacity() + starts_.capacity() + places_.capacity()) * sizeof(uint16_t) +
         masks_.capacity() * sizeof(RowMask) + listed_.capacity() * sizeof(uint64_t) +
         before_.capacity() * sizeof(Before) + (unions_ == nullptr ? 0 : unions_->MemoryBytes());
}

}  // namespace leye::matcher
