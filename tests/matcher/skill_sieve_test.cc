// Who holds which skill over several blocks, against the blocks' own lists.
#include "matcher/skill_sieve.h"

#include <memory>
#include <set>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/oracle/dice.h"

namespace leye::matcher {
namespace {

using oracle::Dice;

constexpr int kSkills = 200;

SkillId Skill(int number) { return SkillId(static_cast<uint16_t>(number)); }

// Skills of small numbers are held by many, the others by few.
SharedSkillLists RandomLists(Dice& dice) {
  std::vector<std::vector<HeldSkill>> rows(static_cast<size_t>(dice.Between(1, 512)));
  std::vector<std::span<const HeldSkill>> spans;
  for (std::vector<HeldSkill>& row : rows) {
    std::set<int> skills;
    for (int i = dice.Between(0, 6); i > 0; --i) {
      skills.insert(dice.Between(0, dice.OneIn(2) ? 9 : kSkills - 1));
    }
    for (const int skill : skills) {
      row.push_back({.skill = Skill(skill), .level = SkillLevel::Of(1), .expires = Day::Max()});
    }
    spans.emplace_back(row);
  }
  return std::make_shared<const SkillLists>(spans);
}

std::vector<SharedSkillLists> RandomBlocks(Dice& dice) {
  std::vector<SharedSkillLists> blocks;
  for (int i = dice.Between(1, 64); i > 0; --i) blocks.push_back(RandomLists(dice));
  return blocks;
}

// Block by block, the rows that hold any of the skills, in words.
std::vector<std::set<size_t>> HoldersIn(const std::vector<SharedSkillLists>& blocks,
                                        const std::vector<SkillId>& skills) {
  std::vector<std::set<size_t>> holders;
  for (const SharedSkillLists& lists : blocks) {
    std::set<size_t>& rows = holders.emplace_back();
    for (const SkillId skill : skills) {
      for (const SkillLists::Holding holding : lists->HoldersOf(skill)) rows.insert(holding.row());
    }
  }
  return holders;
}

std::vector<std::set<size_t>> RowsOf(std::span<const RowMask> masks) {
  std::vector<std::set<size_t>> rows(masks.size());
  for (size_t slot = 0; slot < masks.size(); ++slot) {
    masks[slot].ForEach([&](size_t row) { rows[slot].insert(row); });
  }
  return rows;
}

// Ten skills that stand one after the other, as relatives do.
std::vector<SkillId> Relatives(int first) {
  std::vector<SkillId> skills;
  for (int i = 0; i < 10; ++i) skills.push_back(Skill(first + i));
  return skills;
}

TEST(SkillSieve, KnowsTheHoldersOfEverySkill) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const std::vector<SharedSkillLists> blocks = RandomBlocks(dice);
    const SkillSieve sieve(blocks);
    for (int number = 0; number < kSkills + 70; ++number) {
      std::vector<RowMask> holders(sieve.slots());
      sieve.AddHolders(Skill(number), ~uint64_t{0} >> (64 - sieve.slots()), holders);
      const auto rows = RowsOf(holders);
      EXPECT_EQ(rows, HoldersIn(blocks, {Skill(number)})) << number;
      size_t count = 0;
      for (const std::set<size_t>& of_block : rows) count += of_block.size();
      EXPECT_GE(sieve.MostHolders(Skill(number)), count) << number;
    }
  }
}

TEST(SkillSieve, KeepsTheUnionOfPopularSkillsWhereItIsTold) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const std::vector<SharedSkillLists> blocks = RandomBlocks(dice);
    const SkillSieve sieve(blocks, SkillSieve::Unions::kKept);
    const HolderUnion* kept = sieve.KeptUnion(Relatives(0));
    ASSERT_NE(kept, nullptr);
    EXPECT_EQ(RowsOf(kept->holders), HoldersIn(blocks, Relatives(0)));
    EXPECT_EQ(sieve.KeptUnion(Relatives(0)), kept);
    EXPECT_EQ(SkillSieve(blocks).KeptUnion(Relatives(0)), nullptr);
  }
}

TEST(SkillSieve, KeepsNoMoreUnionsThanThereIsRoomFor) {
  Dice dice(1);
  const std::vector<SharedSkillLists> blocks = RandomBlocks(dice);
  const SkillSieve sieve(blocks, SkillSieve::Unions::kKept);
  std::set<const HolderUnion*> kept;
  for (int second = 1; second < kSkills; ++second) {
    const std::vector<SkillId> skills = {Skill(0), Skill(second)};
    const HolderUnion* of_both = sieve.KeptUnion(skills);
    if (of_both == nullptr) continue;
    kept.insert(of_both);
    EXPECT_EQ(RowsOf(of_both->holders), HoldersIn(blocks, skills)) << second;
  }
  EXPECT_FALSE(kept.empty());
  EXPECT_LE(kept.size(), HolderUnions::kMost);
}

TEST(SkillSieve, ThreadsKeepOneUnionOfTheSameSkills) {
  Dice dice(1);
  const SkillSieve sieve(RandomBlocks(dice), SkillSieve::Unions::kKept);
  std::vector<std::vector<const HolderUnion*>> found(2);
  std::vector<std::thread> threads;
  for (std::vector<const HolderUnion*>& mine : found) {
    threads.emplace_back([&sieve, &mine] {
      for (int first = 0; first < 20; ++first) mine.push_back(sieve.KeptUnion(Relatives(first)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Where there is room for one only, the other may be the one that is kept, but never both.
  for (size_t i = 0; i < found[0].size(); ++i) {
    if (found[0][i] == nullptr || found[1][i] == nullptr) continue;
    EXPECT_EQ(found[0][i], found[1][i]) << i;
  }
}

}  // namespace
}  // namespace leye::matcher
