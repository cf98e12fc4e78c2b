// What an index keeps of asked skills, and what it makes of them, against the definition of a
// match.
#include "matcher/offered_skills.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "matcher/criteria.h"
#include "tests/oracle/random_world.h"

namespace leye::matcher {
namespace {

using oracle::RandomWorld;
using oracle::World;

constexpr uint64_t kWorlds = 200;

SkillCounts CountsOf(const World& world) {
  SkillCounts counts(kSkillIds);
  for (const PostingProfile& posting : world.postings) CountAsks(PackAsks(posting), counts);
  return counts;
}

AskedSkill AnyLevelOf(uint16_t skill) {
  return {.skill = SkillId(skill), .min_level = SkillLevel::Unknown()};
}

// Skill-only postings: groups by skill, each asked at any level.
PostingProfile Asking(const std::vector<std::vector<uint16_t>>& groups,
                      const std::vector<std::pair<uint16_t, uint16_t>>& preferred) {
  PostingProfile posting;
  for (const auto& group : groups) {
    auto& required = posting.required_skills.emplace_back();
    for (const uint16_t skill : group) required.any_of.push_back(AnyLevelOf(skill));
  }
  for (const auto& [skill, weight] : preferred) {
    posting.preferred_skills.push_back({.asked = AnyLevelOf(skill), .weight = weight});
  }
  return posting;
}

TEST(PostingAsks, LargeWeightsComeBack) {
  const PostingProfile posting = Asking({}, {{1, 0}, {2, 1022}, {3, 1023}, {4, 1024}, {5, 65535}});
  PostingProfile back = Asking({{9}, {8, 7}}, {{6, 6}});  // to be overwritten
  UnpackAsks(PackAsks(posting), back);
  EXPECT_TRUE(back.required_skills.empty());
  ASSERT_EQ(back.preferred_skills.size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(back.preferred_skills[i].weight, posting.preferred_skills[i].weight);
    EXPECT_EQ(back.preferred_skills[i].asked.skill, posting.preferred_skills[i].asked.skill);
  }
}

TEST(PostingAsks, TheKeyIsTheRarestSkillThatAloneIsRequired) {
  SkillCounts counts(kSkillIds, 9);
  counts[2] = 5;
  counts[3] = 1;
  const auto key = [&](const PostingProfile& posting) {
    return ChooseKey(PackAsks(posting), counts);
  };
  const AskKey two{.kind = AskKind::kRequired, .skill = SkillId(2)};
  EXPECT_EQ(key(Asking({{1}, {2}, {3, 4}}, {{3, 1}})), two);
  EXPECT_EQ(key(Asking({{3, 2}}, {{2, 1}})), AskKey());
  EXPECT_EQ(key(Asking({}, {{3, 0}})), AskKey());
  const AskKey preferred{.kind = AskKind::kPreferred, .skill = SkillId(2)};
  EXPECT_EQ(key(Asking({}, {{3, 0}, {2, 1}, {1, 1}})), preferred);
}

TEST(OfferedSkills, WeighAsTheRuleAndTheCriterionDo) {
  OfferedSkills offered;
  int met = 0;
  int unmet = 0;
  for (uint64_t seed = 1; seed <= kWorlds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = RandomWorld(seed);
    world.ruleset.enabled = {RuleId::kSkillRequired};
    const FitContext context = world.Context();
    for (const CandidateProfile& candidate : world.candidates) {
      offered.Start(candidate, context);
      for (const PostingProfile& posting : world.postings) {
        const auto verdict = offered.Weigh(PackAsks(posting));
        const PairScore score = ScorePair(world.PairOf(candidate, posting), context);
        ASSERT_EQ(verdict.meets, score.eligible());
        ASSERT_EQ(verdict.value, SkillsValue(candidate, posting, context));
        ++(verdict.meets ? met : unmet);
      }
    }
  }
  EXPECT_GT(met, 0);
  EXPECT_GT(unmet, 0);
}

// How often a key said something of a pair.
struct KeyTally {
  int closed = 0;
  int worth_less = 0;
};

void CheckKey(const AskWords& asks, const AskKey& key, OfferedSkills& offered, KeyTally& tally) {
  const OfferedSkills::Verdict verdict = offered.Weigh(asks);
  if (key.kind == AskKind::kRequired && !offered.Meets(key.skill)) {
    ASSERT_FALSE(verdict.meets);
    ++tally.closed;
  }
  if (key.kind == AskKind::kPreferred && !offered.Earns(key.skill)) {
    ASSERT_LE(verdict.value, AskSummary::Of(asks, key).most_without);
    ++tally.worth_less;
  }
  // A range leaves out nobody whom the key itself does not.
  const AskSummary::Range range{.least = key.skill, .greatest = key.skill};
  ASSERT_TRUE(!offered.Meets(key.skill) || offered.MayMeet(range));
  ASSERT_TRUE(!offered.Earns(key.skill) || offered.MayEarn(range));
}

TEST(OfferedSkills, WhoHasNothingForTheKeyIsTurnedAwayOrNotWorthMore) {
  OfferedSkills offered;
  KeyTally tally;
  for (uint64_t seed = 1; seed <= kWorlds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = RandomWorld(seed);
    const SkillCounts counts = CountsOf(world);
    const FitContext context = world.Context();
    for (const CandidateProfile& candidate : world.candidates) {
      offered.Start(candidate, context);
      for (const PostingProfile& posting : world.postings) {
        const AskWords asks = PackAsks(posting);
        CheckKey(asks, ChooseKey(asks, counts), offered, tally);
        if (HasFatalFailure()) return;
      }
    }
  }
  EXPECT_GT(tally.closed, 0);
  EXPECT_GT(tally.worth_less, 0);
}

}  // namespace
}  // namespace leye::matcher
